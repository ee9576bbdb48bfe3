"""What a target takes at once: texts are truncated, requests are split."""

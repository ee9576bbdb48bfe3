"""The ports that AWS's services implement."""

"""
A cross-encoder in ONNX on this machine's processors: `local/cross-encoder`, and the function behind `lambda/…`.

The function has nothing installed but onnxruntime, tokenizers and numpy: nothing else is imported here, beside what the
domain has.
"""

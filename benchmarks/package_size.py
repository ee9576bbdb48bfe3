"""
What is shipped to Lambda, and how large it is. Use: `python benchmarks/package_size.py`, after `sam build`.

Prints each layer's packages, largest first, and fails when a function and the layers that every stack has unzip to more
than MAX_UNZIPPED_BYTES. `--total` leaves the packages out.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

BUILD = Path(__file__).parents[1] / ".aws-sam/build"
MB = 1_000_000
MAX_UNZIPPED_BYTES = 30 * MB
"""Bytes. Lambda takes 250 MB, but what is shipped is also what a cold start waits for."""
OPTIONAL = ("CpuLayer", "RsaLayer")
"""How the names of those layers begin that only some stacks have."""


def main(details: bool) -> int:
    layers, functions = built()
    for layer in layers if details else ():
        packages = sizes(layer / "python")
        print(f"\n{layer.name}: {packages.total() / MB:.2f} MB")
        for package, size in packages.most_common():
            print(f"  {size / MB:8.3f}  {package}")

    always = (layer for layer in layers if not layer.name.startswith(OPTIONAL))
    shipped = sum(map(unzipped, always)) + max(map(unzipped, functions))
    allowed = MAX_UNZIPPED_BYTES / MB
    print(f"\nEvery stack's layers and the largest function: {shipped / MB:.2f} of {allowed:.0f} MB")

    return int(shipped > MAX_UNZIPPED_BYTES)


def built() -> tuple[list[Path], list[Path]]:
    """The folders of the layers and of the functions, as `sam build` left them."""
    folders = sorted(folder for folder in BUILD.glob("*") if folder.is_dir())
    layers = [folder for folder in folders if (folder / "python").is_dir()]
    functions = [folder for folder in folders if (folder / "app.py").is_file()]
    if not layers or not functions:
        sys.exit("There is nothing to measure: run `sam build` first.")

    return layers, functions


def sizes(folder: Path) -> Counter[str]:
    """The bytes of each package in *folder*."""
    found: Counter[str] = Counter()
    for file in files(folder):
        found[package_of(file.relative_to(folder))] += file.stat().st_size

    return found


def package_of(file: Path) -> str:
    """The first word of `pydantic/main.py`, `h11-0.16.0.dist-info/METADATA` or `__pycache__/six.cpython-313.pyc`."""
    parts = [part for part in file.parts if part != "__pycache__"]

    return parts[0].partition(".")[0].partition("-")[0]


def unzipped(folder: Path) -> int:
    return sum(file.stat().st_size for file in files(folder))


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


if __name__ == "__main__":
    sys.exit(main("--total" not in sys.argv[1:]))

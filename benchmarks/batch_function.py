"""The function that works through batches, in a process of its own, with its usual times."""

from __future__ import annotations

import sys

from tests.crash import function_process

if __name__ == "__main__":
    function_process.main(sys.argv[1], float(sys.argv[2]), lambda: None, app="batch_worker")

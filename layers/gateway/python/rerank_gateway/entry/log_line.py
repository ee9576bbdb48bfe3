"""A line of the log, as Powertools would write it."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from pydantic_core import to_json


def log_line(fields: Mapping[str, Any]) -> str:
    """The line with *fields*, written now."""
    line = {"level": "INFO", "timestamp": _timestamp(), **fields}
    try:
        return to_json(line).decode() + "\n"
    except ValueError:  # a name with half a character in it
        return json.dumps(line) + "\n"


def _timestamp() -> str:
    now = time.time()

    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(now))}.{int(now % 1 * 1000):03d}+00:00"

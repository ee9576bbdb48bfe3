"""Lambda's context object."""

from typing import Protocol


class LambdaContext(Protocol):
    """What we use of it."""

    def get_remaining_time_in_millis(self) -> int: ...

"""Lambda's context object."""

from typing import Protocol


class LambdaContext(Protocol):
    """What we use of it."""

    @property
    def memory_limit_in_mb(self) -> str:
        """Lambda's Python runtime passes on the text of its environment."""

    def get_remaining_time_in_millis(self) -> int: ...

"""The real clock."""

import time

from rerank_gateway.domain.clock import Clock


class SystemClock(Clock):
    def now(self) -> float:
        return time.monotonic()

    def epoch(self) -> float:
        return time.time()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

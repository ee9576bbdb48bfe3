"""Limit what a key stores: one that fell into the wrong hands does not fill the bucket at the operator's cost."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.domain.batches.ports import StorageQuota
from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.errors import RateLimited
from rerank_gateway.domain.keys import MASTER_ID
from rerank_gateway.domain.spending.reservation import DAY_S

MAX_GB_A_DAY = 100
"""Of a virtual key: as nothing is kept for more than 31 days, 3.1 TB of it at the most."""
GB = 1024**3


@dataclass(frozen=True, slots=True)
class LimitStorage:
    quota: StorageQuota
    clock: Clock

    def __call__(self, owner: str, size: int) -> None:
        """
        Have *size* bytes count for *owner*, whatever becomes of them. Raises RateLimited, or Unavailable.
        """
        # The operator's own.
        if owner == MASTER_ID:
            return
        day, passed = divmod(self.clock.epoch(), DAY_S)
        if not self.quota.add(owner, int(day), size, MAX_GB_A_DAY * GB):
            message = f"the files of this key may have {MAX_GB_A_DAY} GB a day (UTC), which this one would exceed"
            raise RateLimited(message, DAY_S - passed, None)

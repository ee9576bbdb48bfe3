"""What shadows would have answered, from one day to another."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.domain.errors import InvalidRequest
from rerank_gateway.domain.keys import VirtualKey
from rerank_gateway.domain.management.records import must_manage
from rerank_gateway.domain.shadows.counts import ShadowRecords, total
from rerank_gateway.domain.shadows.report import ShadowReport

MAX_ROWS = 10_000
"""Of a report: they take some four of the six megabytes that Lambda lets out."""


@dataclass(frozen=True, slots=True)
class ReportShadows:
    records: ShadowRecords

    def __call__(self, by: VirtualKey, days: tuple[str, str]) -> ShadowReport:
        """
        What was compared from the first of *days* to the last. Raises AdminRequired where *by* may not manage keys, as
        it tells of everyone's requests; InvalidRequest where it would be too long, or Unavailable.
        """
        must_manage(by)
        found = list(self.records.between(*days))
        if len(found) > MAX_ROWS:
            raise InvalidRequest(f"the report has more than {MAX_ROWS} rows: take fewer days", param="from")
        pairs = sorted({pair for _, pair, _ in found})

        return ShadowReport(
            found, [(pair, total(counts for _, other, counts in found if other == pair)) for pair in pairs]
        )

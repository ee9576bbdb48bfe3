"""Who used how much, from one day to another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rerank_gateway.domain.errors import InvalidRequest
from rerank_gateway.domain.keys import VirtualKey
from rerank_gateway.domain.management.ports import KeyRecords
from rerank_gateway.domain.management.records import may_manage
from rerank_gateway.domain.management.report import Group, UsageReport, UsageRow
from rerank_gateway.domain.spending.ports import UsageReader, key_account
from rerank_gateway.domain.spending.usage import UsageEntry

MAX_ROWS = 20_000
"""Of a report: they take some four of the six megabytes that Lambda lets out."""


@dataclass(frozen=True, slots=True)
class ReportUsage:
    usage: UsageReader
    keys: KeyRecords

    def __call__(self, by: VirtualKey, days: tuple[str, str], groups: Sequence[Group]) -> UsageReport:
        """
        What was used from the first of *days* to the last, by *groups* and in their order: by every key, or by *by*
        alone where that may not manage keys. Raises InvalidRequest where it would be too long, or Unavailable.
        """
        entries = list(self.usage.entries(*days, None if may_manage(by) else key_account(by.id)))
        rows = _summed(entries, groups)
        if len(rows) > MAX_ROWS:
            raise InvalidRequest(f"the report has more than {MAX_ROWS} rows: group by less", param="group_by")
        [total] = _summed(entries, ()) or [UsageRow((), 0, 0, 0)]

        return UsageReport(rows, total, self._names(by) if "key" in groups else {})

    def _names(self, by: VirtualKey) -> dict[str, str]:
        if not may_manage(by):
            return {by.id: by.name}

        return {record.key.id: record.key.name for record in self.keys.all()}


def _summed(entries: Iterable[UsageEntry], groups: Sequence[Group]) -> list[UsageRow]:
    sums: dict[tuple[str, ...], list[int]] = {}
    for entry in entries:
        counted = sums.setdefault(tuple(getattr(entry, group) for group in groups), [0, 0, 0])
        for place, amount in enumerate((entry.requests, entry.documents, entry.cost)):
            counted[place] += amount

    return [UsageRow(group, *counted) for group, counted in sorted(sums.items())]

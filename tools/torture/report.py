"""What became of the jobs, by the table's stream, the table and the bus."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Mapping
from typing import Any

from tests.crash import history
from tests.crash.account import Account
from tests.crash.asked import best

Report = Mapping[str, int]


def report(account: Account, told: Mapping[str, int], jobs: Mapping[str, int], cancels: Mapping[str, bool]) -> Report:
    """
    The figures of *jobs*, each of which was *told* so often; *cancels* are those that were to be cancelled, and whether
    it was said that they are. All that is in FAULTS must be 0.
    """
    endings, items = history.endings(account), _items(account)
    outcomes = Counter(_outcome(items.get(job), number, cancels.get(job)) for job, number in jobs.items())

    return {
        "jobs": len(jobs),
        **{outcome: outcomes[outcome] for outcome in ("completed", "cancelled", "abandoned", "other errors")},
        "told twice": sum(told.get(job, 0) > 1 for job in jobs),
        "lost": len(jobs.keys() - endings.keys()),
        "doubled": sum(len(endings.get(job, ())) > 1 for job in jobs),
        "without an event": len(jobs.keys() - told.keys()),
        "with another's result": outcomes["wrong"],
        "cancelled in vain": outcomes["cancelled in vain"],
    }


FAULTS = ("lost", "doubled", "without an event", "with another's result", "cancelled in vain")


def _items(account: Account) -> Mapping[str, history.Item]:
    return {item["id"]["S"]: item for item in history.items(account)}


def _outcome(item: history.Item | None, number: int, was_cancelled: bool | None) -> str:
    if item is None or "status_code" not in item:
        return "unfinished"
    code = int(item["status_code"]["N"])
    # Also where the reply to whoever cancelled it was lost, but not where nobody did.
    if code == 499 and was_cancelled is not None:
        return "cancelled"
    if was_cancelled:
        return "cancelled in vain"
    if code == 200:
        return "completed" if _result(item)["results"][0] == best(number) else "wrong"

    return "abandoned" if _result(item)["error"]["code"] == "job_abandoned" else "other errors"


def _result(item: history.Item) -> Any:
    return json.loads(zlib.decompress(item["outcome"]["B"]))

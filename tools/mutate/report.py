"""What the mutants tell of the tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from tools.mutate.reasons import Key, key_of
from tools.mutate.trial import Fate, Verdict

ENOUGH = 90.0
"""Percent that must be killed. Those that hang are noticed too."""


def killed(verdicts: Sequence[Verdict]) -> float:
    """The percentage that did not live."""
    return 100 * sum(not verdict.is_alive for verdict in verdicts) / max(len(verdicts), 1)


def table(verdicts: Sequence[Verdict]) -> str:
    """A row for each room, and one for all."""
    rooms = {verdict.room: [v for v in verdicts if v.room == verdict.room] for verdict in verdicts}
    wide = max(map(len, [*rooms, "room"]))
    head = f"{'room':{wide}}  mutants  " + "  ".join(Fate)

    return "\n".join([head, *(_row(room, rooms[room], wide) for room in sorted(rooms)), _row("all", verdicts, wide)])


def survivors(verdicts: Sequence[Verdict], reasons: Mapping[Key, str]) -> str:
    """Each mutant that lives: where it is, what it changes, and why it may live if somebody knows."""
    return "\n\n".join(_shown(verdict, reasons) for verdict in verdicts if verdict.is_alive)


def _row(room: str, verdicts: Sequence[Verdict], wide: int) -> str:
    counted = Counter(verdict.fate for verdict in verdicts)
    cells = "  ".join(f"{counted[fate]:{len(fate)}}" for fate in Fate)

    return f"{room:{wide}}  {len(verdicts):7}  {cells}  {killed(verdicts):5.1f} %"


def _shown(verdict: Verdict, reasons: Mapping[Key, str]) -> str:
    mutant = verdict.mutant
    before, after = mutant.change
    reason = reasons.get(key_of(mutant))
    head = f"{mutant.path}:{mutant.line} in {mutant.place.function or 'the module'}, {verdict.fate}"

    return "\n".join([head, f"  - {before}", f"  + {after}", *([f"  = {reason}"] if reason else [])])

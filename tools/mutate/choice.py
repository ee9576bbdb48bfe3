"""Which mutants are tried: some of every room, the same ones for the same seed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from itertools import islice
from random import Random

from tools.mutate.mutants import Mutant, mutants
from tools.mutate.rooms import shares
from tools.mutate.source import Source


def choose(found: Mapping[str, Sequence[Source]], count: int, seed: int, only: str = "*") -> Mapping[str, list[Mutant]]:
    """Up to *count* mutants by room, all different, whose `path:function` matches *only*."""
    all_of = {
        room: [mutant for source in sources for mutant in mutants(source) if _is_at(mutant, only)]
        for room, sources in found.items()
    }
    left, chosen = count, {}
    # The poorest room first: what it cannot give falls to the others.
    for room in sorted(filter(all_of.get, all_of), key=lambda room: len(all_of[room])):
        rest = {other: found[other] for other in all_of if all_of[other] and other not in chosen}
        chosen[room] = _some(all_of[room], shares(rest, left)[room], Random(f"{seed} {room}"))  # noqa: S311
        left -= len(chosen[room])

    return {room: chosen[room] for room in found if room in chosen}


def _some(these: Iterable[Mutant], share: int, random: Random) -> list[Mutant]:
    shuffled = list(these)
    random.shuffle(shuffled)
    real = (mutant for mutant in _lines_first(shuffled) if mutant.is_real)

    return sorted(islice(real, share), key=lambda mutant: (mutant.path, mutant.edit.start, mutant.edit.text))


def _lines_first(these: Iterable[Mutant]) -> Iterator[Mutant]:
    """One mutant of each line, and the others of the same lines after them."""
    seen, later = set(), []
    for mutant in these:
        line = mutant.path, mutant.line
        if line in seen:
            later.append(mutant)
        else:
            seen.add(line)
            yield mutant
    yield from later


def _is_at(mutant: Mutant, only: str) -> bool:
    return fnmatchcase(f"{mutant.path}:{mutant.place.function}", f"*{only}*")

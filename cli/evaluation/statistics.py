"""How sure one can be: intervals over queries, and paired tests that know how often they were asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

SEED = 0
RESAMPLES = 10_000
ALPHA = 0.05
"""How often, at most, a difference may be reported in one evaluation where there is none."""
CHUNK = 500
"""Resamples at a time: memory, not meaning."""


@dataclass(frozen=True, slots=True)
class Interval:
    """95 % of what the mean would have been with other queries of the kind."""

    low: float
    high: float


def interval_of(values: Sequence[float], seed: int = SEED) -> Interval:
    """By bootstrap over queries (Efron's percentiles)."""
    import numpy as np

    rng, sample = np.random.default_rng(seed), np.asarray(values)
    means = np.concatenate(
        [sample[rng.integers(0, len(sample), (CHUNK, len(sample)))].mean(axis=1) for _ in range(RESAMPLES // CHUNK)]
    )
    low, high = np.percentile(means, [100 * ALPHA / 2, 100 * (1 - ALPHA / 2)])

    return Interval(float(low), float(high))


def p_value(ours: Sequence[float], theirs: Sequence[float], seed: int = SEED) -> float:
    """
    Fisher's randomisation test, paired and two-sided: how often a difference as large would come about by chance, were
    it all the same which of the two answered (Smucker, Allan, Carterette, CIKM 2007).
    """
    import numpy as np

    rng, differences = np.random.default_rng(seed), np.asarray(ours) - np.asarray(theirs)
    # Sums in another order differ in their last digits, which is no larger difference.
    observed = abs(differences.sum()) * (1 - 1e-9)
    extreme = sum(_extreme(rng, differences, observed) for _ in range(RESAMPLES // CHUNK))

    return (1 + extreme) / (1 + RESAMPLES)


def holm(p_values: Sequence[float]) -> list[float]:
    """*p_values*, each as it counts among so many tests (Holm, Scandinavian Journal of Statistics 1979)."""
    corrected, highest = [0.0] * len(p_values), 0.0
    for place, index in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        highest = max(highest, min(1.0, (len(p_values) - place) * p_values[index]))
        corrected[index] = highest

    return corrected


def percentile(values: Sequence[float], share: float) -> float:
    """The value that *share* of the *values* do not exceed."""
    ordered = sorted(values)

    return ordered[min(len(ordered) - 1, max(0, -(-len(ordered) * round(share * 100) // 100) - 1))]


def _extreme(rng: np.random.Generator, differences: np.ndarray, observed: float) -> int:
    import numpy as np

    signs = rng.choice((-1.0, 1.0), (CHUNK, len(differences)))

    return int(np.count_nonzero(np.abs(signs @ differences) >= observed))

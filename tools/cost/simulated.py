"""What benchmarks/storm.py finds, which a test repeats."""

from __future__ import annotations

from benchmarks.storm import Outcome

STORM = Outcome(refused=634, middle=2.4, slowest=5.2, secrets=(200, 43), parameters=(634, 44))
"""By Systems Manager's usual quota."""
STORM_HIGHER = Outcome(refused=0, middle=0.0, slowest=0.0, secrets=(200, 48), parameters=(100, 53))
"""With *higher throughput*."""

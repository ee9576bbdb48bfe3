"""What docs/scale.md says of a storm of cold starts is what the simulation finds."""

from __future__ import annotations

import pytest

from benchmarks.storm import HIGHER, QUOTAS, Outcome, storm
from tools.cost.simulated import STORM, STORM_HIGHER


@pytest.mark.parametrize(("quotas", "told"), [(QUOTAS, STORM), (HIGHER, STORM_HIGHER)], ids=["usual", "higher"])
def test_a_storm_is_as_told(quotas: dict[str, int], told: Outcome, caplog: pytest.LogCaptureFixture) -> None:
    """
    Its draws are seeded, so that it comes out the same each time.
    """
    assert storm(quotas) == told

"""What a caller demands of whoever ranks their documents, by OpenRouter's names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class MaxPrice:
    """
    The most that may be charged, in USD: *prompt* and *completion* for a million tokens, *request*, *image* and *audio*
    for one of them. None is no limit.
    """

    prompt: float | None = None
    completion: float | None = None
    request: float | None = None
    image: float | None = None
    audio: float | None = None


@dataclass(frozen=True, slots=True)
class Constraints:
    """Who does not keep all of them gets no document. What is empty constrains nobody."""

    data_collection: Literal["deny"] | None = None
    zdr: bool = False
    enforce_distillable_text: bool = False
    require_parameters: bool = False
    quantizations: tuple[str, ...] = ()
    max_price: MaxPrice | None = None

    def as_fields(self) -> Mapping[str, Any]:
        """Those that constrain somebody, by their names."""
        return {name: _without_none(value) for name, value in asdict(self).items() if value}


def _without_none(value: Any) -> Any:
    if not isinstance(value, dict):
        return value

    return {name: each for name, each in value.items() if each is not None}


NO_CONSTRAINTS = Constraints()


@dataclass(frozen=True, slots=True)
class Terms:
    """
    What the operator has declared of a provider: that it keeps no data (*zdr*), collects none
    (*denies_data_collection*), lets its output be used for training (*distillable_text*), and runs models in none but
    these *quantizations*.
    """

    zdr: bool = False
    denies_data_collection: bool = False
    distillable_text: bool = False
    quantizations: tuple[str, ...] = ()


UNDECLARED = Terms()
WITHIN_THE_GATEWAY = Terms(zdr=True, denies_data_collection=True, distillable_text=True)
"""For what sends nothing to anyone."""

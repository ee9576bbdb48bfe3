"""The function's environment: a literal master key, no AWS, and nothing remembered from the test before."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from rerank_gateway.entry.wiring.gateway import GATEWAY
from rerank_gateway.entry.wiring.settings import Settings

SETTINGS = tuple(name.upper() for name in Settings.__slots__)
Configure = Callable[..., None]


@pytest.fixture(autouse=True)
def configure(monkeypatch: pytest.MonkeyPatch) -> Iterator[Configure]:
    """Set variables of the function's environment, as a deployment does."""

    def set_variables(**variables: str) -> None:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        GATEWAY.close()

    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    set_variables(MASTER_KEY="sk-local")
    yield set_variables
    GATEWAY.close()

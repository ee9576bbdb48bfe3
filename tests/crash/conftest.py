"""One AWS for all of these tests, and an account of its own for each."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.crash.account import Account, clients
from tests.crash.processes import aws_process


@pytest.fixture(scope="session")
def new_account() -> Iterator[Callable[[], Account]]:
    with aws_process() as url:
        ways = clients(url)
        yield lambda: Account.opened(url, ways)
        for way in ways.values():
            way.close()


@pytest.fixture
def account(new_account: Callable[[], Account]) -> Account:
    return new_account()

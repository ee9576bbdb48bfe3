"""The functions' environment, as in tests/functions."""

from tests.functions.conftest import account, configure

__all__ = ["account", "configure"]

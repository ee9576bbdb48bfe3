"""The function's environment, as for the tests of the functions."""

from tests.functions.conftest import configure

__all__ = ["configure"]

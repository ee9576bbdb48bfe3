"""The trace that a request belongs to."""

from __future__ import annotations

import pytest

from rerank_gateway.domain.trace import Trace, trace_of, xray_id

PARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
XRAY = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1;Lineage=1:a87bd80c:0"


def test_a_callers_trace_is_handed_on_as_it_came() -> None:
    """
    With its state, under the same names.
    """
    trace = trace_of({"traceparent": PARENT, "tracestate": "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7"}, XRAY)

    assert trace
    assert trace.id == "4bf92f3577b34da6a3ce929d0e0e4736"
    assert trace.headers == {"traceparent": PARENT, "tracestate": "congo=t61rcWkgMzE,rojo=00f067aa0ba902b7"}


@pytest.mark.parametrize(
    "parent",
    [
        "",
        PARENT + "-more",
        PARENT.upper(),
        PARENT.replace("00-", "ff-", 1),
        "00-" + "0" * 32 + PARENT[35:],
        PARENT[:36] + "0" * 16 + "-01",
        PARENT[:-1],
        PARENT + "\r\nx: y",
    ],
)
def test_a_malformed_one_is_as_good_as_not_there(parent: str) -> None:
    """
    Nothing that a caller sends gets into a header by this way but what the standard allows.
    """
    assert trace_of({"traceparent": parent, "tracestate": "a=b"}) is None


@pytest.mark.parametrize("state", ["no pair", "a=b\nc", "a=" + "x" * 511, "A=b", "a=b,,", "a=é"])
def test_a_malformed_state_is_left_behind(state: str) -> None:
    """
    The trace itself goes on.
    """
    assert trace_of({"traceparent": PARENT, "tracestate": state}) == Trace(PARENT)


def test_a_later_version_is_read_as_the_first() -> None:
    """
    What stands behind the flags is not known here.
    """
    assert trace_of({"traceparent": "01" + PARENT[2:] + "-more"}) == Trace(PARENT)


def test_without_one_it_is_x_rays() -> None:
    """
    X-Ray's id without its version and dashes, so that both are found by one name.
    """
    assert trace_of({}, XRAY) == Trace("00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01")
    assert xray_id(XRAY) == "1-5759e988-bd862e3fe1be46a994272793"


@pytest.mark.parametrize(
    "header", ["", "Root=", "nonsense", "Root=1-5759e988-bd862e3fe1be46a994272793", "Root=1-x;Parent=y"]
)
def test_what_x_ray_does_not_say_is_not_made_up(header: str) -> None:
    """
    Nothing is traced, then.
    """
    assert trace_of({}, header) is None

"""What the torture run's faulty AWS does to replies."""

from __future__ import annotations

from tools.torture.faulty_proxy import AFTERWARDS, ERROR, cut_off, cut_off_unnoticed

REPLY = b'HTTP/1.1 200 OK\r\nContent-Length: 12\r\nx: y\r\n\r\n{"Item": {}}'


def test_a_reply_is_cut_off_with_and_without_a_trace() -> None:
    """
    Half of its body is left; the worse way is when nothing says that there was more.
    """
    assert cut_off(REPLY) == b'HTTP/1.1 200 OK\r\nContent-Length: 12\r\nx: y\r\n\r\n{"Item'
    assert cut_off_unnoticed(REPLY) == b'HTTP/1.1 200 OK\r\nx: y\r\n\r\n{"Item'


def test_no_fault_leaves_a_reply_as_it_is() -> None:
    """
    And the error is a reply of the length that it says.
    """
    assert all(fault(REPLY) != REPLY for fault in AFTERWARDS)
    assert b"content-length: %d\r\n" % len(ERROR.partition(b"\r\n\r\n")[2]) in ERROR

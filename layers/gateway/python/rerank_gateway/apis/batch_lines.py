"""The lines of a batch, in OpenAI's words or in Voyage's, which has `custom_id` and `body` only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic_core import from_json, to_json

from rerank_gateway.apis import native
from rerank_gateway.domain.batches.batch import ENDPOINT, Batch
from rerank_gateway.domain.batches.chunks import FaultyLine, RequestLine
from rerank_gateway.domain.batches.work import FailedLine, LineRequest
from rerank_gateway.domain.errors import CallerError
from rerank_gateway.domain.jobs.job import Outcome

MARK = b"\xef\xbb\xbf"
"""What some editors put before the first line of a file in UTF-8."""
MAX_ID_CHARS = 64
LINE_BREAKS = {each.encode(): f"\\u{ord(each):04x}".encode() for each in "\x85\u2028\u2029"}
"""What JSON leaves as it is and Python's `splitlines()`, among others, takes for the end of a line; and its escapes."""


def read_line(text: bytes, params: bytes) -> RequestLine:
    """
    The request in a line, which has of *params* the fields that it does not say itself. Raises FaultyLine about what is
    no request line.
    """
    line = _object(text)
    custom_id = line.get("custom_id")
    if not isinstance(custom_id, str) or not 0 < len(custom_id) <= MAX_ID_CHARS:
        message = f"custom_id must be a string of 1 to {MAX_ID_CHARS} characters"
        raise FaultyLine("invalid_custom_id", message, "custom_id")
    if line.get("method", "POST") != "POST":
        raise FaultyLine("invalid_method", "method must be POST", "method", custom_id)
    if line.get("url", ENDPOINT) != ENDPOINT:
        raise FaultyLine("mismatched_endpoint", f"url must be {ENDPOINT}", "url", custom_id)
    body = line.get("body")
    if not isinstance(body, dict):
        raise FaultyLine("invalid_body", "body must be an object, the request", "body", custom_id)
    shared: Mapping[str, Any] = from_json(params) if params else {}

    return RequestLine(custom_id, to_json({**shared, **body}, inf_nan_mode="constants"))


def check_request(line: RequestLine) -> None:
    """Raises FaultyLine where the sync route would refuse the request whoever asked."""
    try:
        native.parse(line.body)
    except CallerError as wrong:
        raise FaultyLine(wrong.code, wrong.message, wrong.param and f"body.{wrong.param}", line.custom_id) from wrong


def _object(text: bytes) -> dict[str, Any]:
    try:
        line = from_json(text.removeprefix(MARK))
    except ValueError as wrong:
        raise FaultyLine("invalid_json", "the line is not JSON") from wrong
    if not isinstance(line, dict):
        raise FaultyLine("invalid_json", "the line is not a JSON object")

    return line


class OpenAiResults:
    """What OpenAI's clients read in the files of results and of errors."""

    def answered(self, request: LineRequest, outcome: Outcome) -> bytes:
        """The result of a line that was asked: *outcome* may be an error, as the sync route would have answered it."""
        result_id = line_id(request.batch, request.number)
        response = {"status_code": outcome.status_code, "request_id": result_id, "body": from_json(outcome.body)}

        return _rendered(result_id, request.line.custom_id, response, None)

    def failed(self, batch: Batch, number: int, error: FailedLine) -> bytes:
        """The error of a line that nobody was asked for."""
        told = {"code": error.code, "message": error.message, "line": number}

        return _rendered(line_id(batch, number), error.custom_id, None, told)


def line_id(batch: Batch, number: int) -> str:
    """What the line of that *number* is called, in results and in the log."""
    return f"{batch.id.replace('batch_', 'batch_req_', 1)}_{number}"


def _rendered(result_id: str, custom_id: str | None, response: Any, error: Any) -> bytes:
    rendered = to_json({"id": result_id, "custom_id": custom_id, "response": response, "error": error})
    for character, escape in LINE_BREAKS.items():
        rendered = rendered.replace(character, escape)

    return rendered

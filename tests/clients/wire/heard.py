"""What a reranker hears, field by field."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.upstream import Question

UNSAID = "(unsaid)"
TRANSPORT = {"accept", "accept-encoding", "connection", "content-length", "host", "user-agent", "x-goog-api-client"}
"""Headers that say nothing of the question."""
PASSING = {"x-amz-date", "iat", "exp"}
OF_A_MOMENT = re.compile(r"(?<=/)\d{8}/|(?<=Signature=)\w+")
"""The day and the signature in AWS's header."""
LOOPBACK = re.compile(r"http://127\.0\.0\.1:\d+")


@dataclass(frozen=True)
class Heard:
    """
    A question as its vendor hears it, and the ranking that comes of the reply.

    *fields* go by names such as `?version` in the address, `authorization:` in a header, `queries[].type` in the body,
    and `token grant_type` in the question for a token before it. *address* is what LiteLLM meant it for.
    """

    fields: dict[str, Any]
    address: str
    ranking: list[tuple[int, float]]

    @classmethod
    def of(cls, questions: Iterable[Question], results: Iterable[Mapping[str, Any]]) -> Heard:
        *before, last = questions
        tokens = {f"token {name}": value for asked in before for name, value in _fields(asked).items()}
        ranking = [(row["index"], row["relevance_score"]) for row in results]

        return cls({**tokens, **_fields(last)}, f"https://{last.headers['host']}{last.path}", ranking)


def differences(ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What the two say differently, or one of them only."""
    pairs = {name: (ours.get(name, UNSAID), theirs.get(name, UNSAID)) for name in {**ours, **theirs}}

    # As JSON, since to Python true is 1.
    return {name: (our, their) for name, (our, their) in pairs.items() if json.dumps(our) != json.dumps(their)}


def wants_token(asked: Question) -> bool:
    return asked.path.endswith("/token")


def _fields(asked: Question) -> dict[str, Any]:
    place = urlsplit(asked.path)
    options = {f"?{name}": value for name, value in parse_qsl(place.query)}
    headers = {
        f"{name}:": OF_A_MOMENT.sub("", value)
        for name, value in asked.headers.items()
        if name not in TRANSPORT | PASSING
    }
    body = _form(asked.body.decode("ascii")) if wants_token(asked) else _flat(asked.json)

    return {"method": asked.method, "path": place.path, **options, **headers, **body}


def _form(body: str) -> dict[str, Any]:
    """The fields of a form; an assertion is read, as it is signed anew each time."""
    form = dict(parse_qsl(body))
    head, claims = form.pop("assertion", "e30.e30.").split(".")[:2]
    said = {**form, **_opened(head), **_opened(claims)}

    return {name: LOOPBACK.sub("{url}", value) for name, value in said.items() if name not in PASSING}


def _opened(part: str) -> dict[str, Any]:
    opened: dict[str, Any] = json.loads(urlsafe_b64decode(f"{part}=="))

    return opened


def _flat(value: Any, name: str = "") -> dict[str, Any]:
    """The leaves of *value* by their paths, and the columns of lists of objects."""
    if isinstance(value, dict):
        start = f"{name}." if name else ""
        return {path: leaf for key, part in value.items() for path, leaf in _flat(part, start + key).items()}
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        return {name: value}
    rows = [_flat(row, f"{name}[]") for row in value]

    return {path: [row.get(path, UNSAID) for row in rows] for row in rows for path in row}

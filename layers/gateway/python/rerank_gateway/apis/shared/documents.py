"""What of a caller's documents is ranked: their texts and, of those that have one, their images."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from pydantic_core import to_json

from rerank_gateway.domain.errors import InvalidRequest
from rerank_gateway.domain.request import Document

IMAGE_PATTERN = re.compile(r"https://[^/\s]|data:image/|[A-Za-z0-9+/=_-]+\s*$")
"""An address, or inline with or without its type. Over plain http, all on the way would see what is ranked."""


def texts(documents: Sequence[Document], rank_fields: Sequence[str] = (), *, field: str = "documents") -> list[str]:
    """
    The text to rank of each document: itself, or of an object the fields in *rank_fields*, or else `text`. The request
    holds the documents in its *field*.

    One field stands alone; several become lines of `name: value`, which is how rerankers like structured data
    (docs.cohere.com, "structured data"). Raises InvalidRequest for an object without any text or image. A string may
    be empty: real collections have such documents, and one of them should not cost a thousand others their ranking.
    """
    if _are_strings(documents):
        return cast("list[str]", documents)

    return [
        document if isinstance(document, str) else _text(document, rank_fields, f"{field}[{index}]")
        for index, document in enumerate(documents)
    ]


def images(
    documents: Sequence[Document], rank_fields: Sequence[str] = (), *, field: str = "documents"
) -> dict[int, str]:
    """
    The images of those documents that have one, by index; none where *rank_fields* says what is ranked. The request
    holds the documents in its *field*.

    Raises InvalidRequest for what is neither an https address nor inline.
    """
    if rank_fields or _are_strings(documents):
        return {}
    values = {index: _image(document) for index, document in enumerate(documents) if not isinstance(document, str)}
    for index, image in values.items():
        if image and not IMAGE_PATTERN.match(image):
            place = f"{field}[{index}].image"
            raise InvalidRequest(f"{place} must be an https address, a data: URI or base64", param=place)

    return {index: image for index, image in values.items() if image}


def _are_strings(documents: Sequence[Document]) -> bool:
    """Whether all of them are: so they usually are, and this is by far the fastest way to see it."""
    return set(map(type, documents)) == {str}


def _image(document: Mapping[str, Any]) -> str:
    image = document.get("image")

    return image if isinstance(image, str) else ""


def _text(document: Mapping[str, Any], rank_fields: Sequence[str], place: str) -> str:
    text = _joined(document, rank_fields) if rank_fields else document.get("text")
    if not text and not rank_fields and _image(document):
        return ""
    if not isinstance(text, str) or not text.strip():
        index = place.partition("[")[2].rstrip("]")
        raise InvalidRequest(f"document text is required for rerank at index {index}", param=place)

    return text


def _joined(document: Mapping[str, Any], rank_fields: Sequence[str]) -> str:
    values = {name: _as_string(document[name]) for name in rank_fields if document.get(name) is not None}
    if len(rank_fields) == 1:
        return values.get(rank_fields[0], "")

    return "\n".join(f"{name}: {value}" for name, value in values.items() if value.strip())


def _as_string(value: Any) -> str:
    return value if isinstance(value, str) else to_json(value).decode()

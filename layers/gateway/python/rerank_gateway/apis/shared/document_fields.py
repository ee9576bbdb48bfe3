"""Documents as callers send them: strings, or objects whose text may stand in fields of several names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from pydantic import ValidationInfo
from pydantic_core import PydanticCustomError

Entry: TypeAlias = dict[str, Any]
TEXT_FIELDS = ("content", "page_content")
"""Where the text stands when there is no `text`: OpenAI's and LangChain's words for it."""


def documents(values: list[Any], info: ValidationInfo) -> list[Any]:
    """
    *values*, each a string or an object, whose text is under `text` and whose image is under `image`. What had to be
    read from another field is noted in the context of *info*. Raises PydanticCustomError about the first wrong one.
    """
    kinds = set(map(type, values))
    if kinds == {str}:
        return values
    if not kinds <= {str, dict}:
        raise _wrong(next(index for index, value in enumerate(values) if type(value) not in (str, dict)))
    if _names_fields(info.data.get("rank_fields")):
        return values

    return [
        _with_text(value, index, info) if type(value) is dict and value.get("text") is None else value
        for index, value in enumerate(values)
    ]


def string_documents(values: list[Any], info: ValidationInfo) -> list[Any]:
    """The same for an API whose documents are strings."""
    read = documents(values, info)
    if read is not values or dict in set(map(type, read)):
        _note(info, f"objects as {info.field_name}")

    return read


def _names_fields(rank_fields: list[str] | None) -> bool:
    """Whether *rank_fields* say where the text stands: some clients always send the one that says nothing."""
    return bool(rank_fields) and rank_fields != ["text"]


def _with_text(document: Entry, index: int, info: ValidationInfo) -> Entry:
    name = next((name for name in TEXT_FIELDS if document.get(name)), None)
    if name is None:
        return document
    content, place = document[name], f"{info.field_name}[].{name}"
    if isinstance(content, str):
        _note(info, f"{place} as text")
        return {**document, "text": content}
    if not isinstance(content, list):
        raise _wrong(index, f"must have a string or a list of parts as {name}")
    _note(info, f"{place} as text and image")

    # Without the parts themselves, or an image would go back twice.
    return {key: value for key, value in document.items() if key != name} | _from_parts(content, index)


def _from_parts(parts: list[Any], index: int) -> Entry:
    """The text and the image in the content *parts* of OpenAI's chat API."""
    texts = [part["text"] for part in parts if _is_part(part, "text") and isinstance(part.get("text"), str)]
    images = [address for part in parts if _is_part(part, "image_url") and (address := _address(part["image_url"]))]
    if len(texts) + len(images) < len(parts):
        raise _wrong(index, "must have content parts of the types text and image_url")
    if len(images) > 1:
        raise _wrong(index, "must have one image at most")

    return ({"text": "\n".join(texts)} if texts else {}) | ({"image": images[0]} if images else {})


def _is_part(part: Any, kind: str) -> bool:
    return isinstance(part, Mapping) and part.get("type") == kind and kind in part


def _address(value: Any) -> str | None:
    address = value.get("url") if isinstance(value, Mapping) else value

    return address if isinstance(address, str) else None


def _note(info: ValidationInfo, note: str) -> None:
    if info.context is not None and note not in info.context:
        info.context.append(note)


def _wrong(index: int, reason: str = "must be a string or an object") -> PydanticCustomError:
    return PydanticCustomError("document", reason, {"index": index})

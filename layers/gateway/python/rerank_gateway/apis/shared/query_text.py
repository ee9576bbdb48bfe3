"""A query that stands in an object, as clients of models that see have it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator

from rerank_gateway.apis.shared.request_fields import NotBlank


def text_of_query(value: Any) -> Any:
    """The text in *value*, or itself where it is no object."""
    return value.get("text") if isinstance(value, Mapping) else value


QueryText = Annotated[NotBlank, BeforeValidator(text_of_query)]

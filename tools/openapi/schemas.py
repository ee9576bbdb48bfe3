"""JSON schemas of requests and answers, as pydantic has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from rerank_gateway.apis import score
from rerank_gateway.apis.shared import document_fields, query_text, request_fields
from tools.openapi import batches, errors, jobs, management, webhooks
from tools.openapi.apis import APIS
from tools.openapi.words import FIELDS

REFERENCE = "#/components/schemas/{model}"
OTHERS = (
    errors.EndpointError,
    errors.OpenAiError,
    jobs.SubmittedJob,
    jobs.JobList,
    jobs.UnfinishedJob,
    jobs.FinishedJob,
    jobs.Models,
    jobs.OpenRouterModels,
    jobs.Health,
    jobs.TeiInfo,
    jobs.ClusterAuth,
    jobs.WeaviateMeta,
    jobs.TargetHealths,
)
Schema = dict[str, Any]

TEXT = {"type": "string"}
NAME = {"type": "string", "pattern": r"\S"}
NAMED = {"type": "object", "properties": {"model": NAME}, "required": ["model"]}
DOCUMENT = {"anyOf": [TEXT, {"type": "object", "additionalProperties": True}]}
DOCUMENTS = {"type": "array", "minItems": 1, "items": DOCUMENT}
# Here and not in their annotations, where telling pydantic would cost each cold start a millisecond.
TAKEN: Mapping[Any, Schema] = {
    document_fields.documents: DOCUMENTS,
    document_fields.string_documents: DOCUMENTS,
    request_fields._name_of_model: {"anyOf": [NAME, NAMED]},
    query_text.text_of_query: {"anyOf": [NAME, {"type": "object", "properties": {"text": NAME}, "required": ["text"]}]},
    score.as_list: {"anyOf": [TEXT, {"type": "array", "minItems": 1, "items": TEXT}]},
}
"""What those take that look at a value themselves."""


class Terse(GenerateJsonSchema):
    """Without a title for each field: it would only say the name again."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def function_before_schema(self, schema: Any) -> Schema:
        taken = TAKEN.get(schema["function"]["function"])

        return dict(taken) if taken else super().function_before_schema(schema)

    def function_after_schema(self, schema: Any) -> Schema:
        taken = TAKEN.get(schema["function"]["function"])

        return dict(taken) if taken else super().function_after_schema(schema)


def schemas() -> dict[str, Schema]:
    """Every schema that the document refers to, by its name."""
    kinds = {name_of(kind): TypeAdapter[Any](kind) for kind in _kinds()}
    found, shared = TypeAdapter.json_schemas(
        [(name, "validation", adapter) for name, adapter in kinds.items()],
        ref_template=REFERENCE,
        schema_generator=Terse,
    )
    named: dict[str, Schema] = {name: schema for (name, _), schema in found.items()} | shared["$defs"]
    for body in (*(api.request for api in APIS.values()), *management.BODIES, *batches.BODIES, *webhooks.BODIES):
        _explain(name_of(body), named[name_of(body)]["properties"])

    return dict(sorted(named.items()))


def name_of(kind: Any) -> str:
    """What a schema is called. A list has no name of its own."""
    return "TeiAnswer" if kind == APIS["tei"].answer else kind.__name__


def _kinds() -> Iterator[Any]:
    for api in APIS.values():
        yield from (api.request, api.answer, api.error)
    yield from (*OTHERS, *management.BODIES, *management.ANSWERS, *batches.BODIES, *batches.ANSWERS)
    yield from (*webhooks.BODIES, *webhooks.ANSWERS)


def _explain(body: str, properties: dict[str, Schema]) -> None:
    """Say what each of the *properties* of a *body* means. Raises KeyError for one of which nothing is said."""
    for name, field in properties.items():
        field["description"] = FIELDS.get(f"{body}.{name}") or FIELDS[name]

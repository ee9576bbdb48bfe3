"""How a provider's request bodies are built and its responses read. Pure: nothing here sends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, TypeAlias

from rerank_gateway.adapters.providers.broker_fields import is_brokers_own
from rerank_gateway.adapters.providers.images import must_have_texts
from rerank_gateway.adapters.providers.result_rows import Pair, rows_at
from rerank_gateway.adapters.providers.usage import token_usage
from rerank_gateway.adapters.transports.messages import ProviderResponse
from rerank_gateway.domain.answer import ProviderScores
from rerank_gateway.domain.errors import BadReply
from rerank_gateway.domain.profile import CUTS_THE_END
from rerank_gateway.domain.ranking import DescribedKind
from rerank_gateway.domain.request import RerankRequest, Truncate
from rerank_gateway.domain.usage import Usage

Payload: TypeAlias = dict[str, Any]
Settings: TypeAlias = Mapping[str, str]
"""What the operator's configuration says of a provider: a project, a region, …"""


def no_extras(_: RerankRequest) -> Mapping[str, Any]:
    return {}


def unchanged(payload: Payload, _: Settings) -> Payload:
    return payload


def as_text_object(text: str) -> dict[str, str]:
    """A document for providers that want objects."""
    return {"text": text}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """
    One way of speaking.

    A payload is built flat: *query*, *documents* and *model* are the provider's words for these three (no *model* where
    the address names it), *words* translates the optional fields of a request as far as the provider has a word for
    them: `top_n`, `max_tokens_per_doc`, `priority`, `instruction`, `user`,
    `document_metadata`. *document* makes what a text is sent as, and
    *image* what a document with an image is, of its text and its image, for the models whose names fit one of the globs
    in *image_models*. *truncation* has the values of `truncate` that it follows by itself. *constants* is in every
    payload, and *extras* adds what depends on the request. *form* then brings the whole into the provider's own form,
    where that is not flat.

    *results* leads to the result rows in the response, step by step with dots between; "" where the body is the bare
    list of them. *index* is None where rows are scores in the order of the documents, and *row* reads what is stranger.
    *ordered* says that the order of results means something even where their scores are equal, and *kind* what the
    scores are: "unknown" where that is up to the model, so that the numbers must tell. *next_page* finds in a body what
    the payload must have beside to get the next page; None where there is none. One that *is_broker* passes requests
    on to others, and a caller's own fields must not tell it to whom.
    """

    query: str = "query"
    documents: str = "documents"
    model: str | None = "model"
    words: Mapping[str, str] = field(default_factory=dict)
    document: Callable[[str], Any] | None = None
    image: Callable[[str, str], Any] | None = None
    image_models: tuple[str, ...] = ("*",)
    truncation: frozenset[Truncate] = CUTS_THE_END
    constants: Mapping[str, Any] = field(default_factory=dict)
    extras: Callable[[RerankRequest], Mapping[str, Any]] = no_extras
    form: Callable[[Payload, Settings], Payload] = unchanged
    results: str = "results"
    index: str | None = "index"
    score: str = "relevance_score"
    row: Callable[[Any], Pair] | None = None
    ordered: bool = False
    kind: DescribedKind = "probability"
    usage: Callable[[Any, Mapping[str, str]], Usage] = token_usage
    next_page: Callable[[Any], Mapping[str, Any] | None] | None = None
    is_broker: bool = False

    def phrase(self, request: RerankRequest, model: str, settings: Settings | None = None) -> Payload:
        """The JSON body that puts *request* to *model*. Raises TargetRefused for images that no model there takes."""
        payload = {self.query: request.query, self.documents: self._documents(request, model), **self.constants}
        if self.model:
            payload[self.model] = model
        for name, word in self.words.items():
            if getattr(request, name) is not None:
                payload[word] = request.result_count if name == "top_n" else getattr(request, name)
        payload.update(self.extras(request))
        phrased = self.form(payload, settings or {})

        return {**self._allowed(request.extra_body, phrased), **phrased} if request.extra_body else phrased

    def understand(self, response: ProviderResponse) -> ProviderScores:
        """The scores in *response*, as they stand there. Raises BadReply when there are none to be found."""
        body = response.json()
        rows = rows_at(self.results, body)
        try:
            pairs = self._pairs(rows)
        except (KeyError, TypeError, ValueError) as missing:
            raise BadReply(f"a result lacks its index or its `{self.score}`") from missing

        return ProviderScores(pairs, self.usage(body, response.headers), self.kind, self.ordered)

    def sees(self, model: str) -> bool:
        """Whether *model* ranks images."""
        return self.image is not None and any(fnmatchcase(model, glob) for glob in self.image_models)

    def _documents(self, request: RerankRequest, model: str) -> Any:
        texts = [self.document(text) for text in request.texts] if self.document else request.texts
        if not request.images:
            return texts
        with_image = self._with_image(request, model)

        return [with_image.get(index, text) for index, text in enumerate(texts)]

    def _with_image(self, request: RerankRequest, model: str) -> dict[int, Any]:
        """The documents of *request* that *model* gets with their images, by index."""
        if self.image is None or not self.sees(model):
            must_have_texts(request)
            return {}

        return {index: self.image(request.texts[index], image) for index, image in request.images.items()}

    def _pairs(self, rows: list[Any]) -> list[Pair]:
        if self.row:
            return [self.row(row) for row in rows]
        if self.index is None:
            return list(enumerate(rows))

        return [(row[self.index], row[self.score]) for row in rows]

    def _allowed(self, extra_body: Mapping[str, Any], payload: Payload) -> dict[str, Any]:
        """What of a caller's *extra_body* may go along: nothing that the gateway has a word of its own for."""
        ours = {"model", "query", self.query, self.documents, *self.words.values(), *self.constants, *payload}

        allowed = {name: value for name, value in extra_body.items() if name not in ours}

        return {name: value for name, value in allowed.items() if not (self.is_broker and is_brokers_own(name))}

"""How providers phrase a question and what their replies look like. Pure: nothing here sends."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from rerank_gateway.adapters.messages import Reply
from rerank_gateway.domain.answer import Scores, Usage
from rerank_gateway.domain.errors import BadReply
from rerank_gateway.domain.request import RerankRequest


def nothing(_: RerankRequest) -> Mapping[str, Any]:
    return {}


def token_usage(reply: Any, _: Mapping[str, str]) -> Usage:
    """The `usage` object that most providers send: total, prompt and completion tokens."""
    usage = counters(reply, "usage")
    total = usage.get("total_tokens", 0)

    return Usage(
        prompt_tokens=usage.get("prompt_tokens", total),
        completion_tokens=usage.get("completion_tokens", 0),
        total_tokens=total,
    )


def counters(reply: Any, *path: str) -> dict[str, int]:
    """The whole numbers of the object at *path*. A provider that counts strangely is still a good ranker."""
    for step in path:
        reply = reply.get(step) if isinstance(reply, dict) else None

    return {name: int(n) for name, n in (reply or {}).items() if _counts(n)} if isinstance(reply, dict) else {}


def _counts(number: Any) -> bool:
    return type(number) in (int, float) and 0 <= number < 2**53


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """
    One way of speaking.

    *words* translates the optional fields of a request, as far as the provider has a word for them: `top_n`,
    `max_tokens_per_doc`, `priority`, `instruction`, `user`. *constants* goes along with every question, and
    *extras* with those that call for it. *results* is the key of the result rows in the reply, or None where the
    reply is the bare list of them.
    """

    words: Mapping[str, str] = field(default_factory=dict)
    documents: str = "documents"
    constants: Mapping[str, Any] = field(default_factory=dict)
    extras: Callable[[RerankRequest], Mapping[str, Any]] = nothing
    names_model: bool = True
    results: str | None = "results"
    score: str = "relevance_score"
    usage: Callable[[Any, Mapping[str, str]], Usage] = token_usage

    def phrase(self, request: RerankRequest, model: str) -> dict[str, Any]:
        """The JSON body that puts *request* to *model*."""
        question = {"query": request.query, self.documents: request.texts, **self.constants}
        if self.names_model:
            question["model"] = model
        for name, word in self.words.items():
            if getattr(request, name) is not None:
                question[word] = request.wanted if name == "top_n" else getattr(request, name)
        question.update(self.extras(request))

        return {**self._allowed(request.extra_body), **question} if request.extra_body else question

    def understand(self, reply: Reply) -> Scores:
        """The scores in *reply*, as they stand there. Raises BadReply when there are none to be found."""
        said = reply.json()
        rows = said.get(self.results) if self.results and isinstance(said, dict) else said
        if not isinstance(rows, list):
            raise BadReply("the reply holds no list of results")
        try:
            pairs = [(row["index"], row[self.score]) for row in rows]
        except (KeyError, TypeError) as missing:
            raise BadReply(f"a result lacks `index` or `{self.score}`") from missing

        return Scores(pairs, self.usage(said, reply.headers))

    def _allowed(self, extra_body: Mapping[str, Any]) -> dict[str, Any]:
        """What of a caller's *extra_body* may go along: nothing that the gateway has a word of its own for."""
        ours = {"model", "query", self.documents, *self.words.values(), *self.constants}

        return {name: value for name, value in extra_body.items() if name not in ours}

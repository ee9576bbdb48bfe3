"""What there is to say about a provider."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import TypeVar

from rerank_gateway.adapters.providers.auth import BEARER, Auth
from rerank_gateway.adapters.providers.defaults import http_status, never, no_headers, quoted_in_path
from rerank_gateway.adapters.providers.dialect import Dialect
from rerank_gateway.adapters.transports.messages import ProviderResponse
from rerank_gateway.domain.constraints import UNDECLARED, Terms
from rerank_gateway.domain.price import Price
from rerank_gateway.domain.profile import PARALLEL_PARTS, UNLIMITED, Limits, Profile
from rerank_gateway.domain.ranking import ScoreKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """
    A reranker behind HTTPS.

    *url* is the server's root, None where only its owner knows it; *path* follows it, and both may hold `{model}` and
    the provider's own *settings*, which the configuration gives or, where one is not None, leaves at that. A service of
    AWS's own has `{dns_suffix}` in it, the domain of its region's partition.
    *urls_by_key* sends keys with a certain beginning elsewhere. *key_variables* are the environment variables its
    users know; an empty tuple and *needs_key* False go with servers that usually run without one. *headers* goes along
    with every request and may hold settings too, *model_headers* with those for a model. *model_in_path* writes a model
    into the path. *status* finds the HTTP status that a response means, and *is_asleep* tells one that says that
    nothing runs there at the moment, and that asking has something started.

    *default_tokens* is how many tokens it reads of a document unless told otherwise, where that is known. *prices*,
    *limits* and *listwise* go by globs over models; the first that fits counts. *prices_by_host* has those at hosts
    where they are others. *models* names some to begin with, and *source* says how its API is known.
    *takes_constraints* is for a broker that is told what a caller demands of whoever ranks, and *parallel_parts* for
    who takes more or fewer parts of one request at the same time. *max_tokens_per_doc* and *terms* are the operator's:
    a default, and what they have declared.
    """

    name: str
    title: str
    dialect: Dialect
    path: str
    docs: str
    source: str
    url: str | None = None
    settings: Mapping[str, str | None] = field(default_factory=dict)
    urls_by_key: Mapping[str, str] = field(default_factory=dict)
    auth: Auth = BEARER
    key_variables: tuple[str, ...] = ()
    needs_key: bool = True
    headers: Mapping[str, str] = field(default_factory=dict)
    model_in_path: Callable[[str], str] = quoted_in_path
    model_headers: Callable[[str], Mapping[str, str]] = no_headers
    status: Callable[[ProviderResponse], int] = http_status
    is_asleep: Callable[[ProviderResponse], bool] = never
    models: tuple[str, ...] = ()
    prices: Mapping[str, Price] = field(default_factory=dict)
    prices_by_host: Mapping[str, Mapping[str, Price]] = field(default_factory=dict)
    limits: Mapping[str, Limits] = field(default_factory=dict)
    listwise: tuple[str, ...] = ()
    default_tokens: int | None = None
    max_tokens_per_doc: int | None = None
    takes_constraints: bool = False
    parallel_parts: int = PARALLEL_PARTS
    terms: Terms = UNDECLARED

    def profile(self, model: str) -> Profile:
        return Profile(
            limits=_first_match(self.limits, model) or UNLIMITED,
            pointwise=not any(fnmatchcase(model, glob) for glob in self.listwise),
            truncates="max_tokens_per_doc" in self.dialect.words,
            sees=self.dialect.sees(model),
            price=_first_match(self.prices, model),
            default_tokens=self.default_tokens,
            truncation=self.dialect.truncation,
            max_tokens_per_doc=self.max_tokens_per_doc,
            terms=self.terms,
            takes_constraints=self.takes_constraints,
            parallel_parts=self.parallel_parts,
        )

    def taking(self, documents: int) -> Provider:
        """The same, where its server takes so many *documents* in one request: more, or fewer, than is usual."""
        usual = self.limits or {"*": UNLIMITED}

        return replace(self, limits={glob: replace(each, documents=documents) for glob, each in usual.items()})

    def at(self, url: str) -> Provider:
        """The same with the prices at *url*, where they are others."""
        prices = next((prices for host, prices in self.prices_by_host.items() if f"//{host}" in url), self.prices)

        return self if prices is self.prices else replace(self, prices=prices)

    def scoring(self, kind: ScoreKind) -> Provider:
        """The same, where its server's scores are of this *kind*."""
        return replace(self, dialect=replace(self.dialect, kind=kind))

    def address(self, model: str, key: str | None, url: str | None, settings: Mapping[str, str]) -> str | None:
        """The address of *model* under *key*; *url*, from the operator, replaces the provider's own root."""
        root = url or self._root(key or "", settings)
        if root is None:
            return None
        path = self.path.format_map({**settings, "model": self.model_in_path(model)}) if "{" in self.path else self.path

        return _join_url(root, path)

    def _root(self, key: str, settings: Mapping[str, str]) -> str | None:
        root = next((url for start, url in self.urls_by_key.items() if key.startswith(start)), self.url)

        return root.format_map(settings) if root else None


def _join_url(root: str, path: str) -> str:
    """
    *path* at *root*. That may be the whole address already, if it ends like *path*, or hold the first steps of it, such
    as the `/v1` that the addresses of OpenAI's clients end with.
    """
    root = root.rstrip("/")
    if root.count("/") == 2:
        return root + path
    *steps, last = path.split("/")
    if root.endswith(f"/{last}"):
        return root
    starts = ("/".join(steps[:count]) for count in range(len(steps), 1, -1))
    known = next((start for start in starts if root.partition("://")[2].endswith(start)), "")

    return root + path.removeprefix(known)


T = TypeVar("T")


def _first_match(by_model: Mapping[str, T], model: str) -> T | None:
    return next((value for glob, value in by_model.items() if fnmatchcase(model, glob)), None)

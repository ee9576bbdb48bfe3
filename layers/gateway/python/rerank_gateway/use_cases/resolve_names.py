"""Which models a request means, by the names that its caller uses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from rerank_gateway.domain.errors import InvalidRequest, TargetMissing, UnknownModel
from rerank_gateway.domain.ports import Rerankers
from rerank_gateway.domain.request import RerankRequest
from rerank_gateway.domain.routing.aliases import Routing
from rerank_gateway.domain.target import Target

MIXEDBREAD = "mixedbread-ai/"
"""What Dify writes before every name that it sends to Mixedbread's API."""


@dataclass(frozen=True, slots=True)
class ResolveNames:
    """*listed* finds the targets whose providers are known to have a model of that name."""

    routing: Routing
    rerankers: Rerankers
    listed: Callable[[str], Sequence[Target]]

    def __call__(self, request: RerankRequest) -> RerankRequest:
        """
        *request* with aliases and `provider/model` only: a vendor's bare name becomes the target that has it here, and
        no model at all becomes the alias `default`. Raises InvalidRequest or UnknownModel.
        """
        if all(map(self._is_settled, request.models)):
            return request

        return replace(
            request,
            model=self._resolved(request.model),
            load_balancer=tuple(replace(share, model=self._resolved(share.model)) for share in request.load_balancer),
            fallbacks=tuple(map(self._resolved, request.fallbacks)),
        )

    def _is_settled(self, name: str) -> bool:
        return name in self.routing.aliases or (name.partition("/")[0] in self.routing.providers and "/" in name)

    def _resolved(self, name: str) -> str:
        if not name:
            return self._default()
        if self._is_settled(name):
            return name
        rest = name.removeprefix(MIXEDBREAD)
        if rest in self.routing.aliases:
            return rest
        targets = self.listed(name) or self.listed(rest)

        # What nobody lists has its message where names are taken apart.
        return self._only(name, targets) if targets else name

    def _default(self) -> str:
        if self.routing.default_model is None:
            raise InvalidRequest("model is required", param="model")

        return self.routing.default_model

    def _only(self, name: str, targets: Sequence[Target]) -> str:
        """The one of *targets* that can be asked. Raises UnknownModel for none, and for several."""
        reachable = [target for target in targets if self._is_reachable(target)]
        if len(reachable) == 1:
            return str(reachable[0])
        names = ", ".join(map(str, reachable or targets))
        if reachable:
            raise UnknownModel(f"several providers here have {name[:200]!r}: say which, of {names}", param="model")

        raise UnknownModel(f"no provider that has {name[:200]!r} has a key here: {names}", param="model")

    def _is_reachable(self, target: Target) -> bool:
        try:
            self.rerankers(target.provider).require_access(target.model)
        except TargetMissing:
            return False

        return True

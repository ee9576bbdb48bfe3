"""Endpoints are registered, changed and removed; their secrets are made and rotated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.errors import InUse, UnknownWebhook
from rerank_gateway.domain.keys import VirtualKey
from rerank_gateway.domain.management.records import must_manage
from rerank_gateway.domain.webhooks.addresses import must_be_reachable
from rerank_gateway.domain.webhooks.endpoints import Endpoint
from rerank_gateway.domain.webhooks.ports import EndpointFinder, EndpointStore, SecretSource
from rerank_gateway.use_cases.management.attempts import until_written

BY_THE_OPERATOR = "the operator disabled it"


@dataclass(frozen=True, slots=True)
class IssuedEndpoint:
    """An endpoint and its *secret*, which is told this once."""

    endpoint: Endpoint
    secret: str


@dataclass(frozen=True, slots=True)
class ManageEndpoints:
    """All raise AdminRequired unless the key *by* manages keys, and Unavailable. *loopback* is for one machine only."""

    endpoints: EndpointStore
    new_secret: SecretSource
    clock: Clock
    loopback: bool = False

    def create(self, by: VirtualKey, endpoint: Endpoint) -> IssuedEndpoint:
        """Raises InvalidRequest about its address, or InUse where there is one of this name."""
        must_manage(by)
        must_be_reachable(endpoint.url, loopback=self.loopback)
        now, secret = self.clock.epoch(), self.new_secret()
        because = BY_THE_OPERATOR if endpoint.disabled else ""
        made = replace(endpoint, created_at=now, updated_at=now, created_by=by.id, disabled_because=because)
        if not self.endpoints.add(made, secret):
            raise InUse(f"there is a webhook {made.name!r} already", param="name")

        return IssuedEndpoint(made, secret)

    def change(self, by: VirtualKey, name: str, changes: Mapping[str, Any]) -> Endpoint:
        """The endpoint after *changes* of its attributes. Raises UnknownWebhook or InvalidRequest."""
        must_manage(by)
        if "url" in changes:
            must_be_reachable(changes["url"], loopback=self.loopback)

        return until_written(lambda: self._change(name, changes))

    def rotate(self, by: VirtualKey, name: str, grace_s: float) -> IssuedEndpoint:
        """With another secret; those before sign as well for *grace_s* seconds. Raises UnknownWebhook."""
        must_manage(by)
        secret = self.new_secret()

        return until_written(lambda: self._rotate(name, secret, grace_s))

    def remove(self, by: VirtualKey, name: str) -> Endpoint:
        """The endpoint that was removed, with its secrets. Raises UnknownWebhook."""
        endpoint = self.one(by, name)
        if not self.endpoints.remove(name):
            raise UnknownWebhook("there is no such webhook")

        return endpoint

    def one(self, by: VirtualKey, name: str) -> Endpoint:
        """Raises UnknownWebhook."""
        must_manage(by)

        return find_endpoint(self.endpoints, name)

    def all(self, by: VirtualKey) -> list[Endpoint]:
        """By name."""
        must_manage(by)

        return list(self.endpoints.all())

    def _change(self, name: str, changes: Mapping[str, Any]) -> Endpoint | None:
        there = find_endpoint(self.endpoints, name)
        if not changes:
            return there
        disabled = changes.get("disabled", there.disabled)
        because = (there.disabled_because or BY_THE_OPERATOR) if disabled else ""
        moved: dict[str, Any] = {"updated_at": self.clock.epoch(), "version": there.version + 1}
        changed = replace(there, **changes, **moved, disabled_because=because)

        return changed if self.endpoints.change(changed) else None

    def _rotate(self, name: str, secret: str, grace_s: float) -> IssuedEndpoint | None:
        endpoint, seen = find_endpoint(self.endpoints, name), self.endpoints.secrets(name)
        if seen is None:
            return None
        if seen.current == secret:
            # It was written, and sent again where the answer to that was lost.
            return IssuedEndpoint(endpoint, secret)
        rotated = seen.rotated(secret, self.clock.epoch(), grace_s)

        return IssuedEndpoint(endpoint, secret) if self.endpoints.rotate(name, seen, rotated) else None


def find_endpoint(endpoints: EndpointFinder, name: str) -> Endpoint:
    """The endpoint of this name. Raises UnknownWebhook."""
    endpoint = endpoints.find(name)
    if endpoint is None:
        raise UnknownWebhook("there is no such webhook")

    return endpoint

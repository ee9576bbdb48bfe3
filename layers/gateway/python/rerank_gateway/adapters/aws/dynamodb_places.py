"""PlaceStore in DynamoDB: an item a provider, with all who hold places there or wait for one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import random
from time import sleep

from rerank_gateway.adapters.aws.batch_changes import Change, Values
from rerank_gateway.adapters.aws.batches_table import BATCHES, BatchesTable
from rerank_gateway.domain.batches.places import Grant, Holding, PlaceRequest, PlaceStore, granted
from rerank_gateway.domain.errors import Unavailable

PLACES = "places"
TRIES = 8
PAUSE_S = 0.02
RENEW_S = 120.0
"""Seconds before the end of a lease at which it is renewed: as many as a line has, so that no call outlasts it."""
WAITS_FOR_S = 1.5
"""Seconds for which others know of whoever has no place: it asks more often than that, for as long as it waits."""

Holders = Mapping[str, Holding]


@dataclass(frozen=True, slots=True)
class DynamoPlaces(PlaceStore):
    table: BatchesTable

    def lease(self, request: PlaceRequest, now: float) -> Grant:
        for tried in range(TRIES):
            version, holders = self._holders(request.provider, now)
            others = {each: has for each, has in holders.items() if each != request.holder}
            grant, before = granted(request, others.values()), holders.get(request.holder)
            if not _is_news(grant, request, before, now):
                return replace(grant, until=before.until if before else request.until)
            if self._write(request.provider, version, {**others, **_kept(grant, request, now)}):
                return grant
            # Another one was faster.
            sleep(PAUSE_S * (tried + 1) * random())  # noqa: S311

        raise Unavailable(f"{BATCHES} are in great demand")

    def _holders(self, provider: str, now: float) -> tuple[int, Holders]:
        item = self.table.get(f"{PLACES}#{provider}", PLACES)
        if item is None:
            return 0, {}
        holders = {each: Holding(*has) for each, has in json.loads(item["holders"]["S"]).items()}

        return int(item["version"]["N"]), {each: has for each, has in holders.items() if has.until > now}

    def _write(self, provider: str, version: int, holders: Holders) -> bool:
        expected = "#version = :seen" if version else "attribute_not_exists(#version)"
        texts = {each: (has.places, has.wants, has.until) for each, has in holders.items()}
        values: Values = {"holders": json.dumps(texts), "next": version + 1}
        if version:
            values["seen"] = version
        change = "SET #holders = :holders, #version = :next"

        return self.table.update(Change(f"{PLACES}#{provider}", PLACES, change, expected, values)) is not None


def _is_news(grant: Grant, request: PlaceRequest, before: Holding | None, now: float) -> bool:
    """Whether *grant* has to be written: it is not what was there *before*, or that would be over soon."""
    if before is None:
        return request.places > 0
    lasts_until = now + (RENEW_S if before.places else WAITS_FOR_S / 3)

    is_other = (grant.places, request.places) != (before.places, before.wants)

    return is_other or before.until < lasts_until or request.until < before.until


def _kept(grant: Grant, request: PlaceRequest, now: float) -> Holders:
    if not request.places:
        return {}
    until = grant.until if grant.places else now + WAITS_FOR_S

    return {request.holder: Holding(grant.places, request.places, until)}

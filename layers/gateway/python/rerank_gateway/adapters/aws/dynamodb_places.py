"""PlaceStore in DynamoDB: an item a provider, with all who hold places there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from random import random
from time import sleep

from rerank_gateway.adapters.aws.batch_changes import Change, Values
from rerank_gateway.adapters.aws.batches_table import BATCHES, BatchesTable
from rerank_gateway.domain.batches.places import PlaceLease, PlaceStore
from rerank_gateway.domain.errors import Unavailable

PLACES = "places"
TRIES = 8
PAUSE_S = 0.02

Holders = Mapping[str, tuple[int, float]]
"""How many places each holder has, and until when."""


@dataclass(frozen=True, slots=True)
class DynamoPlaces(PlaceStore):
    table: BatchesTable

    def lease(self, wanted: PlaceLease, now: float) -> int:
        for tried in range(TRIES):
            version, holders = self._holders(wanted.provider)
            others = {each: has for each, has in holders.items() if has[1] > now and each != wanted.holder}
            free = max(wanted.limit - sum(places for places, _ in others.values()), 0)
            places = min(wanted.places, free)
            if places == holders.get(wanted.holder, (0, 0.0))[0] == 0:
                return 0
            mine = {wanted.holder: (places, wanted.until)} if places else {}
            if self._write(wanted.provider, version, {**others, **mine}):
                return places
            # Another one was faster.
            sleep(PAUSE_S * (tried + 1) * random())  # noqa: S311

        raise Unavailable(f"{BATCHES} are in great demand")

    def _holders(self, provider: str) -> tuple[int, Holders]:
        item = self.table.get(f"{PLACES}#{provider}", PLACES)
        if item is None:
            return 0, {}

        return int(item["version"]["N"]), {each: tuple(has) for each, has in json.loads(item["holders"]["S"]).items()}

    def _write(self, provider: str, version: int, holders: Holders) -> bool:
        expected = "#version = :seen" if version else "attribute_not_exists(#version)"
        values: Values = {"holders": json.dumps(holders), "next": version + 1}
        if version:
            values["seen"] = version
        change = "SET #holders = :holders, #version = :next"

        return self.table.update(Change(f"{PLACES}#{provider}", PLACES, change, expected, values)) is not None

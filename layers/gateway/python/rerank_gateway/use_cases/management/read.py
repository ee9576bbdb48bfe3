"""Keys and teams, as lists, and what each has spent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import DeadlineExceeded
from rerank_gateway.domain.keys import VirtualKey
from rerank_gateway.domain.management.pages import KeyFilter, Page, place_of
from rerank_gateway.domain.management.ports import KeyRecords, TeamRecords
from rerank_gateway.domain.management.records import KeyRecord, TeamRecord, must_manage
from rerank_gateway.domain.ports import Executor
from rerank_gateway.domain.spending.periods import day_at
from rerank_gateway.domain.spending.ports import UsageReader, key_account, team_account
from rerank_gateway.domain.spending.usage import Spending, spending_of_team
from rerank_gateway.use_cases.management.keys import find_key
from rerank_gateway.use_cases.management.teams import find_team

T = TypeVar("T")
AT_ONCE = 10
"""Accounts that are read side by side."""
NOTHING = Spending()


@dataclass(frozen=True, slots=True)
class ReadSpending:
    usage: UsageReader
    executor: Executor
    clock: Clock

    def of_key(self, key: VirtualKey) -> Spending:
        """What *key* has spent. Nobody counts what has no limit and no team. Raises Unavailable."""
        if not key.is_metered:
            return NOTHING

        return self.usage.spending(key_account(key.id), key.limits.reset, self.clock.epoch())

    def of_teams(self, records: Sequence[TeamRecord], deadline: Deadline) -> list[Spending]:
        """What the keys of each of these teams have spent together. Raises Unavailable or DeadlineExceeded."""
        if not records:
            return []
        now = self.clock.epoch()
        accounts = self.of_each(self._of_account, records, deadline)
        entries = list(self.usage.entries("", day_at(now)))

        return [
            spending_of_team(record.team.name, account, entries, now)
            for record, account in zip(records, accounts, strict=True)
        ]

    def of_each(self, read: Callable[[T], Spending], things: Sequence[T], deadline: Deadline) -> list[Spending]:
        """What *read* finds of each of *things*, some side by side. Raises Unavailable or DeadlineExceeded."""
        found: list[Spending] = []
        for start in range(0, len(things), AT_ONCE):
            tasks = [self.executor.start(partial(read, thing)) for thing in things[start : start + AT_ONCE]]
            while unfinished := [task for task in tasks if not task.done()]:
                if deadline.is_over:
                    raise DeadlineExceeded("the usage could not be read in time; ask for fewer with limit")
                self.executor.wait(unfinished, deadline)
            found += [task.result() for task in tasks]

        return found

    def _of_account(self, record: TeamRecord) -> Spending:
        team = record.team

        return self.usage.spending(team_account(team.name), team.limits.reset, self.clock.epoch())


@dataclass(frozen=True, slots=True)
class ReadKeys:
    keys: KeyRecords
    clock: Clock

    def one(self, by: VirtualKey, key_hash: str) -> KeyRecord:
        """The key with a token of this hash. Raises AdminRequired or UnknownKey."""
        must_manage(by)

        return find_key(self.keys, key_hash)

    def page(self, by: VirtualKey, wanted: KeyFilter, page: Page) -> tuple[list[KeyRecord], str | None]:
        """
        Some of the keys, the oldest first, and the place to go on after, if there are more. Raises AdminRequired.

        Whoever goes on after a place misses none and sees none twice, whatever is made and removed meanwhile.
        """
        must_manage(by)
        now = self.clock.epoch()
        records = sorted((record for record in self.keys.all() if wanted.has(record, now)), key=place_of)
        if page.after is not None:
            records = [record for record in records if place_of(record) > page.after]
        shown = records[page.offset : page.offset + page.limit]
        has_more = len(records) > page.offset + page.limit

        return shown, place_of(shown[-1]) if has_more and shown else None


@dataclass(frozen=True, slots=True)
class ReadTeams:
    teams: TeamRecords

    def one(self, by: VirtualKey, name: str) -> TeamRecord:
        """Raises AdminRequired or UnknownTeam."""
        must_manage(by)

        return find_team(self.teams, name)

    def all(self, by: VirtualKey) -> list[TeamRecord]:
        """By name. Raises AdminRequired."""
        must_manage(by)

        return sorted(self.teams.all(), key=lambda record: record.team.name)

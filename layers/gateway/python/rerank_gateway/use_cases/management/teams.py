"""Teams are made, changed and removed."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.errors import InUse, UnknownTeam
from rerank_gateway.domain.keys import Team, VirtualKey
from rerank_gateway.domain.management.ports import TeamRecords
from rerank_gateway.domain.management.records import Changes, TeamRecord, must_manage
from rerank_gateway.use_cases.management.attempts import until_written


@dataclass(frozen=True, slots=True)
class CreateTeam:
    teams: TeamRecords
    clock: Clock

    def __call__(self, by: VirtualKey, team: Team) -> TeamRecord:
        """Raises AdminRequired, or InUse where there is one of this name."""
        must_manage(by)
        now = self.clock.epoch()
        record = TeamRecord(team, now, now)
        if not self.teams.add(record):
            raise InUse(f"there is a team {team.name!r} already", param="name")

        return record


@dataclass(frozen=True, slots=True)
class ChangeTeam:
    teams: TeamRecords
    clock: Clock

    def __call__(self, by: VirtualKey, name: str, changes: Changes) -> TeamRecord:
        """The team after *changes*. Raises AdminRequired or UnknownTeam."""
        must_manage(by)

        return until_written(lambda: self._change(name, changes))

    def _change(self, name: str, changes: Changes) -> TeamRecord | None:
        record = find_team(self.teams, name)
        if not changes:
            return record

        return find_team(self.teams, name) if self.teams.change(name, changes, self.clock.epoch()) else None


@dataclass(frozen=True, slots=True)
class RemoveTeam:
    teams: TeamRecords

    def __call__(self, by: VirtualKey, name: str) -> TeamRecord:
        """The team that was removed. Raises AdminRequired, UnknownTeam, or InUse while there are keys in it."""
        must_manage(by)

        return until_written(lambda: self._remove(name))

    def _remove(self, name: str) -> TeamRecord | None:
        record = find_team(self.teams, name)
        if record.keys > 0:
            raise InUse(f"there are keys in the team ({record.keys}): remove them or give them another one first")

        return record if self.teams.remove(name) else None


def find_team(teams: TeamRecords, name: str) -> TeamRecord:
    """The team of this name. Raises UnknownTeam."""
    record = teams.find(name)
    if record is None:
        raise UnknownTeam("there is no such team")

    return record

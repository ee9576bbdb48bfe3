"""Let a request in by the limits of its key and of its team."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

from rerank_gateway.domain.clock import Clock
from rerank_gateway.domain.errors import GatewayError, RateLimit
from rerank_gateway.domain.keys import VirtualKey
from rerank_gateway.domain.spending.changes import Accounts
from rerank_gateway.domain.spending.counters import Balance
from rerank_gateway.domain.spending.limits import UNLIMITED, Limits
from rerank_gateway.domain.spending.ports import key_account, team_account
from rerank_gateway.domain.spending.reservation import Demand, Reservation
from rerank_gateway.use_cases.spending.account_meter import AccountMeter
from rerank_gateway.use_cases.spending.account_writer import AccountWriter
from rerank_gateway.use_cases.spending.reserve import Reserve, reserve_side_by_side

MAX_METERS = 1_000
"""Accounts that one environment keeps in mind. What it had taken ahead of the oldest is then lost."""


@dataclass(frozen=True, slots=True)
class Admission:
    """
    What a request was let in with: the reservations at the meters of its key and its team, and the *rate* of what is
    left to the key.
    """

    reservations: tuple[tuple[AccountMeter, Reservation], ...]
    rate: RateLimit | None = None

    def settle(self, cost: int, usage: Balance) -> None:
        """The request has come to this *cost*, and its key to this *usage*."""
        for place, (meter, reservation) in enumerate(self.reservations):
            meter.settle(reservation, cost, usage if place == 0 else {})


@dataclass(frozen=True, slots=True)
class Admit:
    accounts: Accounts
    clock: Clock
    meters: dict[str, AccountMeter] = field(default_factory=dict)

    def __call__(self, key: VirtualKey, demand: Demand) -> Admission:
        """
        Let a request of *key* in with its *demand*: by its own limits, and by those of its team.

        Raises RateLimited, BudgetExceeded, TooLarge, or Unavailable when nobody can tell.
        """
        taken = self.reserve(key, demand)

        return Admission(taken, taken[0][0].rate(key.limits))

    def reserve(
        self, key: VirtualKey, demand: Demand, hold: str = "", lapses: int = 0
    ) -> tuple[tuple[AccountMeter, Reservation], ...]:
        """
        The reservations of *demand* at the meters of *key* and of its team, under the name of *hold* until it *lapses*,
        where that is given. Raises as above.
        """
        reserves: list[tuple[AccountMeter, Reserve]] = []
        try:
            # Of a key before its team everywhere, so that no two wait for each other.
            with ExitStack() as locks:
                for meter, limits in self.limits(key):
                    locks.enter_context(meter.lock)
                    reserves.append((meter, meter.reserve(demand, limits, hold, lapses)))
                    # The usage is counted for the key, and once.
                    demand = replace(demand, usage={})
                reserve_side_by_side([reserve for _, reserve in reserves])
        except GatewayError:
            for meter, reserve in reserves:
                if reserve.is_taken:
                    meter.give_back(reserve.reservation)
            raise

        return tuple((meter, reserve.reservation) for meter, reserve in reserves)

    def limits(self, key: VirtualKey) -> Iterator[tuple[AccountMeter, Limits]]:
        """The meters of *key* and of its team, if that has limits, each with its limits."""
        yield self._meter(key_account(key.id), key.team), key.limits
        if key.team_limits is not UNLIMITED:
            yield self._meter(team_account(key.team), ""), key.team_limits

    def budget_used(self, key: VirtualKey) -> float | None:
        """The share of its budget that *key* has used, or its team, if that is more; None where there is no budget."""
        shares = [meter.budget_used(limits) for meter, limits in self.limits(key)]

        return max((share for share in shares if share is not None), default=None)

    def _meter(self, account: str, team: str) -> AccountMeter:
        if account not in self.meters:
            while len(self.meters) >= MAX_METERS:
                # Another thread may have been faster.
                self.meters.pop(next(iter(self.meters)), None)
            self.meters.setdefault(account, AccountMeter(AccountWriter(self.accounts, self.clock, account, team)))
        meter = self.meters[account]
        meter.writer.team = team

        return meter

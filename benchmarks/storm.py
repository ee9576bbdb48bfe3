"""
A storm of cold starts: what a thousand new environments in ten seconds, the most that Lambda starts of one function,
ask of Systems Manager and Secrets Manager, and what becomes of their first requests.

Use: `python -m benchmarks.storm`, with the `dev` extra installed. The code is the gateway's own, down to the signed
request; played are the clock, and AWS, which turns down what is beyond its quota. Each environment has a request every
five seconds for ten minutes.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from statistics import median, quantiles

from pydantic_core import to_json

# A script finds only what lies beside it.
sys.path.insert(0, str(Path(__file__).parents[1]))

from rerank_gateway.adapters.aws.credentials import CredentialSource
from rerank_gateway.adapters.aws.json_api import SECRETS_MANAGER, SSM, AwsJsonApi, JsonService
from rerank_gateway.adapters.aws.patience import FAIL_FAST, PATIENT, STUBBORN, Patience
from rerank_gateway.adapters.aws.secrets_manager import Secret, secret_ttl
from rerank_gateway.adapters.aws.session import AwsSession
from rerank_gateway.adapters.aws.ssm_parameters import SsmParameters
from rerank_gateway.adapters.cache.ttl_cache import TtlCache
from rerank_gateway.adapters.transports.messages import ProviderRequest, ProviderResponse, Transport
from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.entry import observability
from rerank_gateway.entry.wiring.configuration import ConfigWatch
from tests.fakes import FakeClock

SEED = 15
ENVIRONMENTS, STARTING_S, LIVING_S, EVERY_S = 1_000, 10.0, 600, 5
QUOTAS = {"AmazonSSM": 40, "secretsmanager": 10_000}
"""Calls a second of an account: AWS's documented ones, of Systems Manager without *higher throughput*."""
HIGHER = QUOTAS | {"AmazonSSM": 10_000}
"""With it."""
REPLIES = {
    "AmazonSSM": {"Parameter": {"Value": "", "Version": 1}},
    "secretsmanager": {"SecretString": "sk", "CreatedDate": 0},
}
VARIABLES = {"AWS_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "nobody", "AWS_SECRET_ACCESS_KEY": "nothing"}


@dataclass
class Account:
    """What was *asked* and *answered*, by service and second, where a service answers so many calls a second."""

    quotas: dict[str, int]
    asked: Counter[tuple[str, int]] = field(default_factory=Counter)
    answered: Counter[tuple[str, int]] = field(default_factory=Counter)

    def peak(self, service: str, first: int, last: int) -> int:
        """The most calls of a second from the *first* to the *last*."""
        return max(self.asked[service, second] for second in range(first, last))


@dataclass
class PlayedAws(Transport):
    account: Account
    clock: FakeClock

    def send(self, request: ProviderRequest, deadline: Deadline) -> ProviderResponse:
        service = request.headers["x-amz-target"].partition(".")[0]
        at = service, int(self.clock.now())
        self.account.asked[at] += 1
        if self.account.answered[at] >= self.account.quotas[service]:
            return ProviderResponse(400, {}, b'{"__type": "ThrottlingException"}')
        self.account.answered[at] += 1

        return ProviderResponse(200, {}, to_json(REPLIES[service]))


@dataclass
class ColdEnvironment:
    """What a new environment looks up before it answers: as entry/wiring assembles it, but for clock and AWS."""

    account: Account
    clock: FakeClock
    rng: Random

    def __post_init__(self) -> None:
        parameters, hurried = (SsmParameters(self._api(SSM, patience)) for patience in (STUBBORN, FAIL_FAST))
        self.watch = ConfigWatch("ssm:/gateway/config", parameters, hurried, self.clock, self.rng)
        self.secrets = [self._secret(name) for name in ("master", "providers")]

    def answers(self) -> bool:
        """Whether a request has all that it needs by now."""
        try:
            for secret in self.secrets:
                secret.value()
            self.watch.current()
        except Unavailable:
            return False

        return True

    def _secret(self, name: str) -> Secret:
        return Secret(name, self._api(SECRETS_MANAGER), TtlCache(secret_ttl(self.rng), self.clock))

    def _api(self, service: JsonService, patience: Patience = PATIENT) -> AwsJsonApi:
        transport = PlayedAws(self.account, self.clock)
        session = AwsSession(VARIABLES, CredentialSource(VARIABLES), lambda: transport, self.clock, self.rng)

        return AwsJsonApi(session, service, "it", patience)


@dataclass(frozen=True)
class Outcome:
    """
    How many first requests were *refused*; the seconds that the others had waited by then, in the *middle* and in the
    *slowest* hundredth; the most calls of a second for *secrets* and for *parameters*, while environments start and
    after the first minute.
    """

    refused: int
    middle: float
    slowest: float
    secrets: tuple[int, int]
    parameters: tuple[int, int]


def storm(quotas: dict[str, int]) -> Outcome:
    """What becomes of it where AWS has these *quotas*."""
    account, rng = Account(quotas), Random(SEED)
    waits = [_life(account, number * STARTING_S / ENVIRONMENTS, rng) for number in range(ENVIRONMENTS)]
    answered = [wait for wait in waits if wait is not None]
    peaks = [
        (account.peak(service, 0, 20), account.peak(service, 60, LIVING_S))
        for service in ("secretsmanager", "AmazonSSM")
    ]

    return Outcome(
        refused=len(waits) - len(answered),
        middle=round(median(answered), 1),
        slowest=round(quantiles(answered, n=100)[-1], 1),
        secrets=peaks[0],
        parameters=peaks[1],
    )


def _life(account: Account, start: float, rng: Random) -> float | None:
    """What the first request of an environment, which begins at *start*, waits; None where it is refused."""
    clock = FakeClock(start)
    environment = ColdEnvironment(account, clock, rng)
    waited = clock.now() - start if environment.answers() else None
    while clock.now() < LIVING_S:
        clock.sleep(EVERY_S)
        environment.answers()

    return waited


def main() -> None:
    observability.logger.setLevel("CRITICAL")
    print(f"{ENVIRONMENTS:,} environments in {STARTING_S:.0f} s; Systems Manager takes so many calls a second:")
    print(
        f"{'':>8}{'refused':>9}{'waited, s':>11}{'p99':>6}{'secrets/s':>11}{'later':>7}{'parameters/s':>14}{'later':>7}"
    )
    for quotas in (QUOTAS, HIGHER):
        found = storm(quotas)
        print(
            f"{quotas['AmazonSSM']:8,}{found.refused:9}{found.middle:11}{found.slowest:6}"
            f"{found.secrets[0]:11}{found.secrets[1]:7}{found.parameters[0]:14}{found.parameters[1]:7}"
        )


if __name__ == "__main__":
    main()

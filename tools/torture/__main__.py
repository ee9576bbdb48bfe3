"""
Jobs under torture, on an AWS that is good for parallel writers: workers are killed and stand still past their leases,
messages come three times, and a share of the calls to AWS are dropped, cut off or answered with a 500. Prints figures,
and exits 1 when a job was lost, ended twice or not told of.

Use: `python -m tools.torture [--jobs 3000] [--faults 0.2] [--minutes 30] [--seed N]`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from random import Random
from time import monotonic, sleep

from tests.crash.account import Account, clients
from tests.crash.asked import RANKING, asking, cancel, request, submit
from tests.crash.poller import line_of_workers
from tests.crash.processes import aws_process, function_process, running, started
from tests.upstream import Answer, says, upstream
from tools.torture.listener import Listener
from tools.torture.pollers import Echoes, Tally, TorturingPoller
from tools.torture.report import FAULTS, report

POLLERS = 6
SECONDS = 15.0
"""That a worker has for a batch; its lease is as long."""
VISIBILITY_S = 18
SUBMITTED, CANCELLED = 0.1, 0.2
"""The share of jobs that come by the API, the others being producers' own, and of those the share that is cancelled."""
LONG = 80
"""Messages in the queue beyond which no more are sent: moto takes its time over long ones."""
BUSY = 0.03
"""The share of a provider's answers that are a 429."""
MODULE = "tools.torture.function"


def main() -> None:
    options = _options()
    began, rng = monotonic(), Random(options.seed)
    with aws_process() as url, proxy(url, options.faults, options.seed) as faulty, upstream(_provider(rng)) as provider:
        account = Account.opened(url, clients(url), visibility=VISIBILITY_S)
        variables = account.variables(asking(provider)) | {"AWS_ENDPOINT_URL": faulty}
        coming, echoes, late = Coming(account, variables), Echoes(), began + options.minutes * 60
        listener = Listener(account)
        with listener.listening(), ThreadPoolExecutor(POLLERS + 1) as threads, ExitStack() as stack:
            lines = [stack.enter_context(line_of_workers(variables, SECONDS, MODULE)) for _ in range(POLLERS)]
            pollers = [
                TorturingPoller(account, line, Random(options.seed + n), echoes, SECONDS)
                for n, line in enumerate(lines)
            ]
            all_in = threads.submit(coming, options.jobs)
            for polling in [threads.submit(_poll, poller, all_in, late) for poller in pollers]:
                polling.result()
            all_in.result()
        figures = report(account, listener.told, coming.jobs, coming.cancels)
        _show(figures, [poller.tally for poller in pollers], len(provider.questions), monotonic() - began)
    sys.exit(any(figures[fault] for fault in FAULTS))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.torture")
    parser.add_argument("--jobs", type=int, default=3000)
    parser.add_argument("--faults", type=float, default=0.2, help="the share of calls to AWS that go wrong")
    parser.add_argument("--minutes", type=float, default=30.0, help="after which what is left counts as lost")
    parser.add_argument("--seed", type=int, default=20261127)

    return parser.parse_args()


@contextmanager
def proxy(url: str, faults: float, seed: int) -> Iterator[str]:
    """The address at which so many of the calls to the AWS at *url* go wrong."""
    with started("tools.torture.faulty_proxy", url, str(faults), str(seed), variables={}) as process:
        assert process.stdout
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"


def _provider(rng: Random) -> Answer:
    def answer(connection: object) -> None:
        sleep(rng.uniform(0.0, 0.1))
        reply = says({}, 429, {"retry-after": "1"}) if rng.random() < BUSY else says(RANKING)
        reply(connection)  # type: ignore[arg-type]  # a socket, as for any answer

    return answer


@dataclass(frozen=True)
class Coming:
    """Jobs on their way in: which has which number, and of those to be cancelled, whether we were told that it was."""

    account: Account
    variables: Mapping[str, str]
    jobs: dict[str, int] = field(default_factory=dict)
    cancels: dict[str, bool] = field(default_factory=dict)

    def __call__(self, count: int) -> None:
        """Have so many come in, those of other producers and those of the API side by side."""
        share = round(count * SUBMITTED)
        with ThreadPoolExecutor(2) as threads:
            both = [threads.submit(self._submit, range(share)), threads.submit(self._send, range(share, count))]
            for one in both:
                one.result()

    def _send(self, numbers: Sequence[int]) -> None:
        for start in range(0, len(numbers), 10):
            while self.account.messages_left() > LONG:
                sleep(0.5)
            some = numbers[start : start + 10]
            self.jobs.update(zip(self.account.send_all([request(number) for number in some]), some, strict=True))

    def _submit(self, numbers: Sequence[int]) -> None:
        rng = Random(len(numbers))
        function, status = (function_process(name, self.variables, SECONDS, MODULE) for name in ("submit", "status"))
        with running(function, status):
            for number in numbers:
                # As a client does that was told to try again.
                while "id" not in (reply := submit(function, request(number), key=str(number))):
                    pass
                self.jobs[reply["id"]] = number
                if rng.random() < CANCELLED:
                    self.cancels[reply["id"]] = _is_cancelled(cancel(status, reply["id"]))


def _is_cancelled(reply: Mapping[str, object]) -> bool:
    return reply.get("status_code") == 499


def _poll(poller: TorturingPoller, all_in: Future[None], late: float) -> None:
    """Have the queue emptied until nothing comes in any more."""
    while monotonic() < late:
        was_all_in = all_in.done()
        poller.empty_the_queue(late)
        if was_all_in:
            return
        sleep(0.1)


def _show(figures: Mapping[str, int], tallies: list[Tally], asked: int, seconds: float) -> None:
    totals = {name: sum(getattr(tally, name) for tally in tallies) for name in vars(Tally())}
    for name, number in {**totals, "asked": asked, **figures}.items():
        print(f"{name:22}{number:7,}")
    print(f"{'minutes':22}{seconds / 60:7.1f}")


if __name__ == "__main__":
    main()

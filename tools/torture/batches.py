"""
A batch under torture: workers are killed and stand still past their leases, messages come three times, and a share of
the calls to AWS are dropped, cut off or answered with a 500. Prints figures, and exits 1 when a line was lost, is there
twice, stands in the wrong place, or was counted wrongly.

Use: `python -m tools.torture.batches [--lines 20000] [--faults 0.1] [--minutes 10] [--seed N]`.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from random import Random
from time import monotonic, sleep

from tests.crash.account import clients
from tests.crash.batches import BatchesAccount, report
from tests.crash.poller import line_of_workers
from tests.crash.processes import aws_process
from tests.upstream import Answer, says, upstream
from tools.torture.__main__ import proxy
from tools.torture.pollers import Echoes, Tally, TorturingPoller

POLLERS = 3
SECONDS = 20.0
"""That a worker has for its messages; its leases are about as long."""
VISIBILITY_S = 23
BUSY = 0.002
"""The share of a provider's answers that are a 429."""
RANKING = [{"index": 1, "score": 0.9}, {"index": 0, "score": 0.1}]
MODULE = "tools.torture.batch_function"


def main() -> None:
    options = _options()
    began = monotonic()
    with aws_process() as url, proxy(url, options.faults, options.seed) as faulty, upstream(_provider()) as provider:
        account = BatchesAccount.opened(url, clients(url), VISIBILITY_S)
        variables = account.variables(f'[providers.tei]\nurl = "{provider.url}"') | {"AWS_ENDPOINT_URL": faulty}
        account.submit(options.lines)
        late, echoes = began + options.minutes * 60, Echoes()
        with ThreadPoolExecutor(POLLERS) as threads, ExitStack() as stack:
            lines = [stack.enter_context(line_of_workers(variables, SECONDS, MODULE)) for _ in range(POLLERS)]
            pollers = [
                TorturingPoller(account, line, Random(options.seed + n), echoes, SECONDS)
                for n, line in enumerate(lines)
            ]
            for polling in [threads.submit(_poll, poller, account, late) for poller in pollers]:
                polling.result()
        figures = report(account, options.lines)
        _show({**figures, "asked": len(provider.questions)}, [poller.tally for poller in pollers], monotonic() - began)
    sys.exit(any(figures[fault] for fault in ("lost", "twice", "misplaced", "miscounted")))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.torture.batches")
    parser.add_argument("--lines", type=int, default=20_000)
    parser.add_argument("--faults", type=float, default=0.1, help="the share of calls to AWS that go wrong")
    parser.add_argument("--minutes", type=float, default=10.0, help="after which what is left counts as lost")
    parser.add_argument("--seed", type=int, default=20261128)

    return parser.parse_args()


def _provider() -> Answer:
    rng = Random(7)

    def answer(connection: object) -> None:
        reply = says({}, 429, {"retry-after": "1"}) if rng.random() < BUSY else says(RANKING)
        reply(connection)  # type: ignore[arg-type]  # a socket, as for any answer

    return answer


def _poll(poller: TorturingPoller, account: BatchesAccount, late: float) -> None:
    """Have the queue emptied until the batch has ended."""
    while monotonic() < late and not account.has_ended():
        poller.empty_the_queue(late)
        sleep(0.5)


def _show(figures: dict[str, int], tallies: list[Tally], seconds: float) -> None:
    totals = {name: sum(getattr(tally, name) for tally in tallies) for name in vars(Tally())}
    for name, number in {**totals, **figures}.items():
        print(f"{name:22}{number:7,}")
    print(f"{'minutes':22}{seconds / 60:7.1f}")


if __name__ == "__main__":
    main()

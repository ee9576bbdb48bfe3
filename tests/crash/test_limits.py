"""Many callers at once with one key, on an AWS that is good for many processes: no limit is exceeded, whoever dies."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from queue import SimpleQueue
from random import Random
from threading import Timer
from time import monotonic
from typing import Any

import pytest

from rerank_gateway.domain.keys import hash_of_token
from tests.crash.account import Account
from tests.crash.asked import slowly
from tests.crash.poller import Poller, line_of_workers
from tests.crash.processes import FunctionProcess, function_process, running
from tests.functions.gateway import event
from tests.tables import keys_table, usage_table
from tests.upstream import Upstream, says, upstream

SEED = 20261128
CALLERS, ENVIRONMENTS, REQUESTS = 64, 8, 160
MOST = 100
"""Answers that the key may have: by its rate, and by its budget of $1 at $0.01 each."""
JOBS, PATIENCE = 50, 300.0
LONG = 120.0
"""Seconds that a function has: what is shown here does not depend on how fast the machine is."""
RANKING = {"results": [{"index": 0, "relevance_score": 0.9}]}
BODY = json.dumps({"model": "cohere/m", "query": "q", "documents": ["a"]})


def limited(account: Account, provider: Upstream, budget: str = "1") -> dict[str, str]:
    """The environment of functions whose one key has 100 requests a minute and a *budget* of $1."""
    names = {"KEYS_TABLE": f"{account.name}-keys", "USAGE_TABLE": f"{account.name}-usage"}
    keys_table(account.clients.__getitem__, names["KEYS_TABLE"])
    usage_table(account.clients.__getitem__, names["USAGE_TABLE"])
    limits = {"requests_per_minute": {"N": str(MOST)}, "limit": {"N": budget}, "limit_reset": {"S": "monthly"}}
    key = {"key_hash": {"S": hash_of_token("sk-a")}, "id": {"S": "a"}, "models": {"SS": ["*"]}, **limits}
    account.clients["dynamodb"].put_item(TableName=names["KEYS_TABLE"], Item=key)
    config = f'[providers.cohere]\nurl = "{provider.url}"\n[prices."cohere/m"]\nper_search = 0.01'

    return account.variables(config) | names | {"COHERE_API_KEY": "k"}


def balance(account: Account) -> Mapping[str, int]:
    key = {"account": {"S": "key#a"}, "entry": {"S": "balance"}}
    item = account.clients["dynamodb"].get_item(TableName=f"{account.name}-usage", Key=key)["Item"]

    return {name.split(" ")[0]: int(value["N"]) for name, value in item.items() if "N" in value}


def ask(name: str, process: FunctionProcess) -> int:
    """The status of the answer; 0 where the process died."""
    request = event(name)
    request["headers"] = {"authorization": "Bearer sk-a", "content-type": "application/json"}
    reply: Any = process.invoke(request | {"body": BODY, "isBase64Encoded": False})

    return reply["statusCode"] if reply else 0


def ask_all(names: list[str], variables: Mapping[str, str], deaths: Random | None = None) -> Counter[int]:
    """What 160 requests of 64 callers are answered, by environments that die now and then if *deaths* says so."""
    statuses: Counter[int] = Counter()
    free: SimpleQueue[tuple[str, FunctionProcess]] = SimpleQueue()
    with ExitStack() as stack, ThreadPoolExecutor(CALLERS) as callers:

        def start(name: str) -> None:
            process = function_process({"rerank": "rerank", "submit": "submit"}[name], variables, seconds=LONG)
            stack.enter_context(running(process))
            free.put((name, process))

        def call(_: int) -> int:
            name, process = free.get()
            killer = Timer(deaths.uniform(0.0, 0.03), process.kill) if deaths and deaths.random() < 0.1 else None
            if killer:
                killer.start()
            status = ask(name, process)
            if killer:
                killer.join()
                start(name)
            else:
                free.put((name, process))
            return status

        for place in range(ENVIRONMENTS):
            start(names[place % len(names)])
        statuses.update(callers.map(call, range(REQUESTS)))

    return statuses


@pytest.mark.parametrize("names", [["rerank"], ["submit"], ["rerank", "submit"]], ids=["sync", "jobs", "both"])
def test_a_limit_is_used_and_never_exceeded(account: Account, names: list[str]) -> None:
    """
    Of 160 requests, 95 to 100 are let in: never more than the minute and the budget have, and hardly fewer.
    """
    with upstream(*[says(RANKING)] * REQUESTS) as provider:
        statuses = ask_all(names, limited(account, provider))

    let_in = statuses[200] + statuses[202]
    assert statuses[402] + statuses[429] == REQUESTS - let_in, statuses
    assert 95 <= let_in <= MOST
    assert len(provider.questions) == statuses[200]
    assert balance(account)["spent"] == let_in * 10_000_000


def test_nothing_is_overspent_whoever_dies(account: Account) -> None:
    """
    What a process had reserved that was killed stays reserved, or spent: all that was asked for is within the budget.
    """
    with upstream(*[says(RANKING)] * REQUESTS) as provider:
        statuses = ask_all(["rerank"], limited(account, provider), Random(SEED))

    assert statuses[0] > 3
    assert statuses[200] <= len(provider.questions) <= MOST
    assert len(provider.questions) * 10_000_000 <= balance(account)["spent"] <= 1_000_000_000


def test_no_job_overspends_however_many_workers_die(account: Account) -> None:
    """
    What is asked again is paid for again, as long as the budget has that; then the job fails.
    """
    with upstream(slowly(Random(SEED), RANKING)) as provider:
        variables = limited(account, provider, budget="0.55")
        submit = function_process("submit", variables, seconds=LONG)
        with running(submit):
            submitted = [ask("submit", submit) for _ in range(JOBS)]
        with line_of_workers(variables, LONG) as line:
            poller = Poller(account, line, provider, Random(SEED))
            poller.empty_the_queue(monotonic() + PATIENCE)

    assert (submitted, account.messages_left()) == ([202] * JOBS, 0)
    assert poller.deaths > 0
    left = balance(account)
    assert max(len(provider.questions), JOBS + 1) * 10_000_000 <= left["spent"] <= 550_000_000
    assert left["held"] == 0

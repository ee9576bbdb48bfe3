"""What a batch has cost so far, as far as anybody knows."""

from __future__ import annotations

import json
from typing import Any

from rerank_gateway.apis.batches import render_batch
from rerank_gateway.domain.batches.batch import BatchStatus, Counts
from rerank_gateway.domain.spending.limits import to_nanos
from tests.functions.batch_account import BatchAccount, jsonl, line
from tests.functions.conftest import Configure
from tests.upstream import says, upstream

RANKING = [{"index": 1, "score": 0.9}, {"index": 0, "score": 0.1}]
PRICE = '[prices."tei/*"]\nper_search = 0.001'


def asking(url: str, more: str = PRICE) -> str:
    return f'[providers.tei]\nurl = "{url}"\n{more}'


def asked_for(results: list[Any]) -> int:
    """What the lines of a file of results say that they cost, in billionths of a dollar."""
    return sum(to_nanos(each["response"]["body"]["usage"]["cost"]) for each in results)


def test_what_its_lines_cost_is_counted_once(batches: BatchAccount, configure: Configure) -> None:
    """
    With each message twice, and while it is under way: as much as the results say, and nothing for what failed.
    """
    with upstream(says(RANKING)) as provider:
        configure(GATEWAY_CONFIG=asking(provider.url))
        models = {7: "nobody/m", 8: "local/bm25"}
        batch_id = batches.submit(jsonl(line(number, model=models.get(number, "tei/m")) for number in range(60)))
        batches.work()
        first, second = batches.messages()
        batches.work([first, first])
        before = batches.batch(batch_id)
        batches.work([second, first, second])
        batches.work_off()

    batch = batches.batch(batch_id)
    assert (before.status, batch.counts) == (BatchStatus.IN_PROGRESS, Counts(60, 59, 1))
    assert 0 < before.cost < batch.cost
    assert batch.cost == asked_for(batches.results(batch.output_file_id)) == 58_000_000
    assert render_batch(batch)["cost"] == 0.058


def test_its_end_tells_what_it_has_cost(batches: BatchAccount, configure: Configure) -> None:
    """
    In USD: to those who listen, and in the report beside the results.
    """
    batches.watch_bucket()
    events = batches.events()
    lines = jsonl(line(number, model="tei/m") for number in range(3))
    with upstream(says(RANKING)) as provider:
        configure(GATEWAY_CONFIG=asking(provider.url))
        batches.client("s3").put_object(Bucket="payloads", Key="batches/in/master/q.jsonl", Body=lines)
        batches.work_off()

    [event] = events()
    report = batches.client("s3").get_object(Bucket="payloads", Key="batches/out/master/q.jsonl.batch.json")
    assert event["detail"]["cost"] == json.loads(report["Body"].read())["cost"] == 0.003


def test_what_nobody_knows_counts_as_nothing(batches: BatchAccount, configure: Configure) -> None:
    """
    Where a provider says no cost, and the operator no price.
    """
    with upstream(says(RANKING)) as provider:
        configure(GATEWAY_CONFIG=asking(provider.url, more=""))
        batch_id = batches.submit(jsonl([line(1, model="tei/m")]))
        batches.work_off()

    batch = batches.batch(batch_id)
    assert (batch.counts, batch.cost, render_batch(batch)["cost"]) == (Counts(1, 1, 0), 0, 0.0)

"""Batches from a file to its results."""

from __future__ import annotations

from rerank_gateway.domain.batches.batch import BatchStatus, Counts
from tests.functions.batch_account import BatchAccount, jsonl, line, names


def test_a_file_becomes_results_in_its_order(batches: BatchAccount) -> None:
    """
    Each line once, with what the sync route would have answered, and counts that say so.
    """
    batch_id = batches.submit(jsonl(line(number) for number in range(230)))

    batches.work_off()

    batch = batches.batch(batch_id)
    results = batches.results(batch.output_file_id)
    assert (batch.status, batch.counts) == (BatchStatus.COMPLETED, Counts(230, 230, 0))
    assert (batch.chunks, batch.chunks_done, batch.error_file_id) == (5, 5, None)
    assert names(results) == [f"line-{number}" for number in range(230)]
    texts = [each["response"]["body"]["results"][0]["document"]["text"] for each in results]
    assert texts == [f"green apples {number}" for number in range(230)]
    assert {each["response"]["status_code"] for each in results} == {200}
    assert list(batch.moments) == ["in_progress", "finalizing", "completed"]

"""The contract of `JobStore`, kept by DynamoDB as by the store that other tests use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

import pytest

from rerank_gateway.adapters.aws.dynamodb_jobs import DynamoJobStore
from rerank_gateway.adapters.aws.jobs_table import JOBS, JobsTable
from rerank_gateway.adapters.aws.json_api import DYNAMODB
from rerank_gateway.adapters.aws.s3_objects import MAX_INLINE_BYTES, S3Objects
from rerank_gateway.domain.errors import Unavailable
from rerank_gateway.domain.jobs.job import MESSAGE_RETENTION_S, UNFINISHED_TTL_S, Lease, Outcome, Status
from rerank_gateway.domain.jobs.ports import JobStore
from rerank_gateway.domain.spending.bill import Charge
from tests.embedded_aws import aws_api, bucket
from tests.job_fakes import DONE, InMemoryJobStore, job
from tests.tables import jobs_table
from tests.upstream import says, upstream

NOW = 2000.0
BUSY = Outcome(429, b'{"error": "slow down"}', "cohere/m", busy=True)
LEASE, ANOTHER = Lease("worker-1", NOW + 60), Lease("worker-2", NOW + 200)


@pytest.fixture
def table(embedded_aws: Any) -> DynamoJobStore:
    jobs_table(embedded_aws)
    bucket(embedded_aws)

    return DynamoJobStore(JobsTable("jobs", aws_api(DYNAMODB, what=JOBS)), S3Objects("payloads"))


@pytest.fixture(params=["memory", "dynamodb"])
def jobs(request: pytest.FixtureRequest) -> JobStore:
    return InMemoryJobStore() if request.param == "memory" else request.getfixturevalue("table")


def claimed(jobs: JobStore, lease: Lease = LEASE) -> Any:
    jobs.add(job(), NOW)

    return jobs.claim("j", "f", lease, NOW)


def test_a_job_is_kept_as_it_was_added(jobs: JobStore) -> None:
    """
    What went in comes out.
    """
    kept = job(result_ttl=60, models=("a/*", "default"))

    assert jobs.add(kept, NOW) == kept
    assert jobs.find("j", NOW) == kept
    assert jobs.find("another", NOW) is None


def test_an_id_is_taken_once(jobs: JobStore) -> None:
    """
    The second to come gets the job of the first.
    """
    jobs.add(job(), NOW)

    assert jobs.add(job(fingerprint="g"), NOW).fingerprint == "f"


def test_what_has_expired_is_gone_and_its_place_is_free(jobs: JobStore) -> None:
    """
    DynamoDB deletes late, which nobody notices.
    """
    jobs.add(job(), NOW)

    assert jobs.find("j", 9000.0) is None
    assert jobs.claim("j", "f", LEASE, 9000.0) is None
    assert jobs.add(job(fingerprint="g", created_at=8000.0, expires_at=9999.0), 9000.0).fingerprint == "g"


def test_a_job_that_has_expired_does_not_come_to_life_again(jobs: JobStore) -> None:
    """
    A producer's message that is delivered again after its result has expired is not worked on a second time.
    """
    jobs.finish(claimed(jobs), DONE, NOW)

    kept = jobs.add(job(status=Status.PROCESSING, lease=ANOTHER), NOW + 4000)

    assert kept.lease is None
    assert jobs.claim("j", "f", ANOTHER, NOW + 4000) is None
    assert jobs.find("j", NOW + 4000) is None


def test_a_claim_that_is_sent_again_is_the_same_claim(jobs: JobStore) -> None:
    """
    The answer to the first may have been lost on its way.
    """
    first = claimed(jobs)

    assert jobs.claim("j", "f", LEASE, NOW) == first


def test_an_end_that_is_sent_again_is_the_same_end(table: DynamoJobStore) -> None:
    """
    A write whose answer was lost is repeated; it was recorded all the same.
    """
    held = claimed(table)

    assert table.finish(held, DONE, NOW + 1)
    assert table.finish(held, DONE, NOW + 1)
    assert table.finish(held, DONE, NOW + 2) is None


def test_a_claim_is_for_the_request_that_it_names(jobs: JobStore) -> None:
    """
    A message of another request cannot get the job of this one, though both have the same id.
    """
    jobs.add(job(), NOW)

    assert jobs.claim("j", "g", LEASE, NOW) is None


def test_one_worker_claims(jobs: JobStore) -> None:
    """
    As long as the lease lasts, nobody else gets the job.
    """
    held = claimed(jobs)

    assert (held.status, held.lease) == (Status.PROCESSING, LEASE)
    assert jobs.claim("j", "f", ANOTHER, NOW + 59) is None
    assert jobs.claim("nobody", "f", LEASE, NOW) is None


def test_a_lease_that_has_run_out_is_taken_over(jobs: JobStore) -> None:
    """
    A dead worker does not keep its job; should it live after all, its result comes too late.
    """
    late = claimed(jobs)
    held = jobs.claim("j", "f", ANOTHER, NOW + 60)

    assert held is not None
    assert jobs.finish(late, Outcome(200, b'"late"'), NOW + 61) is None
    assert jobs.finish(held, DONE, NOW + 62)
    assert jobs.finish(late, Outcome(200, b'"late"'), NOW + 63) is None
    found = jobs.find("j", NOW + 63)
    assert found
    assert found.outcome == DONE


def test_a_finished_job_has_its_outcome_for_as_long_as_was_asked(jobs: JobStore) -> None:
    """
    The time to live counts from completion.
    """
    finished = jobs.finish(claimed(jobs), DONE, NOW + 5)

    found = jobs.find("j", NOW + 6)
    assert finished == found
    assert found
    assert (found.status, found.completed_at, found.expires_at) == (Status.COMPLETED, NOW + 5, NOW + 5 + 3600)
    assert (found.lease, found.outcome) == (None, DONE)
    assert jobs.find("j", NOW + 5 + 3600) is None
    assert jobs.claim("j", "f", ANOTHER, NOW + 500) is None


@pytest.mark.parametrize("content", [b'"\xc3\xa9"', b"x" * (MAX_INLINE_BYTES + 1), bytes(range(256)) * 4000])
def test_an_outcome_of_any_size_comes_back_to_the_byte(jobs: JobStore, content: bytes) -> None:
    """
    Small ones lie in the item, large ones elsewhere; nobody can tell.
    """
    jobs.finish(claimed(jobs), Outcome(502, content), NOW)

    found = jobs.find("j", NOW)
    assert found
    assert found.status is Status.FAILED
    assert found.outcome == Outcome(502, content)


def test_a_job_that_was_put_back_waits(jobs: JobStore) -> None:
    """
    Nobody claims it before its time, and it counts how often that happened.
    """
    assert jobs.release(claimed(jobs), NOW + 30, BUSY)

    assert jobs.claim("j", "f", ANOTHER, NOW + 29) is None
    held = jobs.claim("j", "f", ANOTHER, NOW + 30)
    assert held
    assert (held.busy, held.lease, held.claims, held.last) == (1, ANOTHER, 1, BUSY)


def test_putting_back_what_another_holds_changes_nothing(jobs: JobStore) -> None:
    """
    A worker that lost its lease has no say any more.
    """
    late = claimed(jobs)
    jobs.claim("j", "f", ANOTHER, NOW + 60)

    assert not jobs.release(late, NOW + 9000, BUSY)

    found = jobs.find("j", NOW + 61)
    assert found
    assert found.lease == ANOTHER


def test_a_try_that_may_be_billed_is_not_forgotten(jobs: JobStore) -> None:
    """
    Whoever claims the job next sees that there was one.
    """
    first = claimed(jobs)

    jobs.release(first, NOW + 10, replace(BUSY, charge=Charge(5)))
    again = jobs.claim("j", "f", ANOTHER, NOW + 10)

    assert again
    assert again.claims == 2


def test_claims_count_until_the_job_is_put_back(jobs: JobStore) -> None:
    """
    Each of them may have cost a worker its life; what was put back was not one of those.
    """
    first = claimed(jobs)
    second = jobs.claim("j", "f", ANOTHER, NOW + 60)
    assert second
    third = Lease("worker-3", NOW + 400)

    jobs.release(second, NOW + 70, None)
    again = jobs.claim("j", "f", third, NOW + 70)

    assert (first.claims, second.claims) == (1, 2)
    assert again
    assert (again.claims, again.last) == (1, None)


def test_the_last_outcome_stays_while_nothing_comes_after_it(jobs: JobStore) -> None:
    """
    A try that came to nothing does not erase what the one before came to; the end does.
    """
    jobs.release(claimed(jobs), NOW + 1, BUSY)
    again = jobs.claim("j", "f", ANOTHER, NOW + 2)
    assert again
    jobs.release(again, NOW + 3, None)

    held = jobs.claim("j", "f", LEASE, NOW + 4)

    assert held
    assert held.last == BUSY
    jobs.finish(held, DONE, NOW + 5)
    found = jobs.find("j", NOW + 5)
    assert found
    assert (found.last, found.outcome) == (None, DONE)


def test_an_end_is_known_to_workers_after_its_result_has_expired(jobs: JobStore) -> None:
    """
    Whether it was told included, and without what may be large.
    """
    finished = jobs.finish(claimed(jobs), DONE, NOW)
    assert finished
    before = jobs.peek("j")

    jobs.record_event(finished, NOW + 4000)

    after = jobs.peek("j")
    assert before
    assert after
    assert (before.event_sent, after.event_sent) == (False, True)
    assert after.outcome == Outcome(200, b"", "local/bm25")
    assert jobs.find("j", NOW + 4000) is None
    assert jobs.peek("another") is None


def test_an_event_of_another_life_is_none_of_this_one(jobs: JobStore) -> None:
    """
    The same id was finished once more in between.
    """
    first = jobs.finish(claimed(jobs), DONE, NOW)
    assert first
    jobs.add(job(created_at=NOW + 4000, expires_at=NOW + 9000), NOW + 4000)
    held = jobs.claim("j", "f", ANOTHER, NOW + 4000)
    assert held
    jobs.finish(held, DONE, NOW + 4001)

    jobs.record_event(first, NOW + 4002)

    found = jobs.peek("j")
    assert found
    assert not found.event_sent


def test_a_pending_job_is_renewed_and_one_at_work_is_not(jobs: JobStore) -> None:
    """
    Its age and its expiry begin anew; a job that moved on is left alone.
    """
    kept = jobs.add(job(), NOW)
    renewed = jobs.renew(kept, NOW + 1000)

    assert (renewed.created_at, renewed.expires_at) == (NOW + 1000, NOW + 1000 + UNFINISHED_TTL_S)
    assert jobs.find("j", NOW + 1000) == renewed
    held = jobs.claim("j", "f", ANOTHER, NOW + 1000)
    assert jobs.renew(renewed, NOW + 1001) == renewed
    assert jobs.find("j", NOW + 1002) == held


def test_a_results_time_begins_anew(jobs: JobStore) -> None:
    """
    Whoever asks again shortly before its end has the whole time that they asked for.
    """
    finished = jobs.finish(claimed(jobs), DONE, NOW)
    assert finished

    jobs.renew(finished, NOW + 3500)

    found = jobs.find("j", NOW + 7000)
    assert found
    assert (found.expires_at, found.outcome) == (NOW + 7100, DONE)


def test_a_closed_job_is_closed_for_its_worker(jobs: JobStore) -> None:
    """
    A cancelled job drops its worker's result; a finished one cannot be cancelled.
    """
    held = claimed(jobs)

    assert jobs.close(held, Outcome(499, b"{}"), NOW + 1)
    assert jobs.finish(held, DONE, NOW + 2) is None
    assert jobs.close(held, Outcome(500, b"{}"), NOW + 3) is None
    found = jobs.find("j", NOW + 4)
    assert found
    assert found.outcome == Outcome(499, b"{}")


AGAIN = job(created_at=NOW + 10)


def test_a_failed_job_gives_its_place_to_another_attempt(jobs: JobStore) -> None:
    """
    Nothing of its end is left: the job is pending, and can be claimed and finished like any other.
    """
    failed = jobs.finish(claimed(jobs), Outcome(503, b"{}"), NOW + 5)
    assert failed

    assert jobs.restart(AGAIN, failed) == AGAIN

    assert jobs.find("j", NOW + 11) == AGAIN
    held = jobs.claim("j", "f", ANOTHER, NOW + 12)
    assert held
    finished = jobs.finish(held, DONE, NOW + 13)
    assert finished
    assert jobs.find("j", NOW + 14) == finished


def test_a_failed_job_is_attempted_again_once(jobs: JobStore) -> None:
    """
    Of two who come at the same time, the second gets the job of the first.
    """
    failed = jobs.finish(claimed(jobs), Outcome(503, b"{}"), NOW + 5)
    assert failed
    jobs.restart(AGAIN, failed)

    assert jobs.restart(job(created_at=NOW + 11), failed) == AGAIN


def test_only_a_pending_job_is_forgotten(jobs: JobStore) -> None:
    """
    A job that somebody works on stays.
    """
    kept = jobs.add(job("a"), NOW)
    jobs.forget(kept)
    jobs.add(job("b"), NOW)
    jobs.claim("b", "f", LEASE, NOW)

    jobs.forget(job("b"))

    assert jobs.find("a", NOW) is None
    assert jobs.find("b", NOW)


@pytest.mark.parametrize(
    "step", ["add", "find", "claim", "release", "finish", "close", "forget", "peek", "renew", "told"]
)
def test_an_error_of_awss_is_no_failed_condition(embedded_aws: Any, step: str) -> None:
    """
    A table out of reach says nothing about the job: it is not taken for finished, gone or somebody else's.
    """
    jobs = DynamoJobStore(JobsTable("no-such-table", aws_api(DYNAMODB, what=JOBS)), S3Objects("payloads"))
    held = job(status=Status.PROCESSING, lease=LEASE)
    steps: dict[str, Callable[[], object]] = {
        "add": lambda: jobs.add(job(), NOW),
        "find": lambda: jobs.find("j", NOW),
        "claim": lambda: jobs.claim("j", "f", LEASE, NOW),
        "release": lambda: jobs.release(held, NOW, None),
        "finish": lambda: jobs.finish(held, DONE, NOW),
        "close": lambda: jobs.close(held, DONE, NOW),
        "forget": lambda: jobs.forget(held),
        "peek": lambda: jobs.peek("j"),
        "renew": lambda: jobs.renew(job(), NOW),
        "told": lambda: jobs.record_event(job(completed_at=NOW), NOW),
    }

    with pytest.raises(Unavailable, match="the gateway's jobs cannot be reached"):
        steps[step]()


def test_a_job_is_read_as_it_was_last_written(
    embedded_aws: Any, table: DynamoJobStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    DynamoDB's usual read may miss the latest write: a poll could see a job unfinished after it was cancelled.
    """
    with upstream(says({})) as dynamodb:
        monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", dynamodb.url)
        table.find("j", NOW)

    assert [read.json["ConsistentRead"] for read in dynamodb.questions] == [True]


def test_a_late_worker_does_not_overwrite_a_large_result(table: DynamoJobStore) -> None:
    """
    It writes to the bucket before it learns that its lease is another's by now.
    """
    rng = Random(7)
    late = claimed(table)
    held = table.claim("j", "f", ANOTHER, NOW + 60)
    recorded, dropped = (Outcome(200, rng.randbytes(2 * MAX_INLINE_BYTES)) for _ in range(2))
    assert held

    table.finish(held, recorded, NOW + 61)
    assert table.finish(late, dropped, NOW + 62) is None

    found = table.find("j", NOW + 63)
    assert found
    assert found.outcome == recorded


def test_the_items_are_what_the_table_deletes_by_itself(embedded_aws: Any, table: DynamoJobStore) -> None:
    """
    `expires_at` is in whole epoch seconds on pending and finished items alike, and an item on the move is small.
    """
    table.add(job(expires_at=9000.5), NOW)
    pending = embedded_aws("dynamodb").get_item(TableName="jobs", Key={"id": {"S": "j"}})["Item"]
    table.finish(claimed(table), DONE, NOW + 0.5)
    finished = embedded_aws("dynamodb").get_item(TableName="jobs", Key={"id": {"S": "j"}})["Item"]

    assert pending["expires_at"] == {"N": "9001"}
    assert float(finished["expires_at"]["N"]) >= NOW + MESSAGE_RETENTION_S
    assert finished["result_expires_at"] == {"N": "5601"}
    assert len(str(pending)) < 1024

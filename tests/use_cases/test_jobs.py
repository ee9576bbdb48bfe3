"""Jobs from submission to their end, with everything that can come in between."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from random import Random

import pytest

from rerank_gateway.domain.deadline import Deadline
from rerank_gateway.domain.errors import IdempotencyConflict, Unavailable, UnknownJob
from rerank_gateway.domain.jobs.job import (
    MAX_JOB_AGE_S,
    Job,
    Lease,
    Outcome,
    Status,
)
from rerank_gateway.domain.jobs.ports import LoadPayload
from rerank_gateway.domain.keys import VirtualKey
from rerank_gateway.domain.webhooks.events import EventType
from rerank_gateway.use_cases.jobs.abandon import AbandonJob
from rerank_gateway.use_cases.jobs.announce import AnnounceJob
from rerank_gateway.use_cases.jobs.announce_end import ANNOUNCING_S
from rerank_gateway.use_cases.jobs.cancel import CancelJob
from rerank_gateway.use_cases.jobs.isolate import MAX_SHARED_CLAIMS, IsolateJob
from rerank_gateway.use_cases.jobs.read import ReadJob
from rerank_gateway.use_cases.jobs.redeliver import CLOCK_SKEW_S, Redeliver
from rerank_gateway.use_cases.jobs.run import LAST_TRY_S, MAX_CLAIMS, RunJob
from rerank_gateway.use_cases.jobs.submit import SubmitJob
from tests.fakes import FakeClock, within
from tests.job_fakes import BODY, DONE, FakeEventPublisher, FakeJobQueue, InMemoryJobStore, job, message
from tests.webhook_fakes import FakeWebhookQueue

BUSY = Outcome(429, b'{"error": {}}', busy=True)
ABANDONED = Outcome(500, b'{"error": "abandoned"}')


class World:
    """A gateway's jobs on one clock, whose work comes to *outcomes* in turn, and to the last of them for ever."""

    def __init__(self, *outcomes: Outcome) -> None:
        self.clock, self.jobs, self.queue, self.publisher = (
            FakeClock(),
            InMemoryJobStore(),
            FakeJobQueue(),
            FakeEventPublisher(),
        )
        self.outcomes = list(outcomes) or [DONE]
        self.worked: list[str] = []
        self.submit = SubmitJob(self.jobs, self.queue, self.clock)
        self.read = ReadJob(self.jobs, self.clock)
        self.announce = AnnounceJob(self.jobs, self.publisher, self.clock)
        self.cancel = CancelJob(self.jobs, self.read, self.announce, self.clock)
        self.abandon = AbandonJob(self.jobs, self.announce, self.clock)

    def work(self, job: Job, load: LoadPayload, deadline: Deadline) -> Outcome:
        self.worked.append(job.id)

        return self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]

    def run(self, job_id: str | None = "j", receive_count: int = 1, seconds: float = 60.0) -> Redeliver | None:
        run = RunJob(self.jobs, self.work, self.announce, self.clock, Random(1))
        kept = self.jobs.jobs.get(job_id or "")
        made = message(job_id, receive_count, kept.fingerprint if kept else "f")

        return run(made, within(seconds, self.clock), ABANDONED)

    def status(self, job_id: str = "j") -> Status:
        return self.jobs.jobs[job_id].status


def job_gateway(*outcomes: Outcome, **changes: object) -> World:
    """A world with one pending job in it."""
    made = World(*outcomes)
    made.jobs.add(job(**{"expires_at": 1e9, **changes}), made.clock.now())  # type: ignore[arg-type]  # as in job()

    return made


def test_a_submitted_job_is_kept_and_queued() -> None:
    """
    The caller gets a pending job, the queue its request.
    """
    gateway = World()

    made = gateway.submit(BODY, VirtualKey("team"), 60, None)

    assert (made.status, made.owner, made.result_ttl) == (Status.PENDING, "team", 60)
    assert gateway.queue.sent == [(made.id, BODY)]


def test_a_job_that_cannot_be_queued_is_not_left_behind() -> None:
    """
    Whoever is told "try again" does not leave a job that nobody runs.
    """
    gateway = World()
    gateway.queue.broken = True

    with pytest.raises(Unavailable):
        gateway.submit(BODY, VirtualKey("team"), 60, None)

    assert gateway.jobs.jobs == {}


def test_the_same_key_and_body_are_the_same_job() -> None:
    """
    A retry gets the first job; it is queued again while it is pending, since nobody knows whether it ever was.
    """
    gateway = World()

    first = gateway.submit(BODY, VirtualKey("team"), 60, "k")
    second = gateway.submit(BODY, VirtualKey("team"), 60, "k")

    assert first == second
    assert gateway.queue.sent == [(first.id, BODY)] * 2


def test_a_submission_that_died_before_it_was_queued_runs_after_its_retry() -> None:
    """
    The item is there, the message is not; the same Idempotency-Key makes up for it.
    """
    gateway = World()
    gateway.queue.broken = True
    with pytest.raises(Unavailable):
        gateway.submit(BODY, VirtualKey("team"), 60, "k")
    gateway.queue.broken = False

    made = gateway.submit(BODY, VirtualKey("team"), 60, "k")
    gateway.run(made.id)

    assert gateway.status(made.id) is Status.COMPLETED


def test_a_finished_job_is_not_queued_again() -> None:
    """
    A late retry reads what came of it.
    """
    gateway = World()
    made = gateway.submit(BODY, VirtualKey("team"), 60, "k")
    gateway.run(made.id)

    again = gateway.submit(BODY, VirtualKey("team"), 60, "k")

    assert again.status is Status.COMPLETED
    assert len(gateway.queue.sent) == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_job_that_failed_for_a_reason_that_may_pass_is_attempted_again(status: int) -> None:
    """
    A client that retries under its key would otherwise read the old failure until it expires.
    """
    gateway = World(Outcome(status, b"{}"), DONE)
    made = gateway.submit(BODY, VirtualKey("team"), 60, "k")
    gateway.run(made.id)
    gateway.clock.time += 30

    again = gateway.submit(BODY, VirtualKey("team"), 60, "k")
    gateway.run(made.id)

    assert (again.id, again.status) == (made.id, Status.PENDING)
    assert again.created_at == made.created_at + 30
    assert gateway.queue.sent == [(made.id, BODY)] * 2
    assert gateway.status(made.id) is Status.COMPLETED


@pytest.mark.parametrize("status", [400, 404, 413, 499])
def test_a_job_that_would_fail_again_stays_failed(status: int) -> None:
    """
    What lies in the request does not pass, and what was cancelled was meant to be.
    """
    gateway = World(Outcome(status, b"{}"))
    made = gateway.submit(BODY, VirtualKey("team"), 60, "k")
    gateway.run(made.id)

    again = gateway.submit(BODY, VirtualKey("team"), 60, "k")

    assert again.status is Status.FAILED
    assert len(gateway.queue.sent) == 1


def test_another_body_under_the_key_of_a_failed_job_is_a_conflict() -> None:
    """
    A key stands for one request, also when that has failed.
    """
    gateway = World(Outcome(503, b"{}"))
    gateway.run(gateway.submit(BODY, VirtualKey("team"), 60, "k").id)

    with pytest.raises(IdempotencyConflict):
        gateway.submit(b"{}", VirtualKey("team"), 60, "k")


def test_the_same_key_with_another_body_is_a_conflict() -> None:
    """
    A key is for one request; another owner's is another key.
    """
    gateway = World()
    first = gateway.submit(BODY, VirtualKey("team"), 60, "k")

    with pytest.raises(IdempotencyConflict):
        gateway.submit(b"{}", VirtualKey("team"), 60, "k")

    assert gateway.submit(b"{}", VirtualKey("others"), 60, "k").id != first.id


def test_a_job_is_done_once_and_told_of_once() -> None:
    """
    The message goes, the outcome stays, whoever listens hears of it.
    """
    gateway = job_gateway()

    assert gateway.run() is None

    assert gateway.status() is Status.COMPLETED
    assert [told.outcome for told in gateway.publisher.told] == [DONE]


def test_a_finished_job_is_told_of_once_however_often_its_messages_come() -> None:
    """
    Fifty submissions with one key are fifty messages, each of which may come again.
    """
    gateway = job_gateway()
    gateway.run()

    for receive_count in range(1, 51):
        assert gateway.run(receive_count=receive_count) is None
        gateway.clock.sleep(ANNOUNCING_S)

    assert gateway.worked == ["j"]
    assert len(gateway.publisher.told) == 1


def test_without_a_bus_nobody_is_told() -> None:
    """
    Nothing is published or noted, and a message that comes late has nothing to wait for.
    """
    gateway = job_gateway()
    gateway.announce = AnnounceJob(gateway.jobs, None, gateway.clock)

    assert [gateway.run(), gateway.run()] == [None, None]

    assert gateway.status() is Status.COMPLETED
    assert gateway.publisher.told == []
    assert not gateway.jobs.jobs["j"].event_sent


def test_a_message_whose_job_is_anothers_outlives_the_lease() -> None:
    """
    If that worker is dead, this message is the last that knows of the job.
    """
    gateway = job_gateway()
    gateway.jobs.claim("j", "f", Lease("dead", gateway.clock.now() + 40.0), gateway.clock.now())

    assert gateway.run() == Redeliver(40.0 + CLOCK_SKEW_S)
    gateway.clock.sleep(40.0 + CLOCK_SKEW_S)
    assert gateway.run() is None

    assert gateway.status() is Status.COMPLETED
    assert gateway.worked == ["j"]


def test_a_late_result_is_dropped() -> None:
    """
    The lease ran out, another worker took over and finished: nothing of the first one remains, not even an event.
    """
    gateway = job_gateway(Outcome(200, b'"late"'), DONE)

    def overtaken(job: Job, load: LoadPayload, deadline: Deadline) -> Outcome:
        gateway.clock.sleep(500)
        gateway.run()

        return Outcome(200, b'"late"')

    gateway.outcomes = [DONE]
    slow = RunJob(gateway.jobs, overtaken, gateway.announce, gateway.clock, Random(1))

    assert slow(message(), within(60, gateway.clock), ABANDONED) is None

    assert gateway.jobs.jobs["j"].outcome == DONE
    assert len(gateway.publisher.told) == 1


def test_busy_providers_put_the_job_back_for_as_long_as_they_say() -> None:
    """
    Retry-After decides; the message comes a step later than the job is free.
    """
    gateway = job_gateway(Outcome(429, b"{}", busy=True, retry_after=7.0), DONE)

    assert gateway.run() == Redeliver(7.0 + CLOCK_SKEW_S)
    assert gateway.run() == Redeliver(7.0 + CLOCK_SKEW_S)
    gateway.clock.sleep(7.0 + CLOCK_SKEW_S)
    assert gateway.run() is None

    assert gateway.worked == ["j", "j"]
    assert gateway.status() is Status.COMPLETED


def test_a_short_retry_after_does_not_use_up_deliveries() -> None:
    """
    Whoever says "in a second" for ever is asked ever more seldom, and what they said in the end is what is recorded.
    """
    gateway = job_gateway(Outcome(429, b'"busy"', busy=True, retry_after=1.0))
    deliveries = 1

    while again := gateway.run(receive_count=deliveries):
        gateway.clock.sleep(again.seconds)
        deliveries += 1

    assert deliveries < 100
    kept = gateway.jobs.jobs["j"]
    assert kept.outcome
    assert (kept.outcome.status_code, kept.outcome.body) == (429, b'"busy"')
    assert MAX_JOB_AGE_S - 900 < gateway.clock.now() - kept.created_at <= MAX_JOB_AGE_S
    assert len(gateway.publisher.told) == 1


def test_a_long_retry_after_leaves_a_job_its_last_try() -> None:
    """
    "Come back tomorrow" is heard until shortly before the job is too old; then it is tried once more and ends.
    """
    gateway = job_gateway(Outcome(503, b"{}", busy=True, retry_after=86_400.0))
    first = gateway.run()
    assert first

    gateway.clock.sleep(first.seconds)
    second = gateway.run(receive_count=2)

    assert second is None
    assert first.seconds == MAX_JOB_AGE_S - LAST_TRY_S + CLOCK_SKEW_S
    assert gateway.worked == ["j", "j"]
    assert gateway.status() is Status.FAILED
    assert len(gateway.publisher.told) == 1


def test_a_job_that_comes_back_too_old_ends_as_its_last_try_did() -> None:
    """
    Its message was late, perhaps for hours: it is not tried again.
    """
    gateway = job_gateway(BUSY)
    gateway.run()
    gateway.clock.sleep(MAX_JOB_AGE_S)

    assert gateway.run(receive_count=2) is None

    assert gateway.worked == ["j"]
    assert gateway.jobs.jobs["j"].outcome == BUSY
    assert len(gateway.publisher.told) == 1


def test_a_job_that_nobody_came_to_try_gets_one_try_however_old() -> None:
    """
    A backlog is not the caller's fault.
    """
    gateway = job_gateway()
    gateway.clock.sleep(MAX_JOB_AGE_S * 2)

    assert gateway.run() is None

    assert gateway.status() is Status.COMPLETED


def test_a_job_that_kills_its_workers_is_abandoned_and_told_of() -> None:
    """
    After so many claims that came to nothing, the next one only records what the last try came to.
    """
    gateway = job_gateway(BUSY)
    again = gateway.run()
    assert again
    gateway.clock.sleep(again.seconds)
    for n in range(MAX_CLAIMS):
        assert gateway.jobs.claim("j", "f", Lease(f"dead {n}", gateway.clock.now() + 10), gateway.clock.now())
        gateway.clock.sleep(10)

    assert gateway.run(receive_count=6) is None

    assert gateway.worked == ["j"]
    assert gateway.jobs.jobs["j"].outcome == BUSY
    assert len(gateway.publisher.told) == 1


def test_one_that_never_came_to_anything_is_recorded_as_abandoned() -> None:
    """
    There is no last outcome that could be told.
    """
    gateway = job_gateway(claims=MAX_CLAIMS)

    assert gateway.run(receive_count=5) is None

    assert (gateway.worked, gateway.jobs.jobs["j"].outcome) == ([], ABANDONED)
    assert len(gateway.publisher.told) == 1


@pytest.mark.parametrize(
    ("left", "alone"),
    [
        ({"claims": MAX_SHARED_CLAIMS}, "j"),
        ({"claims": MAX_SHARED_CLAIMS, "lease": Lease("dead", 1.0), "status": Status.PROCESSING}, "j"),
        ({"claims": MAX_SHARED_CLAIMS, "lease": Lease("alive", 1e9), "status": Status.PROCESSING}, None),
        ({"claims": MAX_SHARED_CLAIMS - 1}, None),
        ({"claims": MAX_SHARED_CLAIMS, "status": Status.FAILED}, None),
    ],
)
def test_a_job_that_may_have_killed_workers_runs_alone(left: dict[str, object], alone: str | None) -> None:
    """
    Those beside it are not taken along any more.
    """
    gateway = job_gateway(**left)
    isolate = IsolateJob(gateway.jobs, gateway.clock)

    suspect = isolate([message("other", receive_count=9), message("j", receive_count=3)])

    assert (suspect.job if suspect else None) == alone


def test_what_cannot_be_recorded_does_not_count_as_a_death() -> None:
    """
    The table or the bucket is out of reach for an hour; the job is not abandoned for that.
    """
    gateway = job_gateway()
    gateway.jobs.full = True
    for receive_count in range(1, 9):
        with pytest.raises(Unavailable):
            gateway.run(receive_count=receive_count)
    gateway.jobs.full = False

    assert gateway.run(receive_count=9) is None

    assert gateway.status() is Status.COMPLETED


def test_a_worker_that_lost_its_lease_leaves_the_message_to_the_next_one() -> None:
    """
    Another one took over and is still at it: should it die, this message is the last.
    """
    gateway = job_gateway(BUSY)

    def overtaken(job: Job, load: LoadPayload, deadline: Deadline) -> Outcome:
        gateway.clock.sleep(500)
        gateway.jobs.claim("j", "f", Lease("other", gateway.clock.now() + 40.0), gateway.clock.now())

        return gateway.outcomes[0]

    slow = RunJob(gateway.jobs, overtaken, gateway.announce, gateway.clock, Random(1))

    assert slow(message(), within(60, gateway.clock), ABANDONED) == Redeliver(40.0 + CLOCK_SKEW_S)
    gateway.outcomes = [DONE]
    gateway.clock.sleep(40.0)
    assert slow(message(), within(60, gateway.clock), ABANDONED) == Redeliver(40.0 + CLOCK_SKEW_S)


def test_without_a_word_from_them_the_pauses_grow() -> None:
    """
    Each pause is drawn from the upper half of twice the last one's, up to a quarter of an hour.
    """
    gateway = job_gateway(BUSY)
    pauses = []

    for _ in range(12):
        again = gateway.run()
        assert again
        pauses.append(again.seconds - CLOCK_SKEW_S)
        gateway.clock.sleep(again.seconds)

    assert all(5.0 * 2**n / 2 <= pause <= 5.0 * 2**n for n, pause in enumerate(pauses[:7]))
    assert all(450.0 <= pause <= 900.0 for pause in pauses[8:])


def test_after_its_longest_age_a_job_fails_with_the_last_error() -> None:
    """
    Nobody is put off for ever.
    """
    gateway = job_gateway(BUSY)
    gateway.clock.sleep(MAX_JOB_AGE_S + 1)

    assert gateway.run() is None

    assert gateway.jobs.jobs["j"].outcome == BUSY
    assert gateway.status() is Status.FAILED


@pytest.mark.parametrize("status_code", [400, 404, 413, 500, 502, 504])
def test_what_patience_will_not_mend_fails_at_once(status_code: int) -> None:
    """
    The error is recorded and the message goes.
    """
    gateway = job_gateway(Outcome(status_code, b"{}"))

    assert gateway.run() is None

    assert gateway.status() is Status.FAILED


def test_a_producers_message_is_a_job_under_its_own_id() -> None:
    """
    Redelivery finds it finished.
    """
    gateway = World()

    assert gateway.run(job_id=None) is None
    assert gateway.run(job_id=None, receive_count=2) is None

    made = gateway.jobs.jobs["m"]
    assert (made.owner, made.result_ttl, made.status) == ("team", 600, Status.COMPLETED)
    assert gateway.worked == ["m"]


def test_a_message_of_a_job_that_is_gone_goes_too() -> None:
    """
    Cancelled and expired, or forgotten by a submit that failed.
    """
    gateway = World()

    assert gateway.run("gone") is None

    assert gateway.worked == []


def test_a_message_from_an_earlier_life_of_its_key_is_dropped() -> None:
    """
    The key's first job is gone and a second request has its id: the first one's message neither answers for it, nor
    buries it.
    """
    gateway = job_gateway(fingerprint="g")
    run = RunJob(gateway.jobs, gateway.work, gateway.announce, gateway.clock, Random(1))

    assert run(message(fingerprint="f"), within(60, gateway.clock), ABANDONED) is None
    assert gateway.abandon(message(fingerprint="f"), Outcome(500, b"{}")) is None

    assert (gateway.worked, gateway.status()) == ([], Status.PENDING)


def test_an_event_that_cannot_be_told_brings_the_message_back() -> None:
    """
    The outcome is recorded; the next delivery tells of it.
    """
    gateway = job_gateway()
    gateway.publisher.broken = True
    with pytest.raises(Unavailable):
        gateway.run()
    gateway.publisher.broken = False

    assert gateway.run() == Redeliver(ANNOUNCING_S + CLOCK_SKEW_S)
    gateway.clock.sleep(ANNOUNCING_S)
    assert gateway.run(receive_count=2) is None

    assert gateway.worked == ["j"]
    assert len(gateway.publisher.told) == 1


def test_an_event_outlives_the_result_that_it_tells_of() -> None:
    """
    The bus was out of reach for longer than the result was kept.
    """
    gateway = job_gateway(result_ttl=1)
    gateway.publisher.broken = True
    with pytest.raises(Unavailable):
        gateway.run()
    gateway.publisher.broken = False
    gateway.clock.sleep(3600)

    assert gateway.run(receive_count=2) is None

    assert [told.id for told in gateway.publisher.told] == ["j"]


def test_a_producers_job_runs_once_even_after_its_result_has_expired() -> None:
    """
    Its message comes again, and finds that it was done.
    """
    gateway = World()
    gateway.run(job_id=None)
    gateway.clock.sleep(3600)

    assert gateway.run(job_id=None, receive_count=2) is None

    assert gateway.worked == ["m"]


def test_a_cancelled_job_is_told_of_at_once() -> None:
    """
    By whoever cancels it; the worker that comes later does not tell it again.
    """
    gateway = job_gateway()

    gateway.cancel("j", "team", Outcome(499, b"{}"))
    gateway.clock.sleep(ANNOUNCING_S)
    gateway.run()

    assert [told.status for told in gateway.publisher.told] == [Status.FAILED]


def test_a_cancellation_that_could_not_be_told_is_told_by_the_worker() -> None:
    """
    Also by one that was at work on the job when it was cancelled.
    """
    gateway = job_gateway()
    gateway.publisher.broken = True

    def cancelled_meanwhile(job: Job, load: LoadPayload, deadline: Deadline) -> Outcome:
        gateway.cancel("j", "team", Outcome(499, b"{}"))

        return DONE

    slow = RunJob(gateway.jobs, cancelled_meanwhile, gateway.announce, gateway.clock, Random(1))
    again = slow(message(), within(60, gateway.clock), ABANDONED)
    gateway.publisher.broken = False
    assert again
    gateway.clock.sleep(again.seconds)

    assert gateway.run(receive_count=2) is None

    assert [told.outcome.status_code for told in gateway.publisher.told if told.outcome] == [499]


def test_a_keyed_job_that_is_submitted_again_late_has_its_whole_life_before_it() -> None:
    """
    Its first submission died before it was queued, five and a half hours ago.
    """
    gateway = World(BUSY)
    first = gateway.submit(BODY, VirtualKey("team"), 60, "k")
    gateway.clock.sleep(MAX_JOB_AGE_S - 600)

    again = gateway.submit(BODY, VirtualKey("team"), 60, "k")
    gateway.clock.sleep(MAX_JOB_AGE_S - 600)

    assert again.id == first.id
    assert gateway.run(again.id)
    assert gateway.status(again.id) is Status.PROCESSING


def test_a_result_that_is_about_to_expire_is_kept_for_whoever_submits_again() -> None:
    """
    Who is told the job's id can read what came of it.
    """
    gateway = World()
    made = gateway.submit(BODY, VirtualKey("team"), 600, "k")
    gateway.run(made.id)
    gateway.clock.sleep(599)

    gateway.submit(BODY, VirtualKey("team"), 600, "k")
    gateway.clock.sleep(590)

    assert gateway.read(made.id, "team").status is Status.COMPLETED


def test_a_cancelled_job_stays_cancelled() -> None:
    """
    Before a worker came, while one is at it, and twice.
    """
    gateway = job_gateway()
    cancelled = Outcome(499, b"{}")

    assert gateway.cancel("j", "team", cancelled).outcome == cancelled
    assert gateway.run() is None
    assert gateway.cancel("j", "team", Outcome(499, b"again")).outcome == cancelled

    assert gateway.worked == []


@pytest.mark.parametrize(("job_id", "owner"), [("j", "others"), ("k", "team")])
def test_foreign_and_unknown_jobs_are_alike(job_id: str, owner: str) -> None:
    """
    Nobody learns from an error whether a job exists.
    """
    gateway = job_gateway()

    with pytest.raises(UnknownJob) as read:
        gateway.read(job_id, owner)
    with pytest.raises(UnknownJob):
        gateway.cancel(job_id, owner, DONE)

    assert read.value.message == "there is no such job"


def test_a_long_poll_answers_as_soon_as_the_job_is_finished() -> None:
    """
    Whoever waits does not wait longer than needed, nor longer than they asked for.
    """
    gateway = job_gateway()
    started = gateway.clock.now()

    assert gateway.read("j", "team", wait=5.0).status is Status.PENDING
    assert 4.0 < gateway.clock.now() - started <= 5.0
    gateway.run()
    started = gateway.clock.now()
    assert gateway.read("j", "team", wait=5.0).status is Status.COMPLETED
    assert gateway.clock.now() == started


def deaths() -> Iterable[tuple[str, Job | None]]:
    yield "pending", job(expires_at=1e9)
    yield "claimed by a dead worker", job(expires_at=1e9, status=Status.PROCESSING, lease=Lease("dead", 1.0))
    yield "put back", job(expires_at=1e9, status=Status.PROCESSING, lease=Lease("", 1e8), busy=9)


@pytest.mark.parametrize("left", [left for _, left in deaths()], ids=[name for name, _ in deaths()])
def test_a_dead_letter_fails_its_job(left: Job) -> None:
    """
    A poll never hangs.
    """
    gateway = World()
    gateway.jobs.add(left, gateway.clock.now())
    abandoned = Outcome(500, b"{}")

    assert gateway.abandon(message(), abandoned) is None
    assert gateway.abandon(message(), Outcome(500, b"again")) is None

    assert gateway.jobs.jobs["j"].outcome == abandoned
    assert len(gateway.publisher.told) == 1


def test_a_dead_letter_whose_event_could_not_be_told_is_told_of_later() -> None:
    """
    It comes again from the dead-letter queue.
    """
    gateway = job_gateway()
    gateway.publisher.broken = True
    with pytest.raises(Unavailable):
        gateway.abandon(message(), ABANDONED)
    gateway.publisher.broken = False
    gateway.clock.sleep(1080)

    assert gateway.abandon(message(), ABANDONED) is None

    assert len(gateway.publisher.told) == 1


def test_a_dead_letter_ends_as_the_last_try_did() -> None:
    """
    What the caller reads is why, and not how.
    """
    gateway = job_gateway(last=BUSY)

    gateway.abandon(message(), ABANDONED)

    assert gateway.jobs.jobs["j"].outcome == BUSY


def test_a_dead_letter_of_a_producer_becomes_a_failed_job() -> None:
    """
    Also when no worker ever came to keep it.
    """
    gateway = World()

    assert gateway.abandon(message(job_id=None), Outcome(500, b"{}")) is None

    assert gateway.status("m") is Status.FAILED


def test_a_dead_letter_leaves_a_living_worker_its_time() -> None:
    """
    The last delivery may still be at work.
    """
    gateway = job_gateway()
    gateway.jobs.claim("j", "f", Lease("alive", gateway.clock.now() + 30.0), gateway.clock.now())

    assert gateway.abandon(message(), Outcome(500, b"{}")) == Redeliver(30.0 + CLOCK_SKEW_S)

    assert gateway.status() is Status.PROCESSING


def test_a_lease_outlasts_the_work_and_the_recording() -> None:
    """
    Nobody else starts while this worker may still finish in time.
    """
    gateway, leases = job_gateway(), list[Lease | None]()

    def executing(job: Job, load: LoadPayload, deadline: Deadline) -> Outcome:
        leases.append(job.lease)

        return DONE

    run = RunJob(gateway.jobs, executing, gateway.announce, gateway.clock, Random(1))
    run(message(), within(60.0, gateway.clock), ABANDONED)

    [lease] = leases
    assert lease is not None
    assert lease.until >= gateway.clock.epoch() + 60.0 + 5.0


@pytest.mark.parametrize("has_bus", [True, False], ids=["with events", "without"])
def test_a_webhook_is_told_beside_the_event(has_bus: bool) -> None:
    """
    Of the jobs that have one, whether or not the operator has events; whoever dies before that is noted has it told
    once more, under the same id.
    """
    world, queue = job_gateway(webhook="orders"), FakeWebhookQueue()
    world.announce = AnnounceJob(world.jobs, world.publisher if has_bus else None, world.clock, queue)
    world.run()
    ended = world.jobs.jobs["j"]

    world.announce(ended)
    world.announce(replace(ended, event_sent=False))
    world.announce(replace(ended, event_sent=False, webhook=""))

    first, second = queue.sent
    assert (first.endpoint, first.event.type, first.event.subject) == ("orders", EventType.JOB_COMPLETED, "j")
    assert first.event.message_id == second.event.message_id
    assert len(world.publisher.told) == (3 if has_bus else 0)


def test_a_webhook_is_told_although_there_is_no_event() -> None:
    """
    Who waits for the one does not wait for the other, which is told of when it can be.
    """
    world, queue = job_gateway(webhook="orders"), FakeWebhookQueue()
    world.announce = AnnounceJob(world.jobs, world.publisher, world.clock, queue)
    world.publisher.broken = True

    with pytest.raises(Unavailable):
        world.run()
    world.publisher.broken = False
    world.clock.time += 60.0
    world.run()

    first, again = queue.sent
    assert first == again
    assert len(world.publisher.told) == 1

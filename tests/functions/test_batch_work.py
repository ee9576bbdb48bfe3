"""Batches from a file to its results, whatever comes twice, breaks off or is busy."""

from __future__ import annotations

import io
import json
import socket
from time import time

import pytest

from rerank_gateway.domain.batches.batch import Batch, BatchStatus, Counts
from rerank_gateway.entry import observability
from rerank_gateway.entry.wiring.batches import BATCHES
from rerank_gateway.entry.wiring.environment import CLOCK
from rerank_gateway.entry.worker import batch_event
from rerank_gateway.use_cases.batches import chunk_run
from rerank_gateway.use_cases.batches.files import ReadFiles, RemoveFile
from rerank_gateway.use_cases.batches.read import CancelBatch, ReadBatches
from rerank_gateway.use_cases.batches.validate import MAX_VALIDATIONS
from tests.functions.batch_account import (
    BATCHES_DEAD_LETTERS,
    BatchAccount,
    Death,
    Died,
    Meanwhile,
    Poison,
    hidden,
    jsonl,
    line,
    names,
)
from tests.functions.conftest import Configure
from tests.upstream import says, upstream

RANKING = [{"index": 1, "score": 0.9}, {"index": 0, "score": 0.1}]
"""What TEI replies to any of these requests."""
COMPLETED, FAILED, EXPIRED, CANCELLED = (
    BatchStatus.COMPLETED,
    BatchStatus.FAILED,
    BatchStatus.EXPIRED,
    BatchStatus.CANCELLED,
)


def asking(url: str, more: str = "") -> str:
    return f'[providers.tei]\nurl = "{url}"\n{more}'


def all_lines(batches: BatchAccount, batch: Batch) -> tuple[list[str], list[str]]:
    """The names in the results and in the errors."""
    results, errors = batches.results(batch.output_file_id), batches.results(batch.error_file_id)

    return names(results), names(errors)


def codes(batches: BatchAccount, batch: Batch) -> set[str]:
    """Why lines failed for which nobody was asked."""
    return {each["error"]["code"] for each in batches.results(batch.error_file_id)}


def test_a_file_becomes_results_in_its_order(batches: BatchAccount) -> None:
    """
    Each line once, with what the sync route would have answered, and counts that say so.
    """
    batch_id = batches.submit(jsonl(line(number) for number in range(230)))

    batches.work_off()

    batch = batches.batch(batch_id)
    results = batches.results(batch.output_file_id)
    assert (batch.status, batch.counts) == (COMPLETED, Counts(230, 230, 0))
    assert (batch.chunks, batch.chunks_done, batch.error_file_id) == (5, 5, None)
    assert names(results) == [f"line-{number}" for number in range(230)]
    texts = [each["response"]["body"]["results"][0]["document"]["text"] for each in results]
    assert texts == [f"green apples {number}" for number in range(230)]
    assert {each["response"]["status_code"] for each in results} == {200}
    assert list(batch.moments) == ["in_progress", "finalizing", "completed"]


def test_what_results_are_written_from_goes_with_the_end(batches: BatchAccount) -> None:
    """
    Of this batch, and not of one beside it; the file that was sent and the results stay.
    """
    batches.submit(jsonl(line(number) for number in range(60)))
    other = batches.submit(jsonl([line(1)]))
    first, second = batches.messages()
    batches.work([second])
    index = batches.keys("batches/index/")

    batches.work([first])
    batches.work_off()

    assert (index, batches.batch(other).status) == ([f"batches/index/{other}"], COMPLETED)
    assert batches.keys("batches/parts/") + batches.keys("batches/index/") == []
    assert len(batches.keys("batches/files/")) == 4


def test_params_hold_for_lines_that_do_not_say_otherwise(batches: BatchAccount) -> None:
    """
    As Voyage has them, whose lines have a name and a body only.
    """
    lines = [{"custom_id": str(n), "body": {"query": "apples", "documents": ["a", "b", "apples"]}} for n in range(2)]
    lines[1]["body"]["top_n"] = 1  # type: ignore[index]
    batch_id = batches.submit(jsonl(lines), params=b'{"model": "local/bm25", "top_n": 2}')

    batches.work_off()

    results = batches.results(batches.batch(batch_id).output_file_id)
    assert [len(each["response"]["body"]["results"]) for each in results] == [2, 1]


def test_lines_that_are_no_requests_are_errors_among_the_others(batches: BatchAccount) -> None:
    """
    Up to the share that is stated: each by its number and in the file of errors, and all others are answered.
    """
    lines = [line(number) for number in range(100)]
    lines[7]["custom_id"] = "line-3"
    lines[60]["url"] = "/v1/embeddings"
    lines[61]["body"] = {"model": "local/bm25", "query": "x"}
    content = b"\n" + jsonl(lines[:99]) + b"{oops\n\n" + jsonl(lines[99:]).rstrip()

    batch_id = batches.submit(content)
    batches.work_off()

    batch = batches.batch(batch_id)
    results, errors = all_lines(batches, batch)
    assert (batch.status, batch.counts) == (COMPLETED, Counts(101, 97, 4))
    assert results == [f"line-{n}" for n in range(100) if n not in (7, 60, 61)]
    assert errors == ["line-3", "line-60", "line-61", None]
    assert [(each.code, each.line) for each in batch.errors] == [
        ("duplicate_custom_id", 9),
        ("mismatched_endpoint", 62),
        ("invalid_request", 63),
        ("invalid_json", 101),
    ]
    told = batches.results(batch.error_file_id)
    assert [each["response"] and each["response"]["status_code"] for each in told] == [None, None, 400, None]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\n\n", "empty_file"),
        (jsonl([line(1), *({"custom_id": "x"},) * 3]), "too_many_faulty_lines"),
        (b"x" * (7 * 1024 * 1024), "line_too_long"),
    ],
    ids=["empty", "faulty", "endless"],
)
def test_what_is_no_batch_fails_before_anything_is_paid(batches: BatchAccount, content: bytes, code: str) -> None:
    """
    It says why, and no chunk is queued.
    """
    batch_id = batches.submit(content)

    batches.work_off()

    batch = batches.batch(batch_id)
    assert (batch.status, batch.errors[0].code, batch.chunks) == (FAILED, code, 0)
    assert batches.keys("batches/parts/") == []


def test_every_message_twice_is_every_line_once(batches: BatchAccount) -> None:
    """
    Whether it comes at once or after everything is over.
    """
    batch_id, seen = batches.submit(jsonl(line(number) for number in range(120))), []

    while records := batches.messages():
        seen += records
        batches.work([*records, *records])
    for each in seen:
        batches.work([each])
    batches.work_off()

    batch = batches.batch(batch_id)
    assert (batch.status, batch.counts) == (COMPLETED, Counts(120, 120, 0))
    assert all_lines(batches, batch) == ([f"line-{number}" for number in range(120)], [])


@pytest.mark.parametrize(("write", "before"), [*((number, True) for number in range(17)), (16, False)])
def test_a_death_at_any_write_loses_nothing(batches: BatchAccount, write: int, before: bool) -> None:
    """
    Before each, and after the last: the messages come again, every line ends once, and that is told.
    """
    batch_id = batches.submit(jsonl(line(number) for number in range(60)))

    with Death(write, before).lurking(batches.client), pytest.raises(Died):
        batches.work_off()
    for _ in range(3):
        batches.wake()
        batches.work_off()

    batch = batches.batch(batch_id)
    assert (batch.status, batch.counts, batch.event_sent) == (COMPLETED, Counts(60, 60, 0), True)
    assert all_lines(batches, batch) == ([f"line-{number}" for number in range(60)], [])


def test_a_busy_provider_slows_a_batch_down(batches: BatchAccount, configure: Configure) -> None:
    """
    No line fails for it: those that were answered stay so, and the others come again, later each time.
    """
    busy, ready = says({}, 429, {"retry-after": "1"}), says(RANKING)
    turns = [*[ready] * 10, *[busy] * 4, *[ready] * 200]
    with upstream(*turns) as provider:
        configure(GATEWAY_CONFIG=asking(provider.url))
        batch_id = batches.submit(jsonl(line(number, model="tei/m", retry={"count": 0}) for number in range(60)))
        batches.work_off()
        before = batches.batch(batch_id)
        for _ in range(4):
            # Another worker, whose circuits are closed.
            configure()
            batches.wake()
            batches.work_off()

    batch = batches.batch(batch_id)
    assert (before.status, before.counts.failed) == (BatchStatus.IN_PROGRESS, 0)
    assert 0 < before.counts.completed < 60
    assert (batch.status, batch.counts) == (COMPLETED, Counts(60, 60, 0))
    assert all_lines(batches, batch) == ([f"line-{number}" for number in range(60)], [])


def test_whoever_wants_to_be_left_alone_for_long_is_asked_within_the_window(
    batches: BatchAccount, configure: Configure
) -> None:
    """
    A line does not expire because of what a provider has said in the morning.
    """
    with upstream(says({}, 429, {"retry-after": "86400"})) as provider:
        configure(GATEWAY_CONFIG=asking(provider.url))
        batch_id = batches.submit(jsonl([line(1, model="tei/m")]))
        batches.work()
        batches.work()

    lease = BATCHES.batch_work.peek(batch_id, 0).lease
    assert lease
    assert 60 < lease.until - time() <= 3600


def test_a_line_that_fails_fails_alone(batches: BatchAccount, configure: Configure) -> None:
    """
    With what the sync route would have answered, in the file of errors.
    """
    with upstream(says({"error": "no"}, 422)) as provider:
        configure(GATEWAY_CONFIG=asking(provider.url))
        lines = [line(number, **({"model": "tei/m"} if number == 3 else {})) for number in range(5)]
        batch_id = batches.submit(jsonl(lines))
        batches.work_off()

    batch = batches.batch(batch_id)
    [error] = batches.results(batch.error_file_id)
    assert batch.counts == Counts(5, 4, 1)
    assert (error["custom_id"], error["response"]["status_code"], error["error"]) == ("line-3", 400, None)


def test_a_cancelled_batch_delivers_what_was_done(batches: BatchAccount) -> None:
    """
    The other lines are errors, nobody is asked for them, and that is an end of its own.
    """
    batch_id = batches.submit(jsonl(line(number) for number in range(230)))
    batches.work()
    first, *others = batches.messages()
    batches.work([first])

    BATCHES.batch_work.cancel(batches.batch(batch_id), time())
    batches.work(others)
    batches.work_off()

    batch = batches.batch(batch_id)
    results, errors = all_lines(batches, batch)
    assert (batch.status, batch.counts.total) == (CANCELLED, 230)
    assert (len(results), len(errors)) == (batch.counts.completed, batch.counts.failed)
    assert len(results) in (30, 50)
    assert sorted(results + errors) == sorted(f"line-{number}" for number in range(230))
    assert codes(batches, batch) == {"batch_cancelled"}


def test_chunks_that_wait_for_a_busy_provider_do_not_hold_up_the_end_of_a_cancelled_batch(
    batches: BatchAccount, configure: Configure
) -> None:
    """
    They come at once, and nobody is asked any more.
    """
    with upstream(says({}, 429, {"retry-after": "300"})) as provider:
        configure(GATEWAY_CONFIG=asking(provider.url))
        batch_id = batches.submit(jsonl(line(number, model="tei/m") for number in range(60)))
        batches.work()
        batches.work()
        assert not batches.messages(), "they are put back for minutes"
        asked = len(provider.questions)

        work = BATCHES.batch_work
        CancelBatch(work, BATCHES.batch_queue, ReadBatches(work), CLOCK)(batch_id, "master")
        batches.work_off()

        assert len(provider.questions) == asked
    assert (batches.batch(batch_id).status, batches.batch(batch_id).counts) == (CANCELLED, Counts(60, 0, 60))


def test_lines_that_wait_for_a_place_are_not_asked_after_a_cancellation(
    batches: BatchAccount, configure: Configure, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    However long those take who have the places; nor do they go elsewhere.
    """
    monkeypatch.setattr(chunk_run, "CHECKPOINT_S", 0.2)

    def cancel_and_answer(connection: socket.socket) -> None:
        BATCHES.batch_work.cancel(batches.batch("batch_1"), time())
        CLOCK.sleep(0.1)
        says(RANKING)(connection)

    with upstream(cancel_and_answer) as provider:
        configure(GATEWAY_CONFIG=asking(provider.url, "max_parallel = 1"))
        lines = (line(number, model="tei/m", fallbacks=["local/bm25"]) for number in range(40))
        batch_id = batches.submit(jsonl(lines))
        batches.work_off()

    batch = batches.batch(batch_id)
    assert (batch.status, batch.counts.total) == (CANCELLED, 40)
    assert batch.counts.completed == len(provider.questions) < 10
    assert codes(batches, batch) == {"batch_cancelled"}


def test_one_that_is_cancelled_before_it_was_looked_at_has_no_lines(batches: BatchAccount) -> None:
    """
    It ends all the same.
    """
    batch_id = batches.submit(jsonl([line(1)]))
    BATCHES.batch_work.cancel(batches.batch(batch_id), time())

    batches.work_off()

    assert (batches.batch(batch_id).status, batches.batch(batch_id).counts) == (CANCELLED, Counts())


def test_what_has_not_had_its_turn_in_time_expires(batches: BatchAccount) -> None:
    """
    What was answered before is delivered.
    """
    batch_id = batches.submit(jsonl(line(number) for number in range(60)))
    batches.work()
    first, other = batches.messages()
    batches.work([first])

    batches.set_deadline(batch_id, time() - 1)
    batches.work([other])
    batches.work_off()

    batch = batches.batch(batch_id)
    results, errors = all_lines(batches, batch)
    assert batch.status == EXPIRED
    assert (len(results), len(errors)) in ((50, 10), (10, 50))
    assert codes(batches, batch) == {"batch_expired"}


def test_limits_of_a_key_hold_for_all_of_its_lines(batches: BatchAccount, configure: Configure) -> None:
    """
    A spent budget is a 402 of each line that is left, a spent minute is a pause.
    """
    batches.give_key("poor", limit={"N": "0.0035"}, limit_reset={"S": "monthly"})
    batches.give_key("slow", requests_per_minute={"N": "7"})
    price = '[prices."tei/*"]\nper_search = 0.001'
    with upstream(says(RANKING)) as provider:
        configure(GATEWAY_CONFIG=asking(provider.url, price))
        lines = jsonl(line(number, model="tei/m") for number in range(10))
        poor, slow = (batches.submit(lines, owner=owner) for owner in ("poor", "slow"))
        batches.work_off()

    poor_batch, slow_batch = batches.batch(poor), batches.batch(slow)
    statuses = [each["response"]["status_code"] for each in batches.results(poor_batch.error_file_id)]
    assert (poor_batch.status, poor_batch.counts) == (COMPLETED, Counts(10, 3, 7))
    assert statuses == [402] * 7
    assert (slow_batch.status, slow_batch.counts) == (BatchStatus.IN_PROGRESS, Counts(10, 7, 0))


def test_nobody_is_asked_for_an_owner_who_is_gone(batches: BatchAccount) -> None:
    """
    Their lines are errors, as the sync route would have answered.
    """
    batch_id = batches.submit(jsonl([line(1)]), owner="team-b")

    batches.work_off()

    [error] = batches.results(batches.batch(batch_id).error_file_id)
    assert error["response"]["status_code"] == 401


def test_a_line_that_kills_its_workers_ends_as_an_error(batches: BatchAccount, configure: Configure) -> None:
    """
    It alone: those beside it are answered, and those of other chunks with them.
    """
    texts = {"documents": ["poison", "apples"]}
    lines = [line(number, model="tei/m", **(texts if number == 20 else {})) for number in range(60)]
    with upstream(says(RANKING)) as provider:
        configure(GATEWAY_CONFIG=asking(provider.url))
        batch_id = batches.submit(jsonl(lines))
        batches.work()
        for _ in range(6):
            with Poison(len(provider.questions), True, questions=provider.questions).lurking(batches.client):
                batches.survive()
            batches.wake()

    batch = batches.batch(batch_id)
    assert (batch.status, batch.counts) == (COMPLETED, Counts(60, 59, 1))
    assert (all_lines(batches, batch)[1], codes(batches, batch)) == (["line-20"], {"line_abandoned"})


def test_lines_end_whose_message_nobody_could_handle(batches: BatchAccount) -> None:
    """
    When SQS has given it up and their time is over; so does a file that nobody could look through.
    """
    batch_id, other = batches.submit(jsonl(line(number) for number in range(60))), batches.submit(b"{}")
    validations = batches.messages()
    batches.work([each for each in validations if batch_id in each["body"]])
    batches.work([each | {"eventSourceARN": BATCHES_DEAD_LETTERS} for each in validations if other in each["body"]])

    first, second = batches.messages()
    batches.work([second])
    batches.set_deadline(batch_id, time() - 1)
    batches.work([first | {"eventSourceARN": BATCHES_DEAD_LETTERS}])
    batches.work_off()

    batch = batches.batch(batch_id)
    assert batch.status == EXPIRED
    assert sorted((batch.counts.completed, batch.counts.failed)) == [10, 50]
    assert codes(batches, batch) == {"batch_expired"}
    assert (batches.batch(other).status, batches.batch(other).errors[0].code) == (FAILED, "file_undoable")


@pytest.mark.parametrize(("at", "told"), [(-1.0, 1), (3600.0, 0)], ids=["late", "in time"])
def test_a_dead_message_is_told_of_when_it_ends_lines(
    batches: BatchAccount, monkeypatch: pytest.MonkeyPatch, at: float, told: int
) -> None:
    """
    No line of the log is about one whose lines are tried again, nor about one that comes after the batch has ended.
    """
    monkeypatch.setattr(observability.logger.registered_handler, "stream", log := io.StringIO())
    batch_id = batches.submit(jsonl([line(1)]))
    batches.work()
    [dead] = [each | {"eventSourceARN": BATCHES_DEAD_LETTERS} for each in batches.messages()]
    batches.set_deadline(batch_id, time() + at)

    batches.work([dead])
    batches.work_off()
    batches.work([dead])

    assert batches.batch(batch_id).has_ended
    assert log.getvalue().count("batch_step_abandoned") == told


def test_what_was_put_back_a_thousand_times_is_no_failure(batches: BatchAccount) -> None:
    """
    SQS gives such a message up, as when a provider has few places for hours: its lines are asked all the same.
    """
    batch_id = batches.submit(jsonl(line(number) for number in range(60)))
    batches.work()

    batches.work([each | {"eventSourceARN": BATCHES_DEAD_LETTERS} for each in batches.messages()])
    batches.work_off()

    assert (batches.batch(batch_id).status, batches.batch(batch_id).counts) == (COMPLETED, Counts(60, 60, 0))


def test_a_file_is_looked_through_however_often_its_message_was_put_back(batches: BatchAccount) -> None:
    """
    As it is while the messages of other files are handled alone; nor does it count how many messages there are. Only
    workers do who have begun with it and died.
    """
    batch_ids = [batches.submit(jsonl([line(1)])) for _ in range(3)]
    often, many, bad = batches.messages()
    for each, count in ((often, "50"), (bad, "50")):
        each["attributes"]["ApproximateReceiveCount"] = count

    batches.work([often])
    for each in [many, bad] * MAX_VALIDATIONS:
        with Death(1, True).lurking(batches.client), pytest.raises(Died):
            batches.work([each])
    batches.work([many])
    batches.work([bad])
    batches.work_off()

    assert [batches.batch(each).status for each in batch_ids] == [COMPLETED, COMPLETED, FAILED]
    assert batches.batch(batch_ids[2]).errors[0].code == "file_undoable"


def test_one_that_is_cancelled_while_its_file_is_refused_ends(batches: BatchAccount) -> None:
    """
    Nothing is left that would come to it later.
    """
    batch_id = batches.submit(b"{}")
    [message] = batches.messages()

    with Meanwhile("UpdateItem", lambda: BATCHES.batch_work.cancel(batches.batch(batch_id), time()), after=1).lurking(
        batches.client
    ):
        batches.work([message])

    assert batches.batch(batch_id).status == CANCELLED


def test_one_that_nobody_was_told_of_can_be_cancelled(batches: BatchAccount) -> None:
    """
    As when whoever made it died before it was queued.
    """
    batch_id = batches.submit(jsonl([line(1)]))
    for each in batches.messages():
        batches.client("sqs").delete_message(QueueUrl=batches.queue_url, ReceiptHandle=each["receiptHandle"])

    work = BATCHES.batch_work
    CancelBatch(work, BATCHES.batch_queue, ReadBatches(work), CLOCK)(batch_id, "master")
    batches.work_off()

    assert batches.batch(batch_id).status == CANCELLED


def test_small_batches_do_not_hold_up_what_is_beside_them(batches: BatchAccount) -> None:
    """
    However many there are: their files are looked through one after the other, and then the chunks of others are done.
    """
    batch_id = batches.submit(jsonl([line(1)]))
    batches.work()
    chunks = batches.messages()
    others = [batches.submit(jsonl([line(1)])) for _ in range(8)]

    again = batches.work([*batches.messages(), *chunks])

    assert (again, batches.batch(batch_id).counts) == ([], Counts(1, 1, 0))
    assert {batches.batch(each).status for each in others} == {BatchStatus.IN_PROGRESS}


def test_what_takes_long_has_others_go_elsewhere(batches: BatchAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    At once, and nothing was done about them.
    """
    monkeypatch.setattr(batch_event, "TURN_S", 0.0)
    batch_id = batches.submit(jsonl([line(1)]))
    batches.work()
    chunks = batches.messages()
    first, other = (batches.submit(jsonl([line(1)])) for _ in range(2))
    validations = batches.messages()

    again = batches.work([*validations, *chunks])

    assert again == sorted(each["messageId"] for each in (validations[1], *chunks))
    assert (batches.batch(first).status, batches.batch(other).status) == (
        BatchStatus.IN_PROGRESS,
        BatchStatus.VALIDATING,
    )
    assert batches.batch(batch_id).counts == Counts(1, 0, 0)
    assert len(batches.messages()) == 3


def test_an_object_in_the_bucket_is_a_batch(batches: BatchAccount) -> None:
    """
    Told of twice it is one; results and a report lie beside each other, under its owner's name.
    """
    batches.watch_bucket()
    batches.client("s3").put_object(
        Bucket="payloads", Key="batches/in/master/night 1/q.jsonl", Body=jsonl([line(1), line(2)])
    )
    told = batches.messages()[-1]

    batches.work([told, told])
    batches.work_off()

    keys = batches.keys("batches/out/")
    place = "batches/out/master/night 1/q.jsonl"
    assert keys == [f"{place}.batch.json", f"{place}.results.jsonl"]
    report = json.loads(batches.client("s3").get_object(Bucket="payloads", Key=keys[0])["Body"].read())
    assert (report["status"], report["request_counts"]) == ("completed", {"total": 2, "completed": 2, "failed": 0})


def test_an_object_of_nobody_is_told_to_be_one(batches: BatchAccount) -> None:
    """
    Where its results would have been looked for; and that of a key whose record cannot be read.
    """
    batches.watch_bucket()
    batches.give_key("odd", models={"N": "1"})
    for owner in ("nobody", "odd"):
        batches.client("s3").put_object(Bucket="payloads", Key=f"batches/in/{owner}/q.jsonl", Body=jsonl([line(1)]))

    batches.work_off()

    assert batches.keys("batches/out/") == [f"batches/out/{each}/q.jsonl.batch.json" for each in ("nobody", "odd")]
    assert hidden(batches.queue_url) == []


def test_a_name_without_room_for_that_of_its_results_is_no_batch(batches: BatchAccount) -> None:
    """
    Its lines would be paid for, and nobody could ever read what came of them.
    """
    batches.watch_bucket()
    key = f"batches/in/master/{'é' * 500}"
    batches.client("s3").put_object(Bucket="payloads", Key=key, Body=jsonl([line(1)]))

    batches.work_off()

    assert batches.keys("batches/") == [key]


def test_an_object_that_was_replaced_before_its_turn_is_paid_for_once(
    batches: BatchAccount, configure: Configure
) -> None:
    """
    What is there now is the batch of the second one.
    """
    batches.watch_bucket()
    with upstream(says(RANKING)) as provider:
        configure(GATEWAY_CONFIG=asking(provider.url))
        for number in (1, 2):
            batches.drop("q.jsonl", [line(number, model="tei/m")])
        batches.work_off()

    assert names(batches.dropped("q.jsonl.results.jsonl")) == ["line-2"]
    assert [each["status"] for each in batches.dropped("q.jsonl.batch.json")] == ["completed"]
    assert len(provider.questions) == 1


def test_nothing_is_left_of_what_had_the_name_of_an_object_before(batches: BatchAccount) -> None:
    """
    Whether errors of last night's, or results where tonight's file is none.
    """
    batches.watch_bucket()
    batches.drop("q.jsonl", [line(1), line(2, documents=["a"], model="nobody/m")])
    batches.work_off()
    before = batches.keys("batches/out/")

    batches.drop("q.jsonl", [line(3)])
    batches.work_off()
    after = batches.keys("batches/out/")
    batches.drop("q.jsonl", [{}])
    batches.work_off()

    place = "batches/out/master/q.jsonl"
    assert before == [f"{place}.batch.json", f"{place}.errors.jsonl", f"{place}.results.jsonl"]
    assert after == [f"{place}.batch.json", f"{place}.results.jsonl"]
    assert batches.keys("batches/out/") == [f"{place}.batch.json"]


def test_an_object_that_is_replaced_while_it_is_worked_on_gives_way(batches: BatchAccount) -> None:
    """
    The results of the second one stay in their place, although the first one ends after it; its owner finds that one's
    where those of other batches are.
    """
    batches.watch_bucket()
    batches.drop("q.jsonl", [line(number) for number in range(60)])
    batches.work()
    batches.work()
    first, other = batches.messages()
    batches.work([first])

    batches.drop("q.jsonl", [line(70)])
    batches.work_off()
    batches.work([other])
    batches.work_off()

    [batch_id] = {json.loads(each["body"])["batch"] for each in (first, other)}
    results, errors = all_lines(batches, batches.batch(batch_id))
    assert names(batches.dropped("q.jsonl.results.jsonl")) == ["line-70"]
    assert [each["request_counts"]["total"] for each in batches.dropped("q.jsonl.batch.json")] == [1]
    assert (len(results), len(errors)) in ((50, 10), (10, 50))


def test_results_of_an_object_can_be_removed(batches: BatchAccount) -> None:
    """
    By their id, as those of any batch.
    """
    batches.watch_bucket()
    batches.drop("q.jsonl", [line(1)])
    batches.work()
    [validation] = batches.messages()
    batches.work([validation])
    batches.work_off()
    file_id = batches.batch(json.loads(validation["body"])["batch"]).output_file_id
    assert file_id is not None

    RemoveFile(BATCHES._files, BATCHES._contents, ReadFiles(BATCHES._files))(file_id, "master")

    assert batches.keys("batches/out/") == ["batches/out/master/q.jsonl.batch.json"]


def test_a_key_that_cannot_be_looked_up_is_asked_for_again(batches: BatchAccount, configure: Configure) -> None:
    """
    Nothing of what others were paid for is lost, nobody is asked twice, and no line fails for it.
    """
    batches.give_key("team-a")
    with upstream(says(RANKING)) as provider:
        configure(GATEWAY_CONFIG=asking(provider.url), KEYS_TABLE="none")
        batch_id = batches.submit(jsonl(line(number, model="tei/m") for number in range(3)), owner="team-a")
        batches.work_off()
        waiting = batches.batch(batch_id)
        configure(KEYS_TABLE="keys")
        batches.wake()
        batches.work_off()

    batch = batches.batch(batch_id)
    assert (waiting.status, waiting.counts) == (BatchStatus.IN_PROGRESS, Counts(3, 0, 0))
    assert (batch.status, batch.counts, len(provider.questions)) == (COMPLETED, Counts(3, 3, 0), 3)


def test_a_key_whose_record_is_faulty_ends_its_lines(batches: BatchAccount) -> None:
    """
    With what the sync route would have answered.
    """
    batches.give_key("odd", rpm={"N": "1"}, models={"N": "1"})
    batch_id = batches.submit(jsonl([line(1), line(2)]), owner="odd")

    batches.work_off()

    batch = batches.batch(batch_id)
    assert [each["response"]["status_code"] for each in batches.results(batch.error_file_id)] == [401, 401]


def test_owners_with_much_to_do_are_told_apart(batches: BatchAccount) -> None:
    """
    By a group of their own, in every message: SQS has the others' come first.
    """
    groups: dict[str, set[str]] = {"master": set(), "team a/é": set()}
    for owner, seen in groups.items():
        batches.submit(jsonl(line(number) for number in range(60)), owner=owner)
        while records := batches.messages():
            seen |= {each["attributes"]["MessageGroupId"] for each in records}
            batches.work(records)

    assert [len(seen) for seen in groups.values()] == [1, 1]
    assert not set.intersection(*groups.values())


def test_the_end_of_a_batch_is_an_event(batches: BatchAccount) -> None:
    """
    A thin one: which batch, whose, how it ended, and nothing of what was ranked.
    """
    events = batches.events()
    batch_id, other = batches.submit(jsonl([line(1)])), batches.submit(b"{}")

    batches.work_off()

    told = {event["detail"]["id"]: event for event in events()}
    assert {each: told[each]["detail-type"] for each in told} == {
        batch_id: "Rerank Batch Completed",
        other: "Rerank Batch Failed",
    }
    assert told[batch_id]["detail"].keys() == {
        "stack", "id", "status", "owner", "request_counts", "cost", "output_file_id", "error_file_id", "created_at",
        "ended_at",
    }  # fmt: skip


def test_a_deleted_input_ends_what_has_not_ended(batches: BatchAccount) -> None:
    """
    With as many errors as there were lines.
    """
    batch_id = batches.submit(jsonl(line(number) for number in range(60)))
    batches.work()
    batches.client("s3").delete_object(Bucket="payloads", Key=batches.batch(batch_id).input_key)

    batches.work_off()

    batch = batches.batch(batch_id)
    assert (batch.status, batch.counts) == (COMPLETED, Counts(60, 0, 60))
    assert codes(batches, batch) == {"input_file_gone"}


def test_workers_share_a_providers_places(batches: BatchAccount, configure: Configure) -> None:
    """
    While another worker has them all, chunks are put back in the end; afterwards there are as many as before.
    """
    with upstream(says(RANKING)) as provider:
        configure(GATEWAY_CONFIG=asking(provider.url, "max_parallel = 3"))
        batch_id = batches.submit(jsonl(line(number, model="tei/m") for number in range(20)))
        batches.work()
        other = BATCHES._places("tei", 3)
        assert other.acquire()
        batches.work(milliseconds=7_000)
        waiting = batches.batch(batch_id)
        other.release()
        batches.wake()
        batches.work_off()

    assert waiting.counts.completed == 0
    assert batches.batch(batch_id).counts == Counts(20, 20, 0)


def test_the_end_of_a_batch_is_told_to_its_webhook(batches: BatchAccount, configure: Configure) -> None:
    """
    By a message under an id that is the same whenever it is told again.
    """
    url = batches.client("sqs").create_queue(QueueName="webhooks")["QueueUrl"]
    configure(WEBHOOKS_QUEUE_URL=url)
    batch_id = batches.submit(jsonl([line(1)]), webhook="done")

    batches.work_off()

    [message] = batches.client("sqs").receive_message(QueueUrl=url)["Messages"]
    assert "batch.completed" in message["Body"]
    assert batch_id in message["Body"]
    assert "green apples" not in message["Body"]

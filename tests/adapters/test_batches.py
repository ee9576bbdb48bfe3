"""Batches and their files in DynamoDB."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest

from rerank_gateway.adapters.aws.batch_items import Item
from rerank_gateway.adapters.aws.batches_table import BatchesTable
from rerank_gateway.adapters.aws.dynamodb_batch_work import DynamoBatchWork
from rerank_gateway.adapters.aws.dynamodb_batches import DynamoBatchStore, DynamoFileStore
from rerank_gateway.adapters.aws.dynamodb_quota import DynamoStorageQuota
from rerank_gateway.adapters.aws.file_items import to_file_item
from rerank_gateway.domain.batches.batch import MAX_RESULTS_TTL_S, Batch, BatchStatus, LineError
from rerank_gateway.domain.batches.contents import Content
from rerank_gateway.domain.batches.files import Purpose, StoredFile
from rerank_gateway.domain.batches.ports import Part
from rerank_gateway.domain.batches.work import Plan
from rerank_gateway.domain.errors import InvalidRequest, RateLimited, Unavailable
from rerank_gateway.domain.spending.reservation import DAY_S
from rerank_gateway.use_cases.batches.quota import GB, MAX_GB_A_DAY, LimitStorage
from tests.fakes import FakeClock
from tests.tables import batches_table

NOW = 1_800_000_000.0
BATCH = Batch(
    id="batch_1",
    owner="team-a",
    models=("cohere/*",),
    input_file_id="file-1",
    created_at=NOW,
    deadline=NOW + 86_400,
    results_ttl=3600,
    params=b'{"top_n":3}',
    metadata={"night": "42"},
    webhook="done",
)
FILE = StoredFile(
    id="file-1",
    owner="team-a",
    purpose=Purpose.BATCH,
    filename="requests.jsonl",
    size=0,
    object_key="batches/files/file-1",
    created_at=NOW,
    expires_at=NOW + 60,
    is_uploaded=False,
)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock(NOW)


@pytest.fixture
def batches(embedded_aws: Any, clock: FakeClock) -> DynamoBatchStore:
    batches_table(embedded_aws)

    return DynamoBatchStore(BatchesTable("batches"), clock)


@pytest.fixture
def files(embedded_aws: Any, clock: FakeClock) -> DynamoFileStore:
    batches_table(embedded_aws)

    return DynamoFileStore(BatchesTable("batches"), clock)


def test_a_batch_is_kept_as_it_was_added(batches: DynamoBatchStore) -> None:
    """
    What went in comes out; the second of the same id finds the first.
    """
    assert batches.add(BATCH) == BATCH
    assert batches.add(replace(BATCH, metadata={})) == BATCH
    assert batches.find("batch_1") == BATCH
    assert batches.find("batch_2") is None


def test_only_what_is_worked_on_can_be_cancelled(batches: DynamoBatchStore) -> None:
    """
    The second time changes nothing, and the moment is the first one's.
    """
    batches.add(BATCH)

    cancelled = batches.cancel(BATCH, NOW + 1)

    assert (cancelled.status, cancelled.moments) == (BatchStatus.CANCELLING, {"cancelling": NOW + 1})
    assert batches.cancel(BATCH, NOW + 2) == cancelled


def test_what_has_been_begun_is_not_forgotten(batches: DynamoBatchStore) -> None:
    """
    One that still waits is.
    """
    batches.add(BATCH)
    batches.cancel(batches.add(replace(BATCH, id="batch_2")), NOW)

    for batch_id in ("batch_1", "batch_2"):
        batches.forget(replace(BATCH, id=batch_id))

    assert batches.find("batch_1") is None
    assert batches.find("batch_2") is not None


def test_lists_are_paged_and_an_owners_own(batches: DynamoBatchStore) -> None:
    """
    The newest first; nobody sees another's, also not by naming theirs as the one to go on after.
    """
    for number in range(5):
        batches.add(replace(BATCH, id=f"batch_{number}", created_at=NOW + number))
    batches.add(replace(BATCH, id="batch_b", owner="team-b", created_at=NOW + 9))

    first, more = batches.of_owner("team-a", Part(3))
    rest, no_more = batches.of_owner("team-a", Part(3, after="batch_2"))

    assert ([each.id for each in first], more) == (["batch_4", "batch_3", "batch_2"], True)
    assert ([each.id for each in rest], no_more) == (["batch_1", "batch_0"], False)
    for unknown in ("batch_b", "batch_9"):
        with pytest.raises(InvalidRequest, match="after must be the id of a batch of yours"):
            batches.of_owner("team-a", Part(3, after=unknown))


def test_what_has_expired_is_gone(batches: DynamoBatchStore, clock: FakeClock) -> None:
    """
    DynamoDB deletes it later; until then its id is free.
    """
    batches.add(BATCH)
    clock.sleep(BATCH.expires_at - NOW + 1)

    assert batches.find("batch_1") is None
    assert batches.of_owner("team-a", Part(3)) == ([], False)
    anew = replace(BATCH, created_at=clock.epoch(), deadline=clock.epoch() + 60)
    assert batches.add(anew) == anew


def test_a_file_is_kept_until_it_is_removed_or_expires(files: DynamoFileStore, clock: FakeClock) -> None:
    """
    It is written again when its content has arrived.
    """
    there = replace(FILE, is_uploaded=True, size=7, etag="abc")
    files.add(FILE)
    files.add(there)
    files.add(replace(FILE, id="file-2", created_at=NOW + 1, expires_at=NOW + 30))

    assert files.find("file-1") == there
    assert [file.id for file in files.of_owner("team-a", Part(5))[0]] == ["file-2", "file-1"]
    clock.sleep(31)
    assert files.find("file-2") is None
    files.remove(there)
    assert files.find("file-1") is None


def test_what_a_key_may_store_begins_anew_each_day(files: DynamoFileStore, clock: FakeClock) -> None:
    """
    To the byte; and DynamoDB deletes what nobody asks for any more.
    """
    limit = LimitStorage(DynamoStorageQuota(files.table), clock)
    limit("team-a", MAX_GB_A_DAY * GB - 1)
    limit("team-a", 1)
    with pytest.raises(RateLimited, match="100 GB a day") as refused:
        limit("team-a", 1)
    limit("team-b", 1)
    clock.sleep(refused.value.retry_after)
    limit("team-a", MAX_GB_A_DAY * GB)

    today = files.table.get("quota#team-a", f"{int(clock.epoch() // DAY_S)}")
    assert today is not None
    assert clock.epoch() < float(today["expires_at"]["N"]) <= clock.epoch() + 2 * DAY_S


@pytest.mark.parametrize("oldest_first", [False, True])
def test_who_removes_what_is_listed_comes_to_the_end(files: DynamoFileStore, oldest_first: bool) -> None:
    """
    The one to go on behind has been removed then.
    """
    for number in range(5):
        files.add(replace(FILE, id=f"file-{number}", created_at=NOW + number))
    seen, part, more = [], Part(2, oldest_first=oldest_first), True
    while more:
        found, more = files.of_owner("team-a", part)
        for file in found:
            files.remove(file)
            seen.append(file.id)
        part = replace(part, after=seen[-1])

    assert sorted(seen) == [f"file-{number}" for number in range(5)]
    assert files.of_owner("team-a", Part(2)) == ([], False)


@pytest.mark.parametrize("oldest_first", [False, True])
def test_what_has_expired_hides_nothing_behind_it(files: DynamoFileStore, oldest_first: bool) -> None:
    """
    A part in which all have expired would have no last one to go on behind.
    """
    ages = range(1, 8)
    for age in ages:
        there = replace(FILE, id=f"file-{age}", created_at=NOW - age)
        files.add(there if age == 4 else replace(there, expires_at=NOW - 1))

    found, more = files.of_owner("team-a", Part(2, oldest_first=oldest_first))
    rest, no_more = files.of_owner("team-a", Part(2, after="file-4", oldest_first=oldest_first))

    assert ([file.id for file in found], more) == (["file-4"], True)
    assert (rest, no_more) == ([], False)


def test_expired_batches_are_passed_over_too(batches: DynamoBatchStore) -> None:
    """
    Each has a time of its own to be kept.
    """
    gone = replace(BATCH, deadline=NOW - MAX_RESULTS_TTL_S - BATCH.results_ttl)
    batches.add(BATCH)
    for number in range(2, 6):
        batches.add(replace(gone, id=f"batch_{number}", created_at=NOW + number))

    assert batches.of_owner("team-a", Part(1)) == ([BATCH], False)


@dataclass(frozen=True, slots=True)
class AllExpired(BatchesTable):
    """A list without an end, in which everything has expired."""

    def get_all(self, item_ids: Collection[str], part: str) -> Mapping[str, Item]:
        return {each: to_file_item(replace(FILE, id=each, expires_at=NOW - 1)) for each in item_ids}

    def of_owner(self, owned: str, part: Part, after: Item | None) -> Sequence[Item]:
        return list(self.get_all(["file-1"], "file").values()) * part.limit


@pytest.mark.parametrize("limit", [1, 100])
def test_nobody_waits_for_ever_for_a_list(limit: int) -> None:
    """
    Whoever asks may come again when DynamoDB has deleted what has expired.
    """
    files = DynamoFileStore(AllExpired("batches"), FakeClock(NOW))

    with pytest.raises(Unavailable):
        files.of_owner("team-a", Part(limit))


def test_a_page_is_read_at_once(files: DynamoFileStore, embedded_aws: Any) -> None:
    """
    However many there are, in the order of the list.
    """
    for number in range(60):
        files.add(replace(FILE, id=f"file-{number}", created_at=NOW + number))
    client, asked = embedded_aws("dynamodb"), list[str]()
    client.meta.events.register("before-call.dynamodb", lambda model, **_: asked.append(model.name))

    found, more = files.of_owner("team-a", Part(50))

    assert ([file.id for file in found], more) == ([f"file-{59 - number}" for number in range(50)], True)
    assert asked == ["Query", "BatchGetItem"]


def test_what_dynamodb_leaves_out_is_asked_for_again(files: DynamoFileStore, embedded_aws: Any) -> None:
    """
    A page is never shorter than it should be.
    """
    files.add(FILE)
    client, left_out = embedded_aws("dynamodb"), [True]

    def leave_out(parsed: dict[str, Any], **_: Any) -> None:
        if left_out.pop():
            parsed["Responses"] = {"batches": []}
            parsed["UnprocessedKeys"] = {"batches": {"Keys": [{"id": {"S": "file-1"}, "part": {"S": "file"}}]}}
            left_out.append(False)

    client.meta.events.register("after-call.dynamodb.BatchGetItem", leave_out)

    assert files.of_owner("team-a", Part(5)) == ([FILE], False)


def test_many_faulty_lines_do_not_make_each_count_dearer(batches: DynamoBatchStore, embedded_aws: Any) -> None:
    """
    All that is told of them hardly takes room in the item, which is written with each chunk.
    """
    errors = tuple(LineError("invalid_json", f"the line is no JSON: at column {n}", n, "body") for n in range(100))
    work = DynamoBatchWork(batches.table, batches.clock)
    batches.add(BATCH)

    work.start(BATCH, Plan(Content("in", 9, "etag"), total=5_000, chunks=100, errors=errors), NOW)

    item = embedded_aws("dynamodb").scan(TableName="batches")["Items"][0]
    found = work.find(BATCH.id)
    assert found is not None
    assert found.errors == errors
    assert len(json.dumps(item, default=str)) < 4 * 1024

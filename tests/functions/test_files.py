"""Files and uploads from the event to the response."""

from __future__ import annotations

from dataclasses import replace
from time import time
from typing import Any

import httpx
import pytest

from rerank_gateway.adapters.aws.batches_table import BatchesTable
from rerank_gateway.adapters.aws.dynamodb_batches import DynamoFileStore
from rerank_gateway.adapters.system.clock import SystemClock
from rerank_gateway.domain.batches.files import MAX_FILE_BYTES, object_key_of
from rerank_gateway.domain.batches.requests import FileRequest
from rerank_gateway.domain.keys import hash_of_token
from rerank_gateway.entry.routes import files as routes
from rerank_gateway.use_cases.batches.files import awaited_file
from rerank_gateway.use_cases.batches.quota import MAX_GB_A_DAY
from tests.functions.admin import MASTER
from tests.functions.files import BOUNDARY, LINES, BatchApi, form

UPLOAD = {"filename": "requests.jsonl", "purpose": "batch", "bytes": len(LINES), "mime_type": "application/jsonl"}


def add_key(api: BatchApi, token: str = "sk-b", **fields: dict[str, str]) -> str:
    """A key of somebody else's, with these *fields* in DynamoDB's notation."""
    item = {"key_hash": {"S": hash_of_token(token)}, "id": {"S": token}, "models": {"SS": ["*"]}, **fields}
    api.client("dynamodb").put_item(TableName="keys", Item=item)

    return token


def test_a_file_is_kept_as_it_was_sent(batch_api: BatchApi) -> None:
    """
    To the byte, and OpenAI's object tells of it.
    """
    content = LINES + b"\r\n--not the boundary\r\n" + "é\r\n".encode()

    stored = batch_api.store(content)

    assert stored.status == 200
    assert stored.json == batch_api.ask("file_show", at=stored.json["id"]).json
    assert stored.json | {"id": "", "created_at": 0, "expires_at": 0} == {
        "id": "",
        "object": "file",
        "bytes": len(content),
        "created_at": 0,
        "expires_at": 0,
        "filename": "requests.jsonl",
        "purpose": "batch",
        "status": "processed",
        "status_details": None,
    }
    assert abs(stored.json["expires_at"] - time() - 30 * 86_400) < 60
    assert batch_api.ask("file_content", at=stored.json["id"]).text.encode() == content


def test_a_caller_says_for_how_long(batch_api: BatchApi) -> None:
    """
    With OpenAI's `expires_after`, within its bounds.
    """
    stored = batch_api.store(LINES, **{"expires_after[anchor]": "created_at", "expires_after[seconds]": "3600"})
    refused = batch_api.store(LINES, **{"expires_after[seconds]": "3599"})

    assert stored.json["expires_at"] - stored.json["created_at"] in (3600, 3601)
    assert (refused.status, refused.json["error"]["param"]) == (400, "expires_after[seconds]")


@pytest.mark.parametrize(
    ("body", "content_type", "status", "message"),
    [
        (form(LINES, purpose="fine-tune"), "", 400, "purpose must be batch"),
        (form(LINES), "", 400, "purpose must be batch"),
        (form(LINES, purpose="batch", **{"expires_after[anchor]": "now"}), "", 400, "must be created_at"),
        (form(LINES, purpose="batch").replace(b'; filename="requests.jsonl"', b""), "", 400, "file is required"),
        (form(LINES, purpose="batch").replace(b'name="file"; ', b""), "", 400, "has no name"),
        (form(LINES, purpose="batch")[:-6], "", 400, "breaks off"),
        (form(LINES, purpose="batch").replace(b"\r\n\r\n", b"\r\n"), "", 400, "breaks off"),
        (form(LINES, **{f"f{each}": "x" for each in range(30)}), "", 400, "more than 20 fields"),
        (form(LINES, purpose="batch", file="x"), "", 400, "twice"),
        (b"", "", 400, "breaks off"),
        (LINES, "application/json", 415, "multipart/form-data"),
        (LINES, "multipart/form-data", 415, "boundary"),
    ],
)
def test_what_is_no_such_form_is_refused(
    batch_api: BatchApi, body: bytes, content_type: str, status: int, message: str
) -> None:
    """
    In OpenAI's words, and nothing is kept.
    """
    refused = batch_api.send_form(body, content_type)

    assert refused.status == status
    assert message in refused.json["error"]["message"]
    assert batch_api.ask("file_list").json["data"] == []


@pytest.mark.parametrize(
    ("disposition", "filename"),
    [
        (b'form-data; filename="a b.jsonl"; name="file"', "a b.jsonl"),
        (b"form-data; name=file; filename=a.jsonl", "a.jsonl"),
        (b'form-data; name="file"; filename="x"; filename*=UTF-8\'\'%C3%A9.jsonl', "é.jsonl"),
        (b'form-data; name="file"; filename="a\\"b"', 'a"b'),
        ('form-data; name="file"; filename="é"'.encode(), "é"),
        (b'form-data; name="file"; filename=""', "file"),
    ],
)
def test_clients_name_a_file_in_many_ways(batch_api: BatchApi, disposition: bytes, filename: str) -> None:
    """
    Quoted or not, escaped, percent-encoded or as UTF-8.
    """
    body = form(LINES, purpose="batch").replace(b'form-data; name="file"; filename="requests.jsonl"', disposition)

    stored = batch_api.send_form(body, f'Multipart/Form-Data; charset=utf-8; boundary="{BOUNDARY}"')

    assert (stored.status, stored.json["filename"]) == (200, filename)


def test_a_file_too_large_for_a_form_is_told_where_to_go(batch_api: BatchApi) -> None:
    """
    A 413 names the address of uploads.
    """
    refused = batch_api.store(b"x" * (routes.MAX_FORM_FILE_BYTES + 1))

    assert (refused.status, refused.json["error"]["code"]) == (413, "too_large")
    assert "POST /v1/uploads" in refused.json["error"]["message"]


def test_lists_go_on_behind_the_last(batch_api: BatchApi) -> None:
    """
    The newest first, or the oldest, and only for one purpose if that is wanted; an awaited file is in none.
    """
    batch_api.ask("upload_create", UPLOAD)
    ids = [batch_api.store().json["id"] for _ in range(3)][::-1]

    first = batch_api.ask("file_list", limit="2").json
    rest = batch_api.ask("file_list", limit="2", after=first["last_id"], purpose="batch").json
    oldest = batch_api.ask("file_list", order="asc").json

    assert [each["id"] for each in (*first["data"], *rest["data"])] == ids
    assert [each["id"] for each in oldest["data"]] == ids[::-1]
    assert (first["has_more"], rest["has_more"], rest["first_id"]) == (True, False, ids[2])
    assert batch_api.ask("file_list", purpose="batch_output").json["data"] == []


@pytest.mark.parametrize(
    ("query", "param"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "many"}, "limit"),
        ({"order": "up"}, "order"),
        ({"purpose": "vision"}, "purpose"),
        ({"after": "a b"}, "after"),
        ({"after": "file-9"}, "after"),
    ],
)
def test_a_wrong_query_is_refused(batch_api: BatchApi, query: Any, param: str) -> None:
    """
    By the name of what is wrong with it.
    """
    refused = batch_api.ask("file_list", **query)

    assert (refused.status, refused.json["error"]["param"]) == (400, param)


@pytest.mark.parametrize("name", ["file_show", "file_content", "file_remove"])
def test_anothers_file_is_like_an_unknown_one_to_the_byte(batch_api: BatchApi, name: str) -> None:
    """
    Nobody learns whether a file exists, reads it or removes it.
    """
    stranger, file_id = add_key(batch_api), batch_api.store().json["id"]

    foreign = batch_api.ask(name, key=stranger, at=file_id)
    unknown = batch_api.ask(name, key=stranger, at="file-0")
    impossible = batch_api.ask(name, key=stranger, at="é" * 3000)

    assert (foreign.status, foreign.json["error"]["code"]) == (404, "unknown_file")
    assert foreign.text == unknown.text == impossible.text
    assert batch_api.ask("file_show", at=file_id).status == 200


def test_a_removed_file_is_gone(batch_api: BatchApi) -> None:
    """
    With its content.
    """
    file_id = batch_api.store().json["id"]

    removed = batch_api.ask("file_remove", at=file_id)

    assert removed.json == {"id": file_id, "object": "file", "deleted": True}
    assert batch_api.ask("file_show", at=file_id).status == 404
    assert "Contents" not in batch_api.client("s3").list_objects_v2(Bucket="payloads")


def test_content_that_is_gone_is_a_404(batch_api: BatchApi) -> None:
    """
    As when the bucket's lifecycle rule was quicker.
    """
    file_id = batch_api.store().json["id"]
    batch_api.client("s3").delete_object(Bucket="payloads", Key=object_key_of(file_id))

    shown = batch_api.ask("file_content", at=file_id)

    assert (shown.status, shown.json["error"]["code"]) == (404, "unknown_file")


@pytest.mark.parametrize("size", [5, routes.MAX_SHOWN_BYTES + 1])
def test_what_was_put_in_the_place_of_a_file_is_not_its_content(batch_api: BatchApi, size: int) -> None:
    """
    Neither shown nor had by an address: results of another night, or what came by an upload's address afterwards.
    """
    upload = batch_api.ask("upload_create", UPLOAD | {"bytes": size}).json
    httpx.put(upload["upload_url"], content=b"a" * size).raise_for_status()
    file_id = batch_api.ask("upload_complete", at=upload["id"]).json["file"]["id"]
    before = batch_api.ask("file_content", at=file_id)

    httpx.put(upload["upload_url"], content=b"b" * size).raise_for_status()
    after = batch_api.ask("file_content", at=file_id)

    assert before.status in (200, 302)
    assert (after.status, after.json["error"]["code"]) == (404, "unknown_file")


@pytest.mark.parametrize(("etag", "left"), [("the one that is there", 0), ("another", 1)])
def test_an_object_of_the_callers_is_removed_unless_it_was_replaced(batch_api: BatchApi, etag: str, left: int) -> None:
    """
    What came into the bucket under its own name may have been followed by another file of that name.
    """
    s3, key = batch_api.client("s3"), "batches/in/master/requests.jsonl"
    there = s3.put_object(Bucket="payloads", Key=key, Body=LINES)["ETag"].strip('"')
    file = awaited_file("master", FileRequest("requests.jsonl"), len(LINES), time())
    file = replace(file, object_key=key, etag=there if left == 0 else etag, is_uploaded=True)
    DynamoFileStore(BatchesTable("batches"), SystemClock()).add(file)

    removed = batch_api.ask("file_remove", at=file.id)

    assert removed.status == 200
    assert s3.list_objects_v2(Bucket="payloads")["KeyCount"] == left


def test_a_large_file_goes_by_an_address_of_its_own(batch_api: BatchApi) -> None:
    """
    It is PUT there without a key, completed, and read from a second address.
    """
    content = b"x" * (routes.MAX_SHOWN_BYTES + 1)
    upload = batch_api.ask("upload_create", UPLOAD | {"bytes": len(content)}).json

    httpx.put(upload["upload_url"], content=content).raise_for_status()
    complete = batch_api.ask("upload_complete", at=upload["id"])
    shown = batch_api.ask("file_content", at=complete.json["file"]["id"])

    assert (upload["status"], complete.json["status"], complete.json["file"]["bytes"]) == (
        "pending",
        "completed",
        len(content),
    )
    assert complete.json == batch_api.ask("upload_complete", at=upload["id"]).json
    assert (shown.status, shown.headers["cache-control"], shown.text) == (302, "no-store", "")
    downloaded = httpx.get(shown.headers["location"])
    assert (downloaded.content, downloaded.headers["content-disposition"]) == (
        content,
        'attachment; filename="requests.jsonl"',
    )


@pytest.mark.parametrize(("sent", "message"), [(b"", "nothing was uploaded"), (b"short", "5 bytes were uploaded")])
def test_an_upload_is_complete_when_all_of_it_is_there(batch_api: BatchApi, sent: bytes, message: str) -> None:
    """
    Until then there is no file, and it can be sent once more.
    """
    upload = batch_api.ask("upload_create", UPLOAD).json
    if sent:
        httpx.put(upload["upload_url"], content=sent).raise_for_status()

    early = batch_api.ask("upload_complete", at=upload["id"])

    assert early.status == 400
    assert message in early.json["error"]["message"]
    assert batch_api.ask("file_show", at=upload["id"].replace("upload_", "file-")).status == 404
    httpx.put(upload["upload_url"], content=LINES).raise_for_status()
    assert batch_api.ask("upload_complete", at=upload["id"]).status == 200


def test_a_cancelled_upload_is_gone(batch_api: BatchApi) -> None:
    """
    A complete one cannot be cancelled, nor one of somebody else's.
    """
    stranger, upload = add_key(batch_api), batch_api.ask("upload_create", UPLOAD).json

    foreign = batch_api.ask("upload_cancel", key=stranger, at=upload["id"])
    cancelled = batch_api.ask("upload_cancel", at=upload["id"])
    after = batch_api.ask("upload_complete", at=upload["id"])

    assert (foreign.status, cancelled.status, after.status) == (404, 200, 404)
    assert cancelled.json["status"] == "cancelled"


def test_a_key_stores_so_much_a_day(batch_api: BatchApi) -> None:
    """
    Whatever became of it, in a form and at an address; the master key, and other keys, as much as they like.
    """
    key, stranger, large = add_key(batch_api), add_key(batch_api, "sk-c"), UPLOAD | {"bytes": MAX_FILE_BYTES}
    uploads = [batch_api.ask("upload_create", large, key=key) for _ in range(MAX_GB_A_DAY // 5)]
    batch_api.ask("upload_cancel", key=key, at=uploads[0].json["id"])

    refused = [batch_api.ask("upload_create", UPLOAD, key=key), batch_api.store(key=key)]

    assert {upload.status for upload in uploads} == {200}
    assert {(each.status, each.json["error"]["code"]) for each in refused} == {(429, "rate_limited")}
    assert 0 < int(refused[0].headers["retry-after"]) <= 86_400
    assert [batch_api.store(key=other).status for other in (MASTER, stranger)] == [200, 200]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"bytes": 0}, "bytes must be at least 1"),
        ({"bytes": 6 * 1024**3}, "bytes must be at most 5368709120"),
        ({"purpose": "vision"}, "purpose must be 'batch'"),
        ({"filename": ""}, "filename"),
        ({"expires_after": {"anchor": "created_at", "seconds": 1}}, "expires_after.seconds must be at least 3600"),
        ({"parts": 3}, "parts is not known here"),
    ],
)
def test_a_wrong_upload_is_refused(batch_api: BatchApi, fields: Any, message: str) -> None:
    """
    By the name of the field.
    """
    refused = batch_api.ask("upload_create", UPLOAD | fields)

    assert (refused.status, refused.json["error"]["param"]) == (400, message.partition(" ")[0])
    assert refused.json["error"]["message"].startswith(message)

"""Files in S3 that are too long for the memory."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from botocore.exceptions import ConnectionClosedError

from rerank_gateway.adapters.aws import client, s3_writer
from rerank_gateway.adapters.aws.s3_contents import S3Contents
from rerank_gateway.domain.batches.contents import ContentGone
from tests.embedded_aws import bucket

MB = 1024 * 1024


@pytest.fixture
def contents(embedded_aws: Any) -> S3Contents:
    bucket(embedded_aws)

    return S3Contents("payloads")


def test_what_is_written_piece_by_piece_is_read_by_ranges(contents: S3Contents) -> None:
    """
    Long or short or nothing at all; a stream of it is the same bytes.
    """
    for key, pieces in {"long": [b"a" * 7 * MB, b"b" * 7 * MB, b"c"], "short": [b"abc"], "empty": []}.items():
        with contents.writer(key) as writer:
            for piece in pieces:
                writer.write(piece)

        found = contents.find(key)
        assert found is not None
        assert found.size == sum(map(len, pieces))
        assert b"".join(contents.stream(found)) == b"".join(pieces)
        if key == "long":
            assert contents.read(found, 7 * MB - 1, 7 * MB + 1) == b"ab"


def test_nothing_is_there_after_an_error(contents: S3Contents, embedded_aws: Any) -> None:
    """
    Nor do parts of it stay, which would be paid for.
    """
    with pytest.raises(ZeroDivisionError):
        _write_half(contents)

    assert contents.find("broken") is None
    assert "Uploads" not in embedded_aws("s3").list_multipart_uploads(Bucket="payloads")


def test_a_part_that_fails_does_not_have_all_written_anew(contents: S3Contents, embedded_aws: Any) -> None:
    """
    It alone is sent again, and what there is in the end is whole.
    """
    failures = iter([ConnectionClosedError(endpoint_url="s3")] * 5)

    def fail(**_: Any) -> None:
        if failure := next(failures, None):
            raise failure

    events = client.aws_client("s3").meta.events
    events.register("before-send.s3.UploadPart", fail, unique_id="failures")
    try:
        with contents.writer("long") as writer:
            writer.write(b"a" * s3_writer.PART_BYTES)
            writer.write(b"b")
    finally:
        events.unregister("before-send.s3.UploadPart", unique_id="failures")

    found = contents.find("long")
    assert found
    assert b"".join(contents.stream(found)) == b"a" * s3_writer.PART_BYTES + b"b"


def test_what_was_replaced_is_not_read(contents: S3Contents) -> None:
    """
    What was found valid is what is worked on, or nothing.
    """
    contents.put("in", b"first")
    found = contents.find("in")
    assert found is not None

    contents.put("in", b"other")

    with pytest.raises(ContentGone):
        contents.read(found, 0, 5)
    contents.remove("in")
    assert contents.find("in") is None


def test_any_number_of_objects_is_removed(contents: S3Contents) -> None:
    """
    More than S3 takes at once, whether they are there or not, and no others.
    """
    for key in ("part-0", "part-1499", "part-1500"):
        contents.put(key, b"x")

    contents.remove_all(f"part-{number}" for number in range(1500))

    assert [contents.find(f"part-{number}") is None for number in (0, 1499, 1500)] == [True, True, False]


def test_addresses_for_whoever_has_no_account(contents: S3Contents) -> None:
    """
    One to put a file at, another to read it from, under a name that breaks no header.
    """
    put = httpx.put(contents.upload_address("in", 5, 60), content=b"lines")
    got = httpx.get(contents.download_address("in", 'my "résults"\n.jsonl', 60))

    assert put.status_code == 200
    assert got.content == b"lines"
    assert "X-Amz-Signature" in str(got.request.url)
    assert "my__r_sults__.jsonl" in str(got.request.url)
    assert "SignedHeaders=content-length%3Bhost" in str(put.request.url)


def _write_half(contents: S3Contents) -> None:
    with contents.writer("broken") as writer:
        writer.write(b"a" * s3_writer.PART_BYTES)
        raise ZeroDivisionError


def test_an_address_is_under_the_name_of_its_region(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    A bucket that has just been made is not found anywhere else.
    """
    region = "eu-central-1"
    for name, value in {"DEFAULT_REGION": region, "ACCESS_KEY_ID": "nobody", "SECRET_ACCESS_KEY": "nothing"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    client._cached_client.cache_clear()
    client._cached_signer.cache_clear()

    address = S3Contents("payloads").upload_address("batches/files/1", 5, 60)

    client._cached_client.cache_clear()
    client._cached_signer.cache_clear()
    assert address.startswith(f"https://payloads.s3.{region}.amazonaws.com/batches/files/1?X-Amz-Algorithm=AWS4")
    assert "X-Amz-Expires=60" in address

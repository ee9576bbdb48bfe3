"""OpenAI's client: files and batches."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from openai.types import Batch

from tests.pages import ROOT, blocks

PATIENCE_S = 60.0
DOCUMENTS = ["red pears", "green apples", "an apple"]
LATE = 5 * 1024 * 1024


def client(gateway: str, key: str = "sk-local") -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{gateway}/v1", api_key=key, max_retries=0)


def requests_in(folder: Path, *queries: str, padding: int = 0) -> Path:
    """A file with a request for each of *queries*, and so many bytes that say nothing."""
    path = folder / "requests.jsonl"
    lines = [
        {
            "custom_id": f"q{number}",
            "method": "POST",
            "url": "/v1/rerank",
            "body": {"model": "local/bm25", "query": query, "documents": DOCUMENTS, "user": "u"},
        }
        for number, query in enumerate(queries)
    ]
    path.write_text("".join(json.dumps(line) + " " * padding + "\n" for line in lines))

    return path


def ended(api: openai.OpenAI, batch_id: str) -> Batch:
    late = time.monotonic() + PATIENCE_S
    while time.monotonic() < late:
        batch = api.batches.retrieve(batch_id)
        if batch.status in ("completed", "failed", "expired", "cancelled"):
            return batch
        time.sleep(0.2)

    raise AssertionError("the batch did not end")


def run(api: openai.OpenAI, path: Path, **options: Any) -> Batch:
    file = api.files.create(file=path.open("rb"), purpose="batch")
    made = api.batches.create(
        input_file_id=file.id,
        endpoint="/v1/rerank",  # type: ignore[arg-type]  # OpenAI has none
        completion_window="24h",
        **options,
    )

    return ended(api, made.id)


def rows(api: openai.OpenAI, file_id: str | None) -> list[Any]:
    assert file_id

    return [json.loads(line) for line in api.files.content(file_id).text.splitlines()]


def test_a_batch_from_end_to_end(gateway: str, tmp_path: Path) -> None:
    """
    A file in, a file out: each line with its answer, in the order of the requests.
    """
    api = client(gateway)

    batch = run(api, requests_in(tmp_path, "green apples", "red pears"), metadata={"run": "1"})

    assert (batch.status, batch.endpoint, batch.metadata) == ("completed", "/v1/rerank", {"run": "1"})
    assert batch.request_counts is not None
    assert batch.request_counts.to_dict() == {"total": 2, "completed": 2, "failed": 0}
    assert (batch.errors, batch.error_file_id) == (None, None)
    assert batch.cost == 0.0  # type: ignore[attr-defined]  # OpenAI has none
    found = rows(api, batch.output_file_id)
    assert [row["custom_id"] for row in found] == ["q0", "q1"]
    assert [row["response"]["status_code"] for row in found] == [200, 200]
    assert [row["response"]["body"]["results"][0]["index"] for row in found] == [1, 0]
    assert all(row["error"] is None for row in found)


def test_the_example_of_the_page(
    gateway: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    As it stands there, but for the address, it prints what came of the file beside it.
    """
    [example] = [block for block in blocks(ROOT / "docs/batches.md", "python") if "openai" in block]
    requests_in(tmp_path, "green apples", "red pears")
    monkeypatch.chdir(tmp_path)

    exec(example.replace("http://127.0.0.1:8080", gateway), {})

    printed = [json.loads(line) for line in capsys.readouterr().out.split("\n") if line]
    assert [row["custom_id"] for row in printed] == ["q0", "q1"]


def test_a_line_that_fails_is_in_the_file_of_errors(gateway: str, tmp_path: Path) -> None:
    """
    It does not fail the batch.
    """
    api = client(gateway)
    path = requests_in(tmp_path, *["green apples"] * 3)
    path.write_text(path.read_text().replace("local/bm25", "nobody/m", 1))

    batch = run(api, path)

    [failed] = rows(api, batch.error_file_id)
    assert batch.status == "completed"
    assert (failed["custom_id"], failed["response"]["status_code"]) == ("q0", 404)
    assert [row["custom_id"] for row in rows(api, batch.output_file_id)] == ["q1", "q2"]


def test_a_file_full_of_mistakes_is_refused(gateway: str, tmp_path: Path) -> None:
    """
    With the numbers of the lines, before anything is paid.
    """
    api = client(gateway)
    path = requests_in(tmp_path, "a", "b")
    path.write_text("no json\n" + path.read_text().replace("q1", "q0"))

    batch = run(api, path)

    assert (batch.status, batch.output_file_id) == ("failed", None)
    assert batch.errors is not None
    assert [error.line for error in batch.errors.data or () if error.line] == [1, 3]


def test_files_are_listed_shown_and_removed(gateway: str, tmp_path: Path) -> None:
    """
    The client goes on to the next page by itself.
    """
    api = client(gateway)
    path = requests_in(tmp_path, "a")
    ids = [api.files.create(file=path.open("rb"), purpose="batch").id for _ in range(3)][::-1]

    listed = [file.id for file in api.files.list(limit=1, purpose="batch")]
    api.files.delete(ids[0])

    assert listed[:3] == ids
    assert api.files.retrieve(ids[1]).filename == "requests.jsonl"
    with pytest.raises(openai.NotFoundError):
        api.files.retrieve(ids[0])


def test_files_can_be_removed_while_they_are_listed(gateway: str, tmp_path: Path) -> None:
    """
    The client asks for what is behind one that is gone by then.
    """
    api = client(gateway)
    path = requests_in(tmp_path, "a")
    ids = {api.files.create(file=path.open("rb"), purpose="batch").id for _ in range(3)}

    for file in api.files.list(limit=1, purpose="batch"):
        if file.id in ids:
            api.files.delete(file.id)

    assert ids.isdisjoint(file.id for file in api.files.list())


def test_a_file_can_have_its_end_said(gateway: str, tmp_path: Path) -> None:
    """
    With `expires_after`.
    """
    path = requests_in(tmp_path, "a")

    file = client(gateway).files.create(
        file=path.open("rb"), purpose="batch", expires_after={"anchor": "created_at", "seconds": 7200}
    )

    assert file.expires_at is not None
    assert file.expires_at - file.created_at in (7200, 7201)


def test_a_large_file_is_uploaded_and_read(gateway: str, tmp_path: Path) -> None:
    """
    By an address of its own; the client follows to where its content is, without the key.
    """
    api = client(gateway)
    path = requests_in(tmp_path, "green apples", padding=LATE)

    upload = api.uploads.create(
        filename=path.name, purpose="batch", bytes=path.stat().st_size, mime_type="application/jsonl"
    )
    httpx.put(upload.upload_url, content=path.read_bytes()).raise_for_status()  # type: ignore[attr-defined]
    complete = api.uploads.complete(upload.id, part_ids=[])

    assert complete.file is not None
    assert api.files.content(complete.file.id).content == path.read_bytes()


def test_a_batch_is_listed_and_cancelled(gateway: str, tmp_path: Path) -> None:
    """
    One that has ended stays as it is.
    """
    api = client(gateway)
    batch = run(api, requests_in(tmp_path, "green apples"))

    cancelled = api.batches.cancel(batch.id)

    assert next(iter(api.batches.list(limit=1))).id == batch.id
    assert cancelled.status == "completed"


@pytest.mark.parametrize(
    ("ask", "error"),
    [
        (lambda api: api.files.retrieve("file-0"), openai.NotFoundError),
        (lambda api: api.batches.retrieve("batch_0"), openai.NotFoundError),
        (lambda api: api.files.create(file=b"x", purpose="fine-tune"), openai.BadRequestError),
        (lambda api: api.files.create(file=b"x" * LATE, purpose="batch"), openai.APIStatusError),
        (lambda api: api.with_options(api_key="wrong").files.list(), openai.AuthenticationError),
        (
            lambda api: api.batches.create(input_file_id="file-0", endpoint="/v1/embeddings", completion_window="24h"),
            openai.BadRequestError,
        ),
    ],
    ids=["file", "batch", "purpose", "size", "key", "endpoint"],
)
def test_errors_are_the_clients_own(gateway: str, ask: Any, error: type[openai.APIStatusError]) -> None:
    """
    With OpenAI's body, in which the client finds code and message.
    """
    with pytest.raises(error) as raised:
        ask(client(gateway))

    assert raised.value.code
    assert raised.value.body["message"]  # type: ignore[index]

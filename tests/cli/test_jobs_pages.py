"""docs/jobs.md, docs/batches.md and docs/webhooks.md: what stands there is typed, and does what is shown."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from time import sleep
from typing import Any

import httpx

from cli.batches.gateway import ENDED
from tests.cli.conftest import Command
from tests.curl import curl
from tests.local.conftest import Gateway, client_of
from tests.pages import ROOT, blocks, section
from tests.upstream import says, upstream

BATCHES = ROOT / "docs/batches.md"
SAID = re.compile(r"# (\d{3}) ")
"""The status that a comment shows for the command before it."""


def commands(page: Path) -> list[str]:
    """What curl is asked on the *page*, in its order, each with the comment about its answer if there is one."""
    lines = "\n".join(blocks(page, "sh")).replace("\\\n", " ").splitlines()

    return [
        line + (f"  {after}" if after.startswith("# ") else "")
        for line, after in zip(lines, [*lines[1:], ""], strict=True)
        if line.startswith("curl ")
    ]


def ask(line: str, known: dict[str, str], gateway: Gateway, folder: Path) -> httpx.Response:
    """The answer to a command of a page. Names in capitals stand for what is *known*. It succeeds as is shown."""
    for name, value in known.items():
        line = re.sub(rf"\b{name}\b", value, line)
    answer = curl(shlex.split(line, comments=True), gateway, folder)
    shown = SAID.search(line)
    assert answer.is_success, (line, answer.text)
    assert shown is None or answer.status_code == int(shown[1]), (line, answer.text)

    return answer


def run(program: str, folder: Path) -> str:
    """What *program* prints in *folder*."""
    return subprocess.run(
        [sys.executable, "-c", program], cwd=folder, check=True, capture_output=True, text=True
    ).stdout


def write_requests(folder: Path) -> Path:
    """The file of the page."""
    run(blocks(BATCHES, "python")[0], folder)

    return folder / "requests.jsonl"


def test_from_a_file_to_a_report(command: Command, tmp_path: Path) -> None:
    """
    The example from end to end, with the table and the sentence that are shown.
    """
    requests, out = write_requests(tmp_path), tmp_path / "results.jsonl"
    [typed] = re.findall(r"^rerank-gateway (.*)$", blocks(BATCHES, "sh")[0], re.MULTILINE)
    report = blocks(BATCHES, "python")[1]
    [table] = re.findall(r"^```\n(batch .*?)^```$", BATCHES.read_text(), re.DOTALL | re.MULTILINE)

    done = command(*(str(tmp_path / word) if word.endswith(".jsonl") else word for word in typed.split()))
    told = run(report, tmp_path)

    assert [line.split()[0] for line in done.out.splitlines()] == [line.split()[0] for line in table.splitlines()]
    assert (requests.exists(), out.exists(), told.startswith("3 of 3 queries")) == (True, True, True)
    assert told.startswith(report.rpartition("# ")[2].removesuffix(" …\n"))


def test_batches_by_curl(gateway: Gateway, tmp_path: Path) -> None:
    """
    A file in and a file out, by a form and by an address of its own.
    """
    size = write_requests(tmp_path).stat().st_size
    known: dict[str, str] = {}
    answers = []

    for line in commands(BATCHES):
        answers.append(answer := ask(line.replace("$SIZE", str(size)), known, gateway, tmp_path))
        known |= _told(answer, gateway)

    by_form, made, batch, results, upload, _, complete = answers
    assert (by_form.json()["bytes"], made.json()["status"]) == (size, "validating")
    assert (batch.json()["status"], len(results.text.splitlines())) == ("completed", 3)
    assert (upload.json()["status"], complete.json()["file"]["bytes"]) == ("pending", size)


def _told(answer: httpx.Response, gateway: Gateway) -> dict[str, str]:
    """The names that the page has for what is in an *answer*; that of a batch when it has ended."""
    told = answer.json() if answer.text.startswith("{") and answer.text.count("\n") == 0 else {}
    match told.get("object"):
        case "file":
            return {"FILE_ID": told["id"]}
        case "batch":
            return {"BATCH_ID": told["id"], "OUTPUT_FILE_ID": _ended(told["id"], gateway)["output_file_id"]}
        case "upload":
            return {"UPLOAD_ID": told["id"], "UPLOAD_URL": told.get("upload_url", "")}

    return {}


def _ended(batch_id: str, gateway: Gateway) -> dict[str, Any]:
    address = f"{gateway.url}/v1/batches/{batch_id}"
    while True:
        batch: dict[str, Any] = httpx.get(address, headers=gateway.authorization, trust_env=False).json()
        if batch["status"] in ENDED:
            return batch
        sleep(0.1)


def test_an_object_in_the_bucket_of_one_s_own_machine(gateway: Gateway, tmp_path: Path) -> None:
    """
    By the names that the page has for it, its results appear where the page looks for them.
    """
    text = section("batches.md", "Put a file into the bucket")
    [(bucket, key)] = re.findall(r"ADDRESS s3 cp \S+ s3://(\w+)/(\S+)", text)
    [(_, prefix)] = re.findall(r"ADDRESS s3 ls s3://(\w+)/(\S+)", text)
    s3 = client_of("s3", gateway.aws)
    s3.put_object(Bucket=bucket, Key=key, Body=write_requests(tmp_path).read_bytes())

    found: set[str] = set()
    while f"{prefix}requests.jsonl.batch.json" not in found:
        sleep(0.1)
        listed = s3.list_objects_v2(Bucket=bucket, Prefix=prefix)
        found = {each["Key"] for each in listed.get("Contents", ())}

    assert found == {f"{prefix}requests.jsonl{end}" for end in (".batch.json", ".results.jsonl")}


def test_jobs_by_curl(gateway: Gateway, tmp_path: Path) -> None:
    """
    One is submitted, polled, listed and, as it has ended, left as it is by who cancels it.
    """
    known: dict[str, str] = {}
    answers = []

    for line in commands(ROOT / "docs/jobs.md"):
        answers.append(answer := ask(line, known, gateway, tmp_path))
        known |= {"ID": answer.json()["id"]} if "id" in answer.json() else {}

    submitted, polled, listed, cancelled = (answer.json() for answer in answers)
    assert (polled["id"], polled["status"], listed["data"]) == (submitted["id"], "completed", [])
    assert cancelled["status"] == "completed"


def test_webhooks_by_curl(gateway: Gateway, tmp_path: Path) -> None:
    """
    What is registered is told of a job's end, and of a test, as the page says.
    """
    with upstream(says({})) as receiver:
        for line in commands(ROOT / "docs/webhooks.md"):
            ask(line.replace("http://127.0.0.1:9000", receiver.url), {}, gateway, tmp_path)
        while len(receiver.questions) < 2:
            sleep(0.1)

    types = {json.loads(question.body)["type"] for question in receiver.questions}
    assert types == {"async_job.completed", "webhook.test"}

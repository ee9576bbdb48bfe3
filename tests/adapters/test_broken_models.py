"""Models that cannot be used: each is a clear error before anybody asks."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import onnx
import pytest
from onnx import TensorProto

from rerank_gateway.adapters.local.cross_encoder.broken_model import BrokenModel
from rerank_gateway.adapters.local.cross_encoder.cross_encoder import CrossEncoder
from rerank_gateway.adapters.local.cross_encoder.download import download
from rerank_gateway.adapters.local.cross_encoder.model_files import ModelFiles
from tests.cross_encoders import Kind, write
from tests.embedded_aws import bucket

ADDRESS = "s3://payloads/models/tiny/"
Break = Callable[[Path], Any]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "model").mkdir()

    return write(tmp_path / "model")


def checksums(folder: Path) -> str:
    return "".join(
        f"{sha256(file.read_bytes()).hexdigest()}  {file.name}\n"
        for file in sorted(folder.iterdir())
        if file.name != "SHA256SUMS"
    )


def changed(folder: Path, change: Callable[[onnx.ModelProto], Any]) -> None:
    model = onnx.load(folder / "model.onnx")
    change(model)
    onnx.save(model, folder / "model.onnx")


def renamed(folder: Path, old: str, new: str) -> None:
    """The graph with another name for one of its inputs or outputs."""

    def change(model: onnx.ModelProto) -> None:
        for each in (*model.graph.input, *model.graph.output):
            each.name = new if each.name == old else each.name
        for node in model.graph.node:
            for names in (node.input, node.output):
                names[:] = [new if name == old else name for name in names]

    changed(folder, change)


def with_another_output(folder: Path) -> None:
    renamed(folder, "logits", "scores")
    changed(folder, lambda model: model.graph.output.append(onnx.ValueInfoProto(name="counts")))


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        (lambda folder: (folder / "model.onnx").unlink(), "no model.onnx"),
        (lambda folder: (folder / "tokenizer.json").unlink(), "no tokenizer.json"),
        (lambda folder: (folder / "model.onnx").write_bytes(b"<html>"), "model.onnx is no model in ONNX"),
        (lambda folder: (folder / "tokenizer.json").write_bytes(b"{}"), "tokenizer.json is no tokenizer"),
        (lambda folder: (folder / "config.json").write_bytes(b"{"), "config.json is not JSON"),
        (lambda folder: (folder / "config.json").write_bytes(b"[]"), "config.json is no JSON object"),
        (lambda folder: write(folder, Kind(logits=3)), "a reranker has one logit, or two"),
        (lambda folder: write(folder, Kind(integers=TensorProto.FLOAT)), "no whole numbers|no model in ONNX"),
        (lambda folder: renamed(folder, "input_ids", "pixels"), "input pixels, which no cross-encoder has"),
        (lambda folder: renamed(folder, "attention_mask", "token_type_ids"), "no input attention_mask|no model in"),
        (with_another_output, "no output logits"),
    ],
)
def test_a_broken_model_says_what_is_wrong(broken: Break, reason: str, folder: Path) -> None:
    """
    At the start, and in the operator's words.
    """
    broken(folder)

    with pytest.raises(BrokenModel, match=reason):
        CrossEncoder.load(ModelFiles.at(folder), threads=1)


def test_an_output_by_another_name_will_do(folder: Path) -> None:
    """
    Where there is but one, it must be the logits.
    """
    renamed(folder, "logits", "output_0")

    assert CrossEncoder.load(ModelFiles.at(folder), threads=1).model.output == "output_0"


def test_what_is_in_the_folder_is_checked(folder: Path) -> None:
    """
    Where there are checksums, all of them must be right.
    """
    (folder / "SHA256SUMS").write_text(checksums(folder))
    ModelFiles.at(folder)
    (folder / "config.json").write_text("{ }")

    with pytest.raises(BrokenModel, match=r"config\.json does not have the SHA-256"):
        ModelFiles.at(folder)


def upload(embedded_aws: Any, folder: Path) -> Any:
    bucket(embedded_aws)
    s3 = embedded_aws("s3")
    for file in folder.iterdir():
        s3.put_object(Bucket="payloads", Key=f"models/tiny/{file.name}", Body=file.read_bytes())
    s3.put_object(Bucket="payloads", Key="models/tiny/SHA256SUMS", Body=checksums(folder).encode())

    return s3


@pytest.mark.parametrize("address", [ADDRESS, ADDRESS.rstrip("/")])
def test_a_model_is_fetched_from_s3(embedded_aws: Any, folder: Path, tmp_path: Path, address: str) -> None:
    """
    All the files that its checksums name, into a folder that they are ranked from.
    """
    upload(embedded_aws, folder)

    files = download(address, tmp_path / "here")

    assert {file.name for file in files.folder.iterdir()} == {"model.onnx", "tokenizer.json", "config.json"}
    assert files.model.read_bytes() == (folder / "model.onnx").read_bytes()


def test_what_is_there_is_not_fetched_again(embedded_aws: Any, folder: Path, tmp_path: Path) -> None:
    """
    A start that Lambda breaks off after ten seconds goes on with what it has.
    """
    s3 = upload(embedded_aws, folder)
    download(ADDRESS, tmp_path / "here")
    for name in ("model.onnx", "tokenizer.json", "config.json"):
        s3.delete_object(Bucket="payloads", Key=f"models/tiny/{name}")

    files = download(ADDRESS, tmp_path / "here")

    assert files.model.read_bytes() == (folder / "model.onnx").read_bytes()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("SHA256SUMS", None, "cannot be read.*NoSuchKey"),
        ("SHA256SUMS", b"", "no line for model.onnx"),
        ("SHA256SUMS", b"<html>", "a line that `sha256sum"),
        ("SHA256SUMS", b"0" * 64 + b"  ../../etc/passwd\n", "a line that `sha256sum"),
        ("SHA256SUMS", b"\n" * 70_000, "too large"),
        ("model.onnx", None, "cannot be read.*NoSuchKey"),
        ("model.onnx", b"half of it", "model.onnx does not have the SHA-256"),
        ("config.json", b"{ }", "config.json does not have the SHA-256"),
    ],
)
def test_what_s3_has_must_be_right(
    embedded_aws: Any, folder: Path, tmp_path: Path, *, name: str, content: bytes | None, reason: str
) -> None:
    """
    An object that is missing, or another one than the checksums say, is told by its name.
    """
    s3 = upload(embedded_aws, folder)
    s3.delete_object(Bucket="payloads", Key=f"models/tiny/{name}")
    if content is not None:
        s3.put_object(Bucket="payloads", Key=f"models/tiny/{name}", Body=content)

    with pytest.raises(BrokenModel, match=reason):
        download(ADDRESS, tmp_path / "here")


def test_a_model_that_the_disk_cannot_hold_is_refused(
    embedded_aws: Any, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    By its size, before a byte of it is fetched.
    """
    upload(embedded_aws, folder)
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 10}))

    with pytest.raises(BrokenModel, match="the disk has room for 10"):
        download(ADDRESS, tmp_path / "here")

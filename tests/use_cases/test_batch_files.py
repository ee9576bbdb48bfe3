"""Files of batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from rerank_gateway.domain.batches.files import Purpose, StoredFile
from rerank_gateway.domain.batches.ports import FileStore, Part
from rerank_gateway.use_cases.batches.files import ReadFiles


@dataclass
class FilesInMemory(FileStore):
    """*looks* has how many each look was for."""

    files: list[StoredFile]
    looks: list[int] = field(default_factory=list)

    def add(self, file: StoredFile) -> None:
        self.files.append(file)

    def find(self, file_id: str) -> StoredFile | None:
        return next((each for each in self.files if each.id == file_id), None)

    def remove(self, file: StoredFile) -> None:
        self.files.remove(file)

    def of_owner(self, owner: str, part: Part) -> tuple[Sequence[StoredFile], bool]:
        self.looks.append(part.limit)
        ids = [file.id for file in self.files]
        start = ids.index(part.after) + 1 if part.after else 0
        end = start + part.limit

        return self.files[start:end], end < len(ids)


def file(number: int, purpose: Purpose) -> StoredFile:
    return StoredFile(
        id=f"file-{number}",
        owner="master",
        purpose=purpose,
        filename="requests.jsonl",
        size=1,
        object_key=f"batches/files/file-{number}",
        created_at=0.0,
        expires_at=1.0,
    )


def test_a_few_files_are_found_among_thousands_of_others() -> None:
    """
    In so many looks that somebody can wait for it, however few are asked for; and they are told one after the other.
    """
    others = [file(each, Purpose.BATCH) for each in range(5000)]
    wanted = [file(5000, Purpose.BATCH_OUTPUT), file(5001, Purpose.BATCH_OUTPUT)]
    files = FilesInMemory([*others, *wanted])
    read = ReadFiles(files)

    first, more = read.page("master", Part(1), Purpose.BATCH_OUTPUT)
    second, at_end = read.page("master", Part(1, after=first[0].id), Purpose.BATCH_OUTPUT)

    assert (first, more, second, at_end) == ([wanted[0]], True, [wanted[1]], False)
    assert len(files.looks) < 60

"""What callers ask for: a file that is to be kept, and a batch of its requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rerank_gateway.domain.batches.batch import COMPLETION_WINDOW_S, DEFAULT_RESULTS_TTL_S
from rerank_gateway.domain.batches.files import DEFAULT_FILE_TTL_S


@dataclass(frozen=True, slots=True)
class FileRequest:
    """A file of that name, to be kept for *ttl* seconds."""

    filename: str
    ttl: int = DEFAULT_FILE_TTL_S


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRequest:
    """A batch, to be done within *window* seconds; the other fields are those of the `Batch`."""

    input_file_id: str
    window: int = COMPLETION_WINDOW_S
    results_ttl: int = DEFAULT_RESULTS_TTL_S
    params: bytes = b""
    metadata: Mapping[str, str] = field(default_factory=dict)
    webhook: str = ""

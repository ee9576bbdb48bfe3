"""Assembly of the function that ranks on Lambda's processors. It has none of the gateway's packages: only this."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from pathlib import Path
from time import perf_counter

from rerank_gateway.adapters.local.cross_encoder.cross_encoder import CrossEncoder
from rerank_gateway.adapters.local.cross_encoder.model_files import ModelFiles
from rerank_gateway.adapters.system.clock import SystemClock
from rerank_gateway.entry.cpu_reranker import CpuReranker

DOWNLOADS = Path("/tmp/model")  # noqa: S108 the one place on Lambda that can be written to, and nobody else's
MB_PER_PROCESSOR = 1769
"""MB of a function's memory that a whole processor goes with (AWS's documentation, November 2026)."""
logger = logging.getLogger("cpu-reranker")


def load_cross_encoder(address: str, threads: int) -> CrossEncoder:
    """
    The model at *address*, which is a folder or `s3://BUCKET/PREFIX/`, to reckon with so many *threads*. Raises
    BrokenModel.
    """
    return CrossEncoder.load(_files(address), threads)


def load_cpu_reranker(variables: Mapping[str, str] = os.environ) -> CpuReranker:
    """The whole function, with the model that CPU_MODEL says. Raises BrokenModel, which Lambda logs."""
    started, memory = perf_counter(), int(variables.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", MB_PER_PROCESSOR))
    threads = max(round(memory / MB_PER_PROCESSOR), 1)
    encoder = load_cross_encoder(variables.get("CPU_MODEL", ""), threads)
    logger.info("model_loaded", extra={"ms": round((perf_counter() - started) * 1000), "threads": threads})

    return CpuReranker(encoder, SystemClock())


def _files(address: str) -> ModelFiles:
    if not address.startswith("s3://"):
        return ModelFiles.at(Path(address))
    from rerank_gateway.adapters.local.cross_encoder.download import download

    return download(address, DOWNLOADS)

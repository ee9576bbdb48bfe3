"""
What a cross-encoder costs on a processor, against ONNX Runtime called bare. Use: `python benchmarks/cross_encoder.py`.

1,000 documents of 128 tokens (query included) are ranked in parts of 50, by as many processes side by side as
there are processors, each with one thread: as Lambda does it with 1,769 MB each. The models have random
weights and the shapes of TinyBERT-L2 and MiniLM-L6 and -L12, in 32 bits and quantized to 8. "Bare" is what a
script of ten lines does: tokenizers, with padding of their own, and ONNX Runtime, 16 rows at a time; "model"
is ONNX Runtime's part of that. All of it takes turns, part by part, in the same process. `--models NAME …`
measures some only, `--threads N` with more threads a process, `--documents N` fewer. Exits 1 where the ratio
of ours to bare is above MAX_RATIO.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

# A script finds only what lies beside it.
sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from tokenizers import Tokenizer

from benchmarks import bert
from rerank_gateway.adapters.local.cross_encoder.cross_encoder import CrossEncoder
from rerank_gateway.adapters.local.cross_encoder.model_files import ModelFiles
from rerank_gateway.adapters.system.clock import SystemClock
from rerank_gateway.domain.deadline import Deadline

DOCUMENTS, PART, TOKENS, BARE_ROWS = 1_000, 50, 128, 16
MAX_RATIO = 1.15
QUERY = "which of these words is the one that was asked for"


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds of a part: ours, bare, and the *model*'s share of the latter."""

    ours: float
    bare: float
    model: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", nargs="+", default=list(bert.SHAPES), choices=list(bert.SHAPES))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--documents", type=int, default=DOCUMENTS)
    chosen = parser.parse_args()
    processes = max(len(os.sched_getaffinity(0)) // chosen.threads, 1)
    print(f"{chosen.documents:,} documents of {TOKENS} tokens, {processes} processes of {chosen.threads} threads")
    print("model            load ms  part ms    bare   model  ratio  pairs/s/core  total s    MB")
    ratios = []
    for name in chosen.models:
        for precision in ("int8", "fp32"):
            with TemporaryDirectory() as folder:
                bert.write(Path(folder), bert.SHAPES[name], quantized=precision == "int8")
                ratios.append(report(f"{name} {precision}", Path(folder), chosen, processes))

    return int(max(ratios) > MAX_RATIO)


def report(name: str, folder: Path, chosen: Any, processes: int) -> float:
    parts = [chosen.documents // PART // processes] * processes
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        results = list(pool.map(partial(measured, folder, chosen.threads), parts, range(processes)))
    rounds = [each for _, _, process in results for each in process]
    load, megabytes = median(load for load, _, _ in results), max(peak for _, peak, _ in results)
    ours, bare, model = (median(getattr(each, field) for each in rounds) for field in ("ours", "bare", "model"))
    total = max(sum(each.ours for each in process) for _, _, process in results)
    ratio = median(each.ours / each.bare for each in rounds)
    print(
        f"{name:16} {load * 1e3:7.0f}  {ours * 1e3:7.0f} {bare * 1e3:7.0f} {model * 1e3:7.0f}  {ratio:5.2f}"
        f"  {PART / ours / chosen.threads:12.0f}  {total:7.2f}  {megabytes:4.0f}",
        flush=True,
    )

    return ratio


def measured(folder: Path, threads: int, parts: int, seed: int) -> tuple[float, float, list[Measured]]:
    """The seconds that loading takes, the process's peak in MB, and each of *parts*, ours and bare by turns."""
    started = time.perf_counter()
    encoder = CrossEncoder.load(ModelFiles.at(folder), threads)
    loaded = time.perf_counter() - started
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_padding()
    rounds = [one_part(encoder, tokenizer, texts) for texts in documents(parts + 1, seed)]
    peak = int(re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())[0]) / 1024

    # The first one warms up.
    return loaded, peak, rounds[1:]


def documents(parts: int, seed: int) -> Iterator[list[str]]:
    """Texts of so many words that query, text and special tokens are TOKENS together; each word is one."""
    rng, words = random.Random(seed), TOKENS - 3 - len(QUERY.split())
    for _ in range(parts):
        yield [" ".join(rng.choices(bert.WORDS, k=words)) for _ in range(PART)]


def one_part(encoder: CrossEncoder, tokenizer: Tokenizer, texts: Sequence[str]) -> Measured:
    started = time.perf_counter()
    logits, model = bare(encoder.model.session, tokenizer, texts)
    between = time.perf_counter()
    scores = encoder(QUERY, texts, "end", Deadline.after(SystemClock(), 3600.0))
    ended = time.perf_counter()
    # Quantized while it runs, by the largest number of each batch: other batches are other numbers, a little.
    assert np.allclose(logits, scores.logits, atol=0.1), "these are not the same scores"

    return Measured(ended - between, between - started, model)


def bare(session: Any, tokenizer: Tokenizer, texts: Sequence[str]) -> tuple[Any, float]:
    """The logits, and the seconds that ONNX Runtime took for them."""
    logits, seconds = [], 0.0
    for first in range(0, len(texts), BARE_ROWS):
        rows = tokenizer.encode_batch([(QUERY, text) for text in texts[first : first + BARE_ROWS]])
        feed = {
            "input_ids": np.array([row.ids for row in rows], np.int64),
            "attention_mask": np.array([row.attention_mask for row in rows], np.int64),
            "token_type_ids": np.array([row.type_ids for row in rows], np.int64),
        }
        started = time.perf_counter()
        logits.append(session.run(["logits"], feed)[0])
        seconds += time.perf_counter() - started

    return np.concatenate(logits)[:, 0], seconds


if __name__ == "__main__":
    sys.exit(main())

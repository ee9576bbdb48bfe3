"""
What `local/bm25` costs and how well it ranks. Use: `python benchmarks/bm25.py`, with the gateway installed.

Prints the median CPU time to rank 1,000 documents of 120 words and Cranfield's 1,400 abstracts, and nDCG@10.
"""

from __future__ import annotations

import gzip
import json
import random
import time
from collections.abc import Iterator, Sequence
from itertools import accumulate
from pathlib import Path
from runpy import run_path
from statistics import median

from rerank_gateway.adapters.local.bm25.ranker import scores

ROOT = Path(__file__).parents[1]
SYLLABLES = [consonant + vowel for consonant in "bcdfglmnprst" for vowel in "aeiou"]
ENDINGS = ("", "", "", "s", "ed", "ing", "er", "ation")


def main() -> None:
    collection = json.loads(gzip.decompress((ROOT / "cli/evaluation/cranfield/collection.json.gz").read_bytes()))
    abstracts = [document["text"] for document in collection["documents"]]
    texts, questions = invented_texts(1_000, words=120), [query["text"] for query in collection["queries"]]
    # The test's own measure, so that both can only speak of the same number.
    mean_ndcg = run_path(str(ROOT / "tests/adapters/test_bm25_quality.py"))["mean_ndcg"]

    print(f"1,000 documents of 120 words: {cpu_ms([text[:80] for text in texts[:21]], texts):6.1f} ms of CPU")
    print(f"1,400 abstracts of Cranfield: {cpu_ms(questions[:21], abstracts):6.1f} ms of CPU")
    print(f"nDCG@10 on Cranfield:         {mean_ndcg(collection):8.4f}")


def cpu_ms(queries: Sequence[str], texts: Sequence[str]) -> float:
    """The median over *queries* of what one ranking costs."""
    return median(_cost(query, texts) for query in queries) * 1e3


def _cost(query: str, texts: Sequence[str]) -> float:
    before = time.process_time()
    scores(query, texts)

    return time.process_time() - before


def invented_texts(count: int, *, words: int) -> list[str]:
    """Texts of words as rare as Zipf's law has it, the same in every run."""
    rng = random.Random(1400)
    vocabulary = list(invented_words(20_000, rng))
    weights = list(accumulate(1 / rank for rank in range(1, len(vocabulary) + 1)))

    return [" ".join(rng.choices(vocabulary, cum_weights=weights, k=words)) for _ in range(count)]


def invented_words(count: int, rng: random.Random) -> Iterator[str]:
    for _ in range(count):
        stem = "".join(rng.choice(SYLLABLES) for _ in range(rng.randint(1, 4)))
        yield stem + rng.choice(ENDINGS)


if __name__ == "__main__":
    main()

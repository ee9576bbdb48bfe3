"""
Okapi BM25 (Robertson et al., TREC-3, 1994) in Lucene's form, as a share of what the query could give.

    score = Σ weight · f / (f + k1 · (1 - b + b · length / average))  /  Σ weight
    weight = times in the query · ln(1 + (N - n + ½) / (n + ½))

A score is 0 without a common word and always below 1. Within a request it is the BM25 sum over a constant,
so the order is BM25's. Across requests it tells how much of the query a text covers, whatever the query's
length, so a threshold keeps its meaning. As always with BM25, a score rests on the other texts of the request
too: how rare a word is, and what length is usual, is counted among them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import log

from rerank_gateway.adapters.local.bm25.tokens import STOP_WORDS, Stems, words

# The defaults of rank_bm25 and bm25s, inside what Robertson and Zaragoza (The Probabilistic Relevance
# Framework, 2009) found good in many circumstances: 1.2 < k1 < 2 and 0.5 < b < 0.8.
K1 = 1.5
B = 0.75

# No word is empty or a space, so these cannot be taken for a term.
OTHER, STOP = "", " "
REMEMBERED = 100_000


def scores(query: str, texts: Sequence[str]) -> list[float]:
    """How much of *query* each of *texts* covers: in their order, in [0, 1), from any number of threads."""
    payload = Question.of(query)
    readings = [payload.read(text) for text in texts]
    weights = _weights(payload.terms, readings)
    most = sum(weights.values())
    average = sum(reading.length for reading in readings) / max(len(readings), 1)

    return [_gained(reading, weights, average) / most if reading.hits else 0.0 for reading in readings]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text says to a question: how often each of its terms, in how many words that count."""

    hits: Mapping[str, int]
    length: int


class Question(dict[str, str]):
    """
    The terms of a query, and what every word met so far counts as: one of them, `OTHER` or `STOP`.

    Each ranking asks its own question, so threads share nothing.
    """

    def __init__(self, terms: Mapping[str, int], stems: Stems, stop_words: frozenset[str]) -> None:
        super().__init__(dict.fromkeys(stop_words, STOP))
        self.terms = terms
        self._stems = stems

    @classmethod
    def of(cls, query: str) -> Question:
        """Ask for those words of *query* that say something or, where none does, for all of them."""
        asked, stems = list(words(query)), Stems()
        telling = [word for word in asked if word not in STOP_WORDS]
        terms = Counter(map(stems.of, telling or asked))

        return cls(terms, stems, STOP_WORDS if telling else frozenset())

    def __missing__(self, word: str) -> str:
        stem = self._stems.of(word)
        term = stem if stem in self.terms else OTHER
        # A language has fewer words; a flood of invented ones is looked at again rather than kept.
        if len(self) < REMEMBERED:
            self[word] = term

        return term

    def read(self, text: str) -> Reading:
        # Every step over all the words runs in C: splitting, looking up, counting.
        hits = Counter(map(self.__getitem__, words(text)))
        del hits[STOP]
        length = hits.total()
        del hits[OTHER]

        return Reading(hits, length)


def _weights(terms: Mapping[str, int], readings: Sequence[Reading]) -> dict[str, float]:
    found = Counter(chain.from_iterable(reading.hits for reading in readings))

    return {term: times * _rarity(found[term], len(readings)) for term, times in terms.items()}


def _rarity(found: int, select: int) -> float:
    # Lucene's form, which stays above 0 even for a word in every document.
    return log(1 + (select - found + 0.5) / (found + 0.5))


def _gained(reading: Reading, weights: Mapping[str, float], average: float) -> float:
    damping = K1 * (1 - B + B * reading.length / average)

    return sum(weights[term] * times / (times + damping) for term, times in reading.hits.items())

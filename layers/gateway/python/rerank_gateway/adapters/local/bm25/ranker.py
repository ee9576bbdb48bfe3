"""
Okapi BM25 (Robertson et al., TREC-3, 1994) in Lucene's form, as a share of the query's best possible score.

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
MAX_KNOWN_WORDS = 100_000
"""A language has fewer; in a flood of invented ones, the rest are stemmed each time."""


def scores(query: str, texts: Sequence[str]) -> list[float]:
    """How much of *query* each of *texts* covers: in their order, in [0, 1), from any number of threads."""
    query_terms = QueryTerms.of(query)
    counts = [query_terms.count(text) for text in texts]
    weights = _weights(query_terms.terms, counts)
    best_possible = sum(weights.values())
    average = sum(count.length for count in counts) / max(len(counts), 1)

    return [_bm25(count, weights, average) / best_possible if count.hits else 0.0 for count in counts]


@dataclass(frozen=True, slots=True)
class TermCount:
    """How often each of the query's terms is in a text, and how many words that count it has."""

    hits: Mapping[str, int]
    length: int


class QueryTerms(dict[str, str]):
    """
    The terms of a query, and what every word met so far counts as: one of them, `OTHER` or `STOP`.

    Each ranking has its own, so threads share nothing.
    """

    def __init__(self, terms: Mapping[str, int], stems: Stems, stop_words: frozenset[str]) -> None:
        super().__init__(dict.fromkeys(stop_words, STOP))
        self.terms = terms
        self._stems = stems

    @classmethod
    def of(cls, query: str) -> QueryTerms:
        """The words of *query* that are no stop words or, where there is none, all of them."""
        all_words, stems = list(words(query)), Stems()
        content_words = [word for word in all_words if word not in STOP_WORDS]
        terms = Counter(map(stems.of, content_words or all_words))

        return cls(terms, stems, STOP_WORDS if content_words else frozenset())

    def __missing__(self, word: str) -> str:
        stem = self._stems.of(word)
        term = stem if stem in self.terms else OTHER
        if len(self) < MAX_KNOWN_WORDS:
            self[word] = term

        return term

    def count(self, text: str) -> TermCount:
        # Every step over all the words runs in C: splitting, looking up, counting.
        hits = Counter(map(self.__getitem__, words(text)))
        del hits[STOP]
        length = hits.total()
        del hits[OTHER]

        return TermCount(hits, length)


def _weights(terms: Mapping[str, int], counts: Sequence[TermCount]) -> dict[str, float]:
    texts_with = Counter(chain.from_iterable(count.hits for count in counts))

    return {term: times * _idf(texts_with[term], len(counts)) for term, times in terms.items()}


def _idf(texts_with: int, texts: int) -> float:
    """Inverse document frequency."""
    # Lucene's form, which stays above 0 even for a word in every document.
    return log(1 + (texts - texts_with + 0.5) / (texts_with + 0.5))


def _bm25(count: TermCount, weights: Mapping[str, float], average: float) -> float:
    saturation = K1 * (1 - B + B * count.length / average)

    return sum(weights[term] * times / (times + saturation) for term, times in count.hits.items())

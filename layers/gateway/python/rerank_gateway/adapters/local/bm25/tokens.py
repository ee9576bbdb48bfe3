"""From text to terms: tokens, stop words and stems."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain
from operator import add
from unicodedata import normalize

import Stemmer

# Snowball's list (https://snowballstem.org/algorithms/english/stop.txt) by what the words do, and what NLTK
# adds to it of general use: `can`, `will`, and the tails of it's, don't, we'll and they've.
_FUNCTION_WORDS = """
    i me my myself we our ours ourselves you your yours yourself yourselves
    he him his himself she her hers herself it its itself they them their theirs themselves
    what which who whom this that these those when where why how
    am is are was were be been being have has had having do does did doing
    would should could ought can cannot will
    a an the and but if or because as until while
    of at by for with about against between into through during before after above below to from
    up down in out on off over under again further then once here there
    all any both each few more most other some such no nor not only own same so than too very
    s t ll ve
"""
STOP_WORDS = frozenset(_FUNCTION_WORDS.split())

# Scripts that set no spaces between words (Thai, Lao, Burmese, Khmer, Chinese, Japanese), and Korean, whose
# particles cling to the noun.
SPACELESS = (
    "\u0e01-\u0edf\u1000-\u1049\u1050-\u109f\u1780-\u17d3\u1100-\u11ff\u3005-\u3007\u3041-\u30fa\u30fc-\u30ff"
    "\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
# What \w leaves out of words: decomposed accents, and the vowel signs of Hebrew, Arabic and Indic scripts.
MARKS = "\u0300-\u036f\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u0dff"

# Longer runs are cut, as in Lucene's StandardAnalyzer. Normalizing takes time in the square of a run's marks.
WORD_PATTERN = rf"[\w{MARKS}{SPACELESS}]{{1,255}}"
SPACELESS_PATTERN = f"([{SPACELESS}]+)"
# Compiled when a text first calls for them: they cost 2 ms of a cold start, and English needs neither.
compiled = cache(re.compile)

# In ASCII, where nothing needs normalizing, a table finds the words of WORD_PATTERN in less than half its time.
ASCII_TO_WORDS = "".join(sign.lower() if sign.isalnum() else " " for sign in map(chr, range(128)))


def words(text: str) -> Iterable[str]:
    """The words of *text*, case folded. Where a script sets no spaces: its unigrams and bigrams."""
    if text.isascii():
        return text.translate(ASCII_TO_WORDS).split()
    runs = compiled(WORD_PATTERN).findall(text.casefold().replace("_", " "))

    return chain.from_iterable(map(_split, runs)) if compiled(SPACELESS_PATTERN).search(text) else runs


def _split(run: str) -> Iterator[str]:
    for part in filter(None, compiled(SPACELESS_PATTERN).split(normalize("NFKC", run))):
        yield from _unigrams_and_bigrams(part) if compiled(SPACELESS_PATTERN).match(part) else (part,)


def _unigrams_and_bigrams(part: str) -> Iterator[str]:
    # Bigrams tell most words apart; unigrams find a word of one character within a longer run.
    return chain(part, map(add, part, part[1:]))


class Stems:
    """Turns words into terms, for one thread: a PyStemmer must not be shared, and a new one is cheap."""

    def __init__(self) -> None:
        # Without PyStemmer's own cache: QueryTerms is one, and the other is slow where words are new.
        self._stemmer = Stemmer.Stemmer("english", 0)

    def of(self, word: str) -> str:
        """The term for *word*, shared by its inflections and by every way to encode its characters."""
        term: str = self._stemmer.stemWord(normalize("NFKC", word).casefold())

        return term

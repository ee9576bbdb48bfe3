"""What callers may rely on when `local/bm25` answers. How well it ranks: test_bm25_quality.py."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from math import isfinite
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rerank_gateway.adapters.local.bm25.ranker import K1, MAX_KNOWN_WORDS, scores
from rerank_gateway.adapters.local.bm25.tokens import words

WORDS = ["the", "of", "wing", "wings", "flowing", "slab", "東京", "ผัดไทย", "café", "\0", "🚀", "_"]
texts = st.one_of(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join), st.text(max_size=40))
lists_of_texts = st.lists(texts, max_size=8)


@given(query=texts, documents=lists_of_texts)
def test_every_text_gets_a_score_from_zero_to_one(query: str, documents: list[str]) -> None:
    """
    Whatever is asked and ranked, there is one finite score in [0, 1) for each text.
    """
    scored = scores(query, documents)

    assert len(documents) == len(scored)
    assert all(isfinite(score) and 0 <= score < 1 for score in scored)


@given(query=texts, documents=lists_of_texts, order=st.randoms(use_true_random=False))
def test_scores_follow_their_texts(query: str, documents: list[str], order: Random) -> None:
    """
    Texts in another order get the same scores in that order.
    """
    places = list(range(len(documents)))
    order.shuffle(places)
    scored = scores(query, documents)

    shuffled = scores(query, [documents[place] for place in places])

    assert [scored[place] for place in places] == shuffled


@given(query=texts, documents=lists_of_texts)
def test_a_query_said_twice_changes_nothing(query: str, documents: list[str]) -> None:
    """
    A score tells how much of the query is covered, so its length alone moves no score past a threshold.
    """
    twice = scores(f"{query} {query}", documents)

    assert scores(query, documents) == twice


@given(query=texts, documents=lists_of_texts)
def test_case_does_not_matter(query: str, documents: list[str]) -> None:
    """
    Capitals of either side change no score.
    """
    folded = scores(query.casefold(), [document.casefold() for document in documents])

    assert scores(query, documents) == pytest.approx(folded)


@given(said=st.integers(1, 20), filler=st.integers(1, 20), others=lists_of_texts)
def test_another_mention_in_place_of_a_filler_gains(said: int, filler: int, others: list[str]) -> None:
    """
    A text that says a query word once more, in place of another word, scores higher, and the others stay.
    """
    less = "slab " * said + "pie " * filler
    more = "slab " * (said + 1) + "pie " * (filler - 1)

    before, after = scores("slab wing", [less, *others]), scores("slab wing", [more, *others])

    assert before[0] < after[0]
    assert before[1:] == after[1:]


@given(said=st.integers(1, 20), padding=st.integers(1, 200))
def test_brevity_wins(said: int, padding: int) -> None:
    """
    Of two texts that say a query word equally often, the shorter scores higher.
    """
    brief = "slab " * said

    short, long = scores("slab", [brief, brief + "pie " * padding])

    assert short > long


@given(documents=lists_of_texts)
def test_no_common_word_scores_zero(documents: list[str]) -> None:
    """
    A text without a word of the query scores exactly 0, so any threshold above drops it.
    """
    assert [0.0] * len(documents) == scores("unheardof", documents)


def test_nothing_to_rank_gives_nothing() -> None:
    """
    No texts, no scores.
    """
    assert scores("wing", []) == []


@pytest.mark.parametrize("query", ["", " \n", "?!", "🚀", "\0", "_", "\ud800"])
def test_query_without_words_scores_zero(query: str) -> None:
    """
    A query that holds no word at all finds nothing anywhere.
    """
    assert scores(query, ["wing", "", query]) == [0.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("connected wings", "the connection of a wing"),
        ("STRASSE", "eine Straße"),
        ("cafe\u0301", "caf\u00e9"),
        ("\uff37\uff49\uff4e\uff47", "wing"),
        ("rate limit", "rate_limit = 5"),
        ("don't fly", "flying"),
        ("हिन्दी", "मैं हिन्दी बोलता हूँ"),
    ],
    ids=["stems", "sharp s", "decomposed accent", "full width", "snake case", "contraction", "Hindi"],
)
def test_spellings_of_one_word_match(query: str, text: str) -> None:
    """
    Inflections, capitals and the several spellings of one character count as the same word.
    """
    unrelated, matching = scores(query, ["heat in composite slabs", text])

    assert matching > unrelated == 0.0


def test_score_is_the_covered_share_of_the_query() -> None:
    """
    A text of usual length that says every word once scores 1 / (1 + k1); saying half of them scores half.
    """
    half, other, whole = scores("lift drag", ["lift pie", "drag pie", "lift drag"])

    assert whole == pytest.approx(1 / (1 + K1))
    assert half == other == pytest.approx(whole / 2)


def test_rare_word_outweighs_a_common_one() -> None:
    """
    A word in few of the texts says more than a word in most of them.
    """
    common, rare, *_ = scores("wing flutter", ["a wing", "a flutter", "wing one", "wing two"])

    assert rare > common


def test_stop_words_count_neither_as_hits_nor_as_length() -> None:
    """
    Around the words that say something, stop words change no score.
    """
    bare, wordy = scores("what is the lift of a wing", ["lift wing", "it is the lift and this is a wing"])

    assert bare == wordy


def test_query_of_stop_words_only_is_ranked_by_them() -> None:
    """
    Where a query has nothing but stop words, they are all it can mean.
    """
    hamlet, wing = scores("to be or not to be", ["whether to be, or not", "a wing in a slipstream"])

    assert hamlet > wing


@pytest.mark.parametrize(
    ("query", "right", "wrong"),
    [
        ("猫", "我家的猫很可爱。", "我家的狗很可爱。"),
        ("北京大学", "他在北京大学读书。", "他在大连学北方菜。京剧也好。"),
        ("東京の天気", "明日の東京は天気がいい", "京都の東にある山の話"),
        ("서울 날씨", "서울은 오늘 날씨가 맑다", "부산의 바다 이야기"),
        ("\u1109\u1165\u110b\u116e\u11af", "서울은 맑다", "부산은 맑다"),
        ("ผัดไทย", "ร้านนี้ขายผัดไทยอร่อยมาก", "ร้านนี้ขายกาแฟเย็น"),
        ("iPhone价格", "新款iPhone的价格", "新款手机"),
    ],
    ids=["character", "Chinese", "Japanese", "Korean", "decomposed Korean", "Thai", "mixed"],
)
def test_scripts_without_spaces_rank(query: str, right: str, wrong: str) -> None:
    """
    A word is found inside a text that sets no spaces, before a text that only shares its characters.
    """
    worse, better = scores(query, [wrong, right])

    assert better > worse


def test_threads_do_not_disturb_each_other() -> None:
    """
    Many threads at once get what each would get alone.
    """
    rng = Random(1)
    jobs = [["".join(rng.choices("aeinstgdl", k=7)) + "ings" for _ in range(60)] for _ in range(200)]
    alone = [scores(" ".join(job[:5]), job) for job in jobs]

    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda job: scores(" ".join(job[:5]), job), jobs))

    assert alone == together


@pytest.mark.parametrize("sign", ["x", "é", "a\u0300\u0327", "\u0300\u0327", "中", "🚀", "\0"], ids=ascii)
def test_long_text_without_spaces_is_ranked(sign: str) -> None:
    """
    Half a million times the same sign is a text like any other, and keeps no other from its place.
    """
    scored = scores("a wing", [sign * 500_000, "the wing", ""])

    assert scored.index(max(scored)) == 1


def test_long_query_and_many_texts_are_ranked() -> None:
    """
    A query of 100 kB over thousands of texts puts the text first that says most of it.
    """
    query = " ".join(f"word{at}" for at in range(12_000))
    documents = [f"word{at} word{at + 1} word{-at}" for at in range(5_000)]

    scored = scores(query, [*documents, query])

    assert scored.index(max(scored)) == len(documents)


def test_flood_of_new_words_is_not_remembered() -> None:
    """
    Words beyond a language's vocabulary are still counted right.
    """
    flood = " ".join(f"x{at}" for at in range(MAX_KNOWN_WORDS + 1_000))

    late, never = scores("wing", [f"{flood} wing", flood])

    assert late > never == 0.0


def test_words_of_one_text() -> None:
    """
    Words are folded to lower case, and scripts without spaces come as characters and pairs.
    """
    assert list(words("Wing-flow, 2 東京 _x_")) == ["wing", "flow", "2", "東", "京", "東京", "x"]


@given(text=st.text(st.characters(codec="ascii"), max_size=60))
def test_the_short_cut_for_ascii_finds_the_same_words(text: str) -> None:
    """
    A text has the same words whether or not a word of another alphabet follows them.
    """
    *found, last = words(f"{text} é")

    assert (found, last) == (words(text), "é")

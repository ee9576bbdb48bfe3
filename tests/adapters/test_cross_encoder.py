"""The cross-encoder: its scores are those that one reckons by hand, whatever the model was exported as."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto
from tokenizers import Tokenizer

from rerank_gateway.adapters.local.cross_encoder.cross_encoder import BATCH_TOKENS, CrossEncoder, batches
from rerank_gateway.adapters.local.cross_encoder.model_files import ModelFiles
from rerank_gateway.domain.errors import TargetFailed, TargetRefused, TargetTimedOut
from tests import cross_encoders
from tests.cross_encoders import MAX_TOKENS, Kind, expected_logits, write
from tests.fakes import FakeClock, within

QUERY = "which green apples?"
TEXTS = ["red pears", "the green apples are green", "", "an apple", "Äpfel 苹果 🍏 \u202e\x00", "pears " * 10]
KINDS = [
    Kind(),
    Kind(logits=2),
    Kind(types=False),
    Kind(tokens="roberta", types=False),
    Kind(integers=TensorProto.INT32),
    Kind(precision="fp16"),
    Kind(precision="int8"),
    Kind(precision="int8", logits=2, types=False),
]
TOLERANCES = {"fp32": 1e-5, "fp16": 5e-3, "int8": 5e-2}


def load(folder: Path) -> CrossEncoder:
    return CrossEncoder.load(ModelFiles.at(folder), threads=1)


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> CrossEncoder:
    return load(write(tmp_path_factory.mktemp("model")))


def pair(tokenizer: Tokenizer, query: str, text: str) -> Any:
    """The two as the tokenizer's own tokens, put together by hand."""
    first, second = (tokenizer.encode(each, add_special_tokens=False).ids for each in (query, text))
    special = {name: tokenizer.token_to_id(name) for name in ("[CLS]", "[SEP]", "<s>", "</s>")}
    if special["[CLS]"] is None:
        start, end = special["<s>"], special["</s>"]
        return [start, *first, end, end, *second, end], None
    start, end = special["[CLS]"], special["[SEP]"]

    return [start, *first, end, *second, end], [0] * (len(first) + 2) + [1] * (len(second) + 1)


def bare(kind: Kind) -> Tokenizer:
    tokenizer = cross_encoders.roberta_tokenizer() if kind.tokens == "roberta" else cross_encoders.bert_tokenizer()
    tokenizer.no_padding()
    tokenizer.no_truncation()

    return tokenizer


def by_hand(kind: Kind, query: str, text: str) -> float:
    """The logit of a pair that is not too long; of two, the later one's lead."""
    tokenizer = bare(kind)
    ids, types = pair(tokenizer, query, text)
    logits = expected_logits(ids, types if kind.types else None, kind, tokenizer.get_vocab_size())

    return float(logits[-1] - logits[0]) if kind.logits == 2 else float(logits[0])


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_scores_are_what_one_reckons_by_hand(kind: Kind, tmp_path: Path) -> None:
    """
    Whatever precision, number of logits, inputs and tokens a model has: of pairs of all lengths at once.
    """
    scores = load(write(tmp_path, kind))(QUERY, TEXTS, "none", within(10.0))

    logits = [by_hand(kind, QUERY, text) for text in TEXTS]
    assert scores.logits == pytest.approx(logits, abs=TOLERANCES[kind.precision])
    assert scores.probabilities == pytest.approx([1 / (1 + np.exp(-each)) for each in scores.logits], abs=1e-9)


def test_two_logits_are_softmaxs_last(tmp_path: Path) -> None:
    """
    The probability that a model with two classes has for the second.
    """
    kind = Kind(logits=2)
    tokenizer = bare(kind)
    ids, types = pair(tokenizer, QUERY, TEXTS[0])
    powers = np.exp(expected_logits(ids, types, kind, tokenizer.get_vocab_size()))

    scores = load(write(tmp_path, kind))(QUERY, TEXTS[:1], "end", within(10.0))

    assert scores.probabilities == pytest.approx([powers[1] / powers.sum()], abs=1e-6)


@pytest.mark.parametrize("truncate", ["start", "end"])
@pytest.mark.parametrize("words", [100, 10_000])
def test_what_is_too_long_is_cut_at_one_side(
    encoder: CrossEncoder, words: int, truncate: Literal["start", "end"]
) -> None:
    """
    Of a text as many tokens are kept as fit beside the query, at the other side; of one with 10,000 words, too.
    """
    room = MAX_TOKENS - len(pair(bare(Kind()), QUERY, "")[0])
    long = "red " * (words // 2) + "green " * (words // 2)
    kept = "red " * room if truncate == "end" else "green " * room

    cut, whole = encoder(QUERY, [long, kept], truncate, within(10.0)).logits

    assert cut == pytest.approx(whole, abs=1e-6) == pytest.approx(by_hand(Kind(), QUERY, kept), abs=1e-5)


def test_a_query_that_is_too_long_is_cut_too(encoder: CrossEncoder) -> None:
    """
    Of the two the longer one is cut, and there is a score.
    """
    scores = encoder("green " * 500, ["apples", "pears"], "end", within(10.0))

    assert np.isfinite(scores.logits).all()
    assert scores.logits[0] != scores.logits[1]


def test_nothing_is_cut_where_nothing_may_be(encoder: CrossEncoder) -> None:
    """
    The refusal says how many tokens there may be.
    """
    with pytest.raises(TargetRefused, match=f"less than {MAX_TOKENS} tokens") as refused:
        encoder(QUERY, ["apples", "red " * 40], "none", within(10.0))

    assert refused.value.too_long is not None
    assert (refused.value.status_code, refused.value.too_long.limit) == (422, MAX_TOKENS)


@given(texts=st.lists(st.text(max_size=200), min_size=1, max_size=40), query=st.text(max_size=60))
def test_a_score_does_not_depend_on_its_neighbours(encoder: CrossEncoder, texts: list[str], query: str) -> None:
    """
    Of whatever Unicode: in a batch and padded, a pair has the score that it has alone.
    """
    together = encoder(query, texts, "end", within(10.0)).logits

    alone = [encoder(query, [text], "end", within(10.0)).logits[0] for text in texts]
    assert together == pytest.approx(alone, abs=1e-5)


@pytest.mark.parametrize(
    ("config", "tokens"),
    [
        ({"max_position_embeddings": 20}, 20),
        ({"max_position_embeddings": 22, "model_type": "xlm-roberta"}, 20),
        ({}, 512),
        ({"max_position_embeddings": 8192}, 1024),
    ],
    ids=["BERT", "RoBERTa's first position is behind the padding's", "nobody says", "more than a processor can do"],
)
def test_how_much_is_read_is_up_to_the_model(config: dict[str, Any], tokens: int, tmp_path: Path) -> None:
    """
    As many tokens as its configuration says, and not more than there is time for.
    """
    encoder = load(write(tmp_path, Kind(tokens="roberta", types=False), config or {"other": 1}))

    assert encoder(QUERY, ["red " * 2000], "end", within(10.0)).tokens == tokens


def test_the_tokenizer_may_say_less(tmp_path: Path) -> None:
    """
    Where its own file truncates earlier than the model would have to, that counts.
    """
    encoder = load(write(tmp_path, config={"max_position_embeddings": 512}))

    assert encoder(QUERY, ["red " * 2000], "end", within(10.0)).tokens == MAX_TOKENS


def test_it_ends_at_its_deadline(encoder: CrossEncoder) -> None:
    """
    Between two batches it looks at the clock.
    """
    with pytest.raises(TargetTimedOut):
        encoder(QUERY, ["apples"], "end", within(0.0, FakeClock()))


def test_numbers_that_are_none_are_a_failure(tmp_path: Path) -> None:
    """
    JSON has no word for them, and no ranking could come of them.
    """
    encoder = load(write(tmp_path))
    object.__setattr__(encoder, "model", lambda encodings, pad_id: np.full(len(encodings), np.nan))

    with pytest.raises(TargetFailed):
        encoder(QUERY, ["apples"], "end", within(10.0))


@given(lengths=st.lists(st.integers(1, 1024), max_size=60))
def test_batches_hold_every_pair_once_and_not_too_much(lengths: list[int]) -> None:
    """
    Longest first, and each batch within its tokens unless a single pair has more.
    """
    encodings: Any = [[0] * length for length in lengths]

    made = list(batches(encodings))

    order = [index for batch in made for index in batch]
    assert sorted(order) == list(range(len(lengths)))
    assert [lengths[index] for index in order] == sorted(lengths, reverse=True)
    assert all(len(batch) == 1 or len(batch) * lengths[batch[0]] <= BATCH_TOKENS for batch in made)


def test_a_configuration_is_not_needed(tmp_path: Path) -> None:
    """
    What the tokenizer's own file says will do.
    """
    (write(tmp_path) / "config.json").unlink()

    assert load(tmp_path).tokenizer.max_tokens == MAX_TOKENS
    assert json.loads((tmp_path / "tokenizer.json").read_text())["truncation"]["max_length"] == MAX_TOKENS

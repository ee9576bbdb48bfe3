"""What `rerank-gateway evaluate` reads, and how sure it is of what it says."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from cli.errors import CommandError
from cli.evaluation.answers import Answer
from cli.evaluation.asking import Spending
from cli.evaluation.datasets import Source, read_collection
from cli.evaluation.questions import Model, Question
from cli.evaluation.statistics import ALPHA, holm, interval_of, p_value, percentile

CORPUS = '{"_id": "d1", "title": "Pears", "text": "red"}\n{"_id": "d2", "text": "green"}\n'
SEEDS = range(100)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "corpus.jsonl").write_text(CORPUS)
    (tmp_path / "queries.jsonl").write_text('{"_id": "q", "text": "apples"}\n')

    return tmp_path


def test_judgements_are_beirs_or_trecs(folder: Path) -> None:
    """
    Three columns below a heading, or four; a run brings candidates, by rank.
    """
    (folder / "qrels").mkdir()
    (folder / "qrels/test.tsv").write_text("query-id\tcorpus-id\tscore\nq\td2\t3\n")
    (folder / "trec.txt").write_text("q 0 d1 1\n")
    (folder / "a.run").write_text("q Q0 d1 2 0.1 x\nq Q0 d2 1 0.2 x\n")

    beir = read_collection(Source(folder))
    trec = read_collection(Source(folder, folder / "trec.txt", folder / "a.run"))

    assert (beir.qrels, beir.without_candidates) == ({"q": {"d2": 3}}, ["q"])
    assert beir.documents == {"d1": "Pears red", "d2": "green"}
    assert (trec.qrels, trec.candidates) == ({"q": {"d1": 1}}, {"q": ["d2", "d1"]})


def test_a_line_is_a_question_with_its_documents(tmp_path: Path) -> None:
    """
    Relevant are indices, or grades by index; a query of which nothing is relevant is left out.
    """
    file = tmp_path / "questions.jsonl"
    file.write_text(
        '{"query": "a", "documents": ["x", {"text": "y"}], "relevant": [1]}\n'
        '{"query": "b", "documents": ["x", "y"], "relevant": {"0": 2}}\n'
        '{"query": "c", "documents": ["x"], "relevant": []}\n'
    )

    read = read_collection(Source(file)).judged()

    assert read.queries == {"1": "a", "2": "b"}
    assert (read.qrels["1"], read.qrels["2"]) == ({"1.1": 1}, {"2.0": 2})
    assert [read.documents[name] for name in read.candidates["1"]] == ["x", "y"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('{"query": "q", "documents": ["a"]}', "line 1: relevant is missing"),
        ('{"query": "q", "documents": ["a"], "relevant": [1]}', "line 1: relevant names document 1 of 1"),
        ('{"query": "q", "documents": ["a"], "relevant": 1}', "line 1: relevant is a list"),
        ('{"query": "q", "documents": 3, "relevant": [0]}', "line 1: "),
        ("[]", "line 1: not a JSON object"),
        ("{", "line 1: "),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, line: str, told: str) -> None:
    """
    And with what is wrong there.
    """
    file = tmp_path / "questions.jsonl"
    file.write_text(line)

    with pytest.raises(CommandError, match=told):
        read_collection(Source(file))


def test_equals_are_not_told_apart() -> None:
    """
    Three models as good as the baseline, whose queries come out differently by chance alone: in at least 95 of a
    hundred evaluations not one is called better or worse.
    """
    alarms = 0
    for seed in SEEDS:
        rng = random.Random(seed)
        queries = [rng.random() for _ in range(60)]
        baseline, *models = [[min(1.0, max(0.0, each + rng.gauss(0, 0.1))) for each in queries] for _ in range(4)]
        alarms += min(holm([p_value(model, baseline, seed) for model in models])) < ALPHA

    assert alarms <= 5


def test_the_same_model_twice_is_no_difference() -> None:
    """
    Whatever the seed.
    """
    values = [random.Random(0).random() for _ in range(50)]

    assert {p_value(values, list(values), seed) for seed in SEEDS} == {1.0}


def test_a_real_difference_is_seen() -> None:
    """
    Of a tenth, with noise of the same size, over a hundred queries; and its interval leaves out nothing.
    """
    rng = random.Random(0)
    theirs = [rng.random() for _ in range(100)]
    ours = [each + 0.1 + rng.gauss(0, 0.1) for each in theirs]

    interval = interval_of([our - their for our, their in zip(ours, theirs, strict=True)])

    assert p_value(ours, theirs) < 0.001
    assert 0.05 < interval.low < 0.1 < interval.high < 0.15


def test_many_tests_count_as_many() -> None:
    """
    Holm's own steps, in the order that was given; never above one, never falling.
    """
    assert holm([0.01, 0.04, 0.03, 0.8]) == pytest.approx([0.04, 0.09, 0.09, 0.8])
    assert holm([]) == []


def test_percentiles_are_values_that_occurred() -> None:
    """
    The nearest rank.
    """
    assert (percentile([3, 1, 2, 4], 0.5), percentile(list(range(1, 101)), 0.95), percentile([7], 0.95)) == (2, 95, 7)


def test_it_stops_before_more_is_spent() -> None:
    """
    What is under way counts by its estimate, and what has been answered by its cost.
    """
    spending = Spending(maximum=0.0045)
    question = Question(Model("m", per_search=0.002), "q", "query", ["d"], ["document"])

    spending.reserve(question)
    spending.reserve(question)
    with pytest.raises(CommandError, match=r"stopped at 0.0000 of --max-cost 0.0045"):
        spending.reserve(question)
    spending.settle(question, Answer([0], cost=0.0))
    spending.reserve(question)
    spending.settle(question, Answer(error="502"))

    assert spending.spent == 0.002

"""What the pages list is all there is, and what they show is so."""

from __future__ import annotations

import re
from typing import Any

import pytest

from rerank_gateway.adapters.local.reranker import LocalReranker
from rerank_gateway.apis import native
from rerank_gateway.domain.errors import NotAuthenticated
from rerank_gateway.domain.ranking import Ranking
from rerank_gateway.entry.config.config import Config
from rerank_gateway.entry.http.errors import STATUS_BY_ERROR
from rerank_gateway.entry.metrics import METRICS
from rerank_gateway.entry.wiring.settings import Settings
from tests.fakes import within
from tests.pages import PAGES, README, ROOT, blocks, name_of, section, sent, text_of

PACKAGE = ROOT / "layers/gateway/python/rerank_gateway"
LOGGED = re.compile(r'\b(?:_?log(?:_[a-z]+)?|logger\.[a-z]+|_write)\(\s*(?:request, )?"([a-z]+(?:_[a-z]+)+)"')
"""Who writes a line of the log, and the event in it."""
TEMPLATE, GPU_TEMPLATE = text_of(ROOT / "template.yaml"), text_of(ROOT / "gpu/template.yaml")


def shown() -> list[Any]:
    """Every request on the pages, whether curl sends it or it stands alone."""
    found = [(page, each) for page in PAGES for each in (*sent(page), *blocks(page, "json")) if '"query"' in each]

    return [pytest.param(each, id=f"{name_of(page)} {number}") for number, (page, each) in enumerate(found)]


@pytest.mark.parametrize("example", shown())
def test_an_example_is_a_request(example: str) -> None:
    """
    The gateway has a use for all of it.
    """
    _, ignored = native.parse(example.encode())

    assert ignored == []


def test_the_readme_shows_what_one_gets() -> None:
    """
    The first request is answered with the scores that stand below it.
    """
    request, _ = native.parse(sent(README)[0].encode())

    scores = LocalReranker().rerank(request, "bm25", within(1.0))

    results = re.findall(r'"index": (\d+), "relevance_score": ([\d.]+)', blocks(README, "json")[0])
    assert Ranking.of(request, scores.pairs).results == tuple((int(index), float(score)) for index, score in results)


@pytest.mark.parametrize(("template", "heading"), [(TEMPLATE, "Parameters"), (GPU_TEMPLATE, "Run a GPU of your own")])
def test_each_parameter_is_told_of(template: str, heading: str) -> None:
    """
    The table has every parameter of the template with its default, in whatever order, and no other.
    """
    declared = re.findall(r"^  (\w+):\n    Type: \w+\n    Default: (.*)$", template, re.MULTILINE)

    rows = re.findall(r"^\| `(\w+)` \| `?([^`|]*?)`? \|", section("deployment.md", heading), re.MULTILINE)
    assert dict(rows) == {name: default.strip('"') or "empty" for name, default in declared}


def test_each_output_is_told_of() -> None:
    """
    The table has every output of the template, and no other.
    """
    declared = re.findall(r"^  (\w+):$", TEMPLATE.partition("\nOutputs:\n")[2], re.MULTILINE)

    assert re.findall(r"^\| `(\w+)`", section("deployment.md", "Outputs"), re.MULTILINE) == declared


def test_each_setting_is_told_of() -> None:
    """
    Whatever is read from the environment stands in the table.
    """
    told = set(re.findall(r"`([A-Z_]+)`", section("configuration.md", "Settings")))

    assert {name.upper() for name in Settings.__slots__} <= told


def test_each_key_of_the_configuration_is_told_of() -> None:
    """
    Whatever the gateway reads of a configuration stands in the table.
    """
    schema = Config.model_json_schema()
    keys = {key for table in (schema, *schema["$defs"].values()) for key in table["properties"]}

    told = set(re.findall(r"`\[?(\w+)", section("configuration.md", "Write a configuration")))
    assert keys <= told


def test_each_address_is_told_of() -> None:
    """
    The table has every sync route that ranks, and no other.
    """
    declared = re.findall(r"Method: POST, Path: \"?(/[^\s\"]+)", TEMPLATE)

    rows = re.findall(r"^\| (`/.*?) \|", section("clients.md", "Find the address of an API"), re.MULTILINE)
    told = re.findall(r"`(/[^`]+)`", "".join(rows))
    others = ("/v1/async/", "/v1/files", "/v1/uploads", "/v1/batches", "/api/v1/keys", "/api/v1/teams", "/v1/webhooks")
    ranking = {path for path in declared if not path.startswith(others)}
    assert set(told) == ranking


def test_each_field_is_told_of() -> None:
    """
    The table has every field that the gateway's own API reads.
    """
    names = re.findall(r"^\| (.*?) \|", section("clients.md", "Send a request"), re.MULTILINE)

    assert set(native.RerankBody.model_fields) <= set(re.findall(r"`(\w+)`", "".join(names)))


def test_each_metric_is_told_of() -> None:
    """
    The table has every metric with its meaning and its further dimensions, and no other.
    """
    rows = re.findall(
        r"^\| `(\w+)` \| (.*?) \| ?(.*?) ?\|$", section("operations.md", "Watch the metrics"), re.MULTILINE
    )

    told = {name: (says, set(re.findall(r"`(\w+)`", dimensions))) for name, says, dimensions in rows}
    assert told == {
        name: (metric.says, {each for by in metric.dimensions for each in by} - {"stack", "function"})
        for name, metric in METRICS.items()
    }


def test_each_line_of_the_log_is_told_of() -> None:
    """
    The page has every event that the gateway logs, and no other.
    """
    rooms = (PACKAGE / "entry").rglob("*.py"), (PACKAGE / "adapters/cache").rglob("*.py")
    sources = [path.read_text("utf-8") for room in rooms for path in room]
    logged = {event for source in sources for event in LOGGED.findall(source)}

    text = section("operations.md", "Read the logs")
    others = re.findall(r"^\| (.*?) \|", text.partition("The other lines:")[2], re.MULTILINE)
    assert "batch_ended" in logged
    assert logged <= set(re.findall(r"`(\w+)`", text))
    assert set(re.findall(r"`(\w+)`", " ".join(others))) - {"message"} <= logged


def test_each_error_has_something_to_do() -> None:
    """
    The runbook has every code that callers are told of, and every one that an error of ours has.
    """
    told = set(
        re.findall(
            r"`([a-z_]+)`", " ".join(re.findall(r"^\| (.*?) \|", section("operations.md", "Errors"), re.MULTILINE))
        )
    )
    rows = re.findall(r"^\| \d+ \| (.*?) \|", section("clients.md", "When something goes wrong"), re.MULTILINE)

    assert set(re.findall(r"`([a-z_]+)`", " ".join(rows))) <= told
    assert {error.code for error in STATUS_BY_ERROR} - {NotAuthenticated.code} <= told


def test_each_alarm_and_each_query_is_told_of() -> None:
    """
    The runbook has those of the template that write to somebody, and no others.
    """
    alarms = re.findall(
        r"^  (\w+):\n    Type: AWS::CloudWatch::Alarm\n    Condition: HasAlarms$", TEMPLATE, re.MULTILINE
    )
    queries = re.findall(r"^      Name: !Sub \$\{AWS::StackName\}/(.+)$", TEMPLATE, re.MULTILINE)

    assert re.findall(r"^\| `(\w+)` \|", section("operations.md", "Alarms"), re.MULTILINE) == alarms
    assert re.findall(r"^\| `([\w ]+)` \|", section("operations.md", "See it"), re.MULTILINE) == queries

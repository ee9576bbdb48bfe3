"""For every alarm and every widget: what must raise it emits the metric that it watches."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from rerank_gateway.entry.metrics import METRICS, NAMESPACE
from tests.functions.account import Account
from tests.functions.conftest import Configure
from tests.functions.incidents import STACK, lines_of_incidents
from tests.metrics import Counted, emitted
from tests.test_template import RESOURCES
from tools.insights import answer

AWS_METRICS = {
    ("AWS/ApiGateway", "5xx", "ApiId"),
    ("AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName"),
    ("AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName"),
}
"""Those that AWS itself has for what is in the template: its metrics for HTTP APIs and for queues."""
SEARCH = re.compile(r"SEARCH\('\{RerankGateway,([\w,]+)\} MetricName=\"(\w+)\" stack=\"([\w-]+)\"', '(\w+)', 300\)")
QUEUES_THAT_ARE_WATCHED = (
    "JobsQueue",
    "DeadLetterQueue",
    "BatchesQueue",
    "BatchesDeadLetterQueue",
    "WebhooksDeadLetterQueue",
)
RESOURCES_THAT_ARE_WATCHED = {"Endpoint", *(f"{queue}.QueueName" for queue in QUEUES_THAT_ARE_WATCHED)}
FREE_METRICS = 50
"""On each of an account's first three dashboards (aws.amazon.com/cloudwatch/pricing)."""
Watched = tuple[str, str, frozenset[tuple[str, str]]]
"""A namespace, a metric and its dimensions."""
lines: list[dict[str, Any]] = []


@pytest.fixture
def told(account: Account, configure: Configure, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The lines of everything that can go wrong, made once."""
    if not lines:
        lines.extend(lines_of_incidents(account, configure, monkeypatch))

    return lines


def of_kind(kind: str) -> dict[str, Mapping[str, Any]]:
    return {name: each["Properties"] for name, each in RESOURCES.items() if each["Type"] == f"AWS::{kind}"}


ALARMS = {
    name: alarm
    for name, alarm in of_kind("CloudWatch::Alarm").items()
    if RESOURCES[name].get("Condition") == "HasAlarms"
}
"""Those that write to somebody; the GPU has one that wakes it."""
QUERIES = of_kind("Logs::QueryDefinition")
DASHBOARD = RESOURCES["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"].replace("${AWS::StackName}", STACK)
WIDGETS = json.loads(re.sub(r"\$\{([\w:.]+)\}", r"\1", DASHBOARD))["widgets"]


def value_of(value: Any) -> str:
    """What a dimension's value is, in a stack of that name whose resources have their names in the template."""
    match value:
        case {"Ref": "AWS::StackName"}:
            return STACK
        case {"Ref": str(name)}:
            return name
        case {"Fn::GetAtt": [*names]}:
            return ".".join(names)
        case {"Fn::GetAtt": str(name)}:
            return name

    return str(value)


def by(dimensions: Any) -> frozenset[tuple[str, str]]:
    return frozenset((each["Name"], value_of(each["Value"])) for each in dimensions)


def watched_by(alarm: Mapping[str, Any]) -> Iterator[Watched]:
    if "MetricName" in alarm:
        yield alarm["Namespace"], alarm["MetricName"], by(alarm["Dimensions"])
    for each in alarm.get("Metrics", ()):
        if metric := each.get("MetricStat", {}).get("Metric"):
            yield metric["Namespace"], metric["MetricName"], by(metric["Dimensions"])


def is_there(watched: Watched, counted: Counted) -> bool:
    namespace, name, dimensions = watched
    if namespace == NAMESPACE:
        return any(counted.get((name, dimensions), ()))
    [(dimension, resource)] = dimensions

    return (namespace, name, dimension) in AWS_METRICS and resource in RESOURCES_THAT_ARE_WATCHED


@pytest.mark.parametrize("name", ALARMS)
def test_what_an_alarm_watches_is_emitted(name: str, told: list[dict[str, Any]]) -> None:
    """
    Namespace, name and dimensions are equal, and the topic hears of it.
    """
    watched = list(watched_by(ALARMS[name]))

    assert watched
    assert [each for each in watched if not is_there(each, emitted(told))] == []
    assert ALARMS[name]["AlarmActions"] == [{"Ref": "AlarmTopic"}]


@pytest.mark.parametrize("name", [name for name in ALARMS if "Metrics" in ALARMS[name]])
def test_an_alarms_expression_uses_what_it_watches(name: str) -> None:
    """
    All of it, and nothing else.
    """
    expression, *watched = ALARMS[name]["Metrics"]

    used = set(re.findall(r"FILL\((\w+), 0\)", expression["Expression"]))
    assert used == {each["Id"] for each in watched}
    assert not any(each["ReturnData"] for each in watched)


@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: str(widget["properties"]["title"]))
def test_no_widget_is_empty(widget: Any, told: list[dict[str, Any]]) -> None:
    """
    Every line of it has values, and every search finds some.
    """
    counted = emitted(told)
    for metric in widget["properties"]["metrics"]:
        if isinstance(metric[0], dict):
            found = SEARCH.fullmatch(metric[0]["expression"])
            assert found
            schema, name, stack, _ = found.groups()
            assert stack == STACK
            assert any(dict(each).keys() == set(schema.split(",")) for metric, each in counted if metric == name)
        else:
            namespace, name, *pairs = [each for each in metric if isinstance(each, str)]
            dimensions = frozenset(zip(pairs[::2], pairs[1::2], strict=True))
            assert is_there((namespace, name, dimensions), counted), metric


def test_every_metric_was_seen(told: list[dict[str, Any]]) -> None:
    """
    There is none that nothing emits; caches, tokens and shadows have tests of their own.
    """
    assert METRICS.keys() - {name for name, _ in emitted(told)} == {
        "CacheHits",
        "CacheMisses",
        "Tokens",
        "ProviderTokens",
        "Shadows",
        "ShadowFailures",
        "ShadowsSkipped",
        "ShadowCost",
    }


def test_the_dashboard_is_free() -> None:
    """
    With as many metrics as it names itself.
    """
    assert sum(len(widget["properties"]["metrics"]) for widget in WIDGETS) <= FREE_METRICS


@pytest.mark.parametrize("name", QUERIES)
def test_a_saved_query_finds_something(name: str, told: list[dict[str, Any]]) -> None:
    """
    Its functions are those that our interpreter of CloudWatch's queries knows, and its fields are in the lines.
    """
    query = QUERIES[name]["QueryString"]
    if "X" in query:
        request_id = next(line["request_id"] for line in told if line.get("degraded"))
        query = query.replace('"X"', f'"{request_id}"')

    rows = answer(query, told)

    assert rows
    fields = {field for row in rows for field, value in row.items() if value not in (None, "")}
    assert len(fields) >= 3


def test_failures_are_found_by_their_reason(told: list[dict[str, Any]]) -> None:
    """
    Who failed most stands first.
    """
    rows = answer(QUERIES["FailuresByReason"]["QueryString"], told)

    assert (rows[0]["provider"], rows[0]["reason"]) == ("vllm", "failed")
    assert {(row["provider"], row["reason"]) for row in rows} >= {("vllm", "failed"), ("busy", "busy")}


def test_cost_is_found_by_team(told: list[dict[str, Any]]) -> None:
    """
    In USD.
    """
    [first, *_] = answer(QUERIES["CostByTeam"]["QueryString"], told)

    assert first["team"] == "search"
    assert first["usd"] > 0

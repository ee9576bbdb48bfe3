"""A change of the configuration in Parameter Store, while callers ask."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from rerank_gateway.entry import observability
from rerank_gateway.entry.wiring.gateway import GATEWAY
from tests.fakes import FakeClock
from tests.functions.conftest import Configure
from tests.functions.gateway import Response, rerank

NAME = "/stack/config"
GOOD = '[aliases.{alias}]\ntargets = ["local/bm25"]'
FAULTY = '[aliases.fast]\ntarget = ["local/bm25"]'


class Parameter:
    """The configuration of a stack, and the clock by which its function looks at it."""

    def __init__(self, client: Any, configure: Configure) -> None:
        self.client, self.clock = client("ssm"), FakeClock()
        self.first = self.put(GOOD.format(alias="fast"))
        configure(GATEWAY_CONFIG=f"ssm:{NAME}")
        GATEWAY.environment.watch.clock = self.clock

    def ask_until(self, is_seen: Callable[[Response], bool]) -> list[Response]:
        """The answers while time passes until one *is_seen*: on a busy machine a look may time out, and comes again."""
        answers = []
        for _ in range(50):
            self.clock.frozen += 10.0
            answers.append(rerank(model="local/bm25"))
            if is_seen(answers[-1]):
                return answers
        pytest.fail("the change is never seen")

    def put(self, text: str) -> str:
        """Its new version, which is not the next number where AWS was asked twice."""
        answer = self.client.put_parameter(Name=NAME, Value=text, Type="String", Overwrite=True)

        return str(answer["Version"])


@pytest.fixture
def parameter(embedded_aws: Any, configure: Configure) -> Parameter:
    return Parameter(embedded_aws, configure)


def ask_while(change: Callable[[], None], alias: str) -> list[Response]:
    """What four callers were answered, who asked before, during and after *change*."""
    with ThreadPoolExecutor(4) as callers:
        answers = [callers.submit(rerank, model=alias) for _ in range(20)]
        change()
        answers += [callers.submit(rerank, model=alias) for _ in range(20)]

        return [answer.result() for answer in answers]


def test_a_good_change_is_in_force_within_a_minute(parameter: Parameter) -> None:
    """
    In an environment that Lambda had frozen too, and the answer says which version it is of.
    """
    before = rerank(model="fast"), rerank(model="new")
    second = parameter.put(GOOD.format(alias="new"))

    parameter.clock.frozen += 50.0
    parameter.ask_until(lambda answer: answer.headers["x-gateway-config"] == second)
    after = rerank(model="new"), rerank(model="fast")

    assert [each.status for each in (*before, *after)] == [200, 404, 200, 404]
    assert [each.headers["x-gateway-config"] for each in (before[0], after[0])] == [parameter.first, second]


def test_a_faulty_change_fails_no_request(parameter: Parameter, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    The old one serves on, and the log says what is wrong with the new one.
    """
    monkeypatch.setattr(observability.logger.registered_handler, "stream", log := io.StringIO())
    rerank(model="fast")
    faulty: list[str] = []

    def change() -> None:
        faulty.append(parameter.put(FAULTY))
        parameter.clock.frozen += 60.0

    answers = ask_while(change, "fast")
    answers += parameter.ask_until(lambda _: "configuration_refused" in log.getvalue())

    assert {each.status for each in answers} == {200}
    assert {each.headers["x-gateway-config"] for each in answers} == {parameter.first}
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    [refused] = [line for line in lines if line["message"] == "configuration_refused"]
    assert refused["reason"].startswith(
        f"/stack/config:{faulty[0]}:2: [aliases.fast] has no key target: did you mean targets?"
    )


def test_an_environment_that_starts_in_between_serves_with_the_last_good_one(
    parameter: Parameter, configure: Configure
) -> None:
    """
    It looks back in the parameter's history.
    """
    parameter.put(FAULTY)
    configure()

    answer = rerank(model="fast")

    assert (answer.status, answer.headers["x-gateway-config"]) == (200, parameter.first)


def test_a_large_configuration_is_an_object_that_the_parameter_names(embedded_aws: Any, parameter: Parameter) -> None:
    """
    Parameter Store takes 8 KB at most.
    """
    embedded_aws("s3").create_bucket(
        Bucket="stack-bucket", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    text = GOOD.format(alias="large") + "\n#" * 9000
    embedded_aws("s3").put_object(Bucket="stack-bucket", Key="config/2.toml", Body=text.encode())
    parameter.put("s3://stack-bucket/config/2.toml")

    assert rerank(model="large").status == 200

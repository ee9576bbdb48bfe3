"""How the targets are, for whoever has a key."""

from __future__ import annotations

from typing import Any

import pytest

from rerank_gateway.domain.keys import hash_of_token
from rerank_gateway.use_cases import check_targets
from tests.functions.account import Account
from tests.functions.conftest import Configure
from tests.functions.gateway import Response, event, invoke, rerank
from tests.functions.rankers import ranker
from tests.functions.targets import configuration
from tests.upstream import says, upstream


def health(key: str = "sk-local", milliseconds: int = 29_000, probe: str = "0") -> Response:
    request = event("target_health") | {"queryStringParameters": {"probe": probe}}
    request["headers"] = request["headers"] | {"authorization": f"Bearer {key}"}

    return invoke(request, milliseconds)


def by_target(response: Response) -> dict[str, Any]:
    return {each["target"]: each for each in response.json["data"]}


def test_what_requests_have_shown_is_told(configure: Configure) -> None:
    """
    Whose circuit is open and for how long, why, and how fast the other one is. Nobody is asked for that.
    """
    with upstream(says({}, 500)) as broken, ranker() as ready:
        configure(GATEWAY_CONFIG=configuration(broken.url, ready.url), COHERE_API_KEY="k")
        before = by_target(health())
        for _ in range(5):
            rerank(model="both")
        after, asked = by_target(health()), len(broken.questions)

    cohere, tei = after["cohere/rerank-v3.5"], after["tei/m"]
    assert before["cohere/rerank-v3.5"] == {"target": "cohere/rerank-v3.5", "circuit": "closed", "failures": 0}
    assert (cohere["circuit"], cohere["failures"], cohere["last_failure"]["code"]) == ("open", 5, "provider_failed")
    assert 20 < cohere["open_for"] <= 30
    assert cohere["last_failure"]["seconds_ago"] == 0
    assert (tei["circuit"], tei["failures"]) == ("closed", 0)
    assert tei["latency"] >= 0
    assert asked == 5


def test_the_master_key_may_have_them_probed(configure: Configure) -> None:
    """
    Each is asked one question of two words, side by side, and one that says nothing has its time.
    """
    with ranker() as ready, ranker(silent=True) as silent:
        configure(GATEWAY_CONFIG=configuration(silent.url, ready.url), COHERE_API_KEY="k")
        probed = by_target(health(milliseconds=1_500, probe="1"))

    assert probed["tei/m"]["probe"]["status_code"] == 200
    assert probed["cohere/rerank-v3.5"]["probe"]["error"] == "provider_timed_out"
    assert [request["texts"] for request in ready.requests] == [list(check_targets.TEXTS)]


def test_others_see_what_they_may_ask_for_and_probe_nobody(account: Account, configure: Configure) -> None:
    """
    A probe costs money.
    """
    put_record(account, {"id": {"S": "a"}, "models": {"SS": ["both"]}})
    with ranker() as ready:
        configure(GATEWAY_CONFIG=configuration(ready.url, ready.url), COHERE_API_KEY="k")
        seen, probed = health("sk-a"), health("sk-a", probe="1")

    assert set(by_target(seen)) == {"cohere/rerank-v3.5", "tei/m"}
    assert (probed.status, probed.json["error"]["param"], ready.requests) == (403, "probe", [])


def put_record(account: Account, changes: dict[str, Any]) -> None:
    item = {"key_hash": {"S": hash_of_token("sk-a")}, **changes}
    account.client("dynamodb").put_item(TableName="keys", Item=item)


@pytest.mark.parametrize(("key", "probe", "status"), [("sk-wrong", "0", 401), ("sk-local", "yes", 400)])
def test_who_may_not_and_what_cannot_be(key: str, probe: str, status: int) -> None:
    """
    Unlike `/health`, it is not for everyone.
    """
    assert health(key, probe=probe).status == status

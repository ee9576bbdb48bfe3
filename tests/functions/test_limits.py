"""Limits of keys and teams, through the function."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from rerank_gateway.domain.keys import hash_of_token
from rerank_gateway.domain.spending.ports import key_account
from rerank_gateway.entry import observability
from rerank_gateway.use_cases.jobs.run import MAX_CLAIMS
from tests.functions.account import Account
from tests.functions.apis import NAMES, post
from tests.functions.conftest import Configure
from tests.functions.gateway import Response, rerank
from tests.metrics import emitted
from tests.minutes import be_within_a_minute
from tests.tables import keys_table, usage_table
from tests.upstream import Upstream, says, upstream

KEY = {"x-bf-vk": "sk-a"}
RANKING = {"results": [{"index": 0, "relevance_score": 0.9}, {"index": 1, "relevance_score": 0.5}]}
PRICED = '[providers.cohere]\nurl = "{url}"\n[prices."cohere/*"]\nper_search = 0.25'
SEARCH = {"model": "cohere/rerank-v3.5", "query": "q", "documents": ["a", "b"]}


@dataclass
class Limited:
    """A gateway that asks *provider*, and a key in its table, with limits."""

    client: Callable[[str], Any]
    provider: Upstream

    def give(self, token: str = "sk-a", **attributes: Any) -> None:
        item = {"key_hash": {"S": hash_of_token(token)}, "id": {"S": "a"}, "models": {"SS": ["*"]}}
        numbers = {name: {"N": str(value)} for name, value in attributes.items() if isinstance(value, int | float)}
        texts = {name: {"S": value} for name, value in attributes.items() if isinstance(value, str)}
        self.client("dynamodb").put_item(TableName="keys", Item={**item, **numbers, **texts})

    def give_owner(self, limit: float) -> None:
        """The record of the key under its id, with this budget."""
        item = {"key_hash": {"S": "id#a"}, "id": {"S": "a"}, "models": {"SS": ["*"]}, "limit": {"N": str(limit)}}
        self.client("dynamodb").put_item(TableName="keys", Item=item)

    def give_team(self, **numbers: Any) -> None:
        limits = {name: {"N": str(value)} for name, value in numbers.items()}
        item = {"key_hash": {"S": "team#search"}, "name": {"S": "search"}, **limits}
        self.client("dynamodb").put_item(TableName="keys", Item=item)

    def ask(self, **changes: Any) -> Response:
        return rerank(SEARCH | changes, headers=KEY)

    def balance(self, account: str = key_account("a")) -> dict[str, int]:
        key = {"account": {"S": account}, "entry": {"S": "balance"}}
        item = self.client("dynamodb").get_item(TableName="usage", Key=key).get("Item", {})

        return {name: int(value["N"]) for name, value in item.items() if "N" in value}

    def spent(self, account: str = key_account("a")) -> int:
        return sum(number for name, number in self.balance(account).items() if name.startswith("spent"))


@pytest.fixture
def limited(account: Account, embedded_aws: Any, configure: Configure) -> Iterator[Limited]:
    usage_table(embedded_aws)
    with upstream(*[says(RANKING)] * 20) as provider:
        config = PRICED.format(url=provider.url)
        configure(KEYS_TABLE="keys", USAGE_TABLE="usage", GATEWAY_CONFIG=config, COHERE_API_KEY="k")
        yield Limited(embedded_aws, provider)


def test_a_key_has_so_many_requests_a_minute(limited: Limited) -> None:
    """
    Each answer tells what is left; then there is a 429 that says when it begins anew.
    """
    be_within_a_minute()
    limited.give(requests_per_minute=3)

    answers = [limited.ask(model="local/bm25") for _ in range(4)]

    assert [answer.status for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["x-ratelimit-remaining-requests"] for answer in answers] == ["2", "1", "0", "0"]
    assert {answer.headers["x-ratelimit-limit-requests"] for answer in answers} == {"3"}
    assert answers[-1].json["error"]["code"] == "rate_limited"
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
    assert answers[-1].headers["retry-after"] == answers[-1].headers["x-ratelimit-reset-requests"]


def test_a_key_has_so_many_documents_a_minute(limited: Limited) -> None:
    """
    A request with more of them than a minute has can be told at once.
    """
    be_within_a_minute()
    limited.give(documents_per_minute=5)

    answers = [limited.ask(model="local/bm25") for _ in range(3)]
    hopeless = limited.ask(model="local/bm25", documents=["a"] * 6)

    assert [answer.status for answer in answers] == [200, 200, 429]
    assert (hopeless.status, hopeless.json["error"]["param"]) == (413, "documents")


def test_a_budget_is_spent_and_never_overspent(limited: Limited) -> None:
    """
    Three searches for $0.25 each are within $0.80; the fourth is not, and is not asked for.
    """
    limited.give(limit=0.8, limit_reset="monthly")

    answers = [limited.ask() for _ in range(4)]

    assert [answer.status for answer in answers] == [200, 200, 200, 402]
    assert len(limited.provider.questions) == 3
    assert limited.spent() == 750_000_000
    assert answers[-1].json["error"]["code"] == "budget_exceeded"
    assert "retry-after" not in answers[-1].headers
    assert answers[-1].headers["x-should-retry"] == "false"


def test_what_fails_and_what_is_cached_costs_nothing(embedded_aws: Any, configure: Configure) -> None:
    """
    The reservation of a provider that fails goes back.
    """
    keys_table(embedded_aws)
    usage_table(embedded_aws)
    with upstream(says({}, 500), says(RANKING)) as provider:
        limited = Limited(embedded_aws, provider)
        limited.give(limit=0.3)
        config = PRICED.format(url=provider.url)
        configure(KEYS_TABLE="keys", USAGE_TABLE="usage", GATEWAY_CONFIG=config, COHERE_API_KEY="k")
        cached = {"cache": {"type": "exact_match", "ttl": 60}}
        answers = [limited.ask(**cached) for _ in range(3)]

    assert [answer.status for answer in answers] == [502, 200, 402]
    assert limited.spent() == 250_000_000


def test_a_team_and_its_key_are_both_limited(limited: Limited) -> None:
    """
    Whichever comes first; what the key had reserved goes back when the team refuses.
    """
    limited.give(limit=10, team="search")
    limited.give_team(limit=0.5)

    answers = [limited.ask() for _ in range(3)]

    assert [answer.status for answer in answers] == [200, 200, 402]
    assert "this team" in answers[-1].json["error"]["message"]
    assert limited.spent() == limited.spent("team#search") == 500_000_000


def test_a_raised_limit_works_at_once(limited: Limited, account: Account) -> None:
    """
    The refusal that it would have been has the key's record read anew.
    """
    limited.give(limit=0.25)
    before = [limited.ask().status for _ in range(2)]

    limited.give(limit=0.75)
    after = [limited.ask().status, account.submit(SEARCH, KEY).status, limited.ask().status]

    assert (before, after) == ([200, 402], [200, 202, 402])


@pytest.mark.parametrize(
    ("before", "after", "status"),
    [
        ({"requests_per_minute": 0}, {"requests_per_minute": 9}, 429),
        ({"documents_per_minute": 1}, {"documents_per_minute": 9}, 413),
        ({"limit": 0}, {"limit": 9}, 402),
    ],
)
def test_the_next_request_has_what_was_raised(
    limited: Limited, before: dict[str, Any], after: dict[str, Any], status: int
) -> None:
    """
    Whatever it was that was reached.
    """
    limited.give(**before)
    refused = limited.ask().status

    limited.give(**after)

    assert (refused, limited.ask().status) == (status, 200)


def test_a_rotated_key_has_one_budget(limited: Limited) -> None:
    """
    Two tokens, one id, one account.
    """
    for token in ("sk-a", "sk-b"):
        limited.give(token, limit=0.5)

    statuses = [rerank(SEARCH, headers={"authorization": f"Bearer sk-{name}"}).status for name in "abab"]

    assert statuses == [200, 200, 402, 402]


def test_a_budget_needs_a_known_price(limited: Limited) -> None:
    """
    The refusal says whom to ask, and what they have to write.
    """
    limited.give(limit=5)

    refused = limited.ask(model="vllm/m")

    assert (refused.status, refused.json["error"]["param"]) == (403, "model")
    assert "[prices.'vllm/m']" in refused.json["error"]["message"]


def test_usage_is_counted_by_day_and_model(limited: Limited) -> None:
    """
    Along with what the limits take; a key without a limit, of a team, is counted too.
    """
    limited.give(team="search")

    for model in ("cohere/rerank-v3.5", "local/bm25"):
        limited.ask(model=model)

    usage = {name.split(" ", 2)[2]: number for name, number in limited.balance().items() if name.startswith("usage")}
    assert usage == {
        "requests cohere/rerank-v3.5": 1,
        "documents cohere/rerank-v3.5": 2,
        "cost cohere/rerank-v3.5": 250_000_000,
        "requests local/bm25": 1,
        "documents local/bm25": 2,
    }
    assert limited.balance()["total"] == 250_000_000


def test_limits_out_of_reach_are_503(limited: Limited, configure: Configure) -> None:
    """
    Nobody is asked whom nobody may pay for.
    """
    limited.give(limit=5)
    configure(USAGE_TABLE="no-such-table")

    response = limited.ask()

    assert (response.status, response.json["error"]["code"]) == (503, "temporarily_unavailable")
    assert limited.provider.questions == []


def test_a_key_without_limits_and_team_has_nothing_written(
    limited: Limited, account: Account, configure: Configure
) -> None:
    """
    Neither for an answer, a failure or a refusal, nor for a job: there need not even be a table for that.
    """
    limited.give()
    configure(USAGE_TABLE="no-such-table")

    statuses = [limited.ask(model=model).status for model in ("cohere/rerank-v3.5", "vllm/m", "nobody/m")]
    job = account.submit(SEARCH, KEY).json["id"]
    account.work()

    assert statuses == [200, 404, 404]
    assert account.poll(job, "sk-a").json["status_code"] == 200


@pytest.mark.parametrize("name", NAMES)
def test_a_spent_budget_is_told_in_every_api(name: str, limited: Limited) -> None:
    """
    By the status that the API's clients know, and never with a time after which to come again.
    """
    limited.give(limit=0)

    response = post(name, model="cohere/rerank-v3.5", headers=KEY)

    assert response.status == {"openrouter": 403, "orq": 429, "tei": 429}.get(name, 402)
    assert "retry-after" not in response.headers
    assert "budget" in json.dumps(response.json)
    if name == "openrouter":
        assert response.json["error"]["metadata"] == {
            "limit_source": "key",
            "scope": "key",
            "limit_usd": 0.0,
            "spend_usd": 0.0,
        }


def budget_of(limited: Limited) -> tuple[int, int]:
    """What is spent of the key's budget, what is reserved among it; and that alone."""
    balance = limited.balance()

    return limited.spent(), sum(number for name, number in balance.items() if name.startswith("held"))


def test_a_job_reserves_when_it_is_submitted(limited: Limited, account: Account) -> None:
    """
    A 202 is a promise: what is in the queue is paid for, and what is not left of the budget is refused.
    """
    limited.give(limit=0.6)

    answers = [account.submit(SEARCH, KEY) for _ in range(3)]

    assert [answer.status for answer in answers] == [202, 202, 402]
    assert budget_of(limited) == (500_000_000, 500_000_000)


def test_a_job_settles_with_its_outcome_and_once(limited: Limited, account: Account) -> None:
    """
    Also when its message comes twice.
    """
    limited.give(limit=0.6, team="search")
    account.submit(SEARCH, KEY)
    records = account.messages()

    for _ in range(2):
        account.work(records)

    assert budget_of(limited) == (250_000_000, 0)
    assert limited.balance()["total"] == 250_000_000
    assert len(limited.provider.questions) == 1


def leave_behind(limited: Limited, job_id: str, claims: int = 1) -> None:
    """Have the job look as if its worker had died, so many times."""
    limited.client("dynamodb").update_item(
        TableName="jobs",
        Key={"id": {"S": job_id}},
        UpdateExpression="SET #status = :processing, lease_holder = :dead, lease_until = :past, claims = :claims",
        ExpressionAttributeNames={"#status": "status"},
        ExpressionAttributeValues={
            ":processing": {"S": "processing"},
            ":dead": {"S": "dead"},
            ":past": {"N": "1"},
            ":claims": {"N": str(claims)},
        },
    )


def test_a_job_whose_worker_died_is_paid_for_twice(limited: Limited, account: Account) -> None:
    """
    The provider may have billed both tries; what the second one has not used goes back.
    """
    limited.give(limit=0.6)
    job = account.submit(SEARCH, KEY).json["id"]
    leave_behind(limited, job)

    account.work()

    assert account.poll(job, "sk-a").json["status_code"] == 200
    assert budget_of(limited) == (500_000_000, 0)


@pytest.mark.parametrize("limits", [(0.3, 9), (9, 0.3)], ids=["key", "team"])
def test_a_job_is_not_tried_again_beyond_its_budget(
    limited: Limited, account: Account, limits: tuple[float, float]
) -> None:
    """
    Be it the key's or the team's: it ends as a sync call would, with what the first try may have cost.
    """
    limited.give(team="search", limit=limits[0])
    limited.give_team(limit=limits[1])
    job = account.submit(SEARCH, KEY).json["id"]
    leave_behind(limited, job)

    account.work()

    ended = account.poll(job, "sk-a").json
    assert (ended["status_code"], ended["error"]["error"]["code"]) == (402, "budget_exceeded")
    assert limited.provider.questions == []
    assert (budget_of(limited), limited.spent("team#search")) == ((250_000_000, 0), 250_000_000)


def test_a_job_that_kills_its_workers_is_charged_what_it_had(limited: Limited, account: Account) -> None:
    """
    The last of its tries may be billed like those before it.
    """
    limited.give(limit=5)
    job = account.submit(SEARCH, KEY).json["id"]
    leave_behind(limited, job, MAX_CLAIMS)

    account.work()

    assert account.poll(job, "sk-a").json["status"] == "failed"
    assert budget_of(limited) == (250_000_000, 0)


def test_a_cancelled_job_gives_back_what_it_had(limited: Limited, account: Account) -> None:
    """
    Nobody had worked on it.
    """
    limited.give(limit=0.6)
    job = account.submit(SEARCH, KEY).json["id"]

    account.cancel(job, "sk-a")

    assert budget_of(limited) == (0, 0)


def test_the_same_job_is_reserved_once(limited: Limited, account: Account) -> None:
    """
    By its Idempotency-Key, with the same body or another one.
    """
    limited.give(limit=5)

    for body in (SEARCH, SEARCH, SEARCH | {"query": "another"}):
        account.submit(body, KEY | {"idempotency-key": "one"})

    assert budget_of(limited) == (250_000_000, 250_000_000)


@pytest.mark.parametrize(("limit", "status"), [(0.3, 200), (0.2, 402)])
def test_a_producers_job_has_its_owners_limits(limited: Limited, account: Account, limit: float, status: int) -> None:
    """
    The record under the key's id tells them.
    """
    limited.give_owner(limit)
    limited.give()
    message = limited.client("sqs").send_message(
        QueueUrl=account.queue_url,
        MessageBody=json.dumps(SEARCH),
        MessageAttributes={"owner": {"DataType": "String", "StringValue": "a"}},
    )

    account.work()

    assert account.poll(message["MessageId"], "sk-a").json["status_code"] == status
    assert limited.spent() == (250_000_000 if status == 200 else 0)


def test_a_producers_job_has_its_owners_limits_as_they_are_now(limited: Limited, account: Account) -> None:
    """
    One that was raised a moment ago is not what a job fails with for good.
    """
    limited.give()
    statuses = []
    for limit in (0.2, 0.3):
        limited.give_owner(limit)
        owner = {"owner": {"DataType": "String", "StringValue": "a"}}
        message = limited.client("sqs").send_message(
            QueueUrl=account.queue_url, MessageBody=json.dumps(SEARCH), MessageAttributes=owner
        )
        account.work()
        statuses.append(account.poll(message["MessageId"], "sk-a").json["status_code"])

    assert statuses == [402, 200]


def test_how_much_of_a_budget_is_used_is_a_metric(
    limited: Limited, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    The key's or its team's, whichever is nearer to its end: after an answer, a submission and a refusal.
    """
    monkeypatch.setattr(observability.logger.registered_handler, "stream", log := io.StringIO())
    limited.give(limit=10, team="search")
    limited.give_team(limit=0.625)

    statuses = [limited.ask().status, account.submit(SEARCH, KEY).status, limited.ask().status]
    account.work()

    *lines, job_tried = [json.loads(line) for line in log.getvalue().splitlines()]
    assert statuses == [200, 202, 402]
    assert [line["BudgetUsed"] for line in lines] == [40.0, 80.0, 80.0]
    by_team = frozenset({("stack", "local"), ("team", "search")})
    assert emitted(lines)["BudgetUsed", by_team] == [40.0, 80.0, 80.0]
    assert emitted([job_tried])["Cost", by_team] == [0.25]


def test_a_key_without_a_budget_has_none_to_use(limited: Limited, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Its lines are no longer for it.
    """
    monkeypatch.setattr(observability.logger.registered_handler, "stream", log := io.StringIO())
    limited.give(requests_per_minute=3)

    limited.ask()

    assert "BudgetUsed" not in log.getvalue()

"""What is rehearsed, step by step. Each raises an AssertionError that says what is not as it should be."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from local.cloudformation.template import TEMPLATE_PATH, Template
from tests.crash.asked import asking, best, request
from tests.upstream import Upstream
from tools.rehearse.caller import EVENTS, Caller, load, must
from tools.rehearse.stack import ALIAS, Stack

SERVER_ERROR = 500
OF_QUEUES = {"BatchWorkerFunction": "batch_worker", "WebhooksFunction": "webhook_delivery"}
"""An event by function: an object that has gone, a webhook that is not registered. Jobs are worked on for real."""
PROVIDER_KEY = "sk-rehearsed"


def configure(stack: Stack, provider: Upstream) -> None:
    """As its operator does: the configuration in Systems Manager, the provider's key in Secrets Manager."""
    stack.client("ssm").put_parameter(
        Name=f"/{stack.name}/config", Value=asking(provider), Type="String", Overwrite=True
    )
    stack.client("secretsmanager").put_secret_value(
        SecretId=stack.resources["ProviderSecrets"], SecretString=json.dumps({"tei": PROVIDER_KEY})
    )


def every_function_answers(stack: Stack) -> None:
    """To an event of one of its routes, whatever it says; those of queues to a message that asks nothing of them."""
    for function in Template.read(TEMPLATE_PATH, stack.parameters).functions:
        if not function.routes:
            continue
        event = _event_for(function.routes)
        status, body = Caller(stack).ask(function.name, event)
        must(status < SERVER_ERROR, f"{function.name} answers events/{event}.json with {status}: {body}")
    for name, event in OF_QUEUES.items():
        reply = stack.invoke(name, load(event))
        must(reply == {"batchItemFailures": []}, f"{name} answers events/{event}.json with {reply}")


def ranks(stack: Stack, provider: Upstream) -> None:
    """Sync, by the *provider* that the configuration names, with its key."""
    status, answer = Caller(stack).ask("RerankFunction", "rerank", body=request(1))
    must(status == 200 and answer["results"][0] == best(1), f"a request is answered with {status}: {answer}")
    sent = provider.questions[-1].headers.get("authorization")
    must(sent == f"Bearer {PROVIDER_KEY}", "the provider was not sent its key")


def works_jobs(stack: Stack) -> Iterable[str]:
    """A caller's and another producer's; their ids."""
    caller = Caller(stack)
    jobs = {2: caller.submit(request(2)), 3: caller.send(request(3))}
    for number, job in jobs.items():
        result = caller.result(job).get("result", {})
        must(result.get("results", [{}])[0] == best(number), f"the job {job} came to {result}")

    return jobs.values()


def updates(stack: Stack, changed: Mapping[str, str]) -> None:
    """In place: another version is in force, and the one before is what AWS can go back to."""
    before = version(stack)
    stack.deploy(changed)
    must(version(stack) != before, "the update has not put another version in force")


def keeps(stack: Stack, jobs: Iterable[str]) -> None:
    """What was done before the update is there after it."""
    for job in jobs:
        must(Caller(stack).result(job)["status"] == "completed", f"the job {job} did not survive the update")


def goes(stack: Stack) -> None:
    """Removed, it leaves what its template retains, and nothing else that costs anything."""
    resources, retained = stack.resources, _retained()
    stack.remove()
    kept = {resources[name] for name in retained & resources.keys()}
    left = {
        *(each["FunctionName"] for each in stack.client("lambda").list_functions()["Functions"]),
        *stack.client("dynamodb").list_tables()["TableNames"],
        *stack.client("sqs").list_queues().get("QueueUrls", ()),
        *(each["Name"] for each in stack.client("secretsmanager").list_secrets()["SecretList"]),
    }
    lost = {each for each in left if f"{stack.name}-" in each} - kept
    must(not lost, f"it left {lost}")


def version(stack: Stack) -> str:
    """Which version of the function that ranks is in force."""
    alias = stack.client("lambda").get_alias(FunctionName=stack.resources["RerankFunction"], Name=ALIAS)

    return str(alias["FunctionVersion"])


def _retained() -> set[str]:
    """Tokens of callers, providers' keys and what was used: an operator removes those by hand."""
    resources = Template.read(TEMPLATE_PATH).content["Resources"].items()

    return {name for name, facts in resources if facts.get("DeletionPolicy", "").startswith("Retain")}


def _event_for(routes: Iterable[str]) -> str:
    """The name of an event of one of these *routes*."""
    for path in sorted(EVENTS.glob("*.json")):
        if json.loads(path.read_text("utf-8")).get("routeKey") in set(routes):
            return path.stem

    raise AssertionError(f"events/ has none for {routes}")

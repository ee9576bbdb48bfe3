"""`python -m local`: the whole gateway on this machine, until somebody stops it."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from local import embedded_aws, resources, settings, telling
from local.api_gateway import ApiGateway
from local.front import HOST, Front
from local.poller import Poller
from local.program import having, port_of, stop_when_asked
from local.references import Known
from local.routes import Invoke, Route, most_particular_first
from local.runtime import running
from local.template import TEMPLATE, Template


def main() -> None:
    stop_when_asked()
    front = bound(port_of("PORT", 8080))
    template = Template.read(TEMPLATE)
    known = settled(template)
    must_be_configured()
    functions = {function.name: running(function, os.environ["AWS_DEFAULT_REGION"]) for function in template.functions}
    fed(functions, template, known)
    banner = telling.banner(f"http://{HOST}:{front.port}", os.environ["MASTER_KEY"], os.environ["AWS_ENDPOINT_URL"])
    front.serve(before(functions, template).answer, ready=lambda: print(banner, flush=True))


def bound(port: int) -> Front:
    """The front, with *port* reserved."""
    with having(port, "PORT"):
        return Front(port, telling.tell)


def settled(template: Template) -> Known:
    """Have every setting in the environment and an AWS to talk to; what the *template*'s references stand for."""
    settings.prepare(os.environ)
    known = template.defaults
    if not os.environ.get("AWS_ENDPOINT_URL"):
        known = resources.created(template, embedded_aws.started(os.environ))
    settings.complete(os.environ, template.functions, known)

    return known


def must_be_configured() -> None:
    """End the program with the reason where the configuration is wrong; every request would be a bare 500 otherwise."""
    from rerank_gateway.entry.wiring.gateway import GATEWAY

    try:
        GATEWAY.check_configuration()
    except ValueError as wrong:
        sys.exit(f"GATEWAY_CONFIG is wrong: {wrong}")


def fed(functions: Mapping[str, Invoke], template: Template, known: Known) -> None:
    """Have the *functions* work through their queues, where these are ours: another AWS has workers of its own."""
    for feed in template.feeds(known):
        sqs = embedded_aws.client("sqs", os.environ["AWS_ENDPOINT_URL"])
        url = sqs.get_queue_url(QueueName=feed.queue.rpartition(":")[2])["QueueUrl"]
        Poller(feed, functions[feed.function], sqs, url, telling.tell_batch, telling.tell_failure).start()


def before(functions: Mapping[str, Invoke], template: Template) -> ApiGateway:
    """API Gateway before the *template*'s *functions*."""
    routes = [Route(key, functions[function.name]) for function in template.functions for key in function.routes]

    return ApiGateway(most_particular_first(routes))


if __name__ == "__main__":
    main()

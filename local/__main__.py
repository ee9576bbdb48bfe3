"""`python -m local`: the whole gateway on this machine, until somebody stops it."""

from __future__ import annotations

import errno
import os
import signal
import sys
from pathlib import Path

from local import embedded_aws, settings, telling
from local.api_gateway import ApiGateway
from local.front import HOST, Front
from local.routes import Route, most_particular_first
from local.runtime import running
from local.template import Template

TEMPLATE = Path(__file__).parents[1] / "template.yaml"


def main() -> None:
    stop_when_asked()
    front = bound(os.environ.get("PORT") or "8080")
    template = Template.read(TEMPLATE)
    aws = settled(template)
    must_be_configured()
    gateway = assembled(template)
    banner = telling.banner(f"http://{HOST}:{front.port}", os.environ["MASTER_KEY"], aws)
    front.serve(gateway.answer, ready=lambda: print(banner, flush=True))


def stop_when_asked() -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        # At once, and not by way of an exception: nothing here outlives the process, so there is nothing to tidy up,
        # and nobody should wait for a request that waits for a provider.
        signal.signal(number, lambda *_: os._exit(0))


def bound(port: str) -> Front:
    """The front, with *port* reserved. Ends the program with one sentence where that cannot be had."""
    if not port.isdecimal() or int(port) > 65535:
        sys.exit(f"PORT must be a number from 0 to 65535, and not {port!r}.")
    try:
        return Front(int(port), telling.tell)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            sys.exit(f"Port {port} is taken: stop what runs there, or choose another one with PORT.")
        sys.exit(f"Port {port} cannot be had: {error.strerror}.")


def settled(template: Template) -> str:
    """Have every setting in the environment and an AWS to talk to; returns the address of that."""
    settings.prepare(os.environ)
    known = dict(template.defaults)
    aws = os.environ.get("AWS_ENDPOINT_URL")
    if not aws:
        aws = embedded_aws.started(os.environ)
        known |= embedded_aws.created(template, aws)
    settings.complete(os.environ, template.functions, known)

    return aws


def must_be_configured() -> None:
    """End the program with the reason where the configuration is wrong; every request would be a bare 500 otherwise."""
    from rerank_gateway.domain.errors import GatewayError
    from rerank_gateway.entry.wiring import wiring

    try:
        _ = wiring().config.routing
    except (GatewayError, OSError, ValueError) as wrong:
        sys.exit(f"GATEWAY_CONFIG is wrong: {wrong}")


def assembled(template: Template) -> ApiGateway:
    """API Gateway before the *template*'s functions. To import those takes the settings."""
    region = os.environ["AWS_DEFAULT_REGION"]
    routes = []
    for function in template.functions:
        invoke = running(function, region)
        routes += [Route(key, invoke) for key in function.routes]

    return ApiGateway(most_particular_first(routes))


if __name__ == "__main__":
    main()

"""`python -m local`: the whole gateway on this machine, until somebody stops it."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from local import console, environment
from local.aws.embedded_aws import create_client, start_embedded_aws
from local.aws.resources import create_resources
from local.cloudformation.references import ReferenceValues
from local.cloudformation.template import TEMPLATE_PATH, Template
from local.command_line import exit_if_port_taken, exit_on_signal, parse_arguments, port_from_environment
from local.http.api_gateway import ApiGateway
from local.http.routes import Route, most_specific_first
from local.http.server import HOST, HttpServer
from local.lambda_runtime import Invoke, load_function
from local.queues.poller import Poller

DEFAULT_PORT = 8080
PARAMETERS = {"Playground": "yes"}
"""Those of the template that are others here than they are deployed by default."""
DESCRIPTION = f"""\
Run the whole rerank gateway on this machine: the functions of template.yaml behind an HTTP server on {HOST}, their
queues, and an embedded AWS that forgets everything in the end. Prints a curl command to try, then a line a request.
Stops on Ctrl-C or SIGTERM."""
VARIABLES = f"""\
environment variables:
  PORT                  port to listen on, {DEFAULT_PORT} when unset; 0 takes a free one
  MASTER_KEY            the key that callers send, {environment.DEFAULT_MASTER_KEY} when unset
  GATEWAY_CONFIG        configuration in TOML: the text itself, or the path of a file
  ALLOW_DIRECT_KEYS     true lets callers bring a provider's own key
  CPU_MODEL             folder of a cross-encoder in ONNX, which is then local/cross-encoder
  COHERE_API_KEY, ...   the providers' own keys; docs/providers.md has every provider's variable
  AWS_ENDPOINT_URL      an AWS that runs already, instead of the embedded one; the functions' other variables
                        (KEYS_TABLE, JOBS_TABLE, JOBS_QUEUE_URL, ...) then name what is there
  AWS_DEFAULT_REGION    {environment.LOCAL_DEFAULTS["AWS_DEFAULT_REGION"]} when unset
  LOG                   json for the functions' own log, a line of JSON a request, instead of the console's lines
  POWERTOOLS_LOG_LEVEL  {environment.LOCAL_DEFAULTS["POWERTOOLS_LOG_LEVEL"]} when unset; INFO shows all logs

example:
  COHERE_API_KEY=... PORT=9000 python -m local"""


def main() -> None:
    parse_arguments("python -m local", DESCRIPTION, VARIABLES)
    exit_on_signal()
    server = bind_server(port_from_environment("PORT", DEFAULT_PORT))
    template = Template.read(TEMPLATE_PATH, PARAMETERS)
    values = prepare_environment(template)
    check_config()
    check_model()
    functions = load_functions(template)
    start_pollers(functions, template, values)
    banner = console.banner(f"http://{HOST}:{server.port}", os.environ["MASTER_KEY"], os.environ["AWS_ENDPOINT_URL"])
    # What is not JSON goes to where it is in nobody's way.
    out = sys.stderr if environment.wants_json(os.environ) else sys.stdout
    server.serve(build_api_gateway(functions, template).handle, ready=lambda: print(banner, file=out, flush=True))


def bind_server(port: int) -> HttpServer:
    with exit_if_port_taken(port, "PORT"):
        return HttpServer(port, _ignore if environment.wants_json(os.environ) else console.print_request)


def _ignore(*_: object) -> None:
    """For what the log tells in the console's place."""


def prepare_environment(template: Template) -> ReferenceValues:
    """Have every setting in the environment and an AWS to talk to; the values of the *template*'s references."""
    environment.set_local_defaults(os.environ)
    values = template.parameter_defaults
    if not os.environ.get("AWS_ENDPOINT_URL"):
        values = create_resources(template, start_embedded_aws(os.environ))
    environment.set_function_variables(os.environ, template.functions, values)

    return values


def check_config() -> None:
    """Exit with the reason where the configuration is wrong; every request would be a bare 500 otherwise."""
    from rerank_gateway.entry.wiring.gateway import GATEWAY

    try:
        GATEWAY.refresh()
    except Exception as error:  # whatever is wrong, there is nothing to serve
        sys.exit(f"The configuration is wrong:\n{getattr(error, 'reason', error)}")


def check_model() -> None:
    """Exit with the reason where the cross-encoder cannot be had; otherwise it is in memory now."""
    from rerank_gateway.entry.wiring.gateway import GATEWAY

    try:
        GATEWAY.load_local_models()
    except Exception as error:  # as above
        sys.exit(f"CPU_MODEL is wrong: {getattr(error, 'reason', error)}")


def load_functions(template: Template) -> Mapping[str, Invoke]:
    region = os.environ["AWS_DEFAULT_REGION"]

    return {function.name: load_function(function, region) for function in template.functions}


def start_pollers(functions: Mapping[str, Invoke], template: Template, values: ReferenceValues) -> None:
    """Invoke *functions* with their queues' messages, where these are ours: another AWS has workers of its own."""
    for mapping in template.event_source_mappings(values):
        sqs = create_client("sqs", os.environ["AWS_ENDPOINT_URL"])
        url = sqs.get_queue_url(QueueName=mapping.queue_arn.rpartition(":")[2])["QueueUrl"]
        on_batch = _ignore if environment.wants_json(os.environ) else console.print_batch
        Poller(mapping, functions[mapping.function], sqs, url, on_batch, console.print_error).start()


def build_api_gateway(functions: Mapping[str, Invoke], template: Template) -> ApiGateway:
    """API Gateway in front of the *template*'s *functions*."""
    routes = [Route(key, functions[function.name]) for function in template.functions for key in function.routes]

    return ApiGateway(most_specific_first(routes))


if __name__ == "__main__":
    main()

"""`python -m local.aws_only`: the AWS of this machine, for functions in Docker, until somebody stops it."""

from __future__ import annotations

import os
from threading import Event

from local.aws.embedded_aws import start_embedded_aws
from local.aws.resources import create_resources
from local.cloudformation.template import TEMPLATE_PATH, Template
from local.command_line import exit_if_port_taken, exit_on_signal, parse_arguments, port_from_environment

ALL_INTERFACES = "0.0.0.0"
DEFAULT_PORT = 4566
DEFAULT_REGION = "us-east-1"
"""What the SAM CLI takes where no region is configured, too."""
DESCRIPTION = """\
Run only the embedded AWS of `python -m local`, with the resources of template.yaml in it and without the functions:
for functions that the SAM CLI runs in Docker. It listens on all interfaces, as Docker's containers see this machine
from outside, and forgets everything in the end. Prints commands to try. Stops on Ctrl-C or SIGTERM."""
VARIABLES = f"""\
environment variables:
  AWS_PORT              port to listen on, {DEFAULT_PORT} when unset, as in local/env-aws.json; 0 takes a free one
  AWS_DEFAULT_REGION    region of the resources; when unset the one of your AWS configuration, or {DEFAULT_REGION}"""
BANNER = """
AWS listens on port {port}, in {region}, with the template's resources and nothing in them. Ctrl-C stops it.

After `sam build`, in another terminal, a job from its submission to its result:

{commands}
"""
EVENTS = {"SubmitFunction": "submit", "WorkerFunction": "worker", "StatusFunction": "poll"}
OTHER_PORT_NOTE = "\nlocal/env-aws.json names port {default}: name {port} there."


def main() -> None:
    parse_arguments("python -m local.aws_only", DESCRIPTION, VARIABLES)
    exit_on_signal()
    os.environ.setdefault("AWS_DEFAULT_REGION", configured_region())
    port = port_from_environment("AWS_PORT", DEFAULT_PORT)
    with exit_if_port_taken(port, "AWS_PORT"):
        # Docker's containers see this machine from outside.
        address = start_embedded_aws(os.environ, ALL_INTERFACES, port)
    create_resources(Template.read(TEMPLATE_PATH), address)
    print(banner(int(address.rpartition(":")[2])), flush=True)
    Event().wait()


def configured_region() -> str:
    """The one in which the SAM CLI lets the functions run: resources are found nowhere else."""
    import boto3

    return boto3.Session().region_name or DEFAULT_REGION


def banner(port: int) -> str:
    commands = "\n".join(
        f"sam local invoke {function} --env-vars local/env-aws.json -e events/{event}.json"
        for function, event in EVENTS.items()
    )
    text = BANNER.format(port=port, region=os.environ["AWS_DEFAULT_REGION"], commands=commands)

    return text if port == DEFAULT_PORT else text + OTHER_PORT_NOTE.format(default=DEFAULT_PORT, port=port)


if __name__ == "__main__":
    main()

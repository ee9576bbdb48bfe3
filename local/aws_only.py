"""`python -m local.aws_only`: the AWS of this machine, for functions in Docker, until somebody stops it."""

from __future__ import annotations

import os
from threading import Event

from local import embedded_aws, resources
from local.program import having, port_of, stop_when_asked
from local.template import TEMPLATE, Template

PORT = 4566
USUAL_REGION = "us-east-1"
"""What the SAM CLI takes where no region is configured, too."""
BANNER = """
AWS listens on port {port}, in {region}, with the template's resources and nothing in them. Ctrl-C stops it.

After `sam build`, in another terminal, a job from its submission to its result:

{commands}
"""
EVENTS = {"SubmitFunction": "submit", "WorkerFunction": "worker", "StatusFunction": "poll"}
ELSEWHERE = "\nlocal/env-aws.json names port {usual}: name {port} there."


def main() -> None:
    stop_when_asked()
    os.environ.setdefault("AWS_DEFAULT_REGION", region())
    port = port_of("AWS_PORT", PORT)
    with having(port, "AWS_PORT"):
        # All interfaces, as Docker's containers see this machine from outside.
        address = embedded_aws.started(os.environ, "0.0.0.0", port)
    resources.created(Template.read(TEMPLATE), address)
    print(banner(int(address.rpartition(":")[2])), flush=True)
    Event().wait()


def region() -> str:
    """The one in which the SAM CLI lets the functions run: resources are found nowhere else."""
    import boto3

    return boto3.Session().region_name or USUAL_REGION


def banner(port: int) -> str:
    commands = "\n".join(
        f"sam local invoke {function} --env-vars local/env-aws.json -e events/{event}.json"
        for function, event in EVENTS.items()
    )
    said = BANNER.format(port=port, region=os.environ["AWS_DEFAULT_REGION"], commands=commands)

    return said if port == PORT else said + ELSEWHERE.format(usual=PORT, port=port)


if __name__ == "__main__":
    main()

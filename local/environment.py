"""The functions' environment variables: what the user set, what suits one machine, what the template says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping

from local.cloudformation.references import ReferenceValues, resolve
from local.cloudformation.template import Function

LOCAL_DEFAULTS = {
    "AWS_DEFAULT_REGION": "us-east-1",
    # Receivers are on the same machine.
    "WEBHOOKS_TO_LOOPBACK": "true",
    # The console has one readable line a request instead.
    "POWERTOOLS_LOG_LEVEL": "WARNING",
}
DEFAULT_MASTER_KEY = "sk-local"
NEVER_SET = {"PROVIDER_SECRETS_ARN"}
"""Left unset, so that the providers' usual variables are read: COHERE_API_KEY and its like."""


def wants_json(variables: Mapping[str, str]) -> bool:
    """Whether the user wants the functions' own log, in JSON, in the place of the console's lines."""
    return variables.get("LOG", "").lower() == "json"


def set_local_defaults(variables: MutableMapping[str, str]) -> None:
    """Put into *variables* what suits one machine, where the user has not set it."""
    if wants_json(variables):
        variables["POWERTOOLS_LOG_LEVEL"] = "INFO"
    for name, value in LOCAL_DEFAULTS.items():
        variables.setdefault(name, value)
    variables["MASTER_KEY"] = variables.get("MASTER_KEY") or DEFAULT_MASTER_KEY


def set_function_variables(
    variables: MutableMapping[str, str], functions: Iterable[Function], values: ReferenceValues
) -> None:
    """Put into *variables* what the template gives the *functions*, where nobody has set it and *values* has it."""
    for function in functions:
        for name, value in function.variables.items():
            text = resolve(value, values)
            if text is not None and name not in NEVER_SET:
                variables.setdefault(name, text)

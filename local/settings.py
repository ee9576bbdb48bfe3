"""The functions' environment variables: what the user set, what suits one machine, what the template says."""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping

from local.references import Known, resolved
from local.template import Function

LOCAL = {
    "AWS_DEFAULT_REGION": "us-east-1",
    # One readable line a request is told instead.
    "POWERTOOLS_LOG_LEVEL": "WARNING",
}
MASTER_KEY = "sk-local"
NOT_HERE = {"PROVIDER_SECRETS_ARN"}
"""Left unset, so that the providers' usual variables are read: COHERE_API_KEY and its like."""


def prepare(variables: MutableMapping[str, str]) -> None:
    """Put into *variables* what suits one machine, where the user has not set it."""
    for name, value in LOCAL.items():
        variables.setdefault(name, value)
    variables["MASTER_KEY"] = variables.get("MASTER_KEY") or MASTER_KEY


def complete(variables: MutableMapping[str, str], functions: Iterable[Function], known: Known) -> None:
    """Put into *variables* what the template gives the *functions*, where nobody has set it and all is *known*."""
    for function in functions:
        for name, value in function.variables.items():
            text = resolved(value, known)
            if text is not None and name not in NOT_HERE:
                variables.setdefault(name, text)

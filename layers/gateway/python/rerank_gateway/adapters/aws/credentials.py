"""AWS's credentials: from the environment, where Lambda has them, or else from wherever botocore finds some."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from threading import Lock
from typing import Any

from rerank_gateway.domain.errors import Unavailable

CREDENTIAL_VARIABLES = "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE"


class NoCredentials(Unavailable):
    """There are none, and nobody said that there were."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """An access key; a role's has a session *token*, too."""

    access_key: str
    secret_key: str = field(repr=False)
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class CredentialSource:
    """
    Credentials as of now: from the environment's *variables*, or from botocore's chain, which is searched once. That
    one has profiles, and containers, as which Lambda treats a snapshot; it takes a tenth of a second to load.
    """

    variables: Mapping[str, str] = field(default_factory=dict)
    search: Callable[[], Any] = field(default_factory=lambda: cache(_search))
    searching: Lock = field(default_factory=Lock)

    def current(self) -> Credentials:
        """Raises NoCredentials, or Unavailable when those that there are cannot be had at the moment."""
        access_key, secret_key = map(self.variables.get, ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"))
        if access_key and secret_key:
            return Credentials(access_key, secret_key, self.variables.get("AWS_SESSION_TOKEN"))

        return self._found()

    def _found(self) -> Credentials:
        """Those of the chain; a role's are renewed every few hours."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            with self.searching:
                chain = self.search()
            return Credentials(*chain.get_frozen_credentials()[:3])
        # botocore raises RuntimeError for credentials that have expired when they arrive.
        except (BotoCoreError, ClientError, RuntimeError) as error:
            kind = type(error).__name__
            raise Unavailable("the gateway's AWS credentials cannot be had at the moment", cause=kind) from error


def _search() -> Any:
    from botocore.session import Session

    found = Session().get_credentials()
    if found is None:
        raise NoCredentials("this gateway has no AWS credentials", cause="NoCredentials")

    return found

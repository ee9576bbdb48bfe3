"""Where the text of the configuration comes from, and in which version."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Protocol

SSM_PREFIX, S3_PREFIX = "ssm:", "s3://"


@dataclass(frozen=True, slots=True)
class ConfigText:
    """The *text* of a configuration, what it is called, and its *version*: Parameter Store's, or a part of its hash."""

    text: str
    name: str
    version: str


class Parameters(Protocol):
    """What Parameter Store and S3 have."""

    def read(self, name: str, version: str | None = None) -> tuple[str, str] | None:
        """
        The text and the version of the parameter called *name*, as it is or was in that *version*; None where there is
        no such version any more. Raises Unavailable, also where there is no such parameter.
        """

    def read_object(self, url: str) -> str:
        """The text of the object at *url*, `s3://BUCKET/KEY`. Raises Unavailable."""


def read(setting: str, parameters: Parameters, version: str | None = None) -> ConfigText | None:
    """
    The text that GATEWAY_CONFIG names: itself, a path to one, or `ssm:/parameter/name`, whose value may be the
    `s3://` address of a larger one. None where nothing is named, or that *version* is gone.

    Raises OSError for a path that leads nowhere, and Unavailable.
    """
    if setting.startswith(SSM_PREFIX):
        return _in_parameter_store(setting.removeprefix(SSM_PREFIX), parameters, version)
    if not setting:
        return None
    is_text = "=" in setting or "[" in setting
    text = setting if is_text else Path(setting).read_text("utf-8")

    return ConfigText(text, "GATEWAY_CONFIG" if is_text else setting, sha256(text.encode()).hexdigest()[:8])


def _in_parameter_store(name: str, parameters: Parameters, version: str | None) -> ConfigText | None:
    found = parameters.read(name, version)
    if found is None:
        return None
    value, number = found
    text = parameters.read_object(value.strip()) if value.startswith(S3_PREFIX) else value

    return ConfigText(text, f"{name}:{number}", number)

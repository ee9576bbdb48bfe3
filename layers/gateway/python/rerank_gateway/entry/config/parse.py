"""From a TOML text to the configuration that it is."""

from __future__ import annotations

from rerank_gateway.entry.config.catalogue import Catalogue
from rerank_gateway.entry.config.config import Config
from rerank_gateway.entry.config.faults import ConfigRefused
from rerank_gateway.entry.config.references import References


def parse(text: str, catalogue: Catalogue) -> Config:
    """The configuration that *text* is. Raises ConfigRefused, with everything that is wrong in it."""
    import tomllib  # 5 ms of a cold start, which a gateway without a configuration need not pay

    try:
        config = Config.model_validate(tomllib.loads(text))
        if not any(References(config, catalogue).faults()):
            return config
    except ValueError:
        pass
    from rerank_gateway.entry.config.check import find_faults

    raise ConfigRefused(find_faults(text, catalogue))

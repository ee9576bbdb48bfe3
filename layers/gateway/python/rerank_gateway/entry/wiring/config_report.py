"""What there is to say about a configuration before it is put in force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rerank_gateway.adapters.providers import registry
from rerank_gateway.entry.config.catalogue import LOCAL_PROVIDER
from rerank_gateway.entry.config.check import find_faults
from rerank_gateway.entry.config.config import Config
from rerank_gateway.entry.config.parse import parse
from rerank_gateway.entry.wiring.providers import CATALOGUE, ConfiguredProviders


@dataclass(frozen=True, slots=True)
class ConfigReport:
    """*faults* with their lines, which the gateway would refuse, and *notes*, which it would not."""

    faults: Sequence[tuple[int, str]]
    notes: Sequence[str]

    @classmethod
    def of(cls, text: str, variables: Mapping[str, str]) -> ConfigReport:
        """The report on the configuration *text*; *variables* are those that the gateway would have."""
        faults = [(fault.line or 1, fault.message) for fault in find_faults(text, CATALOGUE)]

        return cls(faults, [] if faults else list(_missing_keys(parse(text, CATALOGUE), variables)))


def _missing_keys(config: Config, variables: Mapping[str, str]) -> Iterator[str]:
    """A note for each provider in an alias that has no key here."""
    providers = ConfiguredProviders(config, "")
    aliases = config.routing(CATALOGUE).aliases.values()
    targets = [target for alias in aliases for target in alias.targets]
    targets += [alias.shadow.target for alias in aliases if alias.shadow]
    for name in dict.fromkeys(target.provider for target in targets):
        kind = config.provider(name).like or name
        if name == LOCAL_PROVIDER or not registry.provider(kind).needs_key:
            continue
        names = providers.key_variables(name)
        if names and not any(variables.get(each) for each in names):
            yield (
                f"{name} has no key here: a stack needs one in the secret of the providers' keys, under "
                f'"{name}", `make run` in {" or ".join(names)}'
            )

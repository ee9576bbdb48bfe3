"""What the names in a configuration lead to, and the mistake where they lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rerank_gateway.domain.errors import UnknownModel
from rerank_gateway.domain.target import Target
from rerank_gateway.entry.config.catalogue import LOCAL_PROVIDER, Catalogue
from rerank_gateway.entry.config.config import Config
from rerank_gateway.entry.config.faults import Fault, Place, listed, suggestion
from rerank_gateway.entry.config.tables import AliasTable, ProviderTable
from rerank_gateway.entry.config.vocabulary import unknown_key


@dataclass(frozen=True, slots=True)
class References:
    """The names in a *config* whose tables are sound in themselves, looked up in a *catalogue*."""

    config: Config
    catalogue: Catalogue

    def faults(self) -> Iterator[Fault]:
        """Every name that leads nowhere, and every target that could never answer."""
        for name, table in self.config.providers.items():
            yield from self._provider_faults(name, table)
        for alias, options in self.config.aliases.items():
            yield from self._alias_faults(("aliases", alias), options)
        yield from self._target_faults(("last_resort",), self.config.last_resort)
        for model in self.config.prices:
            if reason := self._unknown(model):
                yield Fault(("prices", model), f'[prices."{model}"]: {reason}')

    def _provider_faults(self, name: str, table: ProviderTable) -> Iterator[Fault]:
        kind = table.like or name
        if kind not in self.catalogue.names:
            place = ("providers", name, "like") if table.like else ("providers", name)
            nor = f", nor is {kind}" if table.like else ""
            hint = (
                suggestion(kind, self.catalogue.names)
                or f": say which it is `like`. There are {listed(self.catalogue.names)}"
            )
            yield Fault(place, f"[providers.{name}] is no provider{nor}{hint}")
        # A provider is loaded for this, so only for one that has settings.
        elif table.model_extra:
            yield from self._setting_faults(name, table)

    def _setting_faults(self, name: str, table: ProviderTable) -> Iterator[Fault]:
        known = self.catalogue.settings(table.like or name)
        for setting in table.model_extra or ():
            if setting not in known:
                place: Place = ("providers", name, setting)
                yield Fault(place, unknown_key(place, frozenset((*type(table).model_fields, *known))))

    def _alias_faults(self, place: Place, table: AliasTable) -> Iterator[Fault]:
        if table.fuse and table.hedge_after_ms:
            yield Fault((*place, "fuse"), f"{_written(place)} has both fuse and hedge_after_ms: choose one")
        if table.fuse_wait_ms and not table.fuse:
            yield Fault((*place, "fuse_wait_ms"), f'{_written(place)} has fuse_wait_ms, but no fuse: add fuse = "rrf"')
        for text in table.targets:
            yield from self._target_faults((*place, "targets", text), text)
        yield from self._target_faults((*place, "last_resort"), table.last_resort)
        yield from self._shadow_faults(place, table)

    def _shadow_faults(self, place: Place, table: AliasTable) -> Iterator[Fault]:
        yield from self._target_faults((*place, "shadow"), table.shadow)
        if table.shadow_share is not None and not table.shadow:
            message = f'{_written(place)} has shadow_share, but no shadow: add shadow = "provider/model"'
            yield Fault((*place, "shadow_share"), message)
        if table.shadow in (table.targets if table.fuse else set(table.targets[:1]) & set(table.targets[-1:])):
            yield Fault((*place, "shadow"), f"{_written(place)}: {table.shadow} would be its own shadow")

    def _target_faults(self, place: Place, text: str | None) -> Iterator[Fault]:
        if text is None:
            return
        where = f"{_written(place[:2])}: " if len(place) > 1 else "last_resort: "
        if text in self.config.aliases:
            yield Fault(place, f"{where}{text} is an alias, and an alias leads to provider/model only")
        elif reason := self._unanswerable(text):
            yield Fault(place, where + reason)

    def _unanswerable(self, text: str) -> str | None:
        """Why nobody could ever be asked as *text*."""
        if reason := self._unknown(text):
            return reason
        provider = Target.parse(text).provider
        table = self.config.provider(provider)
        if (table.like or provider) not in self.catalogue.names:
            # The one inside the gateway; and a table of another name is told of by itself.
            return None
        lacking = self.catalogue.lacking(table.like or provider, table)

        return f"{text} cannot answer: set {' and '.join(lacking)} in [providers.{provider}]" if lacking else None

    def _unknown(self, text: str) -> str | None:
        """Why there is no such target."""
        try:
            provider = Target.parse(text).provider
        except UnknownModel:
            return f'"{text}" names no provider: write provider/model, such as "cohere/{text or "rerank-v3.5"}"'
        known = self.catalogue.names
        if provider == LOCAL_PROVIDER or provider in self.config.providers or provider in known:
            return None
        hint = suggestion(provider, (*known, *self.config.providers)) or f". There are {listed(known)}"

        return f"there is no provider {provider}{hint}"


def _written(place: Place) -> str:
    return f"[{'.'.join(map(str, place))}]"

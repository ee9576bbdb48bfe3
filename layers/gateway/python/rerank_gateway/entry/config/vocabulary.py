"""Which keys a configuration may have, and where each belongs."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from rerank_gateway.entry.config.faults import Place, listed, suggestion
from rerank_gateway.entry.config.tables import AliasTable, LimitsTable, PriceTable, ProviderTable

TABLES: Mapping[str, Collection[str]] = {
    "[aliases.NAME]": AliasTable.model_fields,
    "[providers.NAME]": ProviderTable.model_fields,
    "[limits]": LimitsTable.model_fields,
    "[prices.NAME]": PriceTable.model_fields,
}
"""The keys of each table."""
SECRETS = frozenset(("api_key", "apikey", "key", "keys", "token", "secret", "secrets", "password", "authorization"))


def unknown_key(place: Place, valid: Collection[str]) -> str:
    """That the last key of *place* is none of the *valid* ones, and where it belongs."""
    key = str(place[-1])
    if key.lower() in SECRETS:
        return f"{table_of(place)} must not hold {key}: {_where_keys_belong(place)}"
    hint = suggestion(key, valid) or _home(key)

    return f"{table_of(place)} has no key {key}{hint or '.'} Its keys: {listed(valid)}"


def _where_keys_belong(place: Place) -> str:
    provider = str(place[1]) if len(place) > 2 and place[0] == "providers" else "PROVIDER"
    variable = provider.upper().replace("-", "_")

    return f'keys belong in the secret of the providers\' keys, under "{provider}", or locally in {variable}_API_KEY'


def _home(key: str) -> str:
    """In which table *key* would be right."""
    homes = [table for table, keys in TABLES.items() if key in keys]

    return f": it belongs in {' or '.join(homes)}." if homes else ""


def table_of(place: Place) -> str:
    """The table that the last key of *place* is in."""
    return f"[{'.'.join(map(str, place[:-1]))}]" if len(place) > 1 else "the configuration"

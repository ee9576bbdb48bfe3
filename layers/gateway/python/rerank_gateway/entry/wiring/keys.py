"""Assembly of the keys that callers have."""

from __future__ import annotations

from rerank_gateway.adapters.aws.dynamodb_keys import KEY_TTL_S, DynamoKeyStore, MasterKeyStore
from rerank_gateway.adapters.cache.ttl_cache import TtlCache
from rerank_gateway.domain.ports import KeyStore
from rerank_gateway.entry.wiring.environment import CLOCK, Environment


def key_store(environment: Environment) -> KeyStore:
    settings = environment.settings
    table = settings.keys_table
    others = DynamoKeyStore(table, TtlCache(KEY_TTL_S, CLOCK)) if table else None
    if token := settings.master_key:
        return MasterKeyStore(lambda: token, others)

    return MasterKeyStore(environment.secret(settings.master_key_arn).value, others)

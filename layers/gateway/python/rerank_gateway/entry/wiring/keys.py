"""Assembly of the keys that callers have."""

from __future__ import annotations

from rerank_gateway.adapters.aws.dynamodb_keys import (
    KEY_STALE_S,
    KEY_TTL_S,
    PREVIOUS_MASTER_KEY_S,
    DynamoKeyStore,
    MasterKeyStore,
)
from rerank_gateway.adapters.aws.json_api import DYNAMODB
from rerank_gateway.adapters.cache.ttl_cache import Staleness, TtlCache
from rerank_gateway.domain.ports import KeyStore
from rerank_gateway.entry.observability import log_warning
from rerank_gateway.entry.wiring.environment import CLOCK, Environment
from rerank_gateway.use_cases.authenticate import Authenticate


def authenticate_by(environment: Environment) -> Authenticate:
    return Authenticate(key_store(environment), CLOCK, environment.settings.takes_direct_keys)


def key_store(environment: Environment) -> KeyStore:
    settings, others = environment.settings, table_of_keys(environment)
    if token := settings.master_key:
        return MasterKeyStore(lambda: token, others)

    secret = environment.secret(settings.master_key_arn)

    return MasterKeyStore(secret.value, others, lambda: secret.previous(CLOCK.epoch() - PREVIOUS_MASTER_KEY_S))


def table_of_keys(environment: Environment) -> DynamoKeyStore | None:
    """All keys but the stack's own, if there is a table of them."""
    table = environment.settings.keys_table
    staleness = Staleness(KEY_STALE_S, "virtual_key", log_warning)
    dynamodb = environment.aws.api(DYNAMODB, "the key store")

    return DynamoKeyStore(table, dynamodb, TtlCache(KEY_TTL_S, CLOCK, staleness)) if table else None

"""Those that pass requests on to others are told by nobody but the operator to whom."""

from __future__ import annotations

import pytest

from rerank_gateway.adapters.providers import registry
from tests.fakes import request

BROKERS = ("litellm", "portkey", "openrouter", "vercel", "compatible")
CHOICES = (
    "model",
    "models",
    "fallbacks",
    "context_window_fallback_dict",
    "route",
    "provider",
    "providerOptions",
    "custom_llm_provider",
    "api_base",
    "apiBase",
    "base_url",
    "endpoint",
    "api_key",
    "apiKey",
    "headers",
    "extra_headers",
    "aws_access_key_id",
    "vertex_credentials",
    "callbacks",
    "success_callback",
    "webhook_url",
    "config",
    "mock_response",
    "litellm_params",
    "targets",
    "strategy",
    "plugins",
)
HARMLESS = {"truncation": True, "max_chunks_per_doc": 3, "return_text": False, "seed": 7, "input_type": "query"}


@pytest.mark.parametrize("name", BROKERS)
def test_a_caller_chooses_nothing_at_a_broker(name: str) -> None:
    """
    Neither models nor addresses nor keys nor callbacks: of all of these only what the gateway itself says is sent.
    """
    dialect = registry.provider(name).dialect
    asked = request(extra_body=dict.fromkeys(CHOICES, "mine"))

    payload = dialect.phrase(asked, "m", {})

    assert "mine" not in payload.values()


@pytest.mark.parametrize("name", BROKERS)
def test_other_fields_go_along(name: str) -> None:
    """
    That is what `extra_body` is for.
    """
    payload = registry.provider(name).dialect.phrase(request(extra_body=HARMLESS), "m", {})

    assert HARMLESS.items() <= payload.items()


def test_a_vendor_may_have_any_field_of_its_own() -> None:
    """
    Cohere asks nobody else.
    """
    payload = registry.provider("cohere").dialect.phrase(request(extra_body={"provider_hint": 1}), "m", {})

    assert payload["provider_hint"] == 1

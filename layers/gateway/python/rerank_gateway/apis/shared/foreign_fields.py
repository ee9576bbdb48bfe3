"""Fields that OpenRouter's clients insist on, and the gateway knows nothing of."""

from __future__ import annotations

from typing import Any

OF_EITHER: dict[str, Any] = {
    "include_byok_in_limit": False,
    "byok_usage": 0,
    "byok_usage_daily": 0,
    "byok_usage_weekly": 0,
    "byok_usage_monthly": 0,
    "workspace_id": "default",
}
OF_A_KEY: dict[str, Any] = {**OF_EITHER, "external_user": None, "last_used_at": None}
"""Of a key that is managed."""
OF_THE_CURRENT_KEY: dict[str, Any] = {
    **OF_EITHER,
    "is_free_tier": False,
    "free_model_daily_requests": {"limit": 0, "remaining": 0, "used": 0},
    "allowed_data_regions": [],
    "budgets": [],
    "effective_budget": None,
    "organization_id": None,
}
"""Of the caller's own."""

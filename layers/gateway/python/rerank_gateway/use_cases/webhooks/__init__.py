"""Webhooks: endpoints are registered, messages to them delivered."""

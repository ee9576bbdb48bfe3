"""Assembly: the one room that sees both ports and adapters."""

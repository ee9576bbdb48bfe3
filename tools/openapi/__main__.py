"""`python -m tools.openapi`: write the OpenAPI document that the gateway serves."""

from tools.openapi.document import write

write()

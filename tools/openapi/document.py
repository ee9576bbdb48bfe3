"""The OpenAPI document, from the functions' routes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic_core import to_json

import rerank_gateway
from functions.admin.app import ROUTES as ADMIN
from functions.batches.app import ROUTES as BATCHES
from functions.rerank.app import ROUTES as RERANK
from functions.status.app import ROUTES as STATUS
from functions.submit.app import ROUTES as SUBMIT
from rerank_gateway.entry.http.route import Route
from rerank_gateway.entry.routes.catch_all import KEY as CATCH_ALL
from rerank_gateway.entry.routes.openapi import DOCUMENT
from tools.openapi import parts
from tools.openapi.operations import operation
from tools.openapi.schemas import schemas
from tools.openapi.words import ABOUT

ROUTES: Mapping[str, Route] = {
    key: route for key, route in {**RERANK, **SUBMIT, **STATUS, **ADMIN, **BATCHES}.items() if key != CATCH_ALL
}
"""All that have an address of their own."""


def write(path: Path = DOCUMENT) -> None:
    path.write_text(text(), "utf-8")


def text() -> str:
    """The document as it is checked in, which is how it is served: on one line, without its end."""
    return to_json(document()).decode()


def document() -> dict[str, Any]:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Rerank gateway",
            "version": rerank_gateway.__version__,
            "description": " ".join(ABOUT.split()),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{name: []} for name in parts.KEYS],
        "paths": _paths(),
        "components": {"schemas": schemas(), "headers": parts.HEADERS, "securitySchemes": parts.KEYS},
    }


def _paths() -> dict[str, Any]:
    paths: dict[str, Any] = {}
    for key, route in ROUTES.items():
        method, _, path = key.replace("+}", "}").partition(" ")
        paths.setdefault(path, {})[method.lower()] = operation(key, route)

    return paths

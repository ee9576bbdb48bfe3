"""Two providers, and an alias of theirs."""

from __future__ import annotations

from tests.functions.gateway import Response
from tests.functions.rankers import Ranker


def configuration(cohere: str, tei: str, alias: str = "", tei_has: str = "") -> str:
    """Two providers, and an alias `both` of theirs that has more lines in it."""
    return f"""
        [aliases.both]
        targets = ["cohere/rerank-v3.5", "tei/m"]
        {alias}
        [providers.cohere]
        url = "{cohere}"
        [providers.tei]
        url = "{tei}"
        {tei_has}
    """


def pointed_at(only: Ranker, alias: str = "", tei_has: str = "") -> dict[str, str]:
    return {"GATEWAY_CONFIG": configuration(only.url, only.url, alias, tei_has), "COHERE_API_KEY": "k"}


def tried(response: Response) -> list[tuple[str, int]]:
    """Who was asked, and what came of it."""
    attempts = response.json["extra_fields"]["attempts"]

    return [(each["target"], each["status_code"]) for each in attempts if "skipped" not in each]

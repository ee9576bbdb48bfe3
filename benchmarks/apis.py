"""
What a request costs in each API, against the native one.

Use: `python benchmarks/apis.py`, with the gateway and httpx installed. The same documents are sent in every API's own
way, and come back where it has a way to ask for that; all ask the same upstream, by turns. Prints medians of the
handler's wall time, and their ratio to the native API's.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

# A script finds only what lies beside it.
sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import upstream
from benchmarks.own_time import Context, log_to_nowhere, medians, texts
from functions.rerank.app import handler

GOAL = 1.10
ROUNDS = {10: 600, 100: 400, 1000: 80}
"""How often each API is asked, by the number of documents."""
EVENTS = Path(__file__).parents[1] / "events"
APIS = ("rerank", "cohere", "openrouter", "orq", "voyage", "mixedbread", "pinecone", "infinity", "tei")
DOCUMENTS = {"mixedbread": "input", "tei": "texts"}
RETURNED = {"mixedbread": "return_input", "tei": "return_text"}


def main() -> None:
    with upstream.running() as url, log_to_nowhere() as shown:
        os.environ.update(upstream.settings(url))
        print("documents  " + "  ".join(f"{name:>10}" for name in APIS), file=shown)
        for documents, rounds in ROUNDS.items():
            sides = [partial(handler, _event(name, documents), Context()) for name in APIS]
            taken = medians(rounds, *sides)
            print(f"{documents:9,}  " + "  ".join(f"{each:7.2f} ms" for each in taken), file=shown)
            print(f"{'':11}" + "  ".join(f"{each / taken[0]:10.2f}" for each in taken), file=shown)
            print(f"{'':11}{'met' if max(taken) <= GOAL * taken[0] else 'missed'}: goal {GOAL}", file=shown)


def _event(name: str, documents: int) -> Mapping[str, Any]:
    """The request of events/NAME.json, put to the upstream and with so many documents."""
    event: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text("utf-8"))
    body = {key: value for key, value in json.loads(event["body"]).items() if key not in ("top_n", "top_k")}
    event["body"] = json.dumps(
        body
        | {"model": "cohere/rerank-v3.5", DOCUMENTS.get(name, "documents"): list(texts(documents))}
        | {RETURNED.get(name, "return_documents"): True}
    )

    return event


if __name__ == "__main__":
    main()

"""
What LiteLLM and the gateway say differently, and why.

A difference that is not here fails the tests, and so does one that is here and no longer there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.clients.wire.heard import UNSAID

INSTRUCTION = "Prefer the newest."
TOP_TWO = {"top_n": 2, "return_documents": True}
OPTIONS = {"return_documents": False, "max_tokens_per_doc": 256, "instruction": INSTRUCTION}


@dataclass(frozen=True)
class Difference:
    """The *vendors* hear *ours* in this *field* from the gateway and *theirs* from LiteLLM, when *asked* this."""

    vendors: str
    field: str
    ours: Any
    theirs: Any
    why: str
    asked: tuple[dict[str, Any], ...] = (TOP_TWO, OPTIONS)


ECHO = "LiteLLM passes the wish for documents on; the gateway takes them from the request."
NO_ECHO = "LiteLLM sends a field of Cohere's version 1 that this API does not have."
CALLED = "accounts/fireworks/models/qwen3-reranker-8b"

DIFFERENCES = [
    Difference("azure cohere vllm", "return_documents", UNSAID, True, NO_ECHO, (TOP_TWO,)),
    Difference("azure cohere vllm", "return_documents", UNSAID, False, NO_ECHO, (OPTIONS,)),
    Difference("cohere_v1 dashscope fireworks infinity", "return_documents", False, True, ECHO, (TOP_TWO,)),
    Difference("jina litellm together voyage", "return_documents", False, True, ECHO, (TOP_TWO,)),
    Difference("tei", "return_text", False, True, ECHO, (TOP_TWO,)),
    Difference("vertex", "ignoreRecordDetailsInResponse", True, False, ECHO, (TOP_TWO,)),
    Difference("watsonx", "parameters.return_options.inputs", False, True, ECHO, (TOP_TWO,)),
    Difference("azure", "max_tokens_per_doc", 256, UNSAID, "LiteLLM drops it, even in version 2.", (OPTIONS,)),
    Difference("litellm", "max_tokens_per_doc", 256, UNSAID, "LiteLLM asks its proxy in version 1.", (OPTIONS,)),
    Difference("litellm", "instruction", INSTRUCTION, UNSAID, "The proxy takes it, if not from LiteLLM.", (OPTIONS,)),
    Difference("dashscope", "instruct", INSTRUCTION, UNSAID, "LiteLLM drops instructions.", (OPTIONS,)),
    Difference("fireworks", "task", INSTRUCTION, UNSAID, "LiteLLM drops instructions.", (OPTIONS,)),
    Difference(
        "voyage",
        "query",
        f"{INSTRUCTION}\nwhich one?",
        "which one?",
        "Voyage wants an instruction in the query, and LiteLLM drops it.",
        (OPTIONS,),
    ),
    Difference("voyage", "truncation", True, UNSAID, "It is the default; Voyage's own SDK always says it."),
    Difference("fireworks", "model", CALLED, f"fireworks/{CALLED}", "LiteLLM's prefix goes even before whole paths."),
    Difference("nvidia", "top_k", UNSAID, 2, "NVIDIA's schema has no such field, so the gateway cuts.", (TOP_TWO,)),
    Difference("tei", "top_n", UNSAID, 2, "TEI has no such field, so the gateway cuts.", (TOP_TWO,)),
    Difference("tei", "raw_scores", UNSAID, False, "It is the default."),
    Difference("tei", "truncate", True, False, "LiteLLM lets TEI refuse what is too long; the gateway if asked to."),
    Difference(
        "vertex",
        "records[].title",
        UNSAID,
        ["the first", "the second", "the third"],
        "LiteLLM makes a title of the first three words, which is ranked as well.",
    ),
    Difference(
        "vertex",
        "token aud",
        "{url}/token",
        "https://oauth2.googleapis.com/token",
        "Google's library always names this audience; it is where the keys that Google hands out lead, too.",
    ),
    Difference("watsonx", "?version", "2026-10-14", "2024-03-13", "The day that each was written for."),
    Difference("watsonx", "parameters.return_options.query", False, UNSAID, "The gateway says that it wants none."),
    Difference(
        "watsonx", "parameters.return_options.top_n", 3, UNSAID, "LiteLLM leaves it to IBM how many come.", (OPTIONS,)
    ),
]

RANKINGS = {
    "deepinfra": (
        [(0, 0.0125), (1, 0.9984), (2, 0.3371)],
        "DeepInfra's scores stand in the order of the documents; LiteLLM neither sorts nor cuts.",
    ),
    "nvidia": (
        [(0, 4.2421875), (2, -3.029296875), (1, -5.41015625)],
        "NVIDIA ranks them all; LiteLLM relies on a field that the schema does not have.",
    ),
    "tei": (
        [(0, 0.9976), (2, 0.1245), (1, 0.0125)],
        "TEI ranks them all; LiteLLM relies on a field that TEI does not have.",
    ),
}
"""What LiteLLM makes of the recorded reply to TOP_TWO, where it is not the gateway's ranking."""


def explained(vendor: str, asked: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The differences there are when *vendor* is *asked*, by field."""
    known = (known for known in DIFFERENCES if vendor in known.vendors.split() and asked in known.asked)

    return {difference.field: (difference.ours, difference.theirs) for difference in known}

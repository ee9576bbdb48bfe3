"""What is known of a target before anyone asks it."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.domain.constraints import UNDECLARED, Terms
from rerank_gateway.domain.price import Price
from rerank_gateway.domain.request import Truncate


@dataclass(frozen=True, slots=True)
class Limits:
    """
    What one request may hold: so many *documents*, so many of them with *images*, so many bytes of text in all
    (*size*), so many *tokens* in all, the query counted once a document, so many characters in a text (*length*), and
    so many tokens in a text and the query (*window*). None where there is no limit, or nobody knows it.

    *overhead* is for those who count the query once a document in *size*, too: the bytes that they add for each.
    """

    documents: int | None = None
    size: int | None = None
    length: int | None = None
    images: int | None = None
    tokens: int | None = None
    overhead: int | None = None
    window: int | None = None


UNLIMITED = Limits()
PARALLEL_PARTS = 8
"""What a vendor's rates and a server of one's own can take."""
CUTS_THE_END: frozenset[Truncate] = frozenset(("end",))
"""What most do with a text that is too long, and cannot be told."""


@dataclass(frozen=True, slots=True)
class Profile:
    """
    *pointwise* says that a document's score does not rest on the other documents, so that a request may be split;
    *truncates* that the target knows `max_tokens_per_doc` itself, and *default_tokens* how many it reads of a document
    otherwise, where that is known; *truncation* has the values of `truncate` that it follows by itself; *sees* that it
    ranks images. *max_tokens_per_doc* is the operator's default. *parameters* are the options of a request that only a
    target can follow, and this one is told of; *terms* what the operator has declared of it; *takes_constraints* says
    that it is told a caller's constraints and keeps them itself. Of one request *parallel_parts* are asked at the same
    time.
    """

    limits: Limits = UNLIMITED
    pointwise: bool = True
    truncates: bool = False
    default_tokens: int | None = None
    truncation: frozenset[Truncate] = CUTS_THE_END
    sees: bool = False
    price: Price | None = None
    max_tokens_per_doc: int | None = None
    parameters: frozenset[str] = frozenset()
    terms: Terms = UNDECLARED
    takes_constraints: bool = False
    parallel_parts: int = PARALLEL_PARTS

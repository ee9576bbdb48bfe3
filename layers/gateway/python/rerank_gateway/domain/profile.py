"""What is known of a target before anyone asks it."""

from __future__ import annotations

from dataclasses import dataclass

from rerank_gateway.domain.price import Price
from rerank_gateway.domain.request import Truncate


@dataclass(frozen=True, slots=True)
class Limits:
    """
    What one request may hold: so many *documents*, so many bytes of text in all (*size*), so many characters in a
    text (*length*). None where there is no limit, or nobody knows it.
    """

    documents: int | None = None
    size: int | None = None
    length: int | None = None


UNLIMITED = Limits()
CUTS_THE_END: frozenset[Truncate] = frozenset(("end",))
"""What most do with a text that is too long, and cannot be told."""


@dataclass(frozen=True, slots=True)
class Profile:
    """
    *pointwise* says that a document's score does not rest on the other documents, so that a request may be split;
    *truncates* that the target knows `max_tokens_per_doc` itself, and *default_tokens* how many it reads of a document
    otherwise, where that is known. *truncation* has the values of `truncate` that it follows by itself.
    """

    limits: Limits = UNLIMITED
    pointwise: bool = True
    truncates: bool = False
    default_tokens: int | None = None
    truncation: frozenset[Truncate] = CUTS_THE_END
    price: Price | None = None

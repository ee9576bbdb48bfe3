"""What callers may not say to those that pass a request on to others: whom to ask instead, and on whose account."""

from __future__ import annotations

import re

CHOOSES = re.compile(
    r"""
    model | fallback | rout(e|ing) | provider | order | target | strategy | deployment | config   # who ranks
    | (^|_)(base|url|uri|host|endpoint|proxy)($|_) | webhook | callback                            # addresses
    | (^|_)api | key | secret | credential | auth | (^|_)token$ | access_token | header            # keys
    | organi[sz]ation | project | region | ^aws_ | ^vertex_ | ^azure_ | litellm | portkey          # accounts
    | cache | mock | plugin | guardrail | metadata | ^tags$ | budget                               # the broker itself
    """,
    re.IGNORECASE | re.VERBOSE,
)


def is_brokers_own(name: str) -> bool:
    """
    Whether a field called *name* may choose a model, an address, a key or a callback at a broker. Its documentation
    need not say so today: what merely looks like it is refused as well.
    """
    return CHOOSES.search(name) is not None

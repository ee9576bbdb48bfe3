"""What of a provider's own words a caller must not see: the gateway's key, and where servers are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

KEY, ADDRESS = "[key]", "[address]"
MIN_SECRET_CHARS = 8
"""Characters of what is masked as a key: anything shorter is none, and its letters are everywhere."""
PLAIN_HEADERS = frozenset(("content-length", "content-type", "date", "host"))
"""Headers that a signature covers and that hold no secret."""
ADDRESSES = re.compile(
    r"""
    \b[a-z][a-z0-9+.-]*://\S+             # a URL
    | \barn:aws\S*                        # AWS's name of something, with the number of the account
    | \[[0-9a-f:.]*:[0-9a-f:.]*\](:\d+)?  # IPv6
    | \b\d{1,3}(\.\d{1,3}){3}(:\d+)?\b    # IPv4
    """,
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Mask:
    """*secrets* are what a reply may quote of its request; *host* is where that went."""

    secrets: tuple[str, ...] = ()
    host: str = ""

    @classmethod
    def of(cls, url: str, key: str | None, headers: Mapping[str, str]) -> Mask:
        """For replies to a request to *url*, made with *key* and these *headers* of a signer's."""
        values = [key or "", *(value for name, value in headers.items() if name not in PLAIN_HEADERS)]
        # Behind a scheme, such as Bearer, the secret stands alone.
        secrets = {part for value in values for part in (value, *value.split()) if len(part) >= MIN_SECRET_CHARS}

        # The longest first, as one may be a part of another.
        return cls(tuple(sorted(secrets, key=len, reverse=True)), urlsplit(url).hostname or "")

    def __call__(self, text: str) -> str:
        for secret in self.secrets:
            text = text.replace(secret, KEY)
        text = ADDRESSES.sub(ADDRESS, text)
        if not self.host:
            return text

        return re.sub(rf"(?<![\w.-]){re.escape(self.host)}(:\d+)?(?![\w-])", ADDRESS, text, flags=re.IGNORECASE)


NO_MASK = Mask()

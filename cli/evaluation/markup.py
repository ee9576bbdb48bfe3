"""HTML and SVG as text, escaped in one place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


def element(name: str, *content: str, **attributes: object) -> str:
    """
    *content* is markup already; the values of *attributes* are not. What Python cannot have as a name is written with
    an underscore: class_, text_anchor.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value))}"' for key, value in attributes.items()
    )

    return f"<{name}{written}>{''.join(content)}</{name}>"


def text(said: object) -> str:
    """*said* as it stands, whatever is in it."""
    return escape(str(said))


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Plain texts; the first of a row is its heading."""
    head = element("tr", *(element("th", text(each), scope="col") for each in heads))
    body = [
        element("tr", element("th", text(first), scope="row"), *(element("td", text(each)) for each in others))
        for first, *others in rows
    ]

    return element("table", element("thead", head), element("tbody", *body))

"""The page about applications, and what README.md says of them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE, README = ROOT / "docs" / "apps.md", ROOT / "README.md"
LIST = Path(__file__).with_name("applications.toml")
HEADING = "\n## Works with\n"
INTRODUCTION = """\
# Point an application at the gateway

For each application: on which screen or in which file, and what to type there. URL is the gateway's own address: the
output `EndpointUrl` of a stack, or `http://127.0.0.1:8080` for `make run`. The key is
[yours](clients.md#say-who-you-are), and the model is an alias or `provider/model`. Applications tend to swallow errors
and to show the old order: [the log](operations.md#read-the-logs) has a line for each request that arrived. What such
applications send in their own way is [read all the same](clients.md#send-a-request), and named in `x-gateway-warnings`.
"""
README_TEXT = """\
Applications, beside clients: what to type as the rerank address. [How, for each of them](docs/apps.md).
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """As the list has it."""

    name: str
    where: str
    address: str = ""
    key: str = ""
    model: str = ""
    limit: str = ""

    @property
    def anchor(self) -> str:
        """Where GitHub has a link find its section."""
        return "#" + re.sub(r"[^\w\- ]", "", self.name.lower()).replace(" ", "-")

    @property
    def typed(self) -> str:
        """Its address as it is shown: an address as code, words as words."""
        return self.address if "[" in self.address else f"`{self.address}`"


def write(page: Path = PAGE, readme: Path = README) -> None:
    page.write_text(text(), "utf-8")
    readme.write_text(readme_text(readme.read_text("utf-8")), "utf-8")


def applications() -> list[Application]:
    return [Application(**fields) for fields in tomllib.loads(LIST.read_text("utf-8"))["application"]]


def text() -> str:
    """The page as it is checked in."""
    listed = applications()
    contents = "\n".join(f"- [{each.name}]({each.anchor})" for each in listed)

    return "\n".join((INTRODUCTION, contents, *map(_section, listed)))


def readme_text(readme: str) -> str:
    """*readme* with the section about applications as it should be."""
    before, _, after = readme.partition(HEADING)
    rest = after[after.index("\n## ") :]

    return f"{before}{HEADING}\n{README_TEXT}\n" + "\n".join(_readme_rows()) + f"\n{rest}"


def _readme_rows() -> Iterator[str]:
    yield "| application | address |"
    yield "| --- | --- |"
    for each in applications():
        if each.address:
            address = each.typed.replace("](", "](docs/")
            yield f"| [{each.name}](docs/apps.md{each.anchor}) | {address} |"


def _section(application: Application) -> str:
    if not application.address:
        return f"\n## {application.name}\n\nIt cannot be pointed at the gateway. {application.where}\n"
    rows = (("address", application.typed), ("key", application.key), ("model", application.model))
    table = "\n".join(["| | |", "| --- | --- |", *(f"| {name} | {what} |" for name, what in rows)])
    limit = f"\n{application.limit}\n" if application.limit else ""

    return f"\n## {application.name}\n\n{application.where}\n\n{table}\n{limit}"

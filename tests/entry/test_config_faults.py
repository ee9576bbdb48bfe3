"""Every mistake in a configuration is told at once, each in one line that helps to mend it."""

from __future__ import annotations

import pytest

from rerank_gateway.adapters.providers import registry
from rerank_gateway.domain.errors import Misconfigured
from rerank_gateway.entry.config.check import find_faults
from rerank_gateway.entry.config.config import Config
from rerank_gateway.entry.config.places import line_of
from rerank_gateway.entry.config.tables import Table
from rerank_gateway.entry.config.vocabulary import TABLES
from rerank_gateway.entry.wiring.providers import CATALOGUE
from tests.entry.environments import configured

PROVIDERS = ", ".join(sorted(registry.NAMES))
ALIAS_KEYS = "fuse, fuse_wait_ms, hedge_after_ms, last_resort, max_tokens_per_doc, shadow, shadow_share, targets"
TOP_KEYS = "aliases, applications, end_users, last_resort, limits, prices, providers"
MISTAKES = [
    ("[aliases.a]\ntargets = []", "2: targets in [aliases.a] is empty: it needs one at least"),
    ("[aliases.a]\nfuse = 'rrf'", "1: [aliases.a] lacks targets, which it must have"),
    (
        "[aliases.a]\ntarget = ['local/bm25']",
        f"2: [aliases.a] has no key target: did you mean targets? Its keys: {ALIAS_KEYS}",
    ),
    (
        "[alias.a]\ntargets = ['local/bm25']",
        f"1: the configuration has no key alias: did you mean aliases? Its keys: {TOP_KEYS}",
    ),
    (
        "max_documents = 5",
        "1: the configuration has no key max_documents: it belongs in [providers.NAME] or [limits]. "
        f"Its keys: {TOP_KEYS}",
    ),
    (
        "[aliases.a]\ntargets = 'cohere/m'",
        '2: targets in [aliases.a] is "cohere/m", but must be a list, such as ["…", "…"]',
    ),
    ("[aliases.a]\ntargets = [7]", '2: targets[0] in [aliases.a] is 7, but must be a text in quotes, such as "…"'),
    ("[aliases]\nfast = 'cohere/m'", "2: fast in [aliases] must be a table: write [aliases.fast], and its keys below"),
    ("[aliases.a]\ntargets = ['coher/m']", "2: [aliases.a]: there is no provider coher: did you mean cohere?"),
    ("[prices.'coher/m']\nper_search = 1", '1: [prices."coher/m"]: there is no provider coher: did you mean cohere?'),
    ("last_resort = 'nobody/m'", f"1: last_resort: there is no provider nobody. There are {PROVIDERS}"),
    (
        "[aliases.a]\ntargets = ['rerank-v3.5']",
        '2: [aliases.a]: "rerank-v3.5" names no provider: write provider/model, such as "cohere/rerank-v3.5"',
    ),
    (
        "[aliases.a]\ntargets = ['b']\n[aliases.b]\ntargets = ['local/bm25']",
        "2: [aliases.a]: b is an alias, and an alias leads to provider/model only",
    ),
    (
        "[aliases.a]\ntargets = ['watsonx/m']",
        "2: [aliases.a]: watsonx/m cannot answer: set region in [providers.watsonx]",
    ),
    ("[aliases.a]\ntargets = ['vllm/m']", "2: [aliases.a]: vllm/m cannot answer: set url in [providers.vllm]"),
    (
        "[aliases.a]\ntargets = ['cohere/m',\n  'vertex/m']",
        "3: [aliases.a]: vertex/m cannot answer: set project in [providers.vertex]",
    ),
    (
        "[aliases.a]\ntargets = ['cohere/m']\nfuse = 'rrf'\nhedge_after_ms = 5",
        "3: [aliases.a] has both fuse and hedge_after_ms: choose one",
    ),
    (
        "[aliases.a]\ntargets = ['cohere/m']\nfuse_wait_ms = 5",
        '3: [aliases.a] has fuse_wait_ms, but no fuse: add fuse = "rrf"',
    ),
    (
        "[aliases.a]\ntargets = ['cohere/m']\nshadow_share = 0.5",
        '3: [aliases.a] has shadow_share, but no shadow: add shadow = "provider/model"',
    ),
    (
        "[aliases.a]\ntargets = ['cohere/m']\nshadow = 'cohre/n'",
        "3: [aliases.a]: there is no provider cohre: did you mean cohere?",
    ),
    (
        "[aliases.a]\ntargets = ['cohere/m']\nshadow = 'a'",
        "3: [aliases.a]: a is an alias, and an alias leads to provider/model only",
    ),
    ("[aliases.a]\ntargets = ['cohere/m']\nshadow = 'cohere/m'", "3: [aliases.a]: cohere/m would be its own shadow"),
    (
        "[aliases.a]\ntargets = ['cohere/m']\nshadow = 'cohere/n'\nshadow_share = 1.5",
        "4: shadow_share in [aliases.a] is 1.5, but must be at most 1",
    ),
    (
        "[aliases.a]\ntargets = ['cohere/m']\nshadow = 'cohere/n'\nshadow_share = -1",
        "4: shadow_share in [aliases.a] is -1, but must be at least 0",
    ),
    ("[aliases.a]\ntargets = ['cohere/m']\nfuse = 'rff'", '3: fuse in [aliases.a] is "rff", but must be "rrf"'),
    (
        "[aliases.a]\ntargets = ['cohere/m']\nhedge_after_ms = 0.5",
        "3: hedge_after_ms in [aliases.a] is 0.5, but must be a whole number without quotes",
    ),
    (
        "[providers.coher]\nurl = 'https://a'",
        "1: [providers.coher] is no provider: did you mean cohere?",
    ),
    (
        "[providers.mine]\nlike = 'nobody'",
        f"2: [providers.mine] is no provider, nor is nobody: say which it is `like`. There are {PROVIDERS}",
    ),
    (
        "[providers.cohere]\napi_key = 'k'",
        "2: [providers.cohere] must not hold api_key: keys belong in the secret of the providers' keys, under "
        '"cohere", or locally in COHERE_API_KEY',
    ),
    (
        "[providers.tei]\nurl = 'rerank.internal'",
        '2: url in [providers.tei] must begin with http:// or https://, such as "https://rerank.internal:8000"',
    ),
    (
        "[providers.cohere]\nmax_parallel = '5'",
        '2: max_parallel in [providers.cohere] is "5", but must be a whole number without quotes',
    ),
    ("[providers.cohere]\nmax_parallel = 0", "2: max_parallel in [providers.cohere] is 0, but must be at least 1"),
    ("[providers.tei]\nzdr = 'yes'", '2: zdr in [providers.tei] is "yes", but must be true or false, without quotes'),
    (
        "[providers.vertex]\nproject = 7",
        '2: project in [providers.vertex] is 7, but must be a text in quotes, such as "…"',
    ),
    ("[limits]\nmax_documents = 0", "2: max_documents in [limits] is 0, but must be at least 1"),
    (
        "[aliases.a]\ntargets = [cohere/m]",
        '2: this is no TOML: Invalid value: texts stand in quotes, such as "cohere/rerank-v3.5"',
    ),
    (
        "[aliases.fast one]\ntargets = []",
        "1: this is no TOML: Expected ']' at the end of a table declaration: a name with a space stands in quotes, "
        'such as [aliases."fast one"]',
    ),
]


def told(text: str) -> list[str]:
    return [f"{fault.line}: {fault.message}" for fault in find_faults(text, CATALOGUE)]


@pytest.mark.parametrize(("text", "line"), MISTAKES)
def test_a_mistake_is_one_helpful_line(text: str, line: str) -> None:
    """
    With its place, the wrong word, and what to do.
    """
    assert told(text) == [line]


def test_a_setting_that_a_provider_lacks_is_told_with_its_keys() -> None:
    """
    Its own settings are among them.
    """
    [line] = told("[providers.vertex]\nprojekt = 'a'")

    assert line.startswith("2: [providers.vertex] has no key projekt: did you mean project? Its keys: ")
    assert {"location", "project", "url"} <= set(line.rpartition(": ")[2].split(", "))


def test_all_mistakes_are_told_from_top_to_end() -> None:
    """
    Whoever mends one finds no further one behind it.
    """
    texts = [text for text, line in MISTAKES if "no TOML" not in line and text.startswith("[providers.")]
    tables = "\n".join(text.replace("providers.", f"providers.p{number}-") for number, text in enumerate(texts))

    found = find_faults(tables, CATALOGUE)

    assert len({fault.place[1] for fault in found}) == len(texts)
    assert [fault.line for fault in found] == sorted(fault.line or 0 for fault in found)


def test_the_gateway_says_the_same() -> None:
    """
    In its log, with the configuration's name.
    """
    with pytest.raises(Misconfigured) as mistake:
        configured("[aliases.a]\ntargets = ['coher/m']\n[limits]\nmax_documents = 0").routing  # noqa: B018

    assert mistake.value.reason == (
        "GATEWAY_CONFIG:2: [aliases.a]: there is no provider coher: did you mean cohere?\n"
        "GATEWAY_CONFIG:4: max_documents in [limits] is 0, but must be at least 1"
    )


def test_no_secret_in_the_wrong_place_is_repeated() -> None:
    """
    The log shows what is wrong, and a key may be.
    """
    secret = "sk-0123456789abcdef0123456789abcdef"

    lines = told(f"[providers.tei]\nurl = '{secret}'\ntoken = '{secret}'\nmax_parallel = '{secret}'")

    assert len(lines) == 3
    assert not [line for line in lines if secret in line]


WRITTEN = """# a comment = here
[aliases."a b"]  # a name with a space
targets = ["x/y",
    "y/z",  # targets = 1
]
fuse = "rrf"
[limits]
max_documents = 7
[providers . tei]
url = "http://a=b"
"""


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("aliases", "a b"), 2),
        (("aliases", "a b", "targets"), 3),
        (("aliases", "a b", "targets", "y/z"), 4),
        (("aliases", "a b", "fuse"), 6),
        (("limits", "max_documents"), 8),
        (("providers", "tei", "url"), 10),
        (("providers", "tei", "missing"), 9),
        (("nowhere",), 1),
    ],
)
def test_a_place_has_its_line(place: tuple[str, ...], line: int) -> None:
    """
    However it is written; what is missing has its table's.
    """
    assert line_of(WRITTEN, place) == line


def test_every_table_has_its_vocabulary() -> None:
    """
    A key in the wrong table is told where it belongs.
    """
    tables = {
        each
        for field in Config.model_fields.values()
        for each in (field.annotation, *getattr(field.annotation, "__args__", ()))
        if isinstance(each, type) and issubclass(each, Table)
    }

    assert {frozenset(keys) for keys in TABLES.values()} == {frozenset(table.model_fields) for table in tables}

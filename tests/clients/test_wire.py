"""The wire as somebody else has read it: the same requests go through LiteLLM and through the gateway."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import litellm
import pytest
from litellm.utils import ProviderConfigManager

from tests.adapters.accounts import service_account
from tests.clients.wire.asking import ByGateway, ByLiteLLM
from tests.clients.wire.differences import DIFFERENCES, OPTIONS, RANKINGS, TOP_TWO, explained
from tests.clients.wire.heard import differences
from tests.clients.wire.vendors import AWS, KEY, VENDORS, Vendor
from tests.upstream import Upstream, upstream

PAGE = (Path(__file__).parents[2] / "docs" / "providers.md").read_text("utf-8")

each_vendor = pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)
each_with_an_address = pytest.mark.parametrize(
    "vendor", [vendor for vendor in VENDORS if vendor.has_address], ids=lambda vendor: vendor.name
)


@pytest.fixture(scope="module")
def server() -> Iterator[Upstream]:
    """Everybody whom the two may ask."""
    with upstream() as server:
        yield server


@pytest.fixture(scope="module")
def account(server: Upstream, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The key file of a Google service account, whose tokens come from the server."""
    file = tmp_path_factory.mktemp("google") / "account.json"
    file.write_text(service_account(f"{server.url}/token"), "utf-8")

    return str(file)


@pytest.fixture(scope="module")
def by_gateway(server: Upstream, account: str, start_gateway: Callable[..., str]) -> ByGateway:
    config = "\n".join(vendor.table(server.url) for vendor in VENDORS)
    keys = {vendor.variable: KEY for vendor in VENDORS if vendor.variable}
    settings = {**keys, **AWS, "GOOGLE_APPLICATION_CREDENTIALS": account}

    return ByGateway(server, start_gateway(GATEWAY_CONFIG=config, **settings))


@pytest.fixture
def by_litellm(server: Upstream, account: str, monkeypatch: pytest.MonkeyPatch) -> ByLiteLLM:
    monkeypatch.setenv("WATSONX_IAM_URL", f"{server.url}/identity/token")
    monkeypatch.setenv("VERTEXAI_CREDENTIALS", account)

    return ByLiteLLM(server)


@each_vendor
@pytest.mark.parametrize("asked", [TOP_TWO, OPTIONS], ids=["top two", "options"])
def test_requests(vendor: Vendor, asked: dict[str, Any], by_gateway: ByGateway, by_litellm: ByLiteLLM) -> None:
    """
    The vendor hears the same from both, but for what is explained.
    """
    ours, theirs = by_gateway.ask(vendor, asked), by_litellm.ask(vendor, asked)

    assert differences(ours.fields, theirs.fields) == explained(vendor.name, asked)


@each_vendor
def test_rankings(vendor: Vendor, by_gateway: ByGateway, by_litellm: ByLiteLLM) -> None:
    """
    Both find the same ranking in a reply, but for what is explained.
    """
    ours, theirs = by_gateway.ask(vendor, TOP_TWO).ranking, by_litellm.ask(vendor, TOP_TWO).ranking

    different, _ = RANKINGS.get(vendor.name, (None, ""))
    assert theirs == (different or ours)
    assert (ours != theirs) == (vendor.name in RANKINGS)
    assert ours == sorted(theirs, key=lambda row: -row[1])[:2]


@each_with_an_address
def test_addresses(vendor: Vendor, by_litellm: ByLiteLLM) -> None:
    """
    LiteLLM goes where docs/providers.md says that the gateway goes.
    """
    heard = by_litellm.ask(vendor, TOP_TWO)

    ours = re.search(rf"^### {vendor.name}\n(?:(?!#).*\n)*?\| address \| `([^`]+)`", PAGE, re.MULTILINE)
    assert ours
    assert re.fullmatch(re.sub(r"\\{\w+\\}", ".+", re.escape(ours[1])), heard.address)


def test_signatures(by_gateway: ByGateway, by_litellm: ByLiteLLM) -> None:
    """
    Both sign for Bedrock's service and region, and for the host.
    """
    bedrock = next(vendor for vendor in VENDORS if vendor.name == "bedrock")

    for asking in (by_gateway, by_litellm):
        signature = asking.ask(bedrock, TOP_TWO).fields["authorization:"]
        assert re.search(r"/us-west-2/bedrock/aws4_request, SignedHeaders=([\w-]+;)*host;", signature)


def test_nobody_is_left_out() -> None:
    """
    Whomever LiteLLM can rerank with is asked here, but for two that are DashScope under other names.
    """
    usual = (litellm.CohereRerankConfig, litellm.CohereRerankV2Config)
    reading = {
        name: ProviderConfigManager.get_provider_rerank_config("m", name, None, []) for name in litellm.LlmProviders
    }
    theirs = {name.value for name, config in reading.items() if type(config) not in usual}

    known = {vendor.prefix.partition("/")[0] for vendor in VENDORS}
    assert theirs - known == {"qwencloud", "qwen_ai_platform"}
    assert known - theirs == {"bedrock", "cohere", "litellm_proxy", "together_ai"}


def test_nobody_is_explained_in_vain() -> None:
    """
    A slip in a name would hide a difference that is gone.
    """
    explained_ones = {name for difference in DIFFERENCES for name in difference.vendors.split()}

    assert explained_ones | RANKINGS.keys() <= {vendor.name for vendor in VENDORS}

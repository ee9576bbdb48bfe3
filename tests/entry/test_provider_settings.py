"""What the configuration says of providers."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from functools import cache

import pytest
from botocore.session import Session

from rerank_gateway.adapters.providers import registry
from rerank_gateway.domain.errors import TargetMissing
from rerank_gateway.domain.profile import Limits
from rerank_gateway.domain.target import Target
from tests.entry.environments import configured

PATHS = {  # of each service of AWS's own, by its provider and its name in AWS's SDK
    ("lambda", "lambda"): "/2015-03-31/functions/m/invocations",
    ("bedrock", "bedrock-agent-runtime"): "/rerank",
    ("bedrock_invoke", "bedrock-runtime"): "/model/m/invoke",
    ("sagemaker", "sagemaker-runtime"): "/endpoints/m/invocations",
    ("sagemaker_cohere", "sagemaker-runtime"): "/endpoints/m/invocations",
    ("sagemaker_vllm", "sagemaker-runtime"): "/endpoints/m/invocations",
}
session = cache(Session)


def test_a_provider_may_be_named_by_the_operator() -> None:
    """
    Two servers of one kind have a name, an address and a limit of their own.
    """
    loaded = configured("""
        [aliases.default]
        targets = ["small-gpu/m", "vllm/m"]
        [providers.small-gpu]
        like = "vllm"
        url = "http://10.0.0.7:8000"
        max_parallel = 5
        [providers.vllm]
        url = "http://10.0.0.8:8000"
        """)

    assert loaded.routing.targets("default") == (Target("small-gpu", "m"), Target("vllm", "m"))
    assert loaded.providers.description("small-gpu").name == "vllm"
    assert loaded.config.provider("small-gpu").max_parallel == 5
    assert loaded.config.provider("vllm").max_parallel is None


def test_a_server_may_take_more_documents_than_is_usual() -> None:
    """
    Whoever starts TEI with a larger batch has requests split less; its other limits stay.
    """
    loaded = configured("[providers.tei]\nmax_documents = 256\n[providers.vllm]\nmax_documents = 8\n")

    usual = registry.provider("tei").profile("m").limits
    assert loaded.providers.description("tei").profile("m").limits == replace(usual, documents=256)
    assert loaded.providers.description("vllm").profile("m").limits == Limits(documents=8)


def test_settings_are_the_descriptions_own() -> None:
    """
    A provider that needs a project gets it from the configuration, and the rest from its description.
    """
    loaded = configured('[providers.vertex]\nproject = "search-7"\n')

    assert loaded.providers.settings("vertex")["project"] == "search-7"


def test_a_setting_that_is_missing_is_named() -> None:
    """
    The error about a provider that is only half configured names what it lacks.
    """
    with pytest.raises(TargetMissing, match=r"\[providers.vertex\].*lacks project"):
        configured("").providers.settings("vertex")


@pytest.mark.parametrize("region", [{}, {"region": "us-west-2"}])
def test_aws_is_called_in_the_region_of_the_function_by_default(region: dict[str, str]) -> None:
    """
    Bedrock has rerankers in some regions only, so its region may be another one.
    """
    text = "".join(f'[providers.bedrock]\n{name} = "{value}"\n' for name, value in region.items())

    settings = configured(text, "eu-central-1").providers.settings("bedrock")

    assert settings["region"] == region.get("region", "eu-central-1")


@pytest.mark.parametrize("region", ["us-east-1", "us-gov-west-1", "cn-north-1", "eusc-de-east-1", "us-iso-east-1"])
@pytest.mark.parametrize(("name", "service"), PATHS)
def test_aws_is_called_where_its_own_sdk_finds_it(name: str, service: str, region: str) -> None:
    """
    Under the domain of the region's partition, whether Lambda or the configuration tells the region.
    """
    by_function = configured("", region).providers
    by_operator = configured(f'[providers.{name}]\nregion = "{region}"\n', "eu-central-1").providers

    found = [
        each.description(name).address("m", None, None, each.settings(name)) for each in (by_function, by_operator)
    ]

    with closing(session().create_client(service, region)) as client:
        assert found == [f"{client.meta.endpoint_url}{PATHS[name, service]}"] * 2

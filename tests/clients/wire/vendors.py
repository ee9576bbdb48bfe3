"""The rerankers that LiteLLM knows as well, and how both of us are told of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

RECORDED = Path(__file__).parents[2] / "adapters" / "recorded"
KEY = "sk-vendor"
AWS = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "token"}


@dataclass(frozen=True)
class Vendor:
    """
    *name* is the gateway's, and its key stands in *variable*. LiteLLM knows it by *prefix*, takes *keywords* to get
    in, and has to be told the *base* of its address where it has none of its own; `{url}` is the loopback server.
    *model* is LiteLLM's name of the recorded one where that is another.
    """

    name: str
    prefix: str
    variable: str = ""
    base: str | None = None
    model: str | None = None
    keywords: Mapping[str, str] = field(default_factory=lambda: {"api_key": KEY})

    @cached_property
    def recorded(self) -> dict[str, Any]:
        """The exchange in tests/adapters/recorded, of which the model, the settings and the response are used."""
        exchange: dict[str, Any] = json.loads((RECORDED / f"{self.name}.json").read_text("utf-8"))

        return exchange

    @property
    def has_address(self) -> bool:
        """Whether LiteLLM itself knows where it is."""
        return "{url}" not in (self.base or "")

    def table(self, url: str) -> str:
        """Its table in the gateway's configuration."""
        settings = {"url": url, **self.recorded.get("settings", {})}
        lines = [f"{name} = {json.dumps(value.replace('{url}', url))}" for name, value in settings.items()]

        return "\n".join([f"[providers.{self.name}]", *lines])

    def for_litellm(self, url: str) -> dict[str, str]:
        """What LiteLLM has to know of it."""
        base = {"api_base": self.base.replace("{url}", url)} if self.base else {}

        return {"model": f"{self.prefix}/{self.model or self.recorded['model']}", **base, **self.keywords}


VENDORS = [
    Vendor("azure", "azure_ai", "AZURE_AI_API_KEY", base="{url}/providers/cohere/v2"),
    Vendor(
        "bedrock",
        "bedrock",
        model="arn:aws:bedrock:us-west-2::foundation-model/cohere.rerank-v3-5:0",
        keywords={**{name.lower(): value for name, value in AWS.items()}, "aws_region_name": "us-west-2"},
    ),
    Vendor("cohere", "cohere", "COHERE_API_KEY"),
    # The end of the address tells LiteLLM the version.
    Vendor("cohere_v1", "cohere", "COHERE_API_KEY", base="https://api.cohere.com/v1/rerank"),
    Vendor("dashscope", "dashscope", "DASHSCOPE_API_KEY"),
    Vendor("deepinfra", "deepinfra", "DEEPINFRA_API_KEY"),
    Vendor("fireworks", "fireworks_ai", "FIREWORKS_API_KEY"),
    Vendor("infinity", "infinity", "INFINITY_API_KEY", base="{url}"),
    Vendor("jina", "jina_ai", "JINA_API_KEY"),
    Vendor("litellm", "litellm_proxy", "LITELLM_PROXY_API_KEY", base="{url}"),
    Vendor("nim", "nvidia_nim/ranking", "NVIDIA_NIM_API_KEY", base="{url}"),
    # As LiteLLM's documentation writes it: with the underscores of the address.
    Vendor("nvidia", "nvidia_nim", "NVIDIA_API_KEY", model="nvidia/llama-3_2-nv-rerankqa-1b-v2"),
    Vendor("scaleway", "scaleway", "SCW_SECRET_KEY"),
    Vendor("tei", "huggingface", "TEI_API_KEY", base="{url}"),
    # The one that takes no HTTP client of ours, so its own address cannot be led here.
    Vendor("together", "together_ai", "TOGETHER_API_KEY", base="{url}/v1"),
    # Its key is a file, which a test makes.
    Vendor("vertex", "vertex_ai", keywords={"vertex_project": "my-project"}),
    Vendor("vllm", "hosted_vllm", "VLLM_API_KEY", base="{url}"),
    Vendor("voyage", "voyage", "VOYAGE_API_KEY"),
    Vendor(
        "watsonx",
        "watsonx",
        "WATSONX_API_KEY",
        base="https://us-south.ml.cloud.ibm.com",
        keywords={"api_key": KEY, "project_id": "12ac4cf1-252f-424b-b52d-5cdd9814987f"},
    ),
]

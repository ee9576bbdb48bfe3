"""What providers take and what they refuse, as a caller notices it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.functions.conftest import Configure
from tests.functions.gateway import rerank
from tests.upstream import says, upstream

SCORES = [{"index": index, "score": 0.5} for index in range(3)]


@pytest.mark.parametrize(("options", "direction"), [({}, "Right"), ({"truncate": "start"}, "Left")])
@pytest.mark.parametrize("provider", ["tei", "sagemaker"])
def test_the_end_that_is_cut_is_spelt_as_every_version_reads_it(
    configure: Configure, monkeypatch: pytest.MonkeyPatch, provider: str, options: Any, direction: str
) -> None:
    """
    TEI before 1.9, and so the image that template.yaml deploys, refuses every request that says it in lower case.
    """
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")

    with upstream(says(SCORES)) as server:
        configure(GATEWAY_CONFIG=f'[providers.{provider}]\nurl = "{server.url}"', AWS_REGION="eu-west-1")
        response = rerank(model=f"{provider}/my-reranker", **options)

    assert response.status == 200
    assert server.questions[0].json["truncation_direction"] == direction

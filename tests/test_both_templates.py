"""What holds for the gateway's template and the GPU's alike."""

from __future__ import annotations

import re

import pytest

from tests.pages import ROOT, text_of


@pytest.fixture(params=["template.yaml", "gpu/template.yaml"])
def text(request: pytest.FixtureRequest) -> str:
    return text_of(ROOT / request.param)


def test_each_partition_has_its_own_names(text: str) -> None:
    """
    No ARN and no address is of one partition. Services are called alike in all of them where they take on a role.
    """
    assert re.findall(r"arn:(?!\$\{AWS::Partition\}|\[a-z-\]\+:)", text) == []
    assert (
        re.findall(r"^(?!.*Principal: \{ Service: [a-z0-9]+\.amazonaws\.com \}$).*amazonaws\..*$", text, re.MULTILINE)
        == []
    )


def test_each_check_that_is_skipped_has_a_reason(text: str) -> None:
    """
    It stands beside the check's name, where checkov shows it.
    """
    skipped = re.findall(r"checkov:skip=(.*)", text)
    assert skipped
    assert [each for each in skipped if not re.fullmatch(r"CKV2?_AWS_\d+:\S.{9,}", each)] == []

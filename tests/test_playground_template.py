"""The pages for browsers, by the template: there where somebody wants them, and able to do nothing but answer."""

from __future__ import annotations

from local.__main__ import PARAMETERS
from local.cloudformation.template import TEMPLATE_PATH, Template

DEPLOYED, LOCAL = Template.read(TEMPLATE_PATH), Template.read(TEMPLATE_PATH, PARAMETERS)
FACTS = DEPLOYED.content["Resources"]["PlaygroundFunction"]


def test_it_is_there_where_it_is_asked_for() -> None:
    """
    By default on one's own machine only; with it there is its log, and nothing else.
    """
    deployed = set(DEPLOYED.there("Resources", DEPLOYED.parameter_defaults))
    local = set(LOCAL.there("Resources", LOCAL.parameter_defaults))

    assert local - deployed == {"PlaygroundFunction", "PlaygroundLog"}


def test_its_routes_are_those_that_it_answers() -> None:
    """
    The page, the reference, and their files.
    """
    from functions.playground.app import ROUTES

    [declared] = [function for function in LOCAL.functions if function.name == "PlaygroundFunction"]

    assert set(declared.routes) == set(ROUTES)


def test_it_may_answer_and_log() -> None:
    """
    No policy of ours, no name of a table or a secret, and neither a network nor traces, for which it would need rights.
    """
    properties = FACTS["Properties"]

    assert "Policies" not in properties
    assert "Environment" not in properties
    assert {"Tracing", "VpcConfig", "KmsKeyArn"} <= set(FACTS["IgnoreGlobals"])

"""Which function is asked, with what, and what happens when it breaks."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from local.cloudformation.template import Function
from local.console import print_request
from local.http.api_gateway import ApiGateway
from local.http.messages import Request, Response
from local.http.routes import Route, most_specific_first
from local.lambda_runtime import load_function

APP = """
def handler(event, context):
    return {"statusCode": 200, "body": repr([context.function_name, context.memory_limit_in_mb,
        0 < context.get_remaining_time_in_millis() <= 2000, context.invoked_function_arn, context.log_group_name,
        context.log_stream_name[10:20], len(context.aws_request_id)])}
"""


def echo(event: Mapping[str, Any]) -> dict[str, Any]:
    """Replies which route it was, and what its placeholders stood for."""
    return {"statusCode": 200, "body": json.dumps([event["routeKey"], event.get("pathParameters")])}


def respond(keys: list[str], method: str, path: str) -> Response:
    gateway = ApiGateway(most_specific_first(Route(key, echo) for key in keys))

    return gateway.handle(Request(method=method, target=path))


@pytest.mark.parametrize(
    ("path", "route", "parameters"),
    [
        ("/jobs/latest", "GET /jobs/latest", None),
        ("/jobs/a%20b", "GET /jobs/{id}", {"id": "a b"}),
        ("/jobs/1/log/2", "GET /jobs/{id}/log/{line-no}", {"id": "1", "line-no": "2"}),
        ("/jobs/1/log/2/3", "GET /{rest+}", {"rest": "jobs/1/log/2/3"}),
        ("/jobs/1/log/2%0A/3", "GET /{rest+}", {"rest": "jobs/1/log/2\n/3"}),
    ],
)
def test_the_most_specific_route_wins(path: str, route: str, parameters: dict[str, str] | None) -> None:
    """
    Fixed text wins over a placeholder, that over a greedy one, wherever they stand in the template.
    """
    keys = ["GET /{rest+}", "GET /jobs/{id}", "GET /jobs/{id}/log/{line-no}", "ANY /jobs/latest", "GET /jobs/latest"]

    response = respond(keys, "GET", path)

    assert [route, parameters] == json.loads(response.body)


def test_the_default_route_takes_the_rest() -> None:
    """
    Whatever no other route has, of every method.
    """
    keys = ["$default", "GET /{rest+}", "ANY /jobs"]

    assert json.loads(respond(keys, "POST", "/jobs/1").body) == ["$default", None]
    assert json.loads(respond(keys, "POST", "/jobs").body) == ["ANY /jobs", None]
    assert json.loads(respond(keys, "GET", "/jobs/1").body)[0] == "GET /{rest+}"


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/jobs/1"), ("GET", "/jobs"), ("GET", "/jobs/1/2"), ("GET", "/")]
)
def test_no_route_no_answer(method: str, path: str) -> None:
    """
    A placeholder is one part of a path, and never an empty one; other paths and methods are not found.
    """
    response = respond(["GET /jobs/{id}"], method, path)

    assert (response.status, response.body) == (404, b'{"message":"Not Found"}')


@pytest.mark.parametrize("result", [None, {}, {"statusCode": 200, "body": {}}])
def test_a_broken_function_is_a_500(result: object, capsys: pytest.CaptureFixture[str]) -> None:
    """
    The caller of a function that raises, or replies what is no reply, learns nothing; the terminal shows why.
    """
    gateway = ApiGateway([Route("GET /", lambda _: result)])

    response = gateway.handle(Request(method="GET", target="/"))

    assert (response.status, response.body) == (500, b'{"message":"Internal Server Error"}')
    assert "Traceback" in capsys.readouterr().err


def test_a_function_gets_lambdas_context(tmp_path: Path) -> None:
    """
    A function learns its name, memory, time, log and request from the context, as on Lambda.
    """
    (tmp_path / "app.py").write_text(APP, "utf-8")
    function = Function("Status", tmp_path / "app.py", "handler", 2.0, 512, {}, ())

    reply = load_function(function, "eu-west-1")({})

    arn = "arn:aws:lambda:eu-west-1:123456789012:function:Status"
    assert repr(["Status", "512", True, arn, "/aws/lambda/Status", "/[$LATEST]", 36]) == reply["body"]


ANSWERED = {
    "x-gateway-target": "c/d",
    "x-gateway-degraded": "fallback",
    "x-gateway-attempts": "a/b 503 provider_busy, c/d 200",
    "x-gateway-warnings": "ignored: tpo_n",
    "x-request-id": "r-1",
}


@pytest.mark.parametrize(
    ("reply", "headers", "summary"),
    [
        ({"results": [{}, {}]}, {"x-gateway-target": "c/d"}, "a/b -> c/d, 2 results"),
        ([{"index": 0, "score": 1.0}], {"x-gateway-target": "a/b", "x-gateway-attempts": "a/b 200"}, "a/b, 1 results"),
        (
            {"data": [{"index": 0}]},
            ANSWERED,
            "a/b -> c/d, fallback, 1 results, [a/b 503 provider_busy, c/d 200], ignored: tpo_n, r-1",
        ),
        ({"error": {"code": "rate_limited"}, "extra_fields": {}}, {"x-request-id": "r-2"}, "a/b, rate_limited, r-2"),
        (
            {"id": "1", "created_at": "now", "status": "failed", "error": {"error": {"code": "late"}}},
            {},
            "a/b, job failed",
        ),
        ({"status": "ok"}, {}, "a/b"),
        ({"custom_id": "q", "error": {"code": "late"}}, {"content-type": "application/octet-stream"}, "a/b"),
        ([], {}, "a/b"),
    ],
)
def test_a_line_a_request(
    reply: object, headers: dict[str, str], summary: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """
    The terminal shows what was asked for and what became of it, in one line, without what the caller sent but names.
    """
    body = b'{"model": "a/b", "query": "secret"}'
    request = Request(method="POST", target="/v1/rerank\x1b[2J?key=secret", body=body)

    print_request(request, Response(200, list(headers.items()), json.dumps(reply).encode()), 0.0123)

    line = capsys.readouterr().out[8:]
    assert f"  POST /v1/rerank\\x1b[2J  200  12.3 ms  {summary}\n" == line


@pytest.mark.parametrize("body", [b"secret", b'{"model": 7}', b"[]"])
def test_a_line_for_a_request_that_is_none(body: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    """
    It has nothing to tell.
    """
    print_request(Request(method="POST", target="/v1/rerank", body=body), Response(400), 0.0123)

    assert capsys.readouterr().out[8:] == "  POST /v1/rerank  400  12.3 ms\n"

"""HTTP in API Gateway's words: a request becomes an event (HTTP API, payload 2.0), a function's result a response."""

from __future__ import annotations

from base64 import b64decode, b64encode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from secrets import token_bytes, token_hex
from typing import Any
from urllib.parse import parse_qsl

from local.http.messages import Headers, Request, Response
from local.lambda_runtime import ACCOUNT_ID

HOP_BY_HOP_HEADERS = {
    "connection",
    "expect",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
}
"""Headers between two neighbours, which do not travel on."""
TEXT_MEDIA_TYPES = ("text/", "application/json", "application/javascript", "application/xml")
"""Media types whose bodies API Gateway passes on as they are; the others it passes on in base64."""


@dataclass(frozen=True, slots=True)
class RequestContext:
    """When a request arrived, and its id."""

    time: datetime = field(default_factory=lambda: datetime.now(UTC))
    request_id: str = field(default_factory=lambda: urlsafe_b64encode(token_bytes(11)).decode())


def to_http_event(
    request: Request, route_key: str, parameters: Mapping[str, str], context: RequestContext
) -> dict[str, Any]:
    """The event for *request* on the route called *route_key*, whose placeholders stand for *parameters*."""
    headers = _headers(request, context)
    cookies = [cookie for name, value in request.headers if name.lower() == "cookie" for cookie in value.split("; ")]
    query = _join_repeated(parse_qsl(request.query, keep_blank_values=True))

    return {
        "version": "2.0",
        "routeKey": route_key,
        "rawPath": request.path,
        "rawQueryString": request.query,
        "headers": headers,
        "requestContext": _request_context(request, headers, context) | {"routeKey": route_key},
        **({"cookies": cookies} if cookies else {}),
        **({"queryStringParameters": query} if query else {}),
        **({"pathParameters": dict(parameters)} if parameters else {}),
        **_body(request.body, headers),
    }


def _headers(request: Request, context: RequestContext) -> dict[str, str]:
    added = [
        ("x-amzn-trace-id", f"Root=1-{int(context.time.timestamp()):08x}-{token_hex(12)}"),
        ("x-forwarded-for", request.source_ip),
        ("x-forwarded-port", str(request.port)),
        ("x-forwarded-proto", request.scheme),
    ]
    sent = [(name.lower(), value) for name, value in request.headers]
    kept = [(name, value) for name, value in sent if name not in HOP_BY_HOP_HEADERS | {"cookie"}]
    # A body that came in chunks has its length by now.
    length = {"content-length": str(len(request.body))} if request.body else {}

    return _join_repeated([*kept, *added]) | length


def _join_repeated(pairs: Headers) -> dict[str, str]:
    """*pairs* by name, the values of one that comes several times joined by commas."""
    values: dict[str, str] = {}
    for name, value in pairs:
        values[name] = f"{values[name]},{value}" if name in values else value

    return values


def _request_context(request: Request, headers: Mapping[str, str], context: RequestContext) -> dict[str, Any]:
    domain = headers.get("host", "").partition(":")[0]

    return {
        "accountId": ACCOUNT_ID,
        "apiId": "local",
        "domainName": domain,
        "domainPrefix": domain.partition(".")[0],
        "http": {
            "method": request.method,
            "path": request.path,
            "protocol": request.protocol,
            "sourceIp": request.source_ip,
            "userAgent": headers.get("user-agent", ""),
        },
        "requestId": context.request_id,
        "stage": "$default",
        "time": context.time.strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "timeEpoch": int(context.time.timestamp() * 1000),
    }


def _body(body: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
    if not body:
        return {"isBase64Encoded": False}
    if headers.get("content-type", "").lower().startswith(TEXT_MEDIA_TYPES) and "content-encoding" not in headers:
        try:
            return {"body": body.decode(), "isBase64Encoded": False}
        except UnicodeDecodeError:
            pass

    return {"body": b64encode(body).decode(), "isBase64Encoded": True}


def to_http_response(reply: Mapping[str, Any]) -> Response:
    """The response that a function's *reply* asks for. Raises when it is no such reply."""
    text = reply.get("body", "")
    headers = [(name, str(value)) for name, value in reply.get("headers", {}).items()]
    cookies = [("set-cookie", cookie) for cookie in reply.get("cookies", ())]

    return Response(
        status=int(reply["statusCode"]),
        headers=[*headers, *cookies],
        body=b64decode(text) if reply.get("isBase64Encoded") else text.encode(),
    )

"""The function of batches and files as Lambda calls it, and the account that it lives in."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import functions.batches.app
from tests.fakes import FakeContext
from tests.functions.admin import MASTER
from tests.functions.gateway import Response, event

BOUNDARY = "d3c1f0a95be24c1e"
LINES = b"".join(
    b'{"custom_id": "q%d", "body": {"model": "local/bm25", "query": "apples", "documents": ["a", "b"]}}\n' % each
    for each in range(3)
)


@dataclass(frozen=True)
class BatchApi:
    """Asks on the routes of `events/`, as the master key unless another one is given."""

    client: Callable[[str], Any]
    queue_url: str

    def ask(self, name: str, body: Any = None, *, key: str = MASTER, at: str = "", **query: str) -> Response:
        """Send events/NAME.json with *body* about the file, upload or batch *at*, with this *query* and no other."""
        sent = event(name) | {"queryStringParameters": query}
        sent["headers"] |= {"authorization": f"Bearer {key}"}
        if "pathParameters" in sent:
            sent["pathParameters"] = {"id": at}
        if body is not None:
            sent["body"] = body if isinstance(body, str) else json.dumps(body)

        return self.answer(sent)

    def answer(self, sent: dict[str, Any]) -> Response:
        returned = functions.batches.app.handler(sent, FakeContext())
        text = b64decode(returned["body"]).decode() if returned["isBase64Encoded"] else returned["body"]
        is_json = returned["headers"]["content-type"] == "application/json" and text

        return Response(returned["statusCode"], returned["headers"], json.loads(text) if is_json else None, text)

    def store(self, content: bytes = LINES, key: str = MASTER, **fields: str) -> Response:
        """Send *content* in a form with these *fields* beside the purpose."""
        return self.send_form(form(content, purpose="batch", **fields), key=key)

    def send_form(self, body: bytes, content_type: str = "", key: str = MASTER) -> Response:
        sent = event("file_create")
        kind = content_type or f"multipart/form-data; boundary={BOUNDARY}"
        sent["headers"] |= {"content-type": kind, "authorization": f"Bearer {key}"}

        return self.answer(sent | {"body": b64encode(body).decode(), "isBase64Encoded": True})

    def messages(self) -> list[dict[str, Any]]:
        """What is in the queue."""
        received = self.client("sqs").receive_message(QueueUrl=self.queue_url, MaxNumberOfMessages=10)

        return [json.loads(message["Body"]) for message in received.get("Messages", [])]


def form(content: bytes, filename: str = "requests.jsonl", **fields: str) -> bytes:
    """A form as curl sends it."""
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
    head = f'Content-Disposition: form-data; name="file"; filename="{filename}"\r\nContent-Type: text/plain\r\n\r\n'
    parts.append(head.encode() + content)
    delimiter = f"--{BOUNDARY}"

    return b"".join(f"{delimiter}\r\n".encode() + part + b"\r\n" for part in parts) + f"{delimiter}--\r\n".encode()

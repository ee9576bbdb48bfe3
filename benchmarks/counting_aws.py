"""
An AWS for many processes, as `tests.crash.one_at_a_time`, that counts by AWS's units what it is asked. Says its port.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections import Counter
from collections.abc import Iterable
from io import BytesIO
from threading import Lock, Thread
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server
from werkzeug.wsgi import get_input_stream

COUNTS = "/counts"
ANSWERING = Lock()
ASKED = Counter[str]()
TRANSACTION_UNITS = 2
"""A write in a transaction costs two."""


def units_of(environ: Any, body: bytes) -> tuple[str, int]:
    """What a request is charged as, and how often: items and messages here are small."""
    target = environ.get("HTTP_X_AMZ_TARGET", "")
    if target.startswith("AmazonSQS"):
        return "sqs", 1
    if not target.startswith("DynamoDB"):
        return ("s3.get" if environ["REQUEST_METHOD"] in ("GET", "HEAD") else "s3.put"), 1
    if "Transact" in target:
        return "dynamodb.write", TRANSACTION_UNITS * len(re.findall(rb'"Update"\s*:', body))

    return ("dynamodb.read" if re.search("Get|Query", target) else "dynamodb.write"), 1


def main() -> None:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    moto = DomainDispatcherApplication(create_backend_app)

    def counted(environ: Any, start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] == COUNTS:
            start_response("200 OK", [("content-type", "application/json")])
            return [json.dumps(ASKED).encode()]
        body = get_input_stream(environ).read()
        environ["wsgi.input"] = BytesIO(body)
        with ANSWERING:
            name, units = units_of(environ, body)
            ASKED[name] += units
            answer: Iterable[bytes] = moto(environ, start_response)

            return answer

    server = make_server("127.0.0.1", 0, counted, threaded=True, request_handler=MotoRequestHandler)
    Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()

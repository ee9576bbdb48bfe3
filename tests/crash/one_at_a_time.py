"""
An AWS for many processes at once: moto, with a lock around it.

moto's DynamoDB looks at a condition first and writes then, and lets other threads in between: of fifty conditional
writes at a time more than one gets through now and then. The real one takes each write as a whole, so here requests
are answered one at a time. In which order they come is still up to the processes that send them.

Says its port, and ends with its standard input, so also when whoever started it was killed.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable
from io import BytesIO
from threading import Lock, Thread
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import make_server
from werkzeug.wsgi import get_input_stream

ANSWERING = Lock()


def main() -> None:
    # Threads take turns as often as they can: without the lock, test_the_aws.py then fails.
    sys.setswitchinterval(1e-6)
    # It announces every request otherwise.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    moto = DomainDispatcherApplication(create_backend_app)

    def one_at_a_time(environ: Any, start_response: Any) -> Iterable[bytes]:
        # All of the request, so that a process that stops in the middle of one does not hold up the others.
        environ["wsgi.input"] = BytesIO(get_input_stream(environ).read())
        with ANSWERING:
            answer: Iterable[bytes] = moto(environ, start_response)

            return answer

    server = make_server("127.0.0.1", 0, one_at_a_time, threaded=True, request_handler=MotoRequestHandler)
    Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)  # noqa: T201
    sys.stdin.read()


if __name__ == "__main__":
    main()

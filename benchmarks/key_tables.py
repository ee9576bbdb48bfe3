"""
DynamoDB on this machine, as far as keys and their limits need it: a key's record is what its token says, and every
write is as expected. Use: a benchmark runs it in a process of its own, with `upstream.running(key_tables.__file__)`.
"""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path

# A script finds only what lies beside it.
sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import upstream

LIMIT_USD = "0.005"
"""So near to what a request costs that nothing is taken ahead: each request pays for all of its writes."""
RECORDS = {
    "sk-plain": {},
    "sk-limited": {"limit": {"N": LIMIT_USD}, "requests_per_minute": {"N": "60"}},
}
WRITTEN = json.dumps({"Attributes": {}}).encode()


def main() -> None:
    from rerank_gateway.domain.keys import hash_of_token

    items = {
        hash_of_token(token): {"id": {"S": token}, "models": {"SS": ["*"]}, **limits}
        for token, limits in RECORDS.items()
    }

    def answers(client: socket.socket, body: bytes) -> None:
        call = json.loads(body)
        if "UpdateExpression" in call:
            client.sendall(upstream.written(WRITTEN))
        else:
            item = items[call["Key"]["key_hash"]["S"]]
            client.sendall(upstream.written(json.dumps({"Item": item}).encode()))

    with socket.create_server((upstream.HOST, 0)) as server:
        print(upstream.url_of(server), flush=True)
        upstream.serve(server, answers)


if __name__ == "__main__":
    main()

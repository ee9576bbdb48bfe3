"""
What it costs to load each function and have it handle a first event, against what it stands on.

Use: `python benchmarks/cold_start.py [--details]`, with the `dev` extra installed. Each time is taken within a fresh
interpreter from its first statement on, with all bytecode at hand; bare and ours take turns. "Bare" are just those
modules of other packages that the function has loaded by then; "ours" also waits for provider and AWS (moto), on this
machine. `--details` lists the slowest of our own modules. Exits 1 when something
dear, a provider or a way to sign was loaded that the event has no use for.
"""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from uuid import uuid4

import boto3

# A script finds only what lies beside it.
sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import jobs, upstream
from rerank_gateway.domain.keys import hash_of_token

GOAL = 1.3
ROUNDS = 15
SHOWN_MODULES = 15
DEAR = ("pydantic", "boto3", "botocore.auth", "h11", "Stemmer", "cryptography")
DESCRIBED = re.compile(r"rerank_gateway\.adapters\.(?:providers\.catalogue|signers)\.((?!(?:header|context)$)\w+)")
"""What a function is only to load when its event needs it. Powertools loads the top of botocore; most keys are sent in
a header."""
TABLES, TOKEN = {"keys": "key_hash", "cache": "cache_key"}, "sk-team"
ROOT = Path(__file__).parents[1]

ASK = """
class Context:
    function_name = invoked_function_arn = aws_request_id = "benchmark"
    memory_limit_in_mb = "1769"
    def get_remaining_time_in_millis(self):
        return 29_000

reply = app.handler({event!r}, Context())
assert reply.get("statusCode", 200) < 300 and not reply.get("batchItemFailures"), reply
"""
PROBE = """
import sys, time
before, started = set(sys.modules), time.perf_counter()
{code}
seconds = time.perf_counter() - started
import json
files = {{name: getattr(sys.modules[name], "__file__", None) for name in sys.modules if name not in before}}
print(json.dumps([seconds, files]), file=sys.stderr)
"""
COST = re.compile(r"import time:\s*(\d+) \|\s*\d+ \|\s*((?:rerank_gateway|app\b)\S*)")
"""A line of `-X importtime` about a module of ours: its own microseconds, without what it imports, and its name."""


@dataclass(frozen=True, slots=True)
class Run:
    """What some code cost a fresh interpreter, and the *files* of the modules that it loaded."""

    milliseconds: float
    files: Mapping[str, str | None]

    @property
    def packages(self) -> list[str]:
        """The modules of other packages, in the order in which they were loaded."""
        others = [name for name, file in self.files.items() if "site-packages" in (file or "")]

        return [name for name in others if name.partition(".")[0] != "rerank_gateway"]

    @property
    def dear(self) -> list[str]:
        """Those that only some events need, of other packages and of ours."""
        described = [found[1] for found in map(DESCRIBED.fullmatch, self.files) if found]

        return [*(name for name in DEAR if name in self.files), *described]


@dataclass(frozen=True, slots=True)
class Probe:
    """
    A *function* that is loaded in an environment with *settings* and, where there is an *event*, called. For that it
    *needs* dear modules. It is compared with the *literal* probe where there is one.
    """

    name: str
    function: str
    event: Callable[[], jobs.Json] | None = None
    needs: Sequence[str] = ("pydantic",)
    settings: Mapping[str, str] = field(default_factory=dict)
    literal: Probe | None = None

    def code(self) -> str:
        environment = f"import os; os.environ.update({self.settings!r}); "

        return environment + _loading(self.function) + (ASK.format(event=self.event()) if self.event else "")

    def bare(self) -> str:
        """Code that only imports what *code* loads of other packages; or that of *literal*."""
        if self.literal:
            return self.literal.code()

        return "\n".join(f"import {name}" for name in _run(self.code()).packages)


def main(details: bool) -> int:
    with upstream.running() as url, jobs.running(jobs.embedded_aws) as aws_url, TemporaryDirectory() as bytecode:
        os.environ.update(upstream.settings(url) | jobs.settings(aws_url))
        # Packages come compiled by pip and our modules may not: all of them find their bytecode in the same place.
        os.environ.update(PYTHONPYCACHEPREFIX=bytecode, PYTHONDONTWRITEBYTECODE="")
        jobs.make_resources()
        print(f"Python {platform.python_version()}, medians of {ROUNDS} in ms, goal {GOAL} x bare, or literals")
        print(f"{'':32}{'bare':>7}{'ours':>8}{'ratio':>8}")
        looked_at = probes(jobs.finished_job(), url)
        needless = [name for probe in looked_at for name in _shown(probe)]
        for function in {probe.function: None for probe in looked_at} if details else ():
            _show_modules(function)

    return int(bool(needless))


def probes(job_id: str, url: str) -> Sequence[Probe]:
    local, cohere = (partial(_request, model) for model in ("local/bm25", "cohere/rerank-v3.5"))
    by_key = partial(_request, "cohere/rerank-v3.5", TOKEN, cache={"type": "exact_match", "ttl": 60})
    asking, everything = ("pydantic", "h11", "cohere"), upstream.all_settings(url)
    literal, deployed = Probe("  and a request, Cohere", "rerank", cohere, asking), _deployed()

    return (
        Probe("rerank", "rerank"),
        Probe("  and a request, local/bm25", "rerank", local, ("pydantic", "Stemmer")),
        literal,
        Probe("  and that, all configured", "rerank", cohere, asking, settings=everything),
        Probe("  and that, as deployed", "rerank", cohere, asking, settings=deployed, literal=literal),
        Probe("  by a virtual key, cached", "rerank", by_key, asking, settings=deployed, literal=literal),
        Probe("submit", "submit"),
        Probe("  and a job", "submit", jobs.submission, asking),
        Probe("status", "status", needs=()),
        Probe("  and a poll", "status", partial(jobs.poll, job_id), ("h11",)),
        Probe("worker", "worker"),
        Probe("  and a message", "worker", _message, ("pydantic", "h11", "Stemmer")),
    )


def _request(model: str, token: str = "sk-local", **fields: object) -> jobs.Json:
    event = jobs.event("rerank")
    headers = {**event["headers"], "authorization": f"Bearer {token}"}

    return {**event, "headers": headers, "body": json.dumps({**json.loads(event["body"]), **fields, "model": model})}


def _deployed() -> dict[str, str]:
    """
    The settings that a stack has in place of literals, after making what they name: both secrets, the virtual keys
    with one for TOKEN, and the shared cache.
    """
    secrets, dynamodb = boto3.client("secretsmanager"), boto3.client("dynamodb")
    texts = {"MASTER_KEY_ARN": "sk-local", "PROVIDER_SECRETS_ARN": '{"cohere": "co-local"}'}
    arns = {name: secrets.create_secret(Name=name, SecretString=text)["ARN"] for name, text in texts.items()}
    for table, key in TABLES.items():
        jobs.make_table(table, key)
    record = {"key_hash": {"S": hash_of_token(TOKEN)}, "id": {"S": "team"}, "models": {"SS": ["*"]}}
    dynamodb.put_item(TableName="keys", Item=record)

    return {**arns, "MASTER_KEY": "", "COHERE_API_KEY": "", "KEYS_TABLE": "keys", "CACHE_TABLE": "cache"}


def _message() -> jobs.Json:
    """A producer's message that no worker has seen: what was dealt with before would cost less."""
    record = jobs.event("worker")["Records"][1]

    return {"Records": [{**record, "messageId": str(uuid4())}]}


def _loading(function: str) -> str:
    return f"import sys; sys.path.insert(0, {str(ROOT / 'functions' / function)!r}); import app"


def _run(code: str) -> Run:
    printed = _interpreter("-c", PROBE.format(code=code))
    seconds, files = json.loads(printed.splitlines()[-1])

    return Run(seconds * 1e3, files)


def _interpreter(*arguments: str) -> str:
    """What a fresh interpreter says on standard error; its log goes nowhere. Ends the benchmark when it fails."""
    command = [sys.executable, *arguments]
    finished = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if finished.returncode:
        raise SystemExit(finished.stderr)

    return finished.stderr


def _shown(probe: Probe) -> list[str]:
    """What the function has loaded without need, after showing what it costs."""
    bare = probe.bare()
    rounds = [(_run(bare), _run(probe.code())) for _ in range(ROUNDS)]
    least, taken = (median(run.milliseconds for run in runs) for runs in zip(*rounds, strict=True))
    verdict = "met" if taken / least <= GOAL else "missed"
    dear = rounds[-1][-1].dear
    needless = [name for name in dear if name not in probe.needs]
    shown = ", ".join(f"{name} (needless)" if name in needless else name for name in dear)
    print(f"{probe.name:32}{least:7.1f}{taken:8.1f}{taken / least:8.2f} {verdict:7}{shown}")

    return needless


def _show_modules(function: str) -> None:
    """List our own modules by what each costs without what it imports."""
    printed = [_interpreter("-X", "importtime", "-c", _loading(function)) for _ in range(ROUNDS)]
    looks = [{name: int(microseconds) for microseconds, name in COST.findall(look)} for look in printed]
    slowest = Counter({name: round(median(look[name] for look in looks)) for name in looks[0]})
    print(f"\n{function}: {len(slowest)} modules of our own, {slowest.total() / 1e3:.1f} ms; the slowest, in ms")
    for name, microseconds in slowest.most_common(SHOWN_MODULES):
        print(f"{microseconds / 1e3:7.2f}  {name}")


if __name__ == "__main__":
    sys.exit(main("--details" in sys.argv[1:]))

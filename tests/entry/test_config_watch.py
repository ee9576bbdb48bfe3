"""A change of the configuration is in force within a minute, unless there is a mistake in it."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from random import Random
from threading import Thread

import pytest

from rerank_gateway.domain.errors import Misconfigured, Unavailable
from rerank_gateway.entry import observability
from rerank_gateway.entry.wiring.configuration import ConfigWatch
from tests.fakes import FakeClock

GOOD, OTHER, FAULTY = "[limits]\nmax_documents = 5", "[limits]\nmax_documents = 6", "[limits]\nmax_documents = 0"


@dataclass
class FakeParameters:
    """A parameter with its *history*, the first version first. While it *is_out* it cannot be reached."""

    history: list[str] = field(default_factory=list)
    objects: dict[str, str] = field(default_factory=dict)
    is_out: bool = False
    reads: int = 0

    def read(self, name: str, version: str | None = None) -> tuple[str, str] | None:
        self.reads += 1
        if self.is_out:
            raise Unavailable("the gateway's configuration cannot be reached", cause="ssm.GetParameter")
        number = int(version or len(self.history))

        return self.history[number - 1], str(number)

    def read_object(self, url: str) -> str:
        return self.objects[url]


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    monkeypatch.setattr(observability.logger.registered_handler, "stream", log := io.StringIO())
    return log


def watching(parameters: FakeParameters, clock: FakeClock) -> ConfigWatch:
    return ConfigWatch("ssm:/stack/config", parameters, parameters, clock, Random(1))


def max_documents(watch: ConfigWatch) -> int:
    return watch.current().config.limits.max_documents


def messages(log: io.StringIO) -> list[str]:
    return [json.loads(line)["message"] for line in log.getvalue().splitlines()]


def test_a_change_is_in_force_within_a_minute() -> None:
    """
    By the calendar: a frozen environment has it with its first request.
    """
    parameters, clock = FakeParameters([GOOD]), FakeClock()
    watch = watching(parameters, clock)
    before = max_documents(watch)
    parameters.history.append(OTHER)

    clock.frozen += 60.0

    assert (before, max_documents(watch), watch.current().version) == (5, 6, "2")


def test_requests_between_two_looks_cost_nothing() -> None:
    """
    However many there are.
    """
    parameters, clock = FakeParameters([GOOD]), FakeClock()
    watch = watching(parameters, clock)

    for _ in range(100):
        watch.current()
        clock.time += 0.25

    assert parameters.reads == 1


def test_a_faulty_change_is_refused_and_told_of_once(log: io.StringIO) -> None:
    """
    The one before stays in force, and comes off when the mistake is mended.
    """
    parameters, clock = FakeParameters([GOOD]), FakeClock()
    watch = watching(parameters, clock)
    watch.current()
    parameters.history.append(FAULTY)

    for _ in range(5):
        clock.time += 60.0
        assert max_documents(watch) == 5

    assert messages(log) == ["configuration_refused"]
    assert json.loads(log.getvalue())["reason"].startswith("/stack/config:2:2: max_documents in [limits] is 0")
    parameters.history.append(OTHER)
    clock.time += 60.0
    assert max_documents(watch) == 6


def test_an_environment_that_starts_with_a_faulty_one_takes_the_last_good_one(log: io.StringIO) -> None:
    """
    Scaling out in the wrong minute fails no request.
    """
    watch = watching(FakeParameters([OTHER, GOOD, FAULTY, FAULTY]), FakeClock())

    assert (max_documents(watch), watch.current().version) == (5, "2")
    assert messages(log) == ["configuration_refused"]


def test_without_a_good_one_every_request_is_told_so_and_mending_helps() -> None:
    """
    After ten seconds, without a deployment.
    """
    parameters, clock = FakeParameters([FAULTY]), FakeClock()
    watch = watching(parameters, clock)
    for _ in range(3):
        with pytest.raises(Misconfigured, match="configuration is wrong"):
            watch.current()
    reads = parameters.reads
    parameters.history.append(GOOD)

    clock.time += 60.0

    assert (reads, max_documents(watch)) == (1, 5)


def test_an_outage_leaves_the_configuration_as_it_is(log: io.StringIO) -> None:
    """
    Each failed look is a line, and the next one comes after ten seconds.
    """
    parameters, clock = FakeParameters([GOOD]), FakeClock()
    watch = watching(parameters, clock)
    watch.current()
    parameters.is_out = True
    parameters.history.append(OTHER)

    clock.time += 60.0
    during = max_documents(watch)
    parameters.is_out = False
    clock.time += 10.0

    assert (during, max_documents(watch)) == (5, 6)
    assert messages(log) == ["lookup_failed"]


def test_an_outage_at_the_start_is_no_mistake() -> None:
    """
    It may be over in a moment, so the next request looks again.
    """
    parameters = FakeParameters([GOOD], is_out=True)
    watch = watching(parameters, FakeClock())
    with pytest.raises(Unavailable):
        watch.current()

    parameters.is_out = False

    assert max_documents(watch) == 5


def test_a_large_one_is_an_object() -> None:
    """
    The parameter names it, so that its versions are the configuration's.
    """
    parameters = FakeParameters(["s3://bucket/config/7.toml\n"], {"s3://bucket/config/7.toml": GOOD})

    assert max_documents(watching(parameters, FakeClock())) == 5


def test_threads_share_a_look() -> None:
    """
    Ten at once are one question.
    """
    parameters = FakeParameters([GOOD])
    watch = watching(parameters, FakeClock())
    threads = [Thread(target=watch.current) for _ in range(10)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert parameters.reads == 1

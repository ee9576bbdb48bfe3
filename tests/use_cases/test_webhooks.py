"""Deliveries on one clock: signed, tried by the schedule, at least once and under one id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from rerank_gateway.domain.errors import AdminRequired, InUse, Unavailable, UnknownDelivery, UnknownWebhook
from rerank_gateway.domain.keys import VirtualKey
from rerank_gateway.domain.webhooks.deliveries import JITTER, RETRY_AFTER_S, DeliveryStatus
from rerank_gateway.domain.webhooks.events import EventType
from rerank_gateway.domain.webhooks.ports import Reply
from rerank_gateway.domain.webhooks.signatures import Secrets, secret_of
from rerank_gateway.use_cases.webhooks.deliver import DeliverWebhook
from rerank_gateway.use_cases.webhooks.deliveries import ManageDeliveries
from rerank_gateway.use_cases.webhooks.endpoints import ManageEndpoints
from tests.fakes import FakeClock
from tests.webhook_fakes import (
    ENDPOINT,
    NEXT_SECRET,
    SECRET,
    URL,
    FakeWebhookQueue,
    FakeWebhookSender,
    InMemoryDeliveries,
    InMemoryEndpoints,
    event,
    message,
)

ADMIN = VirtualKey("an-admin", admin=True)
DAYS_3 = 3 * 86_400.0


class World:
    """One endpoint, whose receiver answers *replies*, on a clock that began long ago."""

    def __init__(self, *replies: Reply) -> None:
        # The verifying library has a clock of its own.
        self.clock = FakeClock(datetime.now(UTC).timestamp())
        self.endpoints, self.deliveries, self.queue = InMemoryEndpoints(), InMemoryDeliveries(), FakeWebhookQueue()
        self.sender = FakeWebhookSender(replies or (Reply(200),))
        self.deliver = DeliverWebhook(self.endpoints, self.deliveries, self.sender, self.clock, Random(1))
        self.manage = ManageDeliveries(self.endpoints, self.deliveries, self.queue, self.clock)
        self.register = ManageEndpoints(self.endpoints, lambda: NEXT_SECRET, self.clock)

    def waits(self) -> list[float]:
        """Have the message come back as often as it must: the seconds between."""
        waits = []
        while (again := self.deliver(message()).come_again) is not None:
            waits.append(again)
            self.clock.time += again

        return waits

    def status(self) -> DeliveryStatus:
        [delivery] = self.deliveries.deliveries.values()

        return delivery.status


def verified(secret: str, posted: tuple[str, Mapping[str, str], str]) -> Any:
    """What a receiver reads that has the library. Raises what that raises."""
    return Webhook(secret).verify(posted[2], dict(posted[1]))


def test_a_receiver_can_verify_what_it_gets() -> None:
    """
    With the library of Standard Webhooks and the secret it was told, and with no other.
    """
    world = World()

    delivered = world.deliver(message())

    [posted] = world.sender.posted
    assert delivered.come_again is None
    assert posted[0] == URL
    assert verified(SECRET, posted) == {
        "type": "async_job.completed",
        "timestamp": "1970-01-01T00:15:00.000Z",
        "data": {"id": "job-1", "status": "completed"},
    }
    with pytest.raises(WebhookVerificationError):
        verified(NEXT_SECRET, posted)


def test_both_secrets_sign_while_one_replaces_the_other() -> None:
    """
    Until the day is over; then only the new one does.
    """
    world = World()
    world.register.rotate(ADMIN, "orders", 86_400.0)

    world.deliver(message())
    world.clock.time += 86_400.0
    world.deliver(message(at=901.0))

    during, after = world.sender.posted
    assert verified(SECRET, during) == verified(NEXT_SECRET, during)
    assert len(during[1]["webhook-signature"].split()) == 2
    assert len(after[1]["webhook-signature"].split()) == 1


def test_a_try_that_fails_is_made_again_by_the_schedule() -> None:
    """
    That of the specification, each wait a little longer at the most; after the last one it is given up.
    """
    world = World(Reply(500), Reply(failure="timed_out"), Reply(302))

    waits = world.waits()

    assert len(world.sender.posted) == len(RETRY_AFTER_S) + 1
    assert all(least <= wait <= least * (1 + JITTER) for wait, least in zip(waits, RETRY_AFTER_S, strict=True))
    assert sum(waits) > DAYS_3
    assert {posted[1]["webhook-id"] for posted in world.sender.posted} == {event().message_id}
    assert world.status() is DeliveryStatus.FAILED


def test_a_receiver_may_ask_for_more_time() -> None:
    """
    With `Retry-After`, as the specification says: another try is never before that, nor before its turn.
    """
    world = World(Reply(503, retry_after=600.0), Reply(429, retry_after=0.0), Reply(200))

    first, second = world.waits()

    assert first == 600.0
    assert 300.0 <= second <= 330.0


def test_a_message_that_comes_early_waits_on() -> None:
    """
    SQS hides one for twelve hours at the most: whoever gets it before its time only says when.
    """
    world = World(Reply(500), Reply(200))
    wait = world.deliver(message()).come_again or 0.0
    world.clock.time += 2.0

    early = world.deliver(message()).come_again

    assert early == pytest.approx(wait - 2.0)
    assert len(world.sender.posted) == 1


def test_what_was_delivered_is_not_delivered_again() -> None:
    """
    However often its message comes.
    """
    world = World()
    world.deliver(message())

    again = world.deliver(message())

    assert (again.come_again, len(world.sender.posted)) == (None, 1)


def test_a_record_that_comes_too_late_is_no_record() -> None:
    """
    Of two copies of a message the faster one counts, and the other looks again.
    """
    world = World(Reply(500))
    world.deliver(message())
    [there] = world.deliveries.deliveries.values()
    world.clock.time += 6.0
    world.deliveries.overtaking = [replace(there, status=DeliveryStatus.DELIVERED, version=there.version + 1)]

    slower = world.deliver(message())

    assert slower.come_again is not None
    assert world.status() is DeliveryStatus.DELIVERED
    assert world.deliver(message()).come_again is None


def test_410_disables_the_endpoint() -> None:
    """
    The delivery has failed, and nothing more is sent there.
    """
    world = World(Reply(410))

    gone = world.deliver(message())
    world.deliver(message(at=901.0))

    assert gone.come_again is None
    assert len(world.sender.posted) == 1
    assert world.endpoints.endpoints["orders"].disabled
    assert {each.status for each in world.deliveries.deliveries.values()} == {DeliveryStatus.FAILED}


def test_410_disables_nobody_who_has_moved() -> None:
    """
    An operator who has written another address meanwhile knows better.
    """
    world = World(Reply(410))
    asked = world.endpoints.find("orders")
    assert asked
    world.register.change(ADMIN, "orders", {"url": "https://other.example/"})
    late = DeliverWebhook(_Stale(asked, world.endpoints), world.deliveries, world.sender, world.clock, Random(1))

    late(message())

    assert not world.endpoints.endpoints["orders"].disabled


class _Stale(InMemoryEndpoints):
    """What somebody saw of *stored* before it was changed."""

    def __init__(self, seen: Any, stored: InMemoryEndpoints) -> None:
        super().__init__({seen.name: seen}, stored.kept_secrets)
        self.stored = stored

    def change(self, endpoint: Any) -> bool:
        return self.stored.change(endpoint)


@pytest.mark.parametrize("name", ["nobody", "failures"])
def test_what_nobody_wants_is_left_aside(name: str) -> None:
    """
    An endpoint that is gone gets nothing, and one that has chosen its events no others.
    """
    world = World()
    failures = replace(ENDPOINT, name="failures", events=(EventType.JOB_FAILED,))
    world.endpoints.add(failures, SECRET)

    dropped = world.deliver(message(name))

    assert (dropped.come_again, dropped.delivery, world.sender.posted) == (None, None, [])


def test_a_test_goes_to_every_endpoint() -> None:
    """
    Whatever events it has chosen, and the same way as everything else.
    """
    world = World()
    world.register.change(ADMIN, "orders", {"events": (EventType.BATCH_FAILED,)})

    world.manage.test(ADMIN, "orders")
    world.deliver(world.queue.sent[0])

    assert verified(SECRET, world.sender.posted[0])["type"] == "webhook.test"


def test_what_has_failed_is_redelivered_by_command() -> None:
    """
    Under the same message id, as if it were new; a message of before, which may still be on its way, is void.
    """
    world = World(*[Reply(500)] * 10, Reply(200))
    world.waits()
    [failed] = world.deliveries.deliveries.values()

    world.manage.redeliver(ADMIN, "orders", failed.id)
    assert world.deliver(message()).delivery is None
    world.deliver(world.queue.sent[0])

    assert world.status() is DeliveryStatus.DELIVERED
    assert world.sender.posted[-1][1]["webhook-id"] == world.sender.posted[0][1]["webhook-id"]


def test_whoever_asks_for_a_redelivery_may_die_of_it() -> None:
    """
    Where the queue is away, the try that was due comes as it would have come; a message that is on its way needs nobody
    any more.
    """
    world = World(Reply(500), Reply(500), Reply(200))
    world.clock.time += world.deliver(message()).come_again or 0.0
    [pending] = world.deliveries.deliveries.values()

    world.queue.is_away = True
    with pytest.raises(Unavailable):
        world.manage.redeliver(ADMIN, "orders", pending.id)
    before = world.deliver(message())
    world.queue.is_away, world.deliveries.is_away = False, True
    world.manage.redeliver(ADMIN, "orders", pending.id)
    world.deliveries.is_away = False
    begun = world.deliver(world.queue.sent[0])
    world.deliver(world.queue.sent[0])

    assert before.delivery
    assert begun.come_again
    assert (world.status(), len(world.sender.posted)) == (DeliveryStatus.DELIVERED, 3)


def test_a_redelivery_outlives_the_record_of_the_delivery() -> None:
    """
    Which is forgotten after thirty days, be it in the middle of the schedule.
    """
    world = World(Reply(500), Reply(200))
    world.deliver(message())
    [pending] = world.deliveries.deliveries.values()
    world.manage.redeliver(ADMIN, "orders", pending.id)
    world.deliveries.deliveries.clear()

    world.deliver(world.queue.sent[0])

    assert (world.status(), len(world.sender.posted)) == (DeliveryStatus.DELIVERED, 2)


def test_what_is_under_way_arrives_whatever_is_chosen_later() -> None:
    """
    An endpoint's events are those that it gets from then on: another try still comes, and so does a redelivery.
    """
    world = World(Reply(500), Reply(500), Reply(200))
    world.clock.time += world.deliver(message()).come_again or 0.0
    [pending] = world.deliveries.deliveries.values()
    world.register.change(ADMIN, "orders", {"events": (EventType.BATCH_FAILED,)})

    world.deliver(message())
    world.manage.redeliver(ADMIN, "orders", pending.id)
    world.deliver(world.queue.sent[0])
    world.deliver(message(at=901.0))

    assert (world.status(), len(world.sender.posted)) == (DeliveryStatus.DELIVERED, 3)


def test_who_rotates_again_takes_nobody_their_secret() -> None:
    """
    The one that receivers have signs until its day is over, whatever has come after it; without a grace nothing does
    that was before.
    """
    world = World()
    world.register.rotate(ADMIN, "orders", 86_400.0)
    world.clock.time += 60.0
    register = replace(world.register, new_secret=lambda: secret_of(b"and a third one, of thirty-two b"))

    last = register.rotate(ADMIN, "orders", 86_400.0).secret
    world.deliver(message())
    world.clock.time += 86_340.0
    world.deliver(message(at=901.0))
    world.register.rotate(ADMIN, "orders", 0.0)
    world.deliver(message(at=902.0))

    all_three, two, one = world.sender.posted
    assert verified(SECRET, all_three) == verified(NEXT_SECRET, all_three) == verified(last, all_three)
    assert [len(each[1]["webhook-signature"].split()) for each in (two, one)] == [2, 1]


def test_what_was_for_another_endpoint_of_this_name_goes_to_nobody() -> None:
    """
    Whoever registers a name anew gets what comes from then on, and sees nothing of what was on its way before, be it
    that nobody had tried it yet.
    """
    world = World(Reply(500), Reply(200))
    world.clock.time += 60.0 + (world.deliver(message()).come_again or 0.0)
    world.register.remove(ADMIN, "orders")
    world.register.create(ADMIN, replace(ENDPOINT, url="https://other.example/"))
    [before] = world.deliveries.deliveries.values()

    now = world.clock.epoch()
    old, untried, new = (world.deliver(message(at=at)) for at in (900.0, now - 5.0, now))

    assert [(each.come_again, each.delivery) for each in (old, untried)] == [(None, None)] * 2
    assert new.delivery
    assert [url for url, _, _ in world.sender.posted] == [URL, "https://other.example/"]
    assert [each.event.at for each in world.manage.page(ADMIN, "orders", 10, None)[0]] == [now]
    with pytest.raises(UnknownDelivery):
        world.manage.redeliver(ADMIN, "orders", before.id)


def test_a_rotation_whose_answer_was_lost_happens_once() -> None:
    """
    A write is sent again where AWS's answer does not come, and finds itself there: the secret of before signs on.
    """
    world = World()
    world.endpoints.loses_an_answer = True

    rotated = world.register.rotate(ADMIN, "orders", 60.0)

    assert rotated.secret == NEXT_SECRET
    assert world.endpoints.secrets("orders") == Secrets(NEXT_SECRET, ((SECRET, world.clock.epoch() + 60.0),))


def test_only_who_manages_keys_manages_webhooks() -> None:
    """
    Whatever it is about them.
    """
    world, key = World(), VirtualKey("a-key")

    for act in (
        lambda: world.register.create(key, ENDPOINT),
        lambda: world.register.all(key),
        lambda: world.register.one(key, "orders"),
        lambda: world.register.change(key, "orders", {}),
        lambda: world.register.rotate(key, "orders", 0.0),
        lambda: world.register.remove(key, "orders"),
        lambda: world.manage.page(key, "orders", 1, None),
        lambda: world.manage.redeliver(key, "orders", "x"),
        lambda: world.manage.test(key, "orders"),
    ):
        with pytest.raises(AdminRequired):
            act()
    assert world.endpoints.secrets("orders") == Secrets(SECRET)


def test_what_is_not_there_cannot_be_managed() -> None:
    """
    An endpoint that was never made, a delivery that never was, and a name that is taken.
    """
    world = World()

    with pytest.raises(UnknownWebhook):
        world.manage.test(ADMIN, "nobody")
    with pytest.raises(UnknownDelivery):
        world.manage.redeliver(ADMIN, "orders", "1-msg")
    with pytest.raises(InUse):
        world.register.create(ADMIN, ENDPOINT)


def test_a_disabled_endpoint_waits_for_who_enables_it() -> None:
    """
    Nothing is sent to it by command either; what comes meanwhile has failed, and can be redelivered later.
    """
    world = World()
    world.register.change(ADMIN, "orders", {"disabled": True})
    world.deliver(message())

    with pytest.raises(InUse):
        world.manage.test(ADMIN, "orders")
    enabled = world.register.change(ADMIN, "orders", {"disabled": False})
    [failed] = world.deliveries.deliveries.values()
    world.manage.redeliver(ADMIN, "orders", failed.id)
    world.deliver(world.queue.sent[0])

    assert (enabled.disabled, enabled.disabled_because) == (False, "")
    assert world.status() is DeliveryStatus.DELIVERED

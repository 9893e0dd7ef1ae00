"""The receiver stores alerts once, and lets Alertmanager try again where it cannot."""

from collections.abc import Sequence

import msgspec
import pytest

from headwater.edges.alertmanager import receiver as receiving
from headwater.edges.alertmanager.receiver import PATH, AlertReceiver
from headwater.edges.http.receiving import Answer, ReceivedRequest
from headwater.model.events import UnifiedEvent
from headwater.model.times import parse_time

NOW = parse_time("2026-01-05T10:00:10Z")


class ListStore:
    """Stores in a list, unless it is away."""

    def __init__(self) -> None:
        self.events: list[UnifiedEvent] = []
        self.is_away = False

    async def store(self, events: Sequence[UnifiedEvent]) -> bool:
        if self.is_away:
            return False
        self.events += events
        return True


def body_of(*names: str, status: str = "firing", truncated: int = 0) -> bytes:
    alerts = [
        {"status": status, "labels": {"alertname": name}, "startsAt": "2026-01-05T10:00:00Z", "endsAt": "2026-01-05T10:00:05Z"}
        for name in names
    ]
    return msgspec.json.encode({"version": "4", "alerts": alerts, "truncatedAlerts": truncated})


async def told(receiver: AlertReceiver, body: bytes) -> Answer:
    return await receiver.receive(ReceivedRequest(PATH, "application/json", body))


async def test_each_alert_is_stored_once_and_its_end_too() -> None:
    store = ListStore()
    receiver = AlertReceiver(store, lambda: NOW)
    for body in (body_of("A", "B", "A"), body_of("A", "B"), body_of("A", status="resolved")):
        assert (await told(receiver, body)).status == 200
    assert [(event.attributes or {})["alertname"] for event in store.events] == ["A", "B", "A"]
    assert (receiver.counters.stored, receiver.counters.repeated) == (3, 3)


async def test_while_nothing_can_be_stored_alertmanager_is_told_to_come_back() -> None:
    store = ListStore()
    receiver = AlertReceiver(store, lambda: NOW)
    store.is_away = True
    answer = await told(receiver, body_of("A"))
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    store.is_away = False
    assert (await told(receiver, body_of("A"))).status == 200
    assert (len(store.events), receiver.counters.turned_away) == (1, 1)


async def test_what_is_no_webhook_is_refused_and_counted() -> None:
    receiver = AlertReceiver(ListStore(), lambda: NOW)
    answer = await told(receiver, b"{}")
    assert answer.status == 400
    assert b"not an Alertmanager webhook" in answer.body
    assert receiver.counters.refused == 1


async def test_alerts_that_alertmanager_left_out_are_counted() -> None:
    receiver = AlertReceiver(ListStore(), lambda: NOW)
    await told(receiver, body_of("A", truncated=7))
    assert receiver.counters.truncated == 7


async def test_the_memory_of_what_was_stored_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "REMEMBERED_MAX", 2)
    store = ListStore()
    receiver = AlertReceiver(store, lambda: NOW)
    await told(receiver, body_of("A", "B", "C"))
    await told(receiver, body_of("C", "B", "A"))
    assert [(event.attributes or {})["alertname"] for event in store.events] == ["A", "B", "C", "A"]
    assert receiver.counters.forgotten == 2

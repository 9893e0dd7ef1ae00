"""
The handler of webhooks: answers 200 once each alert is stored, 503 while nothing can be, so that Alertmanager tells it again.

Alertmanager repeats what still fires every few hours; what was stored is not stored again.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

import msgspec

from headwater.edges.alertmanager.pending_times import PendingTimes, pending_of, shipped_pending_times
from headwater.edges.alertmanager.translate import event_of
from headwater.edges.alertmanager.webhook import LABELS_MAX, Webhook, WebhookError, decode_webhook
from headwater.edges.http.receiving import Answer, ReceivedRequest, come_back_later, refusal
from headwater.model.events import UnifiedEvent

PATH = "/alertmanager"
REMEMBERED_MAX = 10_000
"""Alerts known to be stored; the first are forgotten, and if told again are stored again, which changes nothing."""


class EventStore(Protocol):
    """Where events go."""

    async def store(self, events: Sequence[UnifiedEvent]) -> bool:
        """Whether all are stored; False where that cannot be just now."""


class AlertCounters(msgspec.Struct):
    """What was told, and what became of it."""

    webhooks: int = 0
    refused: int = 0  # not webhooks
    turned_away: int = 0  # while nothing could be stored
    alerts: int = 0
    stored: int = 0
    repeated: int = 0  # told before, and not stored again
    truncated: int = 0  # left out by Alertmanager, which was told to cut its notifications
    labels_dropped: int = 0  # past LABELS_MAX
    forgotten: int = 0  # past REMEMBERED_MAX


class AlertReceiver:
    """Takes webhooks; `now` tells the time in nanoseconds."""

    def __init__(self, store: EventStore, now: Callable[[], int], *, pending_times: PendingTimes | None = None) -> None:
        self._store = store
        self._now = now
        self._pending_times = shipped_pending_times() if pending_times is None else pending_times
        self._stored: dict[str, None] = {}
        self.counters = AlertCounters()

    async def receive(self, request: ReceivedRequest) -> Answer:
        """Store the alerts of a webhook."""
        try:
            webhook = decode_webhook(request.body)
        except WebhookError as error:
            self.counters.refused += 1
            return refusal(400, str(error)[:1_000])
        self.counters.webhooks += 1
        events = self._new_events(webhook)
        if events and not await self._store.store(events):
            self.counters.turned_away += 1
            return come_back_later("nothing can be stored just now: NATS is away or full; send it again")
        self.counters.alerts += len(webhook.alerts)
        self.counters.truncated += max(0, webhook.truncated_alerts)
        self.counters.repeated += len(webhook.alerts) - len(events)
        self.counters.stored += len(events)
        self._remember(events)
        return Answer(200)

    def _new_events(self, webhook: Webhook) -> list[UnifiedEvent]:
        received_at = self._now()
        events: dict[str, UnifiedEvent] = {}
        for alert in webhook.alerts:
            event = event_of(alert, received_at=received_at, pending=pending_of(self._pending_times, alert.labels))
            if event.id not in self._stored:
                events.setdefault(event.id, event)
                self.counters.labels_dropped += max(0, len(alert.labels) - LABELS_MAX)
        return list(events.values())

    def _remember(self, events: Sequence[UnifiedEvent]) -> None:
        self._stored.update(dict.fromkeys(event.id for event in events))
        while len(self._stored) > REMEMBERED_MAX:
            del self._stored[next(iter(self._stored))]
            self.counters.forgotten += 1

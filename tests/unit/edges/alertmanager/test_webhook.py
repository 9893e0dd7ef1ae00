"""What is taken as a webhook, and what is refused with which words."""

import msgspec
import pytest

from headwater.edges.alertmanager.webhook import ALERTS_MAX, WebhookError, decode_webhook

ALERT = {"status": "firing", "labels": {"alertname": "A"}, "startsAt": "2026-01-05T10:00:00Z", "endsAt": "0001-01-01T00:00:00Z"}


def webhook_of(*alerts: object, version: str = "4") -> bytes:
    return msgspec.json.encode({"version": version, "status": "firing", "alerts": alerts})


def test_a_webhook_of_version_4_is_read_with_its_alerts() -> None:
    (alert,) = decode_webhook(webhook_of({**ALERT, "generatorURL": "http://p/graph", "fingerprint": "f", "unknown": 1})).alerts
    assert (alert.name, alert.is_resolved, alert.fingerprint) == ("A", False, "f")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "not an Alertmanager webhook"),
        (b"[]", "not an Alertmanager webhook"),
        (b"\xff\xfe", "not an Alertmanager webhook"),
        (b"[" * 100_000, "not an Alertmanager webhook"),
        (b'{"version":"4","alerts":' + b'[{"a":' * 100_000, "not an Alertmanager webhook"),
        (webhook_of(ALERT, version="3"), "version '3'"),
        (webhook_of(*[ALERT] * (ALERTS_MAX + 1)), "set max_alerts"),
        (webhook_of({**ALERT, "status": "pending"}), "neither firing nor resolved"),
        (webhook_of({**ALERT, "labels": {}}), "alertname"),
        (webhook_of({**ALERT, "labels": {"alertname": 3}}), "not an Alertmanager webhook"),
        (webhook_of({**ALERT, "startsAt": "yesterday"}), "RFC 3339"),
        (webhook_of({**ALERT, "startsAt": "0001-01-01T00:00:00Z"}), "no time"),
        (webhook_of({**ALERT, "endsAt": "later"}), "RFC 3339"),
    ],
)
def test_what_is_no_webhook_is_refused_with_the_reason(body: bytes, words: str) -> None:
    with pytest.raises(WebhookError) as caught:
        decode_webhook(body)
    assert words in str(caught.value)

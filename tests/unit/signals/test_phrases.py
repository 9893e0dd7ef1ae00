"""Phrases: what is said of the subject, filled from the event."""

import msgspec
import pytest

from headwater.model.observations import decode_observation, occurred_at_of
from headwater.testing.playback import packaged_knowledge

SPAN = {
    "id": "e",
    "timestamp": "2026-01-05T10:00:00Z",
    "type": "service",
    "source": "otel",
    "severity": "error",
    "k8s_context": {"kind": "Pod", "name": "cart-7d9f8c-x2", "namespace": "shop"},
}


@pytest.mark.parametrize(
    ("error_type", "message", "text"),
    [
        ("ValueError", "quantity must be positive", "ValueError: quantity must be positive"),
        ("ValueError", "ValueError: quantity must be positive", "ValueError: quantity must be positive"),
        ("NullPointerException", "java.lang.NullPointerException: order is null", "NullPointerException: order is null"),
        ("ValueError", "10:00:00.123 ERROR c.s.Cart#12 no price", "ValueError: c.s.Cart#12 no price"),
        ("ValueError", "", "ValueError"),
    ],
)
def test_an_error_of_its_own_says_its_type_once_and_its_message(error_type: str, message: str, text: str) -> None:
    event = SPAN | {"application": {"level": "error", "error_type": error_type, "message": message}}
    data = msgspec.json.encode(event)
    head = decode_observation(data)
    (symptom,) = packaged_knowledge().catalogue.symptoms_of(head, data, occurred_at=occurred_at_of(head, 0), trace_id="")
    assert (symptom.symptom_class, symptom.text) == ("svc.error", text)


@pytest.mark.parametrize(
    ("peer", "text"),
    [
        ("stock", "timeout to stock"),
        ("stock.shop", "timeout to stock.shop"),
        ("stock.shop.svc", "timeout to stock.shop"),
        ("stock.shop.svc.cluster.local", "timeout to stock.shop"),
        ("api.example.com", "timeout to api.example.com"),
        ("payments-svc", "timeout to payments-svc"),
    ],
)
def test_a_peer_is_named_without_the_domain_that_all_services_share(peer: str, text: str) -> None:
    event = SPAN | {"application": {"level": "error", "error_type": "timeout"}, "attributes": {"peer.service": peer}}
    data = msgspec.json.encode(event)
    head = decode_observation(data)
    (symptom,) = packaged_knowledge().catalogue.symptoms_of(head, data, occurred_at=occurred_at_of(head, 0), trace_id="")
    assert symptom.text == text

"""Phrases: what is said of the subject, filled from the event."""

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from headwater.model.observations import decode_observation, occurred_at_of
from headwater.testing.playback import packaged_knowledge

SPAN: Mapping[str, Any] = {
    "id": "e",
    "timestamp": "2026-01-05T10:00:00Z",
    "type": "service",
    "source": "otel",
    "severity": "error",
    "k8s_context": {"kind": "Pod", "name": "cart-7d9f8c-x2", "namespace": "shop"},
}


def said(**more: Any) -> str:
    """The text of the one symptom that such an event shows."""
    data = msgspec.json.encode({**SPAN, **more})
    head = decode_observation(data)
    (symptom,) = packaged_knowledge().catalogue.symptoms_of(head, data, occurred_at=occurred_at_of(head, 0), trace_id="")
    return symptom.text


@pytest.mark.parametrize(
    ("error_type", "message", "text"),
    [
        ("ValueError", "quantity must be positive", "ValueError: quantity must be positive"),
        ("ValueError", "ValueError: quantity must be positive", "ValueError: quantity must be positive"),
        ("NullPointerException", "java.lang.NullPointerException: order is null", "NullPointerException: order is null"),
        ("ValueError", "10:00:00.123 ERROR c.s.Cart#12 no price", "ValueError: c.s.Cart#12 no price"),
        ("ValueError", "", "ValueError"),
        ("System.JsonException", "fail: System.JsonException", "System.JsonException"),
    ],
)
def test_an_error_of_its_own_says_its_type_once_and_its_message(error_type: str, message: str, text: str) -> None:
    assert said(application={"level": "error", "error_type": error_type, "message": message}) == text


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
    assert said(application={"level": "error", "error_type": "timeout"}, attributes={"peer.service": peer}) == text


def test_other_words_stand_where_a_field_is_absent() -> None:
    unknown = {"level": "error", "error_type": "UnknownHostException"}
    assert said(application=unknown) == "cannot resolve a name"
    assert said(application=unknown, attributes={"peer.service": "stock"}) == "cannot resolve stock"


@pytest.mark.parametrize(
    ("metric", "text"),
    [
        ({"metric_name": "cpu_usage_percent", "value": 97.5}, "CPU high at 97.5 %"),
        ({"metric_name": "container_cpu_usage_ratio", "value": 0.99}, "CPU high at 99 %"),
        ({"metric_name": "container.cpu.utilization", "unit": "1", "value": 1.5}, "CPU high at 150 %"),
        ({"metric_name": "cpu", "unit": "%", "value": 0.5}, "CPU high at 0.5 %"),
        ({"metric_name": "cpu", "value": 0.97}, "CPU high at 97 %"),
        ({"metric_name": "cpu"}, "CPU high"),
    ],
)
def test_a_share_is_told_in_percent(metric: dict[str, object], text: str) -> None:
    assert said(type="metric", source="prometheus", semantic={"intent": "metric.cpu.high"}, metrics=metric) == text

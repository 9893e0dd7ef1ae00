"""Alerts as events: the same bytes each time, safe texts, and symptoms where the catalogue knows the rule."""

import os
from pathlib import Path

import msgspec
import pytest

from headwater.edges.alertmanager.pending_times import pending_of, shipped_pending_times
from headwater.edges.alertmanager.translate import FRESH, event_of
from headwater.edges.alertmanager.webhook import LABELS_MAX, Alert, decode_webhook
from headwater.model.event_contexts import KubernetesContext
from headwater.model.events import print_event, validate_event
from headwater.model.heads import decode_head
from headwater.model.times import parse_time, seconds
from headwater.service.knowledge import rule_texts
from headwater.signals.catalogue import Catalogue

STARTED = parse_time("2026-01-05T10:00:00Z")
RECORDED = Path(os.environ.get("DATA", "../shared/data")) / "kubernetes" / "alertmanager_webhook.jsonl"


def alert_of(name: str = "KubePodCrashLooping", *, status: str = "firing", ends: str = "0001-01-01T00:00:00Z", **labels: str) -> Alert:
    labels = {"alertname": name, "namespace": "shop", **labels}
    return Alert(
        status=status,
        labels=labels,
        starts_at="2026-01-05T10:00:00.123456789Z",
        ends_at=ends,
        annotations={"summary": "it\x1b[31m crashes\nagain"},
        fingerprint="81a47f72d62325b8",
    )


def test_an_alert_is_dated_at_its_beginning_and_says_what_its_rule_waits() -> None:
    event = event_of(alert_of(pod="api-1", severity="critical"), received_at=STARTED + seconds(30), pending="15m")
    assert event.occurred_at == STARTED + 123_456_789
    assert event.attributes is not None
    assert (event.attributes["pod"], event.attributes["for"], event.attributes["status"]) == ("api-1", "15m", "firing")
    assert event.severity == "critical"
    assert event.message == "it [31m crashes again"


def test_the_same_alert_gives_the_same_bytes_however_often_it_is_told() -> None:
    first, again = (print_event(event_of(alert_of(pod="a"), received_at=STARTED + seconds(after))) for after in (10, 300))
    assert first == again


def test_an_alert_told_late_is_dated_at_its_arrival() -> None:
    received_at = STARTED + 2 * FRESH
    event = event_of(alert_of(pod="a"), received_at=received_at)
    assert event.occurred_at == received_at
    assert event.attributes is not None
    assert event.attributes["startsAt"] == "2026-01-05T10:00:00.123456789Z"


def test_the_end_of_an_alert_is_an_event_of_its_own() -> None:
    firing = event_of(alert_of(pod="a"), received_at=STARTED)
    ended = event_of(alert_of(pod="a", status="resolved", ends="2026-01-05T10:05:00Z"), received_at=STARTED + seconds(301))
    assert ended.id != firing.id
    assert ended.occurred_at == STARTED + seconds(300)
    assert ended.attributes is not None
    assert ended.attributes["status"] == "resolved"


def test_labels_cannot_pretend_to_be_what_alertmanager_says() -> None:
    event = event_of(
        alert_of(pod="a", status="firing", **{"startsAt": "1999", "for": "9h", "endsAt": "x", "labels": "y"}), received_at=STARTED
    )
    assert event.attributes is not None
    assert event.attributes["startsAt"].startswith("2026")
    assert not {"for", "endsAt"} & set(event.attributes)
    assert event.attributes["labels"]["labels"] == "y"


def test_labels_are_bounded_in_number_and_size_and_the_name_stays() -> None:
    many = {f"a{number:03}": "x" * 10_000 for number in range(LABELS_MAX * 2)}
    event = event_of(alert_of(**many), received_at=STARTED)
    assert event.attributes is not None
    assert len(event.attributes["labels"]) == LABELS_MAX
    assert event.attributes["alertname"] == "KubePodCrashLooping"
    assert len(print_event(event)) < 100_000


@pytest.mark.parametrize(
    ("labels", "node"),
    [
        ({"instance": "worker-1:9100"}, "worker-1"),
        ({"instance": "10.0.0.7:9100"}, None),
        ({"instance": "[fd00::1]:9100"}, None),
        ({"instance": "10.0.0.7:9100", "nodename": "worker-2"}, "worker-2"),
        ({"instance": "x:1", "node": "worker-3"}, "worker-3"),
        ({}, None),
    ],
)
def test_a_node_is_found_under_the_names_that_exporters_give_it(labels: dict[str, str], node: str | None) -> None:
    event = event_of(alert_of("NodeFilesystemAlmostOutOfSpace", **labels), received_at=STARTED)
    assert event.attributes is not None
    assert event.attributes.get("node") == node


def test_alerts_of_others_name_no_node_of_their_own() -> None:
    event = event_of(alert_of("MysqlDown", instance="db:9100"), received_at=STARTED)
    assert event.attributes is not None
    assert "node" not in event.attributes


def test_a_known_alert_is_a_symptom_that_began_before_it_fired() -> None:
    catalogue = Catalogue.from_texts(rule_texts()["signals"])
    alert = alert_of("KubePersistentVolumeFillingUp", persistentvolumeclaim="data-mysql-0", severity="critical")
    event = event_of(alert, received_at=STARTED, pending=pending_of(shipped_pending_times(), alert.labels))
    data = print_event(event)
    assert event.occurred_at is not None
    (symptom,) = catalogue.symptoms_of(decode_head(data), data, occurred_at=event.occurred_at, trace_id="")
    assert symptom.symptom_class == "resource.disk"
    assert (symptom.about.namespace, symptom.about.name) == ("shop", "data-mysql-0")
    assert symptom.onset == event.occurred_at - seconds(60)


def test_an_alert_of_a_named_cluster_is_about_that_cluster() -> None:
    event = event_of(alert_of(pod="api-1"), received_at=STARTED)
    event.k8s_context = KubernetesContext(cluster_name="west")
    data = print_event(event)
    (symptom,) = Catalogue.from_texts(rule_texts()["signals"]).symptoms_of(decode_head(data), data, occurred_at=STARTED, trace_id="")
    assert str(symptom.about) == "west/Pod/shop/api-1"


@pytest.mark.skipif(not RECORDED.is_file(), reason=f"the recorded webhooks are not at {RECORDED}: name their folder with DATA")
def test_recorded_webhooks_become_valid_events() -> None:
    bodies = [line for line in RECORDED.read_bytes().splitlines() if line.strip()]
    alerts = [alert for body in bodies for alert in decode_webhook(body).alerts]
    events = [event_of(alert, received_at=parse_time(alert.starts_at)) for alert in alerts]
    assert [event.attributes["alertname"] for event in events if event.attributes] == ["MysqlDown", "KubePodCrashLooping"]
    for event in events:
        assert validate_event(print_event(event)) == msgspec.convert(msgspec.to_builtins(event), type(event))

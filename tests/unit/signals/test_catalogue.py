"""What the packaged catalogue reads out of events: every signal once, healthy traffic not at all, hostile shapes without a crash."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater.model.entities import SCHEME_ADDRESS, SCHEME_SERVICE_NAME, Reference
from headwater.model.errors import InvalidEventError
from headwater.model.heads import EventHead, decode_head
from headwater.model.observations import decode_observation
from headwater.model.severity import Severity
from headwater.model.symptoms import Symptom
from headwater.model.times import parse_time
from headwater.service.knowledge import rule_texts
from headwater.signals.catalogue import Catalogue
from headwater.signals.facts import Facts
from headwater.signals.onsets import ONSET_BEFORE_MAX
from headwater.signals.words import clean_name, clean_text

CATALOGUE = Catalogue.from_texts(rule_texts()["signals"])
AT = parse_time("2026-01-05T10:00:00Z")
GOLDEN = Path(__file__).parent / "golden.jsonl"
"""One event a line with what it shows; `make rewrite` writes the second half anew."""

POD = {"k8s_context": {"kind": "Pod", "name": "cart-1", "namespace": "shop", "node_name": "node-a"}}


def decoded(event: dict[str, Any]) -> tuple[EventHead, bytes]:
    data = json.dumps({"id": "e", **event}).encode()
    return decode_observation(data), data


def symptoms(event: dict[str, Any]) -> tuple[Symptom, ...]:
    head, data = decoded(event)
    return CATALOGUE.symptoms_of(head, data, occurred_at=AT, trace_id="")


def classes(event: dict[str, Any]) -> list[str]:
    return [symptom.symptom_class for symptom in symptoms(event)]


def shown(event: dict[str, Any]) -> list[dict[str, Any]]:
    signals = CATALOGUE.signals_of(decoded(event)[0])
    return [
        {
            "signal": signal,
            "class": symptom.symptom_class,
            "about": str(symptom.about),
            "peer": str(symptom.peer) if symptom.peer else "",
            "seconds_before": (AT - symptom.onset) / 1e9,
            "severity": symptom.severity.wire,
            "text": symptom.text,
        }
        for signal, symptom in zip(signals, symptoms(event), strict=True)
    ]


def test_each_event_of_the_table_shows_what_it_should(golden: Any) -> None:
    events = [json.loads(line)["event"] for line in GOLDEN.read_text(encoding="utf-8").splitlines()]
    rows = [json.dumps({"event": event, "shows": shown(event)}) for event in events]
    golden(GOLDEN, "".join(f"{row}\n" for row in rows))
    assert {entry["signal"] for row in rows for entry in json.loads(row)["shows"]} == set(CATALOGUE.signals)
    assert all(json.loads(row)["shows"] for row in rows)


def test_the_story_is_three_symptoms() -> None:
    oom = {
        "type": "ebpf",
        "source": "ebpf",
        "k8s_context": {"kind": "Pod", "name": "mysql-pod-abc", "namespace": "production"},
        "kernel": {"syscall": "oom_kill", "comm": "mysqld"},
    }
    timeout = {
        "type": "service",
        "source": "api",
        "severity": "error",
        "message": "timeout after 5s calling mysql-service",
        "entity": {"type": "service", "name": "api-service", "namespace": "production"},
        "application": {"level": "error", "error_type": "timeout", "message": "timeout after 5s calling mysql-service"},
        "attributes": {"peer.service": "mysql-service", "error.type": "timeout"},
    }
    unavailable = {
        "type": "service",
        "source": "frontend",
        "severity": "error",
        "message": "503 from api-service",
        "entity": {"type": "service", "name": "frontend-service", "namespace": "production"},
        "network": {"protocol": "http", "status_code": 503},
        "attributes": {"peer.service": "api-service"},
    }
    (first,), (second,), (third,) = symptoms(oom), symptoms(timeout), symptoms(unavailable)
    assert (first.symptom_class, first.about, first.peer, first.text) == (
        "kernel.oom",
        Reference("default", "Pod", "production", "mysql-pod-abc"),
        None,
        "OOM",
    )
    assert (second.symptom_class, second.about, second.peer, second.text) == (
        "svc.timeout",
        Reference("default", "Service", "production", "api-service"),
        Reference("default", SCHEME_SERVICE_NAME, "production", "mysql-service"),
        "timeout to mysql-service",
    )
    assert (third.symptom_class, third.peer, third.text) == (
        "svc.5xx",
        Reference("default", SCHEME_SERVICE_NAME, "production", "api-service"),
        "503 from api-service",
    )


HEALTHY: dict[str, dict[str, Any]] = {
    "a span that went well": {
        "type": "service",
        "source": "otel",
        "severity": "info",
        "semantic": {"intent": "span"},
        "network": {"status_code": 200},
        "attributes": {"service.name": "cart", "peer.service": "stock", "otel.status_code": "OK", "rpc.grpc.status_code": 0},
    },
    "a span without a status": {"type": "service", "attributes": {"service.name": "cart", "otel.status_code": "UNSET"}},
    "a span that found nothing": {"network": {"status_code": 404}, "attributes": {"service.name": "cart", "peer.service": "stock"}},
    "somebody's wrong password": {"network": {"status_code": 401}, "attributes": {"service.name": "cart"}},
    "an information": {"type": "log", "severity": "info", "application": {"level": "info", "message": "connection refused is a phrase"}},
    "a warning that names no mechanism": {"type": "log", "severity": "warning", "message": "cache is cold"},
    "edge statistics": {
        "semantic": {"intent": "trace.edge_stats"},
        "severity": "info",
        "attributes": {"service.name": "a", "peer.service": "b"},
    },
    "an image pulled": {"kubernetes": {"reason": "Pulled", "event_type": "Normal", "action": "EVENT"}, **POD},
    "a container stopped as asked": {"kubernetes": {"reason": "Killing", "action": "EVENT", "message": "Stopping container"}, **POD},
    "a warning that no mechanism stands behind": {
        "kubernetes": {"reason": "DNSConfigForming", "event_type": "Warning", "action": "EVENT", "message": "connection refused"},
        "severity": "warning",
        **POD,
    },
    "a node that is ready": {"kubernetes": {"reason": "NodeReady", "action": "EVENT", "object_kind": "Node"}},
    "a claim that waits as it should": {
        "kubernetes": {
            "reason": "FailedBinding",
            "object_kind": "PersistentVolumeClaim",
            "message": "waiting for first consumer to be created",
        }
    },
    "an eviction taken back": {"kubernetes": {"reason": "TaintManagerEviction", "message": "Cancelling deletion of Pod shop/cart"}, **POD},
    "an update of a Deployment": {"kubernetes": {"action": "MODIFIED", "object_kind": "Deployment"}, "k8s_context": {"name": "cart"}},
    "an update of a Pod": {"kubernetes": {"action": "MODIFIED", "object_kind": "Pod"}, **POD},
    "a new ConfigMap": {"kubernetes": {"action": "ADDED", "object_kind": "ConfigMap", "object": "configmap/a"}},
    "a ConfigMap written without a change": {
        "kubernetes": {"action": "MODIFIED", "object_kind": "ConfigMap", "object": "configmap/a"},
        "attributes": {"k8s.change": "none"},
    },
    "more of the same ReplicaSet": {
        "kubernetes": {
            "reason": "ScalingReplicaSet",
            "message": "Scaled up replica set cart-7d9f8c from 3 to 5",
            "object_kind": "Deployment",
        }
    },
    "fewer of an old ReplicaSet": {
        "kubernetes": {
            "reason": "ScalingReplicaSet",
            "message": "Scaled down replica set cart-7d9f8c from 3 to 0",
            "object_kind": "Deployment",
        }
    },
    "a cordon that a snapshot shows": {
        "kubernetes": {"reason": "NodeNotSchedulable", "action": "STATE", "object_kind": "Node", "object": "node/a"},
        "attributes": {"snapshot": True},
    },
    "a CPU at work": {"metrics": {"metric_name": "cpu_usage_percent", "value": 95}, **POD},
    "an unknown metric": {"metrics": {"metric_name": "queue_length", "value": 1e9}, "severity": "error", **POD},
    "a resolved alert": {"attributes": {"alertname": "KubeNodeNotReady", "status": "resolved", "node": "a"}},
    "an alert of unknown meaning": {"severity": "critical", "message": "timeout", "attributes": {"alertname": "TeamXDashboardSad"}},
    "an alert that names nothing": {"source": "alertmanager", "attributes": {"alertname": "KubeNodeNotReady"}},
    "a slow span that waited for another": {
        "semantic": {"intent": "span.slow"},
        "severity": "warning",
        "attributes": {"service.name": "cart", "self_slow": False},
    },
    "nothing at all": {},
}


@pytest.mark.parametrize("event", HEALTHY.values(), ids=list(HEALTHY))
def test_healthy_stays_healthy(event: dict[str, Any]) -> None:
    assert symptoms(event) == ()
    assert CATALOGUE.signals_of(decoded(event)[0]) == ()


def test_severity_is_the_classes_and_never_what_the_event_claims() -> None:
    claims = {"severity": "critical", "kubernetes": {"reason": "Unhealthy", "message": "Readiness probe failed"}, **POD}
    assert [symptom.severity for symptom in symptoms(claims)] == [Severity.WARNING]


def test_a_failure_that_blames_itself_blames_nobody() -> None:
    (symptom,) = symptoms({"network": {"status_code": 503}, "attributes": {"service.name": "cart", "peer.service": "cart"}})
    assert (symptom.symptom_class, symptom.peer, symptom.text) == ("svc.5xx", None, "answers 503")


def test_a_message_is_read_to_its_first_two_kibibytes_only() -> None:
    assert classes({"severity": "warning", "message": "x" * 2_048 + " connection refused"}) == []
    assert classes({"severity": "warning", "message": "x" * 2_000 + " connection refused"}) == ["svc.refused"]


def test_an_event_with_two_mechanisms_shows_the_more_exact_one() -> None:
    both = {"severity": "error", "message": "timed out waiting for a free connection", "attributes": {"service.name": "cart"}}
    assert classes(both) == ["svc.pool"]
    typed = {"severity": "error", "message": "connection refused", "attributes": {"service.name": "cart", "error.type": "NXDOMAIN"}}
    assert classes(typed) == ["svc.dns"]


def test_a_span_says_who_calls_whom() -> None:
    head, _ = decoded({"attributes": {"service.name": "cart", "peer.service": "stock"}, **POD})
    caller = Reference("default", SCHEME_SERVICE_NAME, "shop", "cart")
    assert CATALOGUE.call_of(head) == (caller, Reference("default", SCHEME_SERVICE_NAME, "shop", "stock"))
    assert CATALOGUE.call_of(head) == CATALOGUE.call_of(head)
    to_address, _ = decoded({"attributes": {"service.name": "cart", "server.address": "10.0.0.7:5432"}, **POD})
    assert CATALOGUE.call_of(to_address) == (caller, Reference("default", SCHEME_ADDRESS, "", "10.0.0.7"))
    of_entity, _ = decoded({"entity": {"type": "service", "name": "cart", "namespace": "shop"}, "attributes": {"peer.service": "stock"}})
    assert CATALOGUE.call_of(of_entity) == CATALOGUE.call_of(head)


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"attributes": {"service.name": "cart"}},
        {"attributes": {"peer.service": "stock"}},
        {"attributes": {"service.name": 7, "peer.service": "stock"}},
        {"attributes": {"service.name": "cart", "peer.service": ["stock"]}},
        {"attributes": {"service.name": "cart", "peer.service": "cart"}},
        {"attributes": {"service.name": "cart", "server.address": "localhost"}},
        {"attributes": {"service.name": "cart", "server.address": "cart.shop", "span.kind": "SPAN_KIND_SERVER"}},
        {"type": "log", "attributes": {"service.name": "cart", "peer.service": "stock"}},
        {"attributes": {"alertname": "A", "service.name": "cart", "peer.service": "stock"}},
    ],
)
def test_what_names_no_two_services_is_no_call(event: dict[str, Any]) -> None:
    assert CATALOGUE.call_of(decoded(event)[0]) is None


WORDS = st.sampled_from(
    [
        *(
            "",
            "error",
            "warning",
            "ERROR",
            "oom_kill",
            "Unhealthy",
            "BackOff",
            "Failed",
            "MODIFIED",
            "ConfigMap",
            "Pod",
            "Node",
            "span.slow",
        ),
        *("timeout", "2026-01-05T09:59:00Z", "KubeNodeNotReady", "resolved", "cpu_usage_percent", "10.0.0.1:80", "[::1]:80", "503"),
        *("a\u202eb\x1b[31m", "x" * 300, "\x00", "/"),
    ]
)
VALUES = st.recursive(
    st.one_of(WORDS, st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.text()),
    lambda below: st.one_of(st.lists(below, max_size=3), st.dictionaries(WORDS, below, max_size=3)),
    max_leaves=4,
)
ATTRIBUTES = st.dictionaries(
    st.sampled_from(
        [
            *(
                "error.type",
                "exception.type",
                "otel.status_code",
                "status",
                "http.response.status_code",
                "rpc.grpc.status_code",
                "alertname",
            ),
            *("startsAt", "for", "firstTimestamp", "count", "peer.service", "server.address", "service.name", "namespace", "pod", "node"),
            *("k8s.change", "self_slow", "labels", "k8s.pod.name", "container.id"),
        ]
    ),
    VALUES,
    max_size=6,
)


def part(*names: str) -> st.SearchStrategy[dict[str, str]]:
    return st.dictionaries(st.sampled_from(names), WORDS, max_size=len(names))


EVENTS = st.fixed_dictionaries(
    {},
    optional={
        "type": WORDS,
        "source": WORDS,
        "severity": WORDS,
        "message": st.text(),
        "attributes": ATTRIBUTES,
        "application": part("level", "message", "error_type"),
        "kubernetes": part("reason", "action", "object", "object_kind", "message", "cluster_name"),
        "k8s_context": part("kind", "name", "namespace", "uid", "node_name", "workload_kind", "workload_name", "cluster_name"),
        "entity": part("type", "name", "namespace", "uid"),
        "kernel": part("syscall"),
        "semantic": part("intent"),
        "network": st.fixed_dictionaries({}, optional={"status_code": st.integers(-1, 700), "dest_ip": WORDS, "protocol": WORDS}),
        "metrics": st.fixed_dictionaries({"metric_name": WORDS}, optional={"value": st.floats(allow_nan=False, allow_infinity=False)}),
    },
)


@given(EVENTS)
def test_no_shape_breaks_it_and_what_it_says_is_clean(event: dict[str, Any]) -> None:
    try:
        head, data = decoded(event)
    except InvalidEventError:
        return
    found = CATALOGUE.symptoms_of(head, data, occurred_at=AT, trace_id="t")
    for symptom in found:
        assert symptom.symptom_class in CATALOGUE.classes
        assert AT - ONSET_BEFORE_MAX <= symptom.onset <= AT == symptom.occurred_at
        assert len(symptom.text) <= 200
        assert symptom.text == clean_text(symptom.text)
        for reference in (symptom.about, symptom.peer or symptom.about, *(CATALOGUE.call_of(head) or ())):
            assert 0 < len(reference.name) <= 253
            assert reference.name == clean_name(reference.name)
            assert all("/" not in part for part in reference)
    # What was settled once for a key gives the same again, and in a catalogue that has seen nothing.
    assert CATALOGUE.symptoms_of(head, data, occurred_at=AT, trace_id="t") == found
    CATALOGUE.dispatch.by_key.clear()
    assert CATALOGUE.symptoms_of(head, data, occurred_at=AT, trace_id="t") == found


@given(EVENTS)
def test_the_quick_look_never_passes_over_what_would_fit(event: dict[str, Any]) -> None:
    try:
        head, _ = decoded(event)
    except InvalidEventError:
        return
    if not CATALOGUE.dispatch.may_speak(head):
        assert [signal for signal in CATALOGUE.dispatch.candidates(Facts(head)) if signal.fits(Facts(head))] == []


def test_the_head_alone_is_enough_to_decode_on_the_hot_path() -> None:
    data = b'{"id": "e", "network": {"status_code": 503}, "attributes": {"service.name": "a", "peer.service": "b"}}'
    assert [symptom.text for symptom in CATALOGUE.symptoms_of(decode_head(data), data, occurred_at=AT, trace_id="")] == ["503 from b"]

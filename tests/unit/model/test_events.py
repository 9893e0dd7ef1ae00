"""UnifiedEvent: every field of the wire is read, unknown ones survive, and what is wrong is said with its place."""

import json
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater.model.bounds import DEPTH_MAX, EVENT_BYTES_MAX, STRING_BYTES_MAX
from headwater.model.effects import RejectionReason
from headwater.model.errors import InvalidEventError
from headwater.model.event_parts import Part
from headwater.model.events import UnifiedEvent, check_symptomatic, print_event, validate_event
from headwater.model.severity import Severity
from headwater.model.times import parse_time

TOP_LEVEL = """
    id timestamp type source category severity confidence message tags trace_context semantic entity kernel network application
    kubernetes metrics attributes ai_features anomaly behavioral temporal state causality impact correlation correlation_hints
    k8s_context resource_context operational_context correlations patterns anomalies collector_metadata raw_data
"""

STORY_EVENT = {
    "id": "ebpf-oom-001",
    "timestamp": "2026-01-05T10:00:00.000000001Z",
    "type": "ebpf",
    "source": "ebpf",
    "severity": "critical",
    "trace_context": {"trace_id": "trace-mysql-failure-123", "sampled": True},
    "k8s_context": {
        "kind": "Pod",
        "name": "mysql-pod-abc",
        "owner_references": [
            {"apiVersion": "apps/v1", "kind": "StatefulSet", "name": "mysql-statefulset", "controller": True, "blockOwnerDeletion": True}
        ],
    },
    "kernel": {"syscall": "oom_kill", "pid": 4711, "args": {"order": "0"}},
    "raw_data": "AAEC",
}


def wire(**fields: Any) -> bytes:
    return json.dumps({"id": "event-1", **fields}).encode()


def refusal(data: bytes) -> tuple[RejectionReason, str]:
    with pytest.raises(InvalidEventError) as caught:
        validate_event(data)
    return caught.value.reason, caught.value.detail


def parts(kind: type[Part] = UnifiedEvent) -> set[type[Part]]:
    """Every part that an event can have."""
    found: set[type[Part]] = {kind}
    waiting = [kind]
    while waiting:
        for field in msgspec.structs.fields(waiting.pop()):
            for inner in _parts_in(field.type):
                if inner not in found:
                    found.add(inner)
                    waiting.append(inner)
    return found


def _parts_in(annotation: Any) -> list[type[Part]]:
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return [annotation]
    return [part for argument in getattr(annotation, "__args__", ()) for part in _parts_in(argument)]


def test_every_top_level_field_of_the_wire_is_known() -> None:
    assert [field.encode_name for field in msgspec.structs.fields(UnifiedEvent)] == TOP_LEVEL.split()


def test_the_sub_structures_are_reached() -> None:
    names = {part.__name__ for part in parts()}
    assert len(names) > 50
    assert {
        "KprobeDetails",
        "PolicyRule",
        "AdmissionWebhook",
        "TimeSeries",
        "ManagedField",
        "Port",
        "RestartPatterns",
        "BaselineComparison",
    } <= names


def test_an_event_is_printed_as_it_was_parsed() -> None:
    event = validate_event(json.dumps(STORY_EVENT).encode())
    assert json.loads(print_event(event)) == STORY_EVENT
    assert event.occurred_at == parse_time("2026-01-05T10:00:00Z") + 1
    assert event.raw_data == b"\x00\x01\x02"
    assert event.has_trace
    assert event.k8s_context is not None
    assert event.k8s_context.owner_references is not None
    assert event.k8s_context.owner_references[0].api_version == "apps/v1"


def test_unknown_fields_survive_at_every_level() -> None:
    content = {
        **STORY_EVENT,
        "new": {"deep": [1, None]},
        "kernel": {"syscall": "oom_kill", "cgroup": "kubepods"},
        "k8s_context": {"owner_references": [{"kind": "A", "since": 1}, {"kind": "B", "since": 2}]},
        "operational_context": {"resource_utilization": {"memory": {"current": 1.5, "limit": 2}}},
    }
    event = validate_event(json.dumps(content).encode())
    assert json.loads(print_event(event)) == content
    assert event.unknown == {"new": {"deep": [1, None]}}


def test_a_changed_field_is_printed_and_a_removed_one_is_not() -> None:
    event = validate_event(wire(message="before", category="x", extra=1))
    event.message, event.category = "after", None
    assert json.loads(print_event(event)) == {"id": "event-1", "message": "after", "extra": 1}


def test_null_is_absent_and_whole_floats_are_whole_numbers() -> None:
    event = validate_event(b'{"id": "a", "message": null, "network": {"status_code": 503.0}, "k8s_context": {"labels": {"app": null}}}')
    assert event.message is None
    assert event.network is not None
    assert event.network.status_code == 503
    assert event.k8s_context is not None
    assert event.k8s_context.labels == {}


def test_a_structured_cloud_event_is_read_as_the_event_it_carries() -> None:
    event = validate_event(b'{"specversion": "1.0", "id": "e", "source": "/s", "type": "t", "data": {"message": "hello"}}')
    assert (event.id, event.source, event.type, event.message) == ("e", "/s", "t", "hello")


@pytest.mark.parametrize(
    ("fields", "reason", "place"),
    [
        ({"id": ""}, RejectionReason.INVALID_FIELD, "$.id"),
        ({"id": "x" * 513}, RejectionReason.INVALID_FIELD, "$.id"),
        ({"id": 7}, RejectionReason.INVALID_FIELD, "$.id"),
        ({"source": "x" * 513}, RejectionReason.INVALID_FIELD, "$.source"),
        ({"severity": "terrible"}, RejectionReason.INVALID_FIELD, "$.severity"),
        ({"confidence": 1.5}, RejectionReason.INVALID_FIELD, "$.confidence"),
        ({"timestamp": "yesterday"}, RejectionReason.INVALID_TIME, "$.timestamp"),
        ({"timestamp": 1767607200}, RejectionReason.INVALID_FIELD, "$.timestamp"),
        ({"kernel": {"pid": "many"}}, RejectionReason.INVALID_FIELD, "$.kernel.pid"),
        ({"patterns": [{"match_time": "noon"}]}, RejectionReason.INVALID_TIME, ".match_time`"),
        ({"raw_data": "not base64!"}, RejectionReason.INVALID_FIELD, "$.raw_data"),
        ({"message": "x" * (STRING_BYTES_MAX + 1)}, RejectionReason.STRING_TOO_LONG, "$.message"),
        ({"attributes": {"a": ["é" * (STRING_BYTES_MAX // 2 + 1)]}}, RejectionReason.STRING_TOO_LONG, "$.attributes.a[0]"),
        ({"attributes": {"k" * (STRING_BYTES_MAX + 1): 1}}, RejectionReason.STRING_TOO_LONG, "$.attributes"),
        ({"new": ["x" * 60_000] * 16}, RejectionReason.TOO_LARGE, str(EVENT_BYTES_MAX)),
    ],
)
def test_what_is_wrong_is_said_with_its_place(fields: dict[str, Any], reason: RejectionReason, place: str) -> None:
    found_reason, detail = refusal(wire(**fields))
    assert found_reason == reason
    assert place in detail


def test_a_missing_id_is_refused() -> None:
    assert refusal(b'{"type": "ebpf"}')[0] == RejectionReason.INVALID_FIELD


def test_nesting_is_allowed_up_to_the_bound_and_no_deeper() -> None:
    def nested(levels: int) -> bytes:
        return b'{"id": "a", "attributes": ' + b'{"a":' * (levels - 1) + b"1" + b"}" * levels

    check_symptomatic(nested(DEPTH_MAX))
    validate_event(nested(DEPTH_MAX))
    for judge in (validate_event, check_symptomatic):
        with pytest.raises(InvalidEventError) as caught:
            judge(nested(DEPTH_MAX + 1))
        assert caught.value.reason == RejectionReason.TOO_DEEP


def test_brackets_inside_strings_are_no_nesting() -> None:
    validate_event(wire(message="[{" * 500 + '"\\"['))


@given(
    st.binary(max_size=300)
    | st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=20).map(lambda value: json.dumps(value).encode())
)
def test_any_bytes_are_an_event_or_have_a_reason_why_not(data: bytes) -> None:
    with suppress(InvalidEventError):
        assert validate_event(data).id


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.text(max_size=10), below, max_size=3),
    max_leaves=8,
)
TEXTS = st.text(max_size=20)
EVENTS = st.fixed_dictionaries(
    {"id": st.text(min_size=1, max_size=30)},
    optional={
        "message": TEXTS,
        "tags": st.lists(TEXTS, max_size=3),
        "severity": st.sampled_from(["debug", "info", "low", "medium", "warning", "high", "error", "critical"]),
        "timestamp": st.datetimes().map(lambda moment: moment.isoformat() + "Z"),
        "attributes": st.dictionaries(TEXTS, JSON_VALUES, max_size=3),
        "entity": st.fixed_dictionaries({}, optional={"name": TEXTS, "namespace": TEXTS, "colour": JSON_VALUES}),
        "k8s_context": st.fixed_dictionaries(
            {},
            optional={
                "labels": st.dictionaries(TEXTS, TEXTS, max_size=3),
                "conditions": st.lists(st.fixed_dictionaries({"type": TEXTS, "future": JSON_VALUES}), max_size=2),
            },
        ),
        "unheard_of": JSON_VALUES,
    },
)


@given(EVENTS)
def test_printing_what_was_parsed_gives_the_same_content(content: dict[str, Any]) -> None:
    data = msgspec.json.encode(content)
    event = validate_event(data)
    check_symptomatic(data)
    assert msgspec.json.decode(print_event(event)) == msgspec.json.decode(data)
    assert validate_event(print_event(event)) == event


@pytest.mark.parametrize(
    ("fields", "severity"),
    [
        ({}, Severity.INFO),
        ({"severity": "medium", "impact": {"severity": "critical"}}, Severity.WARNING),
        ({"impact": {"severity": "critical"}}, Severity.CRITICAL),
        ({"application": {"level": "FATAL"}}, Severity.CRITICAL),
        ({"application": {"level": "chatty"}, "kubernetes": {"event_type": "Warning"}}, Severity.WARNING),
    ],
)
def test_the_effective_severity_is_the_first_that_somebody_gave(fields: dict[str, Any], severity: Severity) -> None:
    assert validate_event(wire(**fields)).effective_severity == severity


@pytest.mark.parametrize(
    ("entity", "expected"),
    [
        (None, ""),
        ({"uid": "u-1", "name": "a"}, "u-1"),
        ({"namespace": "shop", "name": "api"}, "shop/api"),
        ({"name": "node-1"}, "node-1"),
    ],
)
def test_an_entity_is_named_by_uid_else_namespace_and_name_else_name(entity: dict[str, str] | None, expected: str) -> None:
    assert validate_event(wire(entity=entity)).entity_id == expected


def test_a_large_symptomatic_event_is_checked_as_fully_as_a_small_one() -> None:
    with pytest.raises(InvalidEventError) as caught:
        check_symptomatic(wire(message="x" * (STRING_BYTES_MAX + 1)))
    assert caught.value.reason == RejectionReason.STRING_TOO_LONG
    with pytest.raises(InvalidEventError) as caught:
        check_symptomatic(wire(timestamp="never"))
    assert caught.value.reason == RejectionReason.INVALID_TIME
    with pytest.raises(InvalidEventError) as caught:
        check_symptomatic(b'{"id": "a", "message": "\xff"}')
    assert caught.value.reason == RejectionReason.NOT_JSON
    check_symptomatic(b'{"id": "a", "kernel": {"pid": 1.0, "args": {"a": null}}}')

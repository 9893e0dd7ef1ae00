"""Event objects of both APIs, with the null fields that half of them have."""

from typing import Any

import pytest

from headwater.edges.kubernetes.arrival import arrived
from headwater.edges.kubernetes.changes import ADDED, ObjectChanged
from headwater.edges.kubernetes.event_objects import event_of
from headwater.model.events import UnifiedEvent

METADATA = {"name": "mysql-0.18ea", "namespace": "shop", "uid": "event-uid", "creationTimestamp": "2026-01-05T10:00:00Z"}
ABOUT = {"kind": "Pod", "namespace": "shop", "name": "mysql-0", "uid": "pod-uid", "fieldPath": "spec.containers{mysql}"}


def told(**content: Any) -> UnifiedEvent | None:
    now = arrived("Event", {"metadata": METADATA, "involvedObject": ABOUT, "type": "Warning", "reason": "BackOff", **content})
    return event_of(ObjectChanged("Event", ADDED, now, None, 0, 0), "default")


def test_the_last_and_first_times_of_the_older_api() -> None:
    event = told(
        message="Back-off",
        firstTimestamp="2026-01-05T10:00:01Z",
        lastTimestamp="2026-01-05T10:04:00Z",
        count=7,
        eventTime=None,
        series=None,
    )
    assert event is not None
    assert event.timestamp == "2026-01-05T10:04:00.000Z"
    assert event.attributes is not None
    assert (event.attributes["firstTimestamp"], event.attributes["count"]) == ("2026-01-05T10:00:01.000Z", 7)
    assert event.attributes["k8s.event.uid"] == "event-uid"
    assert event.k8s_context is not None
    assert (event.k8s_context.uid, event.k8s_context.namespace) == ("pod-uid", "shop")


@pytest.mark.parametrize(
    ("times", "occurred"),
    [
        ({"series": {"lastObservedTime": "2026-01-05T10:09:00.5Z", "count": 3}, "eventTime": "2026-01-05T10:08:00Z"}, "10:09:00.500"),
        ({"eventTime": "2026-01-05T10:08:00.123456Z", "lastTimestamp": "2026-01-05T10:07:00Z"}, "10:08:00.123456"),
        ({"eventTime": None, "lastTimestamp": "2026-01-05T10:07:00Z", "firstTimestamp": "2026-01-05T10:06:00Z"}, "10:07:00.000"),
        ({"eventTime": None, "lastTimestamp": None, "firstTimestamp": "2026-01-05T10:06:00Z"}, "10:06:00.000"),
        ({"eventTime": None, "lastTimestamp": None, "firstTimestamp": None, "count": None, "source": {}}, "10:00:00.000"),
        ({"eventTime": "yesterday"}, "10:00:00.000"),
    ],
)
def test_the_best_time_that_an_event_has(times: dict[str, Any], occurred: str) -> None:
    event = told(**times)
    assert event is not None
    assert event.timestamp == f"2026-01-05T{occurred}Z"


def test_the_newer_api_says_the_same_in_other_words() -> None:
    older = told(message="Back-off", lastTimestamp="2026-01-05T10:04:00Z", firstTimestamp="2026-01-05T10:01:00Z", count=2)
    content = {
        "metadata": METADATA,
        "regarding": ABOUT,
        "type": "Warning",
        "reason": "BackOff",
        "note": "Back-off",
        "eventTime": None,
        "deprecatedFirstTimestamp": "2026-01-05T10:01:00Z",
        "deprecatedLastTimestamp": "2026-01-05T10:04:00Z",
        "deprecatedCount": 2,
    }
    newer = event_of(ObjectChanged("Event", ADDED, arrived("Event", content), None, 0, 0), "default")
    assert newer == older


def test_each_repeat_is_another_observation_and_the_same_one_is_the_same() -> None:
    first = told(lastTimestamp="2026-01-05T10:04:00Z", count=2)
    again = told(lastTimestamp="2026-01-05T10:04:00Z", count=2)
    repeat = told(lastTimestamp="2026-01-05T10:04:10Z", count=3)
    assert first is not None
    assert again is not None
    assert repeat is not None
    assert first.id == again.id
    assert first.id != repeat.id


def test_an_event_about_nothing_tells_nothing() -> None:
    assert told(involvedObject={}) is None


def test_a_node_is_known_by_its_name_since_its_uid_is_not_written() -> None:
    event = told(involvedObject={"kind": "Node", "name": "node-a", "uid": "node-a", "namespace": ""}, reason="NodeNotReady")
    assert event is not None
    assert event.k8s_context is not None
    assert (event.k8s_context.kind, event.k8s_context.name, event.k8s_context.uid) == ("Node", "node-a", None)

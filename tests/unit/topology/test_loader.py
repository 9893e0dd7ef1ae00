"""From objects as kubectl and the API give them to versions."""

from datetime import UTC, datetime
from typing import Any

import pytest

from headwater.model.heads import EventHead
from headwater.model.objects import ObjectVersion, encode_object_version
from headwater.model.times import parse_time
from headwater.topology.loader import InvalidObjectsError, K8sRelationshipLoader

CREATED = "2026-01-05T09:00:00Z"


def configured(name: str, **metadata: Any) -> dict[str, Any]:
    return {"kind": "ConfigMap", "metadata": {"name": name, "namespace": "shop", **metadata}}


def loaded(*documents: Any, observed_at: int | None = None, kind: str = "") -> list[ObjectVersion]:
    return K8sRelationshipLoader().versions(documents, observed_at=observed_at, kind=kind)


def test_lists_of_every_form_are_flattened() -> None:
    listed = {"kind": "List", "items": [configured("a"), {"kind": "PodList", "items": [{"metadata": {"name": "p"}}]}]}
    versions = loaded(listed, configured("b"), {"items": [configured("c")]}, None)
    assert [(each.kind, each.namespace, each.name) for each in versions] == [
        ("ConfigMap", "shop", "a"),
        ("Pod", "default", "p"),
        ("ConfigMap", "shop", "b"),
        ("ConfigMap", "shop", "c"),
    ]


def test_watch_events_are_versions_and_deletions_tombstones() -> None:
    events = [{"type": change, "object": configured("a", uid="u")} for change in ("ADDED", "MODIFIED", "DELETED", "BOOKMARK", "ERROR")]
    versions = loaded(*events, observed_at=5)
    assert [(each.deleted, each.valid_from, each.uid, bool(each.object)) for each in versions] == [
        (False, 5, "u", True),
        (False, 5, "u", True),
        (True, 5, "u", False),
    ]


def test_without_an_observer_a_version_holds_from_the_last_change_it_tells_of() -> None:
    fields = [{"time": "2026-01-05T09:30:00Z"}, {"time": "2026-01-05T09:20:00Z"}]
    unknown, created, changed = loaded(
        configured("a"), configured("b", creationTimestamp=CREATED), configured("c", creationTimestamp=CREATED, managedFields=fields)
    )
    assert (unknown.valid_from, created.valid_from) == (0, parse_time(CREATED))
    assert changed.valid_from == parse_time("2026-01-05T09:30:00Z")
    deleted = loaded({"type": "DELETED", "object": configured("a", creationTimestamp=CREATED, deletionTimestamp="2026-01-05T10:00:00Z")})
    assert deleted[0].valid_from == parse_time("2026-01-05T10:00:00Z")


def test_times_that_yaml_has_read_already_are_times() -> None:
    for time in (datetime(2026, 1, 5, 9, tzinfo=UTC), datetime(2026, 1, 5, 9)):  # noqa: DTZ001  (YAML gives such)
        assert loaded(configured("a", creationTimestamp=time))[0].valid_from == parse_time(CREATED)


def test_cluster_scoped_objects_have_no_namespace() -> None:
    assert loaded({"kind": "Node", "metadata": {"name": "n", "namespace": "default"}})[0].namespace == ""


def test_objects_that_do_not_say_what_they_are_are_what_the_caller_says() -> None:
    secrets = {
        "kind": "PartialObjectMetadataList",
        "items": [{"metadata": {"name": "a"}}, {"kind": "PartialObjectMetadata", "metadata": {"name": "b"}}],
    }
    assert [(each.kind, each.name) for each in loaded(secrets, kind="Secret")] == [("Secret", "a"), ("Secret", "b")]


def test_kinds_nobody_relates_are_skipped_and_counted() -> None:
    loader = K8sRelationshipLoader()
    assert (
        loader.versions([{"kind": "Lease", "metadata": {"name": "a"}}, {"kind": "LeaseList", "items": [{"metadata": {"name": "b"}}]}]) == []
    )
    assert loader.counters == {"skipped Lease": 2}


@pytest.mark.parametrize(
    ("item", "problem"),
    [
        ({"kind": "Pod"}, "document 1 (Pod/?): metadata is missing"),
        ({"kind": "Pod", "metadata": {"namespace": "x"}}, "document 1 (Pod/?): metadata.name is missing"),
        ({"metadata": {"name": "a"}}, "document 1: kind is missing"),
        ("text", "document 1: expected an object, found str"),
        ({"kind": "List", "items": [7]}, "document 1, items[0]: expected an object, found int"),
        ({"kind": "Pod", "metadata": {"name": "x" * 300}}, "longer than the 253 characters"),
        ({"kind": "Pod", "metadata": {"name": "a", "namespace": "b/c"}}, "metadata.namespace has a slash"),
        ({"kind": "Pod", "metadata": {"name": "a", "labels": {"version": 1.2}}}, "quote numbers and booleans"),
        ({"kind": "Pod", "metadata": {"name": "a", "creationTimestamp": "noon"}}, "'noon' is not an RFC 3339 time"),
        ({"kind": "Pod", "metadata": {"name": "a", "creationTimestamp": 7}}, "7 is not an RFC 3339 time"),
    ],
)
def test_what_kubernetes_would_not_print_is_refused_by_name(item: Any, problem: str) -> None:
    with pytest.raises(InvalidObjectsError) as refused:
        loaded(item)
    assert problem in str(refused.value)


def test_all_problems_are_told_at_once_but_not_endlessly() -> None:
    with pytest.raises(InvalidObjectsError) as refused:
        loaded({"kind": "List", "items": [{"kind": "Pod"}] * 30})
    assert len(refused.value.problems) == 30
    assert str(refused.value).endswith("and 10 more")


def test_half_a_character_is_replaced_so_that_everything_kept_can_be_written() -> None:
    [version] = loaded(configured("a\ud800", labels={"x\ud800": "ü\udfff"}))
    assert encode_object_version(version)


def test_the_context_of_an_event_is_read_by_the_loader_too() -> None:
    assert K8sRelationshipLoader.from_context(EventHead(id="1"), 0) == []

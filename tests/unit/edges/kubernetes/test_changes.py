"""When an object became what it is."""

from headwater.edges.kubernetes.arrival import Arrived, arrived, remembered
from headwater.edges.kubernetes.changes import changed_at, deleted_at
from headwater.model.times import parse_time, seconds

SEEN = parse_time("2026-01-05T10:00:00.4Z")


def at(clock: str) -> int:
    return parse_time(f"2026-01-05T{clock}Z")


def pod(*field_times: str, started: str = "", scheduled: str = "") -> Arrived:
    fields = [{"manager": "kubelet", "time": f"2026-01-05T{each}Z"} for each in field_times]
    status: dict[str, object] = {"startTime": f"2026-01-05T{started}Z"} if started else {}
    if scheduled:
        status["conditions"] = [{"type": "PodScheduled", "status": "True", "lastTransitionTime": f"2026-01-05T{scheduled}Z"}]
    metadata = {"name": "a", "uid": "u", "creationTimestamp": "2026-01-05T08:00:00Z", "managedFields": fields}
    return arrived("Pod", {"metadata": metadata, "status": status})


def test_a_change_has_the_time_of_the_fields_that_it_wrote() -> None:
    assert changed_at("Pod", pod("09:59:59"), pod("09:30:00"), seen_at=SEEN, is_listed=False) == at("09:59:59")


def test_a_change_that_left_no_time_is_dated_when_it_is_seen() -> None:
    assert changed_at("Pod", pod("09:59:45"), pod("09:59:45"), seen_at=SEEN, is_listed=False) == SEEN
    assert changed_at("Pod", pod(), pod(), seen_at=SEEN, is_listed=False) == SEEN


def test_what_a_list_finds_may_have_changed_long_ago() -> None:
    assert changed_at("Pod", pod("09:40:00"), pod("09:30:00"), seen_at=SEEN, is_listed=True) == at("09:40:00")


def test_nothing_happens_after_it_was_seen() -> None:
    assert changed_at("Pod", pod("10:00:09"), pod("09:30:00"), seen_at=SEEN, is_listed=False) == SEEN


def test_a_pod_has_been_where_it_is_since_its_node_took_it() -> None:
    assert changed_at("Pod", pod(started="09:00:00"), None, seen_at=SEEN, is_listed=True) == at("09:00:00")
    assert changed_at("Pod", pod(scheduled="08:50:00"), None, seen_at=SEEN, is_listed=True) == at("08:50:00")
    assert changed_at("Pod", pod(), None, seen_at=SEEN, is_listed=True) == at("08:00:00")


def test_a_deletion_that_nobody_saw_was_when_it_was_to_be() -> None:
    going = arrived("Pod", {"metadata": {"uid": "u", "deletionTimestamp": "2026-01-05T09:58:00Z"}})
    assert deleted_at(going, seen_at=SEEN, is_listed=True) == at("09:58:00")
    assert deleted_at(going, seen_at=SEEN, is_listed=False) == SEEN
    assert deleted_at(pod(), seen_at=SEEN + seconds(1), is_listed=True) == SEEN + seconds(1)


def test_managed_fields_and_annotations_are_dropped_on_arrival() -> None:
    metadata = {"name": "a", "uid": "u", "managedFields": [{"time": "2026-01-05T09:00:00Z"}], "annotations": {"note": "x"}}
    seen = arrived("Deployment", {"metadata": metadata, "spec": {}})
    assert seen.object == {"kind": "Deployment", "metadata": {"name": "a", "uid": "u"}, "spec": {}}
    assert seen.changed_at == at("09:00:00")


def test_a_secret_is_its_metadata_whatever_the_server_sends() -> None:
    seen = arrived("Secret", {"metadata": {"name": "a", "uid": "u"}, "data": {"password": "aHVudGVyMg=="}, "type": "Opaque"})
    assert seen.object == {"kind": "Secret", "metadata": {"name": "a", "uid": "u"}}


def test_a_traceparent_names_its_trace() -> None:
    annotations = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}
    assert arrived("Pod", {"metadata": {"uid": "u", "annotations": annotations}}).trace_id == "0af7651916cd43dd8448eb211c80319c"


def test_a_configuration_that_was_stored_as_digests_compares_with_a_fresh_one() -> None:
    fresh = arrived("ConfigMap", {"metadata": {"uid": "u"}, "data": {"key": "value"}})
    stored = remembered("ConfigMap", {"metadata": {"uid": "u"}, "data": dict(fresh.parts)})
    assert stored.parts == fresh.parts

"""The invented failures are written the same every time, are what the engine reads, and tell nobody the truth."""

import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from bench.accuracy.cases import EVENTS, find_sets, read_case
from bench.accuracy.fault_types import packaged_types
from bench.accuracy.labels import read_labels
from bench.unseen.stories import ALL
from bench.unseen.truths import FAULT_CLASSES, KEPT, SHOWN, halves
from bench.unseen.writing import SET_NAME, write_set

WORDS_OF_MECHANISMS = {"node_down", "disk_pressure", "zone_outage", "network_policy", "certificate", "quota"}
"""Fault types that are what programs call it too, or plain words."""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("unseen")
    write_set(folder, ALL, "")
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def events_by_case(folder: Path) -> dict[str, list[dict[str, Any]]]:
    return {
        each.case: [json.loads(line) for line in gzip.decompress((folder / SET_NAME / each.case / EVENTS).read_bytes()).splitlines()]
        for each in ALL
    }


def test_the_set_is_the_same_bytes_every_time(written: Path, tmp_path: Path) -> None:
    write_set(tmp_path, ALL, "")
    assert contents(tmp_path) == contents(written)


def test_no_event_is_refused_and_all_come_in_order_of_time(written: Path) -> None:
    (found,) = find_sets(written)
    for folder in found.cases:
        case = read_case(folder)
        times = [line.occurred_at for line in case.lines]
        assert (folder.name, case.invalid) == (folder.name, 0)
        assert times == sorted(times)
        assert len({line.event_id for line in case.lines}) == len(times)


def test_cases_are_as_long_and_as_talkative_as_incidents_are(written: Path) -> None:
    (found,) = find_sets(written)
    for case in map(read_case, found.cases):
        assert 60 <= case.events <= 800, case.folder.name
        assert 5 <= case.minutes <= 15, case.folder.name


def test_every_case_has_a_label_with_an_object_a_type_and_a_class(written: Path) -> None:
    labels = read_labels(written / SET_NAME)
    assert {label.case for label in labels} == {each.case for each in ALL}
    assert all(label.truth and label.fault_type and label.fault_class and label.inject_time for label in labels)


def test_every_mechanism_has_one_class_and_is_in_the_table_of_fault_types() -> None:
    words = [word for types in FAULT_CLASSES.values() for word in types]
    assert len(words) == len(set(words))
    assert {each.truth.fault_type for each in ALL} <= set(words) <= set(packaged_types().vocabularies["uns-*"])


def test_what_failed_is_in_the_cluster_or_is_called_by_it(written: Path) -> None:
    for each in ALL:
        application = each.application
        known = {workload.name for workload in application.workloads} | set(application.nodes) | set(application.nodes.values())
        known |= {call.callee for call in application.calls} | {application.namespace}
        assert each.truth.object in known, each.name


def test_nothing_in_a_case_says_its_label(written: Path) -> None:
    for each in ALL:
        folder = written / SET_NAME / each.case
        told = gzip.decompress((folder / EVENTS).read_bytes()).decode() + (folder / "objects.json").read_text(encoding="utf-8")
        banned = {each.name, each.truth.fault_type, "inject", "decoy", "fault_type"} - WORDS_OF_MECHANISMS
        assert [word for word in sorted(banned) if word in told] == [], each.name


def test_both_halves_hold_each_family_alike() -> None:
    half_of = halves(ALL)
    families: dict[str, Counter[str]] = {}
    for each in ALL:
        families.setdefault(each.family, Counter())[half_of[each.name]] += 1
    assert all(abs(counts[SHOWN] - counts[KEPT]) <= 1 for counts in families.values())
    assert abs(sum(counts[SHOWN] - counts[KEPT] for counts in families.values())) <= 4


def test_a_half_is_the_part_of_the_whole_that_bears_its_name(written: Path, tmp_path: Path) -> None:
    count = write_set(tmp_path, ALL, SHOWN)
    whole, half = contents(written / SET_NAME), contents(tmp_path / f"{SET_NAME}-{SHOWN}")
    assert all(whole[name] == content for name, content in half.items() if name != "labels.jsonl")
    assert len(read_labels(tmp_path / f"{SET_NAME}-{SHOWN}")) == count


def test_a_third_of_the_cases_has_something_else_going_on() -> None:
    assert len(ALL) / 4 <= sum(each.has_decoy for each in ALL) <= len(ALL) / 2


def test_cases_are_quiet_before_their_fault(written: Path) -> None:
    times = {label.case: str(label.inject_time) for label in read_labels(written / SET_NAME)}
    for case, events in events_by_case(written).items():
        before = [event for event in events if event["timestamp"] < times[case]]
        assert sum(event.get("attributes", {}).get("otel.status_code") == "ERROR" for event in before) <= 5, case


def test_nothing_is_told_of_a_pod_before_it_is_there(written: Path) -> None:
    for case, events in events_by_case(written).items():
        objects = json.loads((written / SET_NAME / case / "objects.json").read_bytes())["items"]
        created = {each["metadata"]["uid"]: each["metadata"]["creationTimestamp"] for each in objects if each["kind"] == "Pod"}
        early = [event for event in events if event["timestamp"] < created.get(event.get("k8s_context", {}).get("uid"), "")[:19]]
        assert early == [], case

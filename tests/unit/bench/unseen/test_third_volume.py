"""The third volume is written the same every time, is what the engine reads, and tells nobody the truth."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from bench.accuracy.cases import EVENTS, find_sets, read_case
from bench.unseen.third_volume import ALL
from bench.unseen.truths import KEPT, SHOWN, Story, halves
from bench.unseen.writing import set_name_of, write_set

WORDS_OF_MECHANISMS = {"disk_pressure", "zone_outage", "network_policy", "certificate", "quota"}
"""Fault types that are what programs call it too, or plain words."""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("third")
    write_set(folder, ALL, "")
    return folder


def told_of(written: Path, story: Story) -> list[dict[str, Any]]:
    packed = (written / set_name_of(3) / story.case / EVENTS).read_bytes()
    return [json.loads(line) for line in gzip.decompress(packed).splitlines()]


def test_no_event_is_refused_and_cases_are_as_long_and_talkative_as_incidents_are(written: Path) -> None:
    (found,) = find_sets(written)
    assert len(found.cases) == len(ALL)
    for case in map(read_case, found.cases):
        assert (case.folder.name, case.invalid) == (case.folder.name, 0)
        assert 60 <= case.events <= 800, case.folder.name
        assert 5 <= case.minutes <= 15, case.folder.name


def test_what_failed_is_in_the_cluster_or_is_called_by_it() -> None:
    for each in ALL:
        application = each.application
        known = {workload.name for workload in application.workloads} | set(application.nodes) | set(application.nodes.values())
        known |= {call.callee for call in application.calls} | {application.namespace}
        assert each.truth.object in known, each.name


def test_nothing_in_a_case_says_its_label_or_was_left_unsaid(written: Path) -> None:
    for each in ALL:
        folder = written / set_name_of(3) / each.case
        told = gzip.decompress((folder / EVENTS).read_bytes()).decode() + (folder / "objects.json").read_text(encoding="utf-8")
        banned = {each.name, each.truth.fault_type, "inject", "decoy", "fault_type", "{n}"} - WORDS_OF_MECHANISMS
        assert [word for word in sorted(banned) if word in told] == [], each.name


def test_nothing_is_told_of_a_pod_before_it_is_there(written: Path) -> None:
    for each in ALL:
        objects = json.loads((written / set_name_of(3) / each.case / "objects.json").read_bytes())["items"]
        created = {item["metadata"]["uid"]: item["metadata"]["creationTimestamp"][:19] for item in objects if item["kind"] == "Pod"}
        early = [event for event in told_of(written, each) if event["timestamp"] < created.get(event.get("k8s_context", {}).get("uid"), "")]
        assert early == [], each.name


def test_both_halves_are_alike_and_some_of_the_cases_have_something_else_going_on() -> None:
    half_of = halves(ALL)
    counts = [sum(half == name for half in half_of.values()) for name in (SHOWN, KEPT)]
    assert abs(counts[0] - counts[1]) <= 6
    assert len(ALL) / 4 <= sum(each.has_decoy for each in ALL) <= len(ALL) / 2

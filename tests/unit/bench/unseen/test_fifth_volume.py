"""The fifth volume keeps to the rules of the first."""

import gzip
import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from bench.accuracy.cases import EVENTS, find_sets, read_case
from bench.unseen.truths import KEPT, SHOWN, Story, halves
from bench.unseen.volumes import VOLUMES
from bench.unseen.writing import label_of, set_name_of, write_set

VOLUME = 5
ALL = VOLUMES[VOLUME]
PLAIN_WORDS = {"node_down", "disk_pressure", "zone_outage", "network_policy", "certificate", "quota"}
"""Fault types that programs print, or that are words of every day."""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("fifth")
    write_set(folder, ALL, "")
    return folder / set_name_of(VOLUME)


def events_of(written: Path, story: Story) -> list[dict[str, Any]]:
    return [json.loads(line) for line in gzip.decompress((written / story.case / EVENTS).read_bytes()).splitlines()]


def test_the_volume_is_large_and_its_stories_bear_its_number() -> None:
    assert len(ALL) >= 36
    assert {each.volume for each in ALL} == {VOLUME}


def test_each_family_is_in_both_halves_alike() -> None:
    half_of = halves(ALL)
    families: dict[str, Counter[str]] = {}
    for each in ALL:
        families.setdefault(each.family, Counter())[half_of[each.name]] += 1
    assert all(abs(counts[SHOWN] - counts[KEPT]) <= 1 for counts in families.values())


def test_a_third_of_the_stories_or_so_has_a_decoy() -> None:
    assert len(ALL) / 4 <= sum(each.has_decoy for each in ALL) <= len(ALL) / 2


def test_what_failed_is_in_the_cluster_or_is_called_by_it() -> None:
    for each in ALL:
        application = each.application
        known = {workload.name for workload in application.workloads} | set(application.nodes) | set(application.nodes.values())
        known |= {call.callee for call in application.calls} | {application.namespace}
        assert each.truth.object in known, each.name


def test_cases_are_read_whole_and_are_as_long_as_incidents_are(written: Path) -> None:
    (found,) = find_sets(written.parent)
    for case in map(read_case, found.cases):
        assert case.invalid == 0, case.folder.name
        assert 60 <= case.events <= 800, case.folder.name
        assert 5 <= case.minutes <= 15, case.folder.name


def test_no_case_says_its_label(written: Path) -> None:
    for each in ALL:
        folder = written / each.case
        told = gzip.decompress((folder / EVENTS).read_bytes()).decode() + (folder / "objects.json").read_text(encoding="utf-8")
        banned = {each.name, each.truth.fault_type, "inject", "decoy", "fault_type"} - PLAIN_WORDS
        assert [word for word in sorted(banned) if word in told] == [], each.name


def test_cases_are_quiet_before_their_fault(written: Path) -> None:
    half_of = halves(ALL)
    for each in ALL:
        begin = str(label_of(each, half_of[each.name])["inject_time"])
        before = [event for event in events_of(written, each) if event["timestamp"] < begin]
        assert sum(event.get("attributes", {}).get("otel.status_code") == "ERROR" for event in before) <= 5, each.name


def test_no_pod_is_heard_of_before_it_is_there(written: Path) -> None:
    for each in ALL:
        objects = json.loads((written / each.case / "objects.json").read_bytes())["items"]
        created = {item["metadata"]["uid"]: item["metadata"]["creationTimestamp"] for item in objects if item["kind"] == "Pod"}
        for event in events_of(written, each):
            begin = created.get(event.get("k8s_context", {}).get("uid"), "1970-01-01T00:00:00Z")
            assert datetime.fromisoformat(event["timestamp"]) >= datetime.fromisoformat(begin), each.name

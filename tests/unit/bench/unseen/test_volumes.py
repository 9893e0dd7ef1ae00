"""Volumes bear their numbers; those after the second are what the engine reads, and tell nobody the truth."""

import gzip
import json
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from bench.accuracy.cases import EVENTS, find_sets, read_case
from bench.unseen.truths import KEPT, SHOWN, STORIES, Story, halves
from bench.unseen.volumes import VOLUMES
from bench.unseen.writing import label_of, set_name_of, write_set

PLAIN_WORDS = {"disk_pressure", "zone_outage", "network_policy", "certificate", "quota"}
"""Fault types that programs print, or that are words of every day."""


class Volume(NamedTuple):
    """One volume, written."""

    stories: Sequence[Story]
    folder: Path

    def events_of(self, story: Story) -> list[dict[str, Any]]:
        """What a case tells, in order."""
        return [json.loads(line) for line in gzip.decompress((self.folder / story.case / EVENTS).read_bytes()).splitlines()]


@pytest.fixture(scope="module", params=[3, 4, 5, 6])
def volume(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Volume:
    number: int = request.param
    folder: Path = tmp_path_factory.mktemp(f"volume-{number}")
    write_set(folder, VOLUMES[number], "")
    return Volume(VOLUMES[number], folder / set_name_of(number))


def test_every_story_is_in_the_volume_whose_number_it_bears() -> None:
    assert {number: {each.volume for each in stories} for number, stories in VOLUMES.items()} == {number: {number} for number in VOLUMES}
    assert sum(map(len, VOLUMES.values())) == len(STORIES)
    assert all(len(VOLUMES[number]) >= 36 for number in (3, 4, 5, 6))


def test_no_two_stories_have_the_same_case() -> None:
    assert len({each.case for each in STORIES.values()}) == len(STORIES)


def test_each_family_is_in_both_halves_alike(volume: Volume) -> None:
    half_of = halves(volume.stories)
    families: dict[str, Counter[str]] = {}
    for each in volume.stories:
        families.setdefault(each.family, Counter())[half_of[each.name]] += 1
    assert all(abs(counts[SHOWN] - counts[KEPT]) <= 1 for counts in families.values())
    assert abs(sum(counts[SHOWN] - counts[KEPT] for counts in families.values())) <= 6


def test_a_third_of_the_stories_or_so_has_a_decoy(volume: Volume) -> None:
    assert len(volume.stories) / 4 <= sum(each.has_decoy for each in volume.stories) <= len(volume.stories) / 2


def test_what_failed_is_in_the_cluster_or_is_called_by_it(volume: Volume) -> None:
    for each in volume.stories:
        application = each.application
        known = {workload.name for workload in application.workloads} | set(application.nodes) | set(application.nodes.values())
        known |= {call.callee for call in application.calls} | {application.namespace}
        assert each.truth.object in known, each.name


def test_cases_are_read_whole_and_are_as_long_as_incidents_are(volume: Volume) -> None:
    (found,) = find_sets(volume.folder.parent)
    assert len(found.cases) == len(volume.stories)
    for case in map(read_case, found.cases):
        assert case.invalid == 0, case.folder.name
        assert 60 <= case.events <= 800, case.folder.name
        assert 5 <= case.minutes <= 15, case.folder.name


def test_no_case_says_its_label(volume: Volume) -> None:
    for each in volume.stories:
        folder = volume.folder / each.case
        told = gzip.decompress((folder / EVENTS).read_bytes()).decode() + (folder / "objects.json").read_text(encoding="utf-8")
        banned = {each.name, each.truth.fault_type, "inject", "decoy", "fault_type", "{n}"} - PLAIN_WORDS
        assert [word for word in sorted(banned) if word in told] == [], each.name


def test_cases_are_quiet_before_their_fault(volume: Volume) -> None:
    half_of = halves(volume.stories)
    for each in volume.stories:
        begin = str(label_of(each, half_of[each.name])["inject_time"])
        before = [event for event in volume.events_of(each) if event["timestamp"] < begin]
        assert sum(event.get("attributes", {}).get("otel.status_code") == "ERROR" for event in before) <= 5, each.name


def test_no_pod_is_heard_of_before_it_is_there(volume: Volume) -> None:
    for each in volume.stories:
        objects = json.loads((volume.folder / each.case / "objects.json").read_bytes())["items"]
        created = {item["metadata"]["uid"]: item["metadata"]["creationTimestamp"] for item in objects if item["kind"] == "Pod"}
        for event in volume.events_of(each):
            begin = created.get(event.get("k8s_context", {}).get("uid"), "1970-01-01T00:00:00Z")
            assert datetime.fromisoformat(event["timestamp"]) >= datetime.fromisoformat(begin), each.name

"""What is kept of a version: little, and all of it can be read again."""

from typing import Any

import msgspec

from headwater.model.identity import digest
from headwater.model.objects import ObjectVersion
from headwater.testing.bare_objects import deployment, instant, pod, version
from headwater.topology.history import History
from headwater.topology.records import record_of


def large(number: int, **more: Any) -> ObjectVersion:
    spec = {"containers": [{"name": f"main-{each}", "image": f"registry.example.com/app:{each}"} for each in range(20)]}
    return deployment("web", {"app": "web"}, spec=spec | more, at=number, created=0, uid="u", revision=number)


def history_of(*versions: ObjectVersion) -> History:
    history = History()
    for each in versions:
        history.add(record_of(each), each)
    history.refresh()
    return history


def test_versions_that_differ_in_little_take_little_and_are_read_as_they_were() -> None:
    told = [large(number, priority=number) for number in range(1, 30)]
    history = history_of(*told)
    assert history.versions() == told
    sizes = [len(record.packed) for record in history.records]
    assert sizes[0] > 1_000
    assert max(sizes[1:]) < 100


def test_versions_with_nothing_in_common_are_kept_whole_and_the_next_are_told_from_them() -> None:
    other = [digest(str(number), size=32) for number in range(50)]
    told = [large(1), *(msgspec.structs.replace(large(number), object={"status": other, "n": number}) for number in (2, 3))]
    history = history_of(*told)
    assert history.versions() == told
    assert [bool(record.base) for record in history.records] == [False, False, True]


def test_what_is_short_is_kept_as_it_is() -> None:
    told = [pod("a", at=1, revision=1), pod("a", at=2, revision=2), version("Pod", "a", at=3, deleted=True)]
    history = history_of(*told)
    assert history.versions() == told
    assert all(not record.base for record in history.records)


def test_the_same_version_seen_again_is_the_same_however_it_is_kept() -> None:
    history = history_of(large(1), large(2))
    assert not history.add(record_of(large(2)), large(2))
    assert history.add(record_of(msgspec.structs.replace(large(2), valid_from=instant(1.5))), large(2))
    assert [record.valid_from for record in history.records] == [instant(1), instant(1.5)]

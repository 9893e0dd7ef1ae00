"""The memory of what was told, and its limits."""

import msgspec
import pytest
from tests.unit.correlation.test_verdict import TOLD as SUMMARY

from headwater.correlation.occurrences import SymptomKey
from headwater.correlation.told import (
    RECURRENCE_WINDOW,
    REVISION_REFILL,
    REVISIONS_FREE,
    Anchor,
    Told,
    ToldMemory,
    anchor_of_result,
    anchor_on_the_wire,
    incident_id,
)
from headwater.model.entities import Reference
from headwater.model.results import Cause, CorrelationResult
from headwater.model.times import seconds
from headwater.testing.bare_objects import instant

RESULT = CorrelationResult(
    id="i", fingerprint="f", revision=1, status="open", reason="first_told", type="t", severity="high", verdict="likely", confidence=0.6,
    root_cause="", cause=Cause("e", "u", "c"),
)  # fmt: skip


def anchor(name: str = "api", at: float = 0, peer: str = "") -> Anchor:
    about = Reference("default", "Service", "shop", name)
    return Anchor(SymptomKey(about, "svc.timeout", Reference("default", "address", "", peer) if peer else None), instant(at), 2**64 - 1)


def told(number: int, *, status: str = "open", is_final: bool = False, name: str = "api") -> Told:
    return Told(
        id=f"id-{number}", anchor=anchor(name, number), order=number, summary=SUMMARY, result=RESULT, revision=1, status=status,
        last=instant(number), detected_at=instant(number), allowance_at=instant(number), is_final=is_final,
    )  # fmt: skip


def memory(*incidents: Told, limit: int = 100) -> ToldMemory:
    found = ToldMemory(limit)
    for each in incidents:
        found.add(each)
    return found


def test_incidents_are_found_by_id_and_by_anchor() -> None:
    first, second, other = told(1), told(2), told(3, name="web")
    found = memory(first, second, other)
    assert found.get("id-1") is first
    assert found.get("id-9") is None
    assert found.anchored_at(first.anchor.key) == [first, second]
    found.forget(first)
    assert found.anchored_at(first.anchor.key) == [second]
    found.forget(second)
    assert found.anchored_at(first.anchor.key) == []
    assert len(found) == 1


@pytest.mark.parametrize("is_usual", [False, True])
def test_an_anchor_is_read_back_from_a_result_as_it_was(is_usual: bool) -> None:
    one = anchor(peer="10.0.0.1")
    one = Anchor(msgspec.structs.replace(one.key, is_usual=is_usual), one.occurred_at, one.observation)
    assert anchor_of_result(msgspec.structs.replace(RESULT, anchor=anchor_on_the_wire(one))) == one
    assert len(anchor_on_the_wire(one)) == 5 + is_usual


def test_an_incident_is_added_once() -> None:
    first = told(1)
    assert len(memory(first, first).anchored_at(first.anchor.key)) == 1


@pytest.mark.parametrize(
    ("status", "is_final", "is_open"),
    [("open", False, True), ("resolved", False, True), ("merged", False, False), ("retracted", False, False), ("resolved", True, False)],
)
def test_open_is_what_can_still_change_by_itself(status: str, is_final: bool, is_open: bool) -> None:
    one = told(1, status=status, is_final=is_final)
    assert one.is_open is is_open
    assert memory(one).open_incidents() == ([one] if is_open else [])


def test_what_ended_is_forgotten_once_it_can_have_nothing_more_to_say() -> None:
    found = memory(told(1), told(2, status="merged"), told(3, is_final=True), told(10, is_final=True))
    found.forget_ended(instant(5))
    assert [each.id for each in found.all_incidents()] == ["id-1", "id-10"]


def test_at_the_limit_a_tenth_goes_the_ended_first_then_the_first_told_and_it_is_counted() -> None:
    found = memory(*(told(n, is_final=n == 15) for n in range(20)), limit=20)
    found.add(told(20))
    assert [n for n in range(21) if found.get(f"id-{n}") is None] == [0, 15]
    assert found.forgotten == 2


def test_lesser_news_is_spent_from_an_allowance_that_refills() -> None:
    one = told(0)
    assert [one.spend(instant(0)) for _ in range(REVISIONS_FREE + 2)] == [True] * REVISIONS_FREE + [False, False]
    assert not one.spend(instant(0) + REVISION_REFILL - 1)
    assert one.spend(instant(0) + REVISION_REFILL)
    assert not one.spend(instant(0) + REVISION_REFILL)
    assert [one.spend(instant(3_600)) for _ in range(REVISIONS_FREE + 1)] == [True] * REVISIONS_FREE + [False]


def test_a_fault_returns_within_a_day_of_the_final_one() -> None:
    found = memory(told(1))
    found.remember_end(told(1), instant(0))
    assert found.recurrence(SUMMARY.root, instant(0) + RECURRENCE_WINDOW) == "id-1"
    assert found.recurrence(SUMMARY.root, instant(0) + RECURRENCE_WINDOW + 1) == ""
    assert found.recurrence("another", instant(0)) == ""


def test_ends_remembered_are_bounded() -> None:
    found = ToldMemory(3)
    for number in range(5):
        one = told(number)
        one.summary = msgspec.structs.replace(SUMMARY, root=f"root {number}")
        found.remember_end(one, instant(0))
    assert list(found.recurrences()) == ["root 2", "root 3", "root 4"]


def test_a_restored_memory_is_the_one_that_was_taken_out() -> None:
    found, again = memory(told(2), told(1), told(3, status="merged")), ToldMemory(100)
    found.remember_end(told(4), instant(4))
    again.restore(found.all_incidents(), found.recurrences())
    assert [each.id for each in again.all_incidents()] == ["id-1", "id-2", "id-3"]
    assert again.recurrences() == found.recurrences()
    assert len(again.anchored_at(anchor().key)) == 3


def test_the_id_depends_on_domain_and_anchor_only() -> None:
    assert incident_id("default", anchor()) == incident_id("default", anchor())
    ids = {incident_id(domain, each) for domain in ("a", "b") for each in (anchor(), anchor("web"), anchor(at=1), anchor(peer="10.0.0.1"))}
    assert len(ids) == 8


@pytest.mark.parametrize("each", [anchor(), anchor("a/b", 1), anchor(peer="10.0.0.1")])
def test_an_anchor_survives_the_wire(each: Anchor) -> None:
    assert anchor_of_result(msgspec.structs.replace(RESULT, anchor=anchor_on_the_wire(each))) == each


@pytest.mark.parametrize(
    "wire",
    [[], ["a"], ["a", "b", "c", "d", "e"], ["a/b/c/d", "x", "", "1", "zz"], ["a/b/c/d", "x", "", "one", "00"], ["a/b", "x", "", "1", "00"]],
)
def test_an_anchor_that_cannot_be_read_is_none(wire: list[str]) -> None:
    assert anchor_of_result(msgspec.structs.replace(RESULT, anchor=wire)) is None


def test_what_an_earlier_run_told_is_found_by_its_anchor_until_taken_or_forgotten() -> None:
    found = ToldMemory(10)
    found.publish_earlier(7, msgspec.structs.replace(RESULT, anchor=anchor_on_the_wire(anchor())))
    found.publish_earlier(8, RESULT)
    assert found.published_at(anchor().key) == [(anchor(), "i")]
    assert list(found.published) == ["i"]
    del found.published["i"]
    assert found.published_at(anchor().key) == []
    found.replay_until = seconds(1)
    found.forget_published()
    assert (found.published, found.replay_until) == ({}, 0)

"""Recoveries: what Kubernetes mends at once, and what every start and stop of a pod brings, calls nobody; what lasts does."""

from itertools import permutations

import pytest
from tests.unit.correlation.making import occurrence, symptom

from headwater.correlation.occurrences import Occurrence
from headwater.correlation.recoveries import OBJECTS_MAX, TIMES_MAX, RecoveryMemory, RecoveryTimes
from headwater.model.entities import Reference
from headwater.testing.bare_objects import instant
from headwater.testing.playback import packaged_knowledge

KNOWN = packaged_knowledge().catalogue.recoveries
ABOUT = Reference("default", "Service", "shop", "api")
"""What `symptom` is about."""


def recovered(reason: str, *seconds: float) -> RecoveryMemory:
    memory = RecoveryMemory(KNOWN)
    for second in seconds:
        for recovery in KNOWN.by_reason[reason]:
            assert memory.note(recovery, ABOUT, instant(second))
    return memory


def lasting(symptom_class: str, first: float, last: float, onset: float | None = None) -> Occurrence:
    return occurrence(*(symptom(at, symptom_class, event_id=str(at), onset=onset) for at in {first, last}))


@pytest.mark.parametrize(
    ("first", "last", "at", "has_passed"),
    [
        (0, 0, 0, True),  # Kubernetes' events carry whole seconds
        (0, 20, 21, True),
        (0, 20, 10, False),  # it went on
        (0, 90, 91, False),  # it lasted
        (0, 0, 300, False),  # it lasted, though nobody said so
    ],
)
def test_a_refusal_that_success_follows_within_a_minute_has_passed(first: float, last: float, at: float, *, has_passed: bool) -> None:
    found = lasting("workload.failedcreate", first, last)
    assert recovered("SuccessfulCreate", at).has_passed(found) is has_passed


def test_success_of_another_object_or_against_another_trouble_ends_nothing() -> None:
    memory = recovered("SuccessfulCreate", 5)
    assert not memory.has_passed(occurrence(symptom(0, "workload.failedcreate", about="web")))
    assert not memory.has_passed(lasting("pod.unschedulable", 0, 0))


def test_whom_the_quota_refuses_everybody_else_has_let_pass() -> None:
    memory = recovered("FailedCreate", 1)

    def refused(detail: str) -> Occurrence:
        return occurrence(symptom(0, "workload.failedcreate", detail=detail))

    assert memory.has_passed(refused("service_account"))
    assert not memory.has_passed(refused("quota_cpu"))
    assert not memory.has_passed(refused(""))


def test_what_has_just_started_may_be_unready_for_a_minute_and_no_longer() -> None:
    memory = recovered("Started", 0)
    assert memory.has_passed(lasting("pod.unready", 10, 40))
    assert not memory.has_passed(lasting("pod.unready", 10, 90))
    # An Event that began before the pod was there is an old trouble, whenever it was last repeated.
    assert not memory.has_passed(lasting("pod.unready", 10, 40, onset=-300))


def test_a_pod_that_is_being_stopped_answers_no_probes() -> None:
    assert recovered("Killing", 0).has_passed(lasting("pod.unready", 3, 3))


def test_the_order_of_recoveries_makes_no_difference_and_the_latest_are_kept() -> None:
    for times in permutations((0, 50, 400)):
        assert recovered("SuccessfulCreate", *times).snapshot() == recovered("SuccessfulCreate", 0, 50, 400).snapshot()
    memory = recovered("SuccessfulCreate", *range(TIMES_MAX + 4))
    assert not memory.has_passed(lasting("workload.failedcreate", -59, -59))
    assert memory.has_passed(lasting("workload.failedcreate", TIMES_MAX, TIMES_MAX))


def test_one_that_is_delivered_twice_is_no_news_and_old_ones_are_forgotten() -> None:
    memory = recovered("SuccessfulCreate", 0)
    (recovery,) = KNOWN.by_reason["SuccessfulCreate"]
    assert not memory.note(recovery, ABOUT, instant(0))
    again = RecoveryMemory(KNOWN, memory.snapshot())
    assert again.has_passed(lasting("workload.failedcreate", 0, 0))
    again.forget(instant(1), lambda _: False)
    assert again.snapshot() == RecoveryTimes()


def test_of_more_objects_than_the_limit_none_is_remembered_and_it_is_counted() -> None:
    held = {Reference("default", "Pod", "shop", str(n)): {"created": [0]} for n in range(OBJECTS_MAX)}
    memory = RecoveryMemory(KNOWN, RecoveryTimes(held))
    (recovery,) = KNOWN.by_reason["SuccessfulCreate"]
    assert not memory.note(recovery, ABOUT, instant(0))
    assert memory.left_out == 1


def test_what_passed_early_in_a_long_incident_has_passed_at_its_end_too() -> None:
    """Its recovery is remembered for as long as the trouble is, however long the incident it is part of goes on."""
    memory = recovered("SuccessfulCreate", 5)
    memory.forget(instant(9_000), lambda about: about == ABOUT)
    assert memory.has_passed(lasting("workload.failedcreate", 0, 0))
    memory.forget(instant(9_000), lambda _: False)
    assert memory.snapshot() == RecoveryTimes()


def test_more_recoveries_of_one_object_than_are_kept_are_counted() -> None:
    memory = recovered("SuccessfulCreate", *range(TIMES_MAX))
    assert memory.left_out == 0
    (recovery,) = KNOWN.by_reason["SuccessfulCreate"]
    memory.note(recovery, ABOUT, instant(TIMES_MAX))
    assert memory.left_out == 1

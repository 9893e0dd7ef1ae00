"""What quotas, budgets and autoscalers go into."""

from tests.unit.edges.kubernetes.states import Document, document, events, reasons

from headwater.model.events import UnifiedEvent

SINCE = "2026-01-05T09:59:58Z"


def quota(used: Document, *, version: int = 1, **hard: str) -> Document:
    return document("tight", version=version, status={"hard": hard or {"pods": "10", "limits.memory": "2Gi"}, "used": used})


def budget(healthy: int, allowed: int, *, version: int = 1, expected: int = 3) -> Document:
    status = {"currentHealthy": healthy, "desiredHealthy": 2, "expectedPods": expected, "disruptionsAllowed": allowed}
    return document("web", version=version, status=status)


def autoscaler(kind: str, status: str, reason: str, *, version: int = 2) -> Document:
    condition = {"type": kind, "status": status, "reason": reason, "lastTransitionTime": SINCE, "message": f"because of {reason}"}
    return document("web", version=version, status={"conditions": [condition]})


def said(told: list[UnifiedEvent]) -> list[str | None]:
    return [each.message for each in told]


def test_a_quota_is_used_up_once_whatever_unit_it_is_counted_in() -> None:
    full = quota({"pods": "10", "limits.memory": "1Gi"}, version=2)
    (event,) = events("ResourceQuota", quota({"pods": "9"}), full)
    assert (event.message, event.attributes) == ("used up: pods", {"k8s.resources": ["pods"]})
    assert events("ResourceQuota", full, quota({"pods": "10", "limits.memory": "1536Mi"}, version=3)) == []
    assert said(events("ResourceQuota", full, quota({"pods": "11", "limits.memory": "2048Mi"}, version=4))) == ["used up: limits.memory"]


def test_a_quota_that_forbids_something_altogether_is_not_used_up() -> None:
    before, now = (
        quota({}, pods="0", cpu="1", memory="1"),
        quota({"pods": "0", "cpu": "nonsense"}, version=2, pods="0", cpu="1", memory="1"),
    )
    assert events("ResourceQuota", before, now) == []


def test_a_full_quota_that_is_found_is_told_as_of_when_it_was_found() -> None:
    old = quota({"pods": "10"})
    old["metadata"]["creationTimestamp"] = "2025-01-01T00:00:00Z"
    assert reasons(events("ResourceQuota", None, old, is_listed=True))[-1] == "QuotaReached"


def test_a_budget_counts_only_where_pods_it_counts_on_are_not_healthy() -> None:
    assert said(events("PodDisruptionBudget", budget(3, 1), budget(2, 0, version=2))) == [
        "allows no eviction: 2 of 3 pods are healthy, 2 must be"
    ]
    assert events("PodDisruptionBudget", budget(2, 0), budget(1, 0, version=2)) == []
    assert events("PodDisruptionBudget", budget(3, 1), budget(3, 0, version=2)) == []
    assert events("PodDisruptionBudget", None, budget(0, 0, expected=0)) == []


def test_an_autoscaler_that_is_at_its_end_or_blind_says_so_and_one_at_rest_does_not() -> None:
    fine = autoscaler("ScalingLimited", "False", "DesiredWithinRange", version=1)
    assert reasons(events("HorizontalPodAutoscaler", fine, autoscaler("ScalingLimited", "True", "TooManyReplicas"))) == ["TooManyReplicas"]
    assert reasons(events("HorizontalPodAutoscaler", fine, autoscaler("ScalingActive", "False", "FailedGetResourceMetric"))) == [
        "FailedGetResourceMetric"
    ]
    assert reasons(events("HorizontalPodAutoscaler", None, autoscaler("AbleToScale", "False", "FailedGetScale"))) == ["FailedGetScale"]
    for kind, status, reason in (("ScalingLimited", "True", "TooFewReplicas"), ("ScalingActive", "False", "ScalingDisabled")):
        assert events("HorizontalPodAutoscaler", fine, autoscaler(kind, status, reason)) == []


def test_an_autoscaler_tells_a_state_once_and_another_reason_again() -> None:
    blind = autoscaler("ScalingActive", "False", "FailedGetResourceMetric", version=3)
    assert events("HorizontalPodAutoscaler", blind, autoscaler("ScalingActive", "False", "FailedGetResourceMetric", version=4)) == []
    assert reasons(events("HorizontalPodAutoscaler", blind, autoscaler("ScalingActive", "False", "InvalidSelector", version=4))) == [
        "InvalidSelector"
    ]

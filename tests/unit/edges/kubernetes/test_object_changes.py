"""What somebody did to services, routes, accounts, quotas, webhooks and secrets; which parts, never which values."""

import pytest
from tests.unit.edges.kubernetes.states import NOW, Document, change, deleted, document, events, reasons

from headwater.edges.kubernetes.arrival import arrived, remembered
from headwater.edges.kubernetes.changes import MODIFIED, ObjectChanged
from headwater.edges.kubernetes.transitions import Transitions
from headwater.model.events import UnifiedEvent
from headwater.model.times import parse_time


@pytest.mark.parametrize(
    ("kind", "before", "now", "parts"),
    [
        ("Service", {"selector": {"app": "a"}, "ports": [1]}, {"selector": {"app": "b"}, "ports": [2]}, "ports, selector"),
        ("Ingress", {"rules": [1]}, {"rules": [2], "tls": [3]}, "rules, tls"),
        ("HTTPRoute", {"rules": [1]}, {"rules": [2]}, "rules"),
        ("VirtualService", {"hosts": ["a"], "http": [1]}, {"hosts": ["a"], "http": [2]}, "http"),
        ("AuthorizationPolicy", {"action": "ALLOW"}, {"action": "DENY"}, "action"),
        ("CiliumNetworkPolicy", {"ingress": [1]}, {"ingress": [2]}, "ingress"),
        ("HorizontalPodAutoscaler", {"maxReplicas": 3}, {"maxReplicas": 5}, "maxReplicas"),
        ("ResourceQuota", {"hard": {"pods": "3"}}, {"hard": {"pods": "1"}}, "hard"),
        ("LimitRange", {"limits": [1]}, {"limits": [2]}, "limits"),
        ("PodDisruptionBudget", {"minAvailable": 1}, {"minAvailable": 2}, "minAvailable"),
    ],
)
def test_a_changed_specification_is_told_by_the_names_of_its_parts(kind: str, before: Document, now: Document, parts: str) -> None:
    (event,) = events(kind, document("it", spec=before), document("it", version=2, spec=now))
    assert reasons([event]) == [f"spec: {kind} it changed: {parts}"]
    assert events(kind, document("it", spec=before, status={"a": 1}), document("it", version=2, spec=before, status={"a": 2})) == []


def hooks(*, version: int = 1, bundle: str = "old", policy: str = "Fail") -> Document:
    webhook = {"name": "guard.example.com", "failurePolicy": policy, "clientConfig": {"caBundle": bundle, "url": "https://guard"}}
    return document("guard", version=version, metadata={"namespace": ""}, webhooks=[webhook])


def test_of_a_webhook_another_certificate_is_no_news_and_anything_else_is() -> None:
    kind = "ValidatingWebhookConfiguration"
    assert events(kind, hooks(), hooks(version=2, bundle="new")) == []
    assert reasons(events(kind, hooks(), hooks(version=2, policy="Ignore"))) == [f"spec: {kind} guard changed: guard.example.com"]
    assert reasons(events(kind, None, hooks())) == [f"added: {kind} guard added"]


@pytest.mark.parametrize(
    "kind", ["ServiceAccount", "Service", "Ingress", "HTTPRoute", "HorizontalPodAutoscaler", "ResourceQuota", "Server"]
)
def test_what_others_miss_is_told_when_it_goes(kind: str) -> None:
    assert reasons(deleted(kind, document("it"))) == [f"deleted: {kind} it deleted"]


def test_an_object_comes_and_goes_once_however_that_was_found() -> None:
    seen = document("deny", version=4, metadata={"creationTimestamp": "2026-01-05T09:58:00Z"}, spec={"podSelector": {}})
    again = document("deny", version=9, metadata={"creationTimestamp": "2026-01-05T09:58:00Z"}, spec={"podSelector": {}})
    (watched,), (listed,) = events("NetworkPolicy", None, seen), events("NetworkPolicy", None, again, is_listed=True)
    assert watched.id == listed.id
    assert deleted("NetworkPolicy", seen)[0].id == deleted("NetworkPolicy", again)[0].id != watched.id


def secret(version: int, **written: str) -> Document:
    fields = [{"manager": name, "time": time, "fieldsV1": {"f:data": {f"f:{name}": {}}}} for name, time in written.items()]
    return document("key", version=version, metadata={"managedFields": fields}, data={"password": "aHVudGVyMg=="})


def changed_while_away(stored: Document, stored_since: str, now: Document) -> list[UnifiedEvent]:
    """What a new process tells of a Secret that another one stored."""
    shown = {key: value for key, value in stored["metadata"].items() if key != "managedFields"}
    before = remembered("Secret", {"metadata": shown}, since=parse_time(stored_since))
    told = ObjectChanged("Secret", MODIFIED, arrived("Secret", now), before, NOW, NOW, is_listed=True)
    return list(Transitions("default").events_of(told))


def test_a_secret_written_while_nobody_looked_is_told_by_its_key_and_never_by_its_value() -> None:
    old, new = secret(1, a="2026-01-05T09:00:00Z"), secret(2, a="2026-01-05T09:00:00Z", b="2026-01-05T09:55:00Z")
    (event,) = changed_while_away(old, "2026-01-05T09:00:00Z", new)
    assert reasons([event]) == ["secret: Secret key changed: b"]
    assert "hunter" not in repr(event)
    assert "aHVudGVyMg" not in repr(event)
    assert changed_while_away(old, "2026-01-05T09:55:00Z", new) == []


def test_two_changes_of_one_object_are_two_events_and_the_same_told_again_is_one() -> None:
    one, two, three = (document("web", version=number, spec={"ports": [number]}) for number in (1, 2, 3))
    (first,), (again,), (second,) = events("Service", one, two), events("Service", one, two, is_listed=True), events("Service", two, three)
    assert first.id == again.id != second.id
    assert change("Service", one, two).now.parts != change("Service", one, three).now.parts

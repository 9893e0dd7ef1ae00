"""Each symptom class has an example event, and the signal catalogue reads it as that class and no other."""

import json

import pytest

from headwater.model.heads import decode_head
from headwater.service.knowledge import rule_texts
from headwater.signals.catalogue import Catalogue
from headwater.testing.class_examples import ALIASES, EXAMPLES, Body, Thing, call_span, example, example_of_alias, thing_of

CATALOGUE = Catalogue.from_texts(rule_texts()["signals"])

SUBJECTS = {
    "change.config": "ConfigMap/settings", "change.secret": "Secret/password", "change.networkpolicy": "NetworkPolicy/deny",
    "change.quota": "ResourceQuota/compute", "change.webhook": "ValidatingWebhookConfiguration/check", "change.service": "Service/cart",
    "change.ingress": "Ingress/cart", "change.hpa": "HorizontalPodAutoscaler/cart", "change.rbac": "ServiceAccount/cart",
    "account.denied": "ServiceAccount/cart",
    "change.mesh": "VirtualService/cart",
}  # fmt: skip
KINDS = {
    "change": "Deployment/cart", "workload": "Deployment/cart", "node": "Node/n1", "svc": "Service/cart",
    "claim": "PersistentVolumeClaim/data", "quota": "ResourceQuota/compute", "budget": "PodDisruptionBudget/cart",
    "scaler": "HorizontalPodAutoscaler/cart", "webhook": "Service/hook", "ingress": "Ingress/cart", "namespace": "Namespace/shop",
    "cert": "Certificate/cart-tls", "control": "Node/n1",
}  # fmt: skip


def classes_in(body: Body) -> list[str]:
    data = json.dumps({"id": "e", "timestamp": "2026-01-05T10:00:00Z"} | body).encode()
    return [symptom.symptom_class for symptom in CATALOGUE.symptoms_of(decode_head(data), data, occurred_at=1, trace_id="")]


def subject_of(symptom_class: str) -> Thing:
    if symptom_class == "change.cordon":
        return thing_of("Node/n1")
    return thing_of(SUBJECTS.get(symptom_class) or KINDS.get(symptom_class.split(".")[0], "Pod/cart-1"))


def test_every_class_that_an_event_can_show_has_an_example() -> None:
    assert set(EXAMPLES) == {name for name, known in CATALOGUE.classes.items() if not known.is_virtual}


@pytest.mark.parametrize("symptom_class", EXAMPLES)
def test_an_example_shows_its_class_alone(symptom_class: str) -> None:
    peer = thing_of("Service/stock") if symptom_class.startswith("svc.") else None
    assert classes_in(example(symptom_class, subject_of(symptom_class), None)) == [symptom_class]
    if symptom_class not in ("svc.error", "svc.slow", "svc.incomplete"):  # one that blames a peer is a failed call
        assert classes_in(example(symptom_class, subject_of(symptom_class), peer)) == [symptom_class]


@pytest.mark.parametrize("alias", ALIASES)
def test_a_healthy_example_shows_nothing(alias: str) -> None:
    assert classes_in(example_of_alias(alias, thing_of("Pod/cart-1"), None)) == []


def test_a_call_that_went_well_teaches_who_calls_whom() -> None:
    body = call_span(thing_of("Service/web"), thing_of("Service/kube-dns@kube-system"))
    assert classes_in(body) == []
    head = decode_head(json.dumps({"id": "e"} | body).encode())
    call = CATALOGUE.call_of(head)
    assert call is not None
    assert (call[0].name, call[1].name) == ("web", "kube-dns.kube-system")


def test_a_shorthand_may_say_its_namespace() -> None:
    assert thing_of("Pod/a") == ("Pod", "a", "shop")
    assert thing_of("Pod/a@b") == ("Pod", "a", "b")
    assert thing_of("Node/a") == ("Node", "a", "")

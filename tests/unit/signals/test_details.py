"""Details: which kind of its class a symptom is, by what its message says; wrong tables are told, not guessed at."""

from typing import Any

import pytest

from headwater.model.heads import EventHead
from headwater.model.located_yaml import KnowledgeError
from headwater.service.knowledge import rule_texts
from headwater.signals.catalogue import Catalogue
from headwater.signals.details import contains_in_order

CLASSES = rule_texts()["signals"]["classes.yaml"]
SIGNAL = "signals: {one: {class: pod.imagepull, when: {kubernetes.reason: Failed}, phrase: 'cannot pull[: {detail}]', %s}}"


def catalogue(signal: str, more: str = "") -> Catalogue:
    return Catalogue.from_texts({"a.yaml": CLASSES, "b.yaml": f"{more}\n{SIGNAL % signal}"})


def told(known: Catalogue, message: str) -> tuple[str, str]:
    event: dict[str, Any] = {
        "kubernetes": {"reason": "Failed", "message": message, "object": "pod/a", "object_kind": "Pod", "action": "EVENT"}
    }
    head = convert(event)
    (symptom,) = known.symptoms_of(head, b"{}", occurred_at=1, trace_id="")
    return symptom.detail, symptom.text


def convert(event: dict[str, Any]) -> EventHead:
    import msgspec

    return msgspec.convert({"id": "e", **event}, EventHead)


def test_the_first_word_whose_text_is_found_is_the_detail() -> None:
    known = catalogue("details: {denied: [unauthorized, 'access * denied'], missing: [not found]}, detail: other")
    assert told(known, "Unauthorized: not found") == ("denied", "cannot pull: denied")
    assert told(known, "access to it is DENIED") == ("denied", "cannot pull: denied")
    assert told(known, "it was not found")[0] == "missing"
    assert told(known, "denied access")[0] == "other"
    assert known.names >= {"pod.imagepull", "pod.imagepull/denied", "pod.imagepull/missing", "pod.imagepull/other"}


def test_without_a_text_that_fits_there_is_no_detail() -> None:
    assert told(catalogue("details: {denied: [unauthorized]}"), "no such host") == ("", "cannot pull")


def test_tables_are_shared_by_name() -> None:
    assert told(catalogue("details: why", "details: {why: {denied: [unauthorized]}}"), "unauthorized")[0] == "denied"


@pytest.mark.parametrize(
    ("message", "detail"),
    [
        ("restarting failed container=migrate pod=a", "~migrate"),
        ("unauthorized: restarting failed container=migrate pod=a", "denied"),  # a kind that is told is what counts
        ("restarting failed container=-migrate", ""),  # no name that a container can have
        ("restarting", ""),
    ],
)
def test_a_container_is_the_detail_where_no_kind_is_told(message: str, detail: str) -> None:
    when = "{kubernetes.reason: Failed, message: {captures: 'container=(?P<c>[^ ]{1,70})'}}"
    more = "details: {denied: [unauthorized]}, container: match.c, phrase: cannot pull"
    known = Catalogue.from_texts({"a.yaml": CLASSES, "b.yaml": f"signals: {{one: {{class: pod.imagepull, when: {when}, {more}}}}}"})
    assert told(known, message)[0] == detail
    assert not any("~" in name for name in known.names)


@pytest.mark.parametrize(
    ("keys", "detail"),
    [
        (["b.yaml", "a"], "=a,b.yaml"),
        ([], "="),
        (None, "="),
        ("a", "="),
        (["a", 3], "="),
        (["a,b"], "="),  # no name that a key can have
        ([str(n) for n in range(9)], "="),
    ],
)
def test_the_keys_of_a_change_are_its_detail(keys: object, detail: str) -> None:
    signal = "{class: change.config, when: {change: MODIFIED ConfigMap}, keys: attributes.k8s.changed, phrase: 'changed[: {detail}]'}"
    known = Catalogue.from_texts({"a.yaml": CLASSES, "b.yaml": f"signals: {{one: {signal}}}"})
    kubernetes = {"object": "configmap/a", "object_kind": "ConfigMap", "action": "MODIFIED"}
    head = convert({"kubernetes": kubernetes, "attributes": {"k8s.changed": keys}})
    (symptom,) = known.symptoms_of(head, b"{}", occurred_at=1, trace_id="")
    assert (symptom.detail, symptom.text) == (detail, "changed")


def test_parts_must_stand_in_their_order_and_not_overlap() -> None:
    assert contains_in_order("a b c", ("a", "c"))
    assert not contains_in_order("c a", ("a", "c"))
    assert not contains_in_order("aa", ("aa", "a"))


@pytest.mark.parametrize(
    ("signal", "more", "said"),
    [
        ("details: {Not-a-word: [x]}", "", "is not one word"),
        ("details: {word: [3]}", "", "is no text to look for"),
        ("details: {word: ['*']}", "", "is no text to look for"),
        ("details: [word]", "", "details are not a mapping"),
        ("details: absent", "", "there is no table of details 'absent'"),
        ("detail: Two words", "", "is not one word"),
        ("container: nothing", "", "is no field"),
    ],
)
def test_what_is_wrong_is_said(signal: str, more: str, said: str) -> None:
    with pytest.raises(KnowledgeError) as raised:
        catalogue(signal, more)
    assert any(said in str(problem) for problem in raised.value.problems)

"""Signals as text: what is wrong is told with file, line and remedy, all at once; later texts override earlier ones."""

import json
from typing import Any

import pytest

from headwater.model.heads import decode_head
from headwater.model.located_yaml import KnowledgeError
from headwater.model.times import seconds
from headwater.service.knowledge import rule_texts
from headwater.signals.catalogue import Catalogue

CLASSES = """
classes:
  svc.error: {layer: 3, spontaneity: 0.04, evidence: 1, gap_seconds: 30, severity: warning, modality: log, mechanism: failing}
  svc.degraded: {layer: 2, spontaneity: 0.06, evidence: 0, gap_seconds: 30, severity: info, modality: node, is_virtual: true, mechanism: x}
"""


def compiled(signals: str, **more: str) -> Catalogue:
    return Catalogue.from_texts({"classes.yaml": CLASSES, "own.yaml": signals, **more})


def problems(signals: str) -> list[str]:
    with pytest.raises(KnowledgeError) as caught:
        compiled(signals)
    return [str(problem) for problem in caught.value.problems]


def texts(catalogue: Catalogue, **event: Any) -> list[str]:
    data = json.dumps({"id": "e", "attributes": {"service.name": "cart"}, **event}).encode()
    return [symptom.text for symptom in catalogue.symptoms_of(decode_head(data), data, occurred_at=seconds(10_000), trace_id="")]


def signal(body: str) -> str:
    return "signals:\n  own:\n" + "".join(f"    {line}\n" for line in body.splitlines())


GOOD = "class: svc.error\nwhen: {semantic.intent: own}\nphrase: broken"


@pytest.mark.parametrize(
    ("body", "line", "says"),
    [
        (GOOD.replace("svc.error", "svc.eror"), 3, "there is no class 'svc.eror'. Did you mean 'svc.error'?"),
        (GOOD.replace("svc.error", "svc.degraded"), 3, "the class svc.degraded is made by the engine alone"),
        (GOOD.replace("when:", "wen:"), 4, "the key 'wen' is unknown here. Did you mean 'when'?"),
        ("class: svc.error\nphrase: broken", 3, "the signal own lacks when. Add when"),
        ("class: svc.error\nwhen: {semantic.intent: own}", 3, "the signal own lacks phrase. Add phrase"),
        (GOOD.replace("semantic.intent", "semantic.intend"), 4, "there is no field 'semantic.intend'. Did you mean 'semantic.intent'?"),
        (GOOD.replace("{semantic.intent: own}", "own"), 4, "conditions are not a mapping"),
        (GOOD.replace("semantic.intent: own", "message: {contains: [x]}"), 3, "the signal own would have to be asked of every event"),
        (GOOD.replace("semantic.intent: own", "level: info"), 3, "the signal own asks for level info, which is healthy"),
        (GOOD.replace("semantic.intent: own", "status_code: 200"), 3, "the signal own asks for status_code 200, which is healthy"),
        (
            GOOD.replace("semantic.intent: own", "status_code: {at_most: 404}"),
            3,
            "the signal own asks for status_code 100, which is healthy",
        ),
        (GOOD.replace("own}", "own, metrics.value: {more: 3}}"), 4, "'more' is no condition"),
        (GOOD.replace("own}", "own, metrics.value: {above: high}}"), 4, "above needs a number"),
        (GOOD.replace("own}", "own, peer: {present: maybe}}"), 4, "present needs true or false"),
        (GOOD.replace("own}", "own, message: {contains: [3]}}"), 4, "contains needs texts"),
        (GOOD.replace("own}", "[]}"), 4, "there is nothing to compare with"),
        (GOOD.replace("own}", "[null]}"), 4, "None is not a value to compare with"),
        (GOOD.replace("own}", "own, message: {matches: '('}}"), 4, "'(' is not a regular expression"),
        (GOOD.replace("own}", "own, message: {matches: 'a.*b'}}"), 4, "'a.*b' repeats without a bound (`*`)"),
        (GOOD.replace("own}", "own, message: {matches: '(a{1,9}){1,9}'}}"), 4, "repeats a group"),
        (GOOD.replace("broken", "'{peer'"), 5, "'{' is out of place in '{peer'"),
        (GOOD.replace("broken", "'{nobody}'"), 5, "there is no field 'nobody'"),
        (GOOD.replace("broken", "3"), 5, "phrase is not a text"),
        (GOOD + "\nseverity: awful", 6, "severity 'awful' is none"),
        (GOOD + "\nprecedence: 101", 6, "precedence is not a number from 0 to 100"),
        (GOOD + "\nalso: sometimes", 6, "also is not true or false"),
        (GOOD + "\npending: 2h", 6, "pending '2h' is not a time up to 15m"),
        (GOOD + "\npending: soon", 6, "pending 'soon' is not a time up to 15m"),
        (GOOD + "\nabout: cluster", 6, "about 'cluster' is unknown"),
        (GOOD + "\nabout: {kind: Pot, name: attributes.pod}", 6, "there is no kind 'Pot'. Did you mean 'Pod'?"),
        (GOOD + "\nabout: {kind: Pod, name: pods}", 6, "'pods' or 'attributes.namespace' is no field"),
        (GOOD + "\npeer: somebody", 6, "peer 'somebody' is unknown"),
        (GOOD + "\nyes: 1", 6, "the key 'yes' is not a string"),
        ("- list", 3, "this is not a mapping"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_remedy(body: str, line: int, says: str) -> None:
    found = problems(signal(body))
    assert any(problem.startswith(f"own.yaml:{line}: ") and says in problem for problem in found), found


def test_all_problems_of_all_files_are_told_at_once() -> None:
    with pytest.raises(KnowledgeError) as caught:
        Catalogue.from_texts(
            {
                "a.yaml": "classes:\n  new: {layer: 9}\n"
                "  svc.x: {layer: 7, spontaneity: 0, evidence: a, gap_seconds: 1e9, severity: s, modality: m, mechanism: 1}",
                "b.yaml": "signals: []",
                "c.yaml": "signal: {}",
                "d.yaml": "a: [",
            }
        )
    told = [str(problem) for problem in caught.value.problems]
    assert sorted({line.partition(":")[0] for line in told}) == ["a.yaml", "b.yaml", "c.yaml", "d.yaml"]
    assert any("the class new lacks spontaneity, evidence" in line for line in told)
    assert sum(line.startswith("a.yaml:3:") for line in told) == 7


def test_a_later_text_overrides_a_signal_by_its_id() -> None:
    assert texts(compiled(signal(GOOD)), semantic={"intent": "own"}) == ["broken"]
    later = {"zz.yaml": signal(GOOD.replace("broken", "mended"))}
    assert texts(compiled(signal(GOOD), **later), semantic={"intent": "own"}) == ["mended"]
    off = {"zz.yaml": signal("disabled: true")}
    assert texts(compiled(signal(GOOD), **off), semantic={"intent": "own"}) == []


def test_a_later_text_changes_only_the_fields_of_a_class_it_names() -> None:
    catalogue = compiled(signal(GOOD), **{"zz.yaml": "classes:\n  svc.error: {gap_seconds: 60, tell_alone: true}"})
    changed = catalogue.classes["svc.error"]
    assert (changed.gap, changed.tell_alone, changed.layer, changed.mechanism) == (seconds(60), True, 3, "failing")


def test_a_signal_of_the_users_comes_first_by_its_precedence() -> None:
    own = signal("class: svc.tls\nwhen: {level: error, message: {contains: [moon is full]}}\nphrase: moonstruck\nprecedence: 90")
    catalogue = Catalogue.from_texts({**rule_texts()["signals"], "zz.yaml": own})
    assert texts(catalogue, severity="error", message="timed out, the Moon is FULL") == ["moonstruck"]
    assert texts(catalogue, severity="error", message="timed out") == ["timeout"]


@pytest.mark.parametrize(
    ("when", "event", "holds"),
    [
        ("attributes.n: 1", {"attributes": {"n": 1}}, True),
        ("attributes.n: 1", {"attributes": {"n": 1.0}}, True),
        ("attributes.n: 1", {"attributes": {"n": True}}, False),
        ("attributes.n: true", {"attributes": {"n": True}}, True),
        ("attributes.n: true", {"attributes": {"n": 1}}, False),
        ("attributes.n: ['1', two]", {"attributes": {"n": "two"}}, True),
        ("attributes.n: {not: [1, two]}", {"attributes": {"n": "two"}}, False),
        ("attributes.n: {not: two}", {"attributes": {}}, True),
        ("attributes.n: {at_least: 2, below: 4}", {"attributes": {"n": 2}}, True),
        ("attributes.n: {at_least: 2, below: 4}", {"attributes": {"n": 4}}, False),
        ("attributes.n: {above: 2}", {"attributes": {"n": 2}}, False),
        ("attributes.n: {at_most: 2}", {"attributes": {"n": True}}, False),
        ("attributes.n: {at_most: 2}", {"attributes": {"n": "1"}}, False),
        ("attributes.n: {present: true}", {"attributes": {"n": ""}}, False),
        ("attributes.n: {present: false}", {}, True),
        ("attributes.n: {starts_with: [ab, b]}", {"attributes": {"n": "bc"}}, True),
        ("attributes.n: {starts_with: ab}", {"attributes": {"n": 3}}, False),
        ("attributes.n: {contains: AB}", {"attributes": {"n": "xaBx"}}, True),
        ("attributes.n: {contains: ab}", {"attributes": {"n": ["ab"]}}, False),
        ("attributes.n: {matches: ['^x', 'y$']}", {"attributes": {"n": "ay"}}, True),
        ("attributes.n: {matches: '^x'}", {"attributes": {"n": None}}, False),
        ("attributes.n.m: 1", {"attributes": {"n.m": 1}}, True),
        ("attributes.n.m: 1", {"attributes": {"n": {"m": 1}}}, True),
        ("entity.name: a", {"entity": {"name": "a", "type": "service"}}, True),
        ("entity.name: a", {}, False),
        ("source: here", {"source": "here"}, True),
    ],
)
def test_conditions(when: str, event: dict[str, Any], holds: bool) -> None:
    catalogue = compiled(signal(f"class: svc.error\nphrase: broken\nwhen:\n  semantic.intent: own\n  {when}"))
    assert texts(catalogue, semantic={"intent": "own"}, **event) == (["broken"] if holds else [])
    unless = compiled(signal(f"class: svc.error\nphrase: broken\nwhen: {{semantic.intent: own}}\nunless:\n  attributes.z: 1\n  {when}"))
    assert texts(unless, semantic={"intent": "own"}, **event) == ([] if holds else ["broken"])


def test_a_captured_name_fills_the_phrase_and_the_peer() -> None:
    own = signal(
        "class: svc.error\nwhen: {level: error, message: {captures: 'to (?P<host>[a-z.]{1,30}) in (?P<place>[a-z]{1,9})'}}\n"
        "peer: [blamed, match.host]\nphrase: 'lost[ {peer}][ in {match.place}]'"
    )
    catalogue = compiled(own)
    assert texts(catalogue, severity="error", message="way to stock.shop in fog") == ["lost stock.shop in fog"]
    assert texts(catalogue, severity="error", message="no way") == ["lost"]
    named = {"service.name": "cart", "peer.service": "mint"}
    assert texts(catalogue, severity="error", message="way to stock in fog", attributes=named) == ["lost mint in fog"]


def test_an_additional_signal_speaks_beside_the_first() -> None:
    second = "\n  other:\n    class: svc.error\n    when: {semantic.intent: own}\n    phrase: second\n    also: true\n    precedence: 10\n"
    third = "\n  third:\n    class: svc.error\n    when: {semantic.intent: own}\n    phrase: third\n    precedence: 5\n"
    assert texts(compiled(signal(GOOD) + second + third), semantic={"intent": "own"}) == ["broken", "second"]


def test_phrases_are_one_bounded_line() -> None:
    catalogue = compiled(
        signal("class: svc.error\nwhen: {semantic.intent: own}\nphrase: 'at {attributes.n} {attributes.m:5}[, {attributes.no}]!'")
    )
    event = {"semantic": {"intent": "own"}}
    assert texts(catalogue, **event, attributes={"n": 12.34567, "m": "long\n\x1b[31mword"}) == ["at 12.35 long…!"]
    assert texts(catalogue, **event, attributes={"n": 10**40, "m": True}) == ["at !"]
    assert texts(catalogue, **event, attributes={"n": 123456.7, "m": "x"}) == ["at 123457 x!"]
    assert texts(catalogue, **event, attributes={"n": "y" * 500, "m": "x"})[0].endswith("…")


def test_the_library_says_each_class_that_an_event_can_show() -> None:
    catalogue = Catalogue.from_texts(rule_texts()["signals"])
    shown = {signal.symptom_class.name for signal in catalogue.signals.values()}
    assert shown == {name for name, known in catalogue.classes.items() if not known.is_virtual}


def test_an_intent_may_be_told_by_its_parts_where_its_event_alarms() -> None:
    catalogue = compiled(signal("class: svc.error\nwhen: {semantic.intent: {matches: 'laten'}, severity: [warning, error]}\nphrase: late"))
    assert texts(catalogue, severity="warning", semantic={"intent": "anomaly.latency"}) == ["late"]
    assert texts(catalogue, severity="info", semantic={"intent": "anomaly.latency"}) == []
    assert texts(catalogue, severity="warning", semantic={"intent": "span"}) == texts(catalogue, severity="warning", semantic={}) == []


def test_a_line_that_its_detector_has_seen_before_weighs_little() -> None:
    catalogue = compiled(signal("class: svc.error\nwhen: {semantic.intent: own}\nphrase: broken\nweight: 0.5"))

    def weight(**attributes: Any) -> float:
        data = json.dumps({"id": "e", "semantic": {"intent": "own"}, "attributes": {"service.name": "cart", **attributes}}).encode()
        (found,) = catalogue.symptoms_of(decode_head(data), data, occurred_at=seconds(10_000), trace_id="")
        return found.weight

    assert (weight(), weight(novel=True), weight(novel=False)) == pytest.approx((0.5, 0.5, 0.05))


def test_a_class_may_say_by_which_of_its_kinds_users_feel_it() -> None:
    text = "classes:\n  svc.error: {user_visible: [outage, apdex]}\n"
    assert compiled(signal(GOOD), **{"felt.yaml": text}).classes["svc.error"].user_visible == ("apdex", "outage")


def test_a_class_may_say_what_is_usual() -> None:
    text = "classes:\n  svc.error: {usual: 3}\n"
    assert compiled(signal(GOOD), **{"usual.yaml": text}).classes["svc.error"].usual == 3
    with pytest.raises(KnowledgeError, match="usual is not a number from 0 to 1000"):
        compiled(signal(GOOD), **{"usual.yaml": text.replace("3", "-1")})

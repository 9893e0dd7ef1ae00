"""A result is a finding and its telling, and equal results are equal bytes."""

import msgspec

from headwater.model.effects import PublishResult
from headwater.model.results import TELLING_FIELDS, Cause, CorrelationResult, EngineInfo, decode_result, encode_result, finding_bytes


def result(**changes: object) -> CorrelationResult:
    base = CorrelationResult(
        id="a",
        fingerprint="b",
        revision=1,
        status="open",
        reason="first seen",
        type="uncategorised",
        severity="high",
        verdict="likely",
        confidence=0.6,
        root_cause="x",
        cause=Cause(entity="e", owner="o", symptom_class="kernel.oom"),
    )
    return msgspec.structs.replace(base, **changes)


def test_a_result_survives_the_wire() -> None:
    assert decode_result(encode_result(result())) == result()
    assert encode_result(decode_result(encode_result(result()))) == encode_result(result())


def test_the_telling_is_no_part_of_the_finding() -> None:
    told_otherwise = result(
        id="z", revision=9, status="merged", reason="r", supersedes=8, final=True, late=True, engine=EngineInfo(input="77")
    )
    told_otherwise.merged_into, told_otherwise.split_from, told_otherwise.recurrence_of = "m", "s", "t"
    told_otherwise.detected_at, told_otherwise.detection_delay_ms = "d", 5
    assert finding_bytes(told_otherwise) == finding_bytes(result())


def test_all_else_is() -> None:
    for name in ("type", "severity", "root_cause", "verdict", "confidence", "fingerprint", "remediation"):
        assert finding_bytes(result(**{name: 0.123 if name == "confidence" else "other"})) != finding_bytes(result()), name
    assert finding_bytes(result(engine=EngineInfo(rules="other"))) != finding_bytes(result())


def test_every_telling_field_exists() -> None:
    assert set(CorrelationResult.__struct_fields__) >= TELLING_FIELDS


def test_a_result_and_its_alert_never_share_a_message_id() -> None:
    effect = PublishResult(result=result(), body=encode_result(result()), is_alert=True)
    assert effect.message_id("result") != effect.message_id("alert")
    assert effect.message_id("result").startswith("a.1.result.")
    changed = PublishResult(result=result(), body=encode_result(result(severity="low")), is_alert=True)
    assert changed.message_id("result") != effect.message_id("result")

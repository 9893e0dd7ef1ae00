"""The schemas in the package are those of the models, and say of an instance what the models say."""

import json
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import headwater.model
from headwater.model.events import validate_event
from headwater.model.json_schemas import event_schema, result_schema, schema_files
from headwater.model.results import Alternative, Cause, CorrelationResult, Edge, Member, encode_result

SOURCE_FOLDER = Path(__file__).parents[3] / "src" / "headwater" / "model" / "schemas"

EVENTS = jsonschema.Draft202012Validator(event_schema())

EVENT: dict[str, Any] = {
    "id": "a",
    "timestamp": "2026-01-05T10:00:00Z",
    "severity": "critical",
    "confidence": 0.5,
    "tags": None,
    "k8s_context": {"kind": "Pod", "owner_references": [{"apiVersion": "apps/v1", "kind": "ReplicaSet"}]},
    "network": {"network_policy": {"rules": [{"from": ["a"], "ports": [80]}]}},
    "state": {"time_series": {"timestamps": ["2026-01-05T10:00:00Z"]}},
    "raw_data": "AAEC",
    "whatever": {"else": 1},
}

RESULT = CorrelationResult(
    id="a",
    fingerprint="b",
    revision=1,
    status="open",
    reason="first seen",
    type="cascading_failure",
    severity="critical",
    verdict="confirmed",
    confidence=0.9,
    root_cause="mysql-pod-abc OOM at 10:00:00",
    cause=Cause(entity="default/Pod/shop/mysql-pod-abc", owner="default/StatefulSet/shop/mysql", symptom_class="kernel.oom"),
    alternatives=[Alternative(entity="default/Node//node-1", symptom_class="node.mempressure")],
    members=[Member(entity="default/Pod/shop/mysql-pod-abc", symptom_class="kernel.oom")],
    edges=[Edge(cause="a", effect="b", rule="r", correlators=["kubernetes"], lag_seconds=1.0, weight=1.0, evidence=[])],
)


def test_the_packaged_schemas_are_those_of_the_models(golden: Callable[[Path, str], None]) -> None:
    for name, text in schema_files().items():
        golden(SOURCE_FOLDER / name, text)


def test_the_package_ships_them() -> None:
    for name, text in schema_files().items():
        assert (files(headwater.model) / "schemas" / name).read_text(encoding="utf-8") == text


@pytest.mark.parametrize("schema", [event_schema(), result_schema()], ids=["event", "result"])
def test_a_schema_is_versioned_and_valid_itself(schema: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$id"].startswith("urn:headwater:schema:")
    assert "version 1" in schema["title"]


def test_an_event_that_the_model_takes_is_one_that_the_schema_takes() -> None:
    validate_event(json.dumps(EVENT).encode())
    EVENTS.validate(EVENT)


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": ""},
        {"id": 7},
        {"severity": "terrible"},
        {"confidence": 2},
        {"tags": ["a", 1]},
        {"network": {"status_code": "503"}},
        {"state": {"time_series": {"timestamps": ["noon"]}}},
    ],
)
def test_an_event_that_the_schema_refuses_is_one_that_the_model_refuses(wrong: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        EVENTS.validate({**EVENT, **wrong})
    with pytest.raises(ValueError, match=r"\$\."):
        validate_event(json.dumps({**EVENT, **wrong}).encode())


def test_a_published_result_keeps_to_its_schema() -> None:
    jsonschema.Draft202012Validator(result_schema()).validate(json.loads(encode_result(RESULT)))


def test_a_result_keeps_the_fields_of_the_seed() -> None:
    content = json.loads(encode_result(RESULT))
    assert isinstance(content["remediation"], str)
    assert isinstance(content["root_cause"], str)
    assert isinstance(content["related_events"], list)
    assert set(content["impact"]) >= {"services", "pods"}

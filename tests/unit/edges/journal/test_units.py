"""Lines of the journal as events: what the manager says of watched units counts, what anybody writes does not."""

import json
from typing import Any

import pytest

from headwater.edges.journal.entries import LINE_BYTES_MAX, JournalEntry, read_entry
from headwater.edges.journal.units import WATCHED_UNITS, UnitState, event_of, unit_change
from headwater.model.events import print_event, validate_event
from headwater.model.heads import decode_head
from headwater.service.knowledge import rule_texts
from headwater.signals.catalogue import Catalogue

FAILED: dict[str, Any] = {
    "__CURSOR": "s=1;i=2", "__REALTIME_TIMESTAMP": "1767607200123456", "_HOSTNAME": "worker-1", "_PID": "1", "_SYSTEMD_UNIT": "init.scope",
    "UNIT": "kubelet.service", "MESSAGE": "kubelet.service: Failed with result 'exit-code'.", "SYSLOG_IDENTIFIER": "systemd",
    "MESSAGE_ID": "d9b373ed55a64feb8242e02dbe79a49c", "UNIT_RESULT": "exit-code",
}  # fmt: skip
"""As systemd 252 writes it."""
OOM = FAILED | {"MESSAGE": "containerd.service: A process of this unit has been killed by the OOM killer.", "UNIT": "containerd.service",
                "MESSAGE_ID": "fe6faa94e7774663a0da52717891d8ef"}  # fmt: skip
NOT_STARTED = FAILED | {"MESSAGE": "Failed to start kubelet.", "MESSAGE_ID": "be02cf6855d2428ba40df7e9d022f03d", "UNIT_RESULT": ""}
STARTED = FAILED | {"MESSAGE": "Started kubelet.", "MESSAGE_ID": "39f53479d3a045ac8e11786248231fbf"}


def entry_of(line: dict[str, Any]) -> JournalEntry:
    entry = read_entry(json.dumps(line).encode())
    assert entry is not None
    return entry


@pytest.mark.parametrize(
    ("line", "state", "result"),
    [
        (FAILED, UnitState.FAILED, "exit-code"),
        (FAILED | {"MESSAGE_ID": ""}, UnitState.FAILED, "exit-code"),
        (OOM, UnitState.FAILED, "oom-kill"),
        (NOT_STARTED, UnitState.FAILED, "failed"),
        (STARTED, UnitState.STARTED, ""),
        (STARTED | {"MESSAGE_ID": "9d1aaa27d60140bd96365438aad20286"}, UnitState.STOPPED, ""),
    ],
)  # fmt: skip
def test_what_systemd_says_of_a_watched_unit_is_understood(line: dict[str, Any], state: UnitState, result: str) -> None:
    change = unit_change(entry_of(line), WATCHED_UNITS)
    assert change is not None
    assert (change.state, change.result) == (state, result)


@pytest.mark.parametrize(
    "line",
    [
        FAILED | {"UNIT": "backup.service"},
        FAILED | {"_PID": "4711"},
        FAILED | {"_PID": "4711", "_SYSTEMD_UNIT": "kubelet.service", "UNIT": ""},
        {"MESSAGE": "kubelet.service: Failed with result 'exit-code'."},
        FAILED
        | {"MESSAGE": "Dependency failed for kubelet.", "MESSAGE_ID": "be02cf6855d2428ba40df7e9d022f03d", "UNIT_RESULT": "dependency"},
        FAILED | {"MESSAGE": "kubelet.service: Consumed 3s CPU time.", "MESSAGE_ID": "ae8f7b866b0347b9af31fe1c80b127c0"},
    ],
)
def test_anything_else_says_nothing(line: dict[str, Any]) -> None:
    assert unit_change(entry_of(line), WATCHED_UNITS) is None


def test_a_failed_unit_is_a_symptom_of_its_node() -> None:
    entry = entry_of(FAILED)
    change = unit_change(entry, WATCHED_UNITS)
    assert change is not None
    event = event_of(entry, change, node="", received_at=0)
    assert event.occurred_at == 1767607200123456000
    data = print_event(validate_event(print_event(event)))
    (symptom,) = Catalogue.from_texts(rule_texts()["signals"]).symptoms_of(
        decode_head(data), data, occurred_at=event.occurred_at, trace_id=""
    )
    assert (symptom.symptom_class, symptom.about.scheme, symptom.about.name, symptom.text) == (
        "node.runtime",
        "Node",
        "worker-1",
        "kubelet is down",
    )


def test_a_started_unit_is_none_and_the_node_can_be_named() -> None:
    entry = entry_of(STARTED)
    change = unit_change(entry, WATCHED_UNITS)
    assert change is not None
    event = event_of(entry, change, node="node-7", received_at=0)
    assert event.entity is not None
    assert event.entity.name == "node-7"
    data = print_event(event)
    assert Catalogue.from_texts(rule_texts()["signals"]).symptoms_of(decode_head(data), data, occurred_at=0, trace_id="") == ()


def test_the_same_line_gives_the_same_event() -> None:
    entry = entry_of(FAILED)
    change = unit_change(entry, WATCHED_UNITS)
    assert change is not None
    first, again = (print_event(event_of(entry, change, node="", received_at=at)) for at in (1, 2))
    assert first == again


@pytest.mark.parametrize(
    "line",
    [b"", b"no json", b"[]", b"\xff", b"{" * 1_000, json.dumps(FAILED | {"MESSAGE": "x" * LINE_BYTES_MAX}).encode(), b'{"a":' * 30_000],
)
def test_a_line_that_is_no_entry_is_left_out(line: bytes) -> None:
    assert read_entry(line) is None


def test_texts_are_made_safe_whatever_form_they_come_in() -> None:
    entry = entry_of(FAILED | {"MESSAGE": list(b"red \x1b[31m"), "_HOSTNAME": ["a", "b"], "UNIT": {"x": 1}, "__REALTIME_TIMESTAMP": "soon"})
    assert (entry.message, entry.host, entry.unit, entry.occurred_at) == ("red [31m", "a", "init.scope", 0)

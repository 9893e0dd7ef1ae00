"""The snapshot's form: versioned, and refused where it is another."""

import msgspec
import pytest

from headwater.correlation.state import SCHEMA_VERSION, State, decode_state, encode_state
from headwater.correlation.system import TOUCHED_DELAY
from headwater.testing.bare_objects import deployment, pod, service
from headwater.testing.story import Story


def state() -> State:
    labels = {"app": "cart"}
    story = Story().knows(
        service("cart-service", labels), deployment("cart", labels), pod("cart-0", labels=labels, owner=("Deployment", "cart"))
    )
    story.told(0, "kernel.oom", "Pod/cart-0", trace="t").told(3, "svc.timeout", "Service/web", "Service/cart-service", trace="t")
    story.told(3.1, "svc.timeout", "Service/web", "Service/cart-service")
    return decode_state(story.system.snapshot())


def test_all_that_cannot_be_derived_is_in_it() -> None:
    found = state()
    assert (found.schema, found.position) == (SCHEMA_VERSION, 3)
    assert {each.key.symptom_class: each.count for each in found.occurrences} == {"kernel.oom": 1, "svc.timeout": 2}
    assert (len(found.told), found.told_order) == (1, 1)
    assert found.told[0].revision >= 1
    assert list(found.touched.values()) == [found.clock.received_at + TOUCHED_DELAY]
    assert found.next_sweep > 0
    assert found.counters["events"] == 3


def test_it_survives_being_written_and_read() -> None:
    found = state()
    assert encode_state(decode_state(encode_state(found))) == encode_state(found)


def test_equal_states_are_equal_bytes() -> None:
    assert encode_state(state()) == encode_state(state())


@pytest.mark.parametrize("schema", [SCHEMA_VERSION - 1, SCHEMA_VERSION + 1])
def test_another_schema_is_refused_with_what_to_do(schema: int) -> None:
    with pytest.raises(ValueError, match=f"schema {schema}, this engine reads {SCHEMA_VERSION}"):
        decode_state(encode_state(msgspec.structs.replace(state(), schema=schema)))


@pytest.mark.parametrize("data", [b"", b"\x00", b"\x80", b"{}"])
def test_what_is_no_snapshot_is_refused_with_what_to_do(data: bytes) -> None:
    with pytest.raises(ValueError, match="not a snapshot"):
        decode_state(data)

"""The hot path's decode: a head, or the one reason why not, by the bytes alone."""

import json
import sys
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater.model.bounds import EVENT_BYTES_MAX
from headwater.model.effects import RejectionReason
from headwater.model.errors import InvalidEventError
from headwater.model.heads import EventHead
from headwater.model.observations import decode_observation, occurred_at_of
from headwater.model.times import MILLENNIUM_NS, parse_time


def reason_of(data: bytes) -> RejectionReason:
    with pytest.raises(InvalidEventError) as caught:
        decode_observation(data)
    assert caught.value.detail
    return caught.value.reason


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", RejectionReason.NOT_JSON),
        (b'{"id": "a"', RejectionReason.NOT_JSON),
        (b'{"id": "a"} trailing', RejectionReason.NOT_JSON),
        (b'\xef\xbb\xbf{"id": "a"}', RejectionReason.NOT_JSON),
        (b'{"id": "a", "message": "\xff"}', RejectionReason.NOT_JSON),
        (b'{"id": "a", "attributes": {"x": NaN}}', RejectionReason.NOT_JSON),
        (b"[]", RejectionReason.INVALID_FIELD),
        (b"{}", RejectionReason.INVALID_FIELD),
        (b'{"id": ""}', RejectionReason.INVALID_FIELD),
        (b'{"id": "' + b"x" * 513 + b'"}', RejectionReason.INVALID_FIELD),
        (b'{"id": "a", "source": "' + b"x" * 513 + b'"}', RejectionReason.INVALID_FIELD),
        (b'{"id": 7}', RejectionReason.INVALID_FIELD),
        (b'{"id": "a", "network": {"status_code": "bad"}}', RejectionReason.INVALID_FIELD),
        (b'{"id": "a", "attributes": {"x": ' + b"9" * 5_000 + b"}}", RejectionReason.INVALID_FIELD),
        (b'{"id": "a", "new": ' + b"[" * 100_000, RejectionReason.TOO_DEEP),
        (b'{"id": "a", "new": "' + b"x" * EVENT_BYTES_MAX + b'"}', RejectionReason.TOO_LARGE),
    ],
)
def test_bytes_that_are_no_event_have_a_reason(data: bytes, reason: RejectionReason) -> None:
    assert reason_of(data) == reason


def test_a_complaint_names_the_path() -> None:
    with pytest.raises(InvalidEventError, match=r"\$\.network\.status_code"):
        decode_observation(b'{"id": "a", "network": {"status_code": 503.5}}')


def test_null_is_absent() -> None:
    head = decode_observation(b'{"id": "a", "message": null, "k8s_context": {"labels": {"app": null}}, "trace_context": null}')
    assert (head.message, head.trace_context) == ("", None)
    assert head.k8s_context is not None
    assert head.k8s_context.labels == {}


def test_the_answer_does_not_depend_on_the_depth_of_the_call_stack() -> None:
    def answer(data: bytes, frames: int) -> RejectionReason | None:
        if frames:
            return answer(data, frames - 1)
        try:
            decode_observation(data)
        except InvalidEventError as error:
            return error.reason
        return None

    def nested(levels: int) -> bytes:
        return b'{"id": "a", "new": ' + b"[" * levels + b"]" * levels + b"}"

    spare = sys.getrecursionlimit() // 4
    for levels in (10, 200, 480, 600, 900, 5_000):
        assert answer(nested(levels), 0) == answer(nested(levels), spare)


def test_unterminated_strings_full_of_quotes_are_judged_in_linear_time() -> None:
    # 400,000 escaped quotes would take minutes to a pattern that backtracks.
    assert reason_of(b"[" * 201 + b'"' + b'\\"' * 400_000) == RejectionReason.TOO_DEEP


def test_a_structured_cloud_event_gives_the_head_of_what_it_carries_and_keeps_its_mark() -> None:
    head = decode_observation(b'{"specversion": "1.0", "id": "e", "source": "/s", "type": "t", "data": {"id": "inner", "message": "m"}}')
    assert (head.id, head.source, head.type, head.message, head.specversion) == ("inner", "/s", "t", "m", "1.0")


@given(st.binary(max_size=200))
def test_any_bytes_are_a_head_or_have_a_reason(data: bytes) -> None:
    with suppress(InvalidEventError):
        assert decode_observation(data).id


@given(
    st.dictionaries(
        st.sampled_from([*EventHead.__struct_fields__, "other"]),
        st.recursive(
            st.none() | st.text() | st.integers() | st.floats(),
            lambda below: st.lists(below) | st.dictionaries(st.text(), below),
            max_leaves=5,
        ),
    )
)
def test_any_json_is_a_head_or_has_a_reason(content: dict[str, Any]) -> None:
    with suppress(InvalidEventError):
        assert decode_observation(json.dumps(content).encode()).id


RECEIVED_AT = parse_time("2026-01-05T10:00:05Z")


@pytest.mark.parametrize("text", [None, "", "0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "1999-12-31T23:59:59.999999999Z"])
def test_a_time_that_is_missing_zero_or_before_2000_is_the_time_of_arrival(text: str | None) -> None:
    assert occurred_at_of(EventHead(id="a", timestamp=text), RECEIVED_AT) == RECEIVED_AT


def test_a_time_is_kept_to_the_nanosecond() -> None:
    assert occurred_at_of(EventHead(id="a", timestamp="2000-01-01T00:00:00.000000001Z"), RECEIVED_AT) == MILLENNIUM_NS + 1


def test_a_time_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(InvalidEventError) as caught:
        occurred_at_of(EventHead(id="a", timestamp="2026-13-05T10:00:00Z"), RECEIVED_AT)
    assert caught.value.reason == RejectionReason.INVALID_TIME

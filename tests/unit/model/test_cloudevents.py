"""CloudEvents in both modes, written and read back."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater.model.cloudevents import binary_headers, is_structured, plain_body, result_headers, structured, to_plain
from headwater.model.effects import RejectionReason
from headwater.model.errors import InvalidEventError

EVENT = b'{"id":"event-1","source":"ebpf","timestamp":"2026-01-05T10:00:00Z","message":"killed"}'


def test_a_structured_event_says_who_and_when_and_carries_the_whole() -> None:
    envelope = json.loads(structured(EVENT))
    assert envelope == {
        "specversion": "1.0",
        "id": "event-1",
        "source": "ebpf",
        "type": "io.headwater.event.v1",
        "time": "2026-01-05T10:00:00Z",
        "datacontenttype": "application/json",
        "data": json.loads(EVENT),
    }
    assert plain_body(structured(EVENT)) == EVENT


def test_a_binary_event_keeps_its_body_and_says_the_rest_in_headers() -> None:
    headers = binary_headers(EVENT)
    assert headers["ce-id"] == "event-1"
    assert headers["content-type"] == "application/json"
    assert to_plain(headers, EVENT) == EVENT


@given(st.text(min_size=1, max_size=50), st.none() | st.text(max_size=20), st.text(max_size=20))
def test_both_modes_give_back_the_event(event_id: str, source: str | None, message: str) -> None:
    body = json.dumps({"id": event_id, "message": message} | ({} if source is None else {"source": source})).encode()
    assert json.loads(to_plain(None, structured(body))) == json.loads(body)
    headers = binary_headers(body)
    assert all(value.isascii() and value.isprintable() for value in headers.values())
    assert json.loads(to_plain(headers, body)) == json.loads(body)


def test_a_foreign_envelope_fills_what_the_event_lacks() -> None:
    headers = {
        "Ce-Specversion": "1.0",
        "Ce-Id": "id%20with%20spaces",
        "Ce-Source": "/orders",
        "Ce-Type": "order.failed",
        "Ce-Time": "2026-01-05T10:00:00Z",
        "traceparent": f"00-{'a' * 32}-{'b' * 16}-01",
    }
    assert json.loads(to_plain(headers, b'{"source": "own", "message": null, "type": null}')) == {
        "id": "id with spaces",
        "source": "own",
        "type": "order.failed",
        "timestamp": "2026-01-05T10:00:00Z",
        "message": None,
        "trace_context": {"trace_id": "a" * 32, "span_id": "b" * 16},
    }


@pytest.mark.parametrize(
    ("carried", "expected"),
    [
        ({"data": "a text"}, {"message": "a text"}),
        ({"data_base64": "eyJtZXNzYWdlIjogIm0ifQ=="}, {"message": "m"}),
        ({"data": {}}, {}),
    ],
)
def test_data_may_be_an_object_a_text_or_base64(carried: dict[str, Any], expected: dict[str, Any]) -> None:
    envelope = json.dumps({"specversion": "1.0", "id": "e", "source": "s", "type": "t", **carried}).encode()
    assert json.loads(plain_body(envelope)) == {"id": "e", "source": "s", "type": "t", **expected}


@pytest.mark.parametrize(
    "data", [b'{"specversion": "1.0", "data": 3}', b'{"specversion": "1.0", "data_base64": "AAAA"}', b'{"specversion": 1, "data": {}}']
)
def test_an_envelope_without_an_event_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidEventError):
        plain_body(data)


def test_an_envelope_that_nests_too_deeply_is_refused() -> None:
    with pytest.raises(InvalidEventError) as caught:
        plain_body(b'{"specversion": "1.0", "data": {"a": ' + b"[" * 40 + b"]" * 40 + b"}}")
    assert caught.value.reason == RejectionReason.TOO_DEEP


@pytest.mark.parametrize(
    "data",
    [EVENT, b'{"message": "\\"specversion\\""}', b'{"attributes": {"specversion": "1.0"}}', b'"specversion"', b'{"specversion": "1.0"}'],
)
def test_what_only_mentions_the_word_is_a_plain_event(data: bytes) -> None:
    assert not is_structured(data)
    assert plain_body(data) is data


def test_each_revision_of_a_result_is_an_event_of_its_own() -> None:
    headers = result_headers(id="abc", revision=2, domain="default", time="2026-01-05T10:00:30Z")
    assert (headers["ce-id"], headers["ce-subject"], headers["ce-source"]) == ("abc.2", "abc", "/headwater/default")


def test_a_body_that_is_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(InvalidEventError) as caught:
        to_plain({"ce-specversion": "1.0"}, b" " * 1_000_000)
    assert caught.value.reason == RejectionReason.TOO_LARGE

"""Reply subjects and acknowledgements."""

import pytest

from headwater.edges.nats.wire import decode_ack, parse_delivery


def test_the_place_of_a_message_is_read_from_both_forms_of_the_reply_subject() -> None:
    expected = (42, 7, 1_767_607_200_000_000_001, 3)
    assert parse_delivery(b"$JS.ACK.TRACES.c1.1.42.7.1767607200000000001.3") == expected
    assert parse_delivery(b"$JS.ACK.hub.ACCOUNT.TRACES.c1.1.42.7.1767607200000000001.3.random") == expected
    assert parse_delivery(b"$JS.ACK.hub.ACCOUNT.TRACES.c1.1.42.7.1767607200000000001.3") == expected


@pytest.mark.parametrize("reply", [b"", b"_INBOX.a.b", b"$JS.ACK.TRACES.c1.1.x.7.8.9"])
def test_any_other_reply_subject_is_refused(reply: bytes) -> None:
    with pytest.raises(ValueError, match=r"reply subject|invalid literal"):
        parse_delivery(reply)


def test_an_acknowledgement_says_where_or_why_not() -> None:
    stored = decode_ack(b'{"stream":"TRACES","seq":5,"duplicate":true,"domain":"hub"}')
    assert (stored.seq, stored.duplicate, stored.error) == (5, True, None)
    refused = decode_ack(b'{"error":{"code":400,"err_code":10071,"description":"wrong last sequence"}}')
    assert refused.error is not None
    assert refused.error.err_code == 10071

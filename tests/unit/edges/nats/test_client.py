"""The parser and headers of our nats-py client."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nats.errors import ProtocolError

from headwater.edges.nats.client import Client, RawMessage, parse_header, status_of

HEADER = b"NATS/1.0\r\nNats-Msg-Id: a.b\r\nce-id:  1 \r\n\r\n"


def wire(message: RawMessage, number: int) -> bytes:
    """The message as a server would send it."""
    subject, reply, data, header = message
    reply = b" " + reply if reply else b""
    if header:
        sizes = b"%d %d" % (len(header), len(header) + len(data))
        return b"HMSG %b %d%b %b\r\n%b%b\r\n" % (subject, number, reply, sizes, header, data)
    return b"MSG %b %d%b %d\r\n%b\r\n" % (subject, number, reply, len(data), data)


messages = st.lists(
    st.tuples(
        st.sampled_from([b"traces.a.b", b"x"]),
        st.sampled_from([b"", b"$JS.ACK.T.c.1.2.3.4.5"]),
        st.binary(max_size=40) | st.just(b"\r\nMSG x 1 3\r\n"),
        st.sampled_from([b"", HEADER]),
    ),
    max_size=8,
)


@given(messages, st.lists(st.integers(1, 60), max_size=20))
async def test_messages_arrive_whole_and_in_order_however_the_bytes_are_cut(sent: list[RawMessage], cuts: list[int]) -> None:
    client, taken = Client(), list[RawMessage]()
    client.sinks[1] = taken.extend
    data = b"+OK\r\n" + b"".join(wire(message, 1) for message in sent)
    for cut in cuts:
        await client._ps.parse(data[:cut])
        data = data[cut:]
    await client._ps.parse(data)
    assert taken == sent


async def test_messages_of_one_read_come_in_one_list() -> None:
    client, lists = Client(), list[list[RawMessage]]()
    client.sinks[1] = lists.append
    message = (b"a", b"", b"x", b"")
    await client._ps.parse(wire(message, 1) * 3)
    assert lists == [[message] * 3]


async def test_messages_nobody_waits_for_are_passed_over() -> None:
    client, taken = Client(), list[RawMessage]()
    client.sinks[1] = taken.extend
    message = (b"a", b"", b"x", b"")
    await client._ps.parse(wire(message, 2) + wire(message, 1))
    assert taken == [message]


@pytest.mark.parametrize("line", [b"HELLO\r\n", b"MSG a\r\n", b"MSG a 1 x\r\n", b"HMSG a 1 5\r\n", b"MSG a 1 -9\r\n", b"HMSG a 1 9 5\r\n"])
async def test_lines_that_are_not_the_protocol_are_an_error(line: bytes) -> None:
    with pytest.raises(ProtocolError):
        await Client()._ps.parse(line)


async def test_a_receiver_that_fails_ends_the_connection_and_not_the_reading_in_silence() -> None:
    def fail(messages: list[RawMessage]) -> None:
        raise RuntimeError("a bug")

    client = Client()
    client.sinks[1] = fail
    with pytest.raises(ProtocolError):
        await client._ps.parse(wire((b"a", b"", b"x", b""), 1))


def test_headers_and_status_are_read() -> None:
    assert parse_header(HEADER) == {"Nats-Msg-Id": "a.b", "ce-id": "1"}
    assert status_of(HEADER) == (0, "")
    assert status_of(b"NATS/1.0 503\r\n\r\n") == (503, "")
    assert status_of(b"NATS/1.0 408 Request Timeout\r\nNats-Pending-Messages: 3\r\n\r\n") == (408, "Request Timeout")
    assert status_of(b"") == (0, "")

"""
nats-py with two changes: messages of our inboxes come as one list per read of the socket, and TLS that was asked for is never left out.

A client lives for one connection; whatever ends it, connection.py makes another.
"""

import json
import logging
from collections.abc import Callable
from typing import Any

from nats.aio.client import Client as NatsClient
from nats.errors import ConnectionClosedError, ProtocolError
from nats.errors import Error as NatsError

LOGGER = logging.getLogger("headwater.nats")


RawMessage = tuple[bytes, bytes, bytes, bytes]
"""Subject, reply subject, data and raw header block of a message as it came, empty where there is none. A plain tuple: there are many."""

Sink = Callable[[list[RawMessage]], None]
"""Takes the messages of one read of the socket; must neither wait nor raise."""


class Client(NatsClient):  # type: ignore[misc]  # nats-py is not typed
    """One connection to one server."""

    def __init__(self, *, is_tls_demanded: bool = False) -> None:
        super().__init__()
        self.sinks: dict[int, Sink] = {}
        self._is_tls_demanded = is_tls_demanded
        self._ps = BatchParser(self)

    @property
    def was_begun(self) -> bool:
        """Whether there is anything to close."""
        return self._flush_queue is not None

    @property
    def server_version(self) -> str:
        """The version that the server gave itself, "" if none."""
        return str(self._server_info.get("version", ""))

    async def open_inbox(self, subject: str, sink: Sink) -> int:
        """Subscribe `sink` to the subject. Returns the subscription's number."""
        subscription = await self.subscribe(subject)
        number: int = subscription._id
        self.sinks[number] = sink
        return number

    async def close_inbox(self, number: int) -> None:
        """Unsubscribe."""
        self.sinks.pop(number, None)
        subscription = self._subs.get(number)
        if subscription is not None and not self.is_closed:
            await subscription.unsubscribe()

    def fail_requests(self) -> None:
        """End the requests that a closed client would let wait for their timeout."""
        for future in list(self._resp_map.values()):
            if not future.done():
                future.set_exception(ConnectionClosedError())

    def _connect_command(self) -> bytes:
        # Called right before our credentials are sent: a server that offers no TLS must not see them.
        if self._is_tls_demanded and not self._server_info.get("tls_required"):
            raise NatsError("the server offers no TLS, which the options demand")
        command: bytes = super()._connect_command()
        return command


class BatchParser:
    """
    Reads the protocol in place of nats-py's parser, which spends most of a consumer's time on a regex and a queue per message.

    Messages of subscriptions with a sink go there in one list; everything else goes nats-py's way.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._rest = b""

    def reset(self) -> None:
        """Forget what was read of an unfinished line or message."""
        self._rest = b""

    async def parse(self, data: bytes = b"") -> None:
        """Take what the socket gave."""
        data = self._rest + data if self._rest else data
        sinks = self._client.sinks
        batches: dict[int, list[RawMessage]] = {}
        position = 0
        end = len(data)
        while position < end:
            line_end = data.find(b"\r\n", position)
            if line_end < 0:
                if end - position > _LINE_BYTES_MAX:
                    raise ProtocolError("nats: a line has no end")
                break
            if data[position] in _MESSAGE_STARTS:
                number, next_position, message = _message_at(data, position, line_end)
                if next_position > end:
                    break
                position = next_position
                if number in sinks:
                    batches.setdefault(number, []).append(message)
                else:
                    subject, reply, body, header = message
                    await self._client._process_msg(number, subject, reply, body, header)
            else:
                line = data[position:line_end]
                position = line_end + 2
                # nats-py may close or wait here, so a later call must start after this line.
                self._rest = data[position:]
                await self._command(line)
        self._rest = data[position:]
        for number, messages in batches.items():
            self._hand_over(number, messages)

    async def _command(self, line: bytes) -> None:
        word = line[:4].upper()
        if word == b"PING":
            await self._client._process_ping()
        elif word == b"PONG":
            await self._client._process_pong()
        elif word == b"-ERR":
            await self._client._process_err(line[4:].strip().decode("utf-8", "replace").lower())
        elif word == b"INFO":
            await self._client._process_info(json.loads(line[5:]))
        elif line[:3] != b"+OK":
            raise ProtocolError("nats: unknown protocol line")

    def _hand_over(self, number: int, messages: list[RawMessage]) -> None:
        sink = self._client.sinks.get(number)
        if sink is None:
            return
        try:
            sink(messages)
        except Exception as error:
            # nats-py's reading task would end here without a word; a protocol error makes it close, and us connect again.
            LOGGER.exception("a receiver of NATS messages failed; connecting again")
            raise ProtocolError("nats: receiver failed") from error


def _message_at(data: bytes, position: int, line_end: int) -> tuple[int, int, RawMessage]:
    """The subscription's number, where the next line starts, and the message; the message is cut if that is beyond the data."""
    words = data[position:line_end].split()
    count = len(words)
    try:
        body_start = header_end = line_end + 2
        body_end = body_start + int(words[-1])
        if data[position] == _H:
            header_end += int(words[-2])
            missing = 6 - count  # the reply subject may be left out
        else:
            missing = 5 - count
        number = int(words[2])
        if missing not in (0, 1) or not body_start <= header_end <= body_end:
            raise ValueError
    except (ValueError, IndexError) as error:
        raise ProtocolError("nats: malformed message line") from error
    reply = b"" if missing else words[3]
    return number, body_end + 2, (words[1], reply, data[header_end:body_end], data[body_start:header_end])


_LINE_BYTES_MAX = 1024 * 1024
_H = ord("H")
_MESSAGE_STARTS = b"MH"


def parse_header(block: bytes) -> dict[str, str]:
    """The headers of a raw block, without its status line. Undecodable bytes become U+FFFD."""
    headers: dict[str, str] = {}
    for line in block.split(b"\r\n")[1:]:
        name, colon, value = line.partition(b":")
        if colon:
            headers[name.strip().decode("utf-8", "replace")] = value.strip().decode("utf-8", "replace")
    return headers


def status_of(block: bytes) -> tuple[int, str]:
    """The status code and description of a header block such as `NATS/1.0 408 Request Timeout`; 0 and "" where it has none."""
    line = block[: block.find(b"\r\n")] if block else b""
    words = line.split(b" ", 2)
    if len(words) < 2 or not words[1].isdigit():
        return 0, ""
    return int(words[1]), words[2].decode("utf-8", "replace") if len(words) > 2 else ""


def connect_options(**options: Any) -> dict[str, Any]:
    """nats-py's arguments for a client that lives for one connection to one server."""
    return {
        "allow_reconnect": False,
        "max_reconnect_attempts": 1,  # nats-py takes 0 for "never stop"; with this, one server is tried twice at most
        "reconnect_time_wait": 0,
        "max_outstanding_pings": 2,
        "pending_size": 8 * 1024 * 1024,
        **{name: value for name, value in options.items() if value is not None},
    }

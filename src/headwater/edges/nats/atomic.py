"""JetStream's atomic batches: several messages of one stream stored together or not at all, on a condition about a subject."""

import secrets
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from headwater.edges.nats.connection import Connection
from headwater.edges.nats.errors import PublishRefusedError, RequestError
from headwater.edges.nats.publishing import NO_HEADERS
from headwater.edges.nats.wire import PublishAck, decode_ack

BATCH_MESSAGES_MAX = 1_000
"""The server's own limit."""

WRONG_LAST_SEQUENCE = 10071
EXPECTED_LAST_SEQUENCE = "Nats-Expected-Last-Subject-Sequence"
_CONFIRM_EVERY = 8
"""Messages of a batch between two that are waited for, so that a large batch does not pile up in memory."""


class BatchMessage(NamedTuple):
    """One message of a batch."""

    subject: str
    data: bytes
    headers: Mapping[str, str] = NO_HEADERS


async def publish_atomically(connection: Connection, messages: Sequence[BatchMessage], *, timeout_seconds: float = 10.0) -> PublishAck:
    """
    Store all of the messages or none. Returns the acknowledgement, whose `seq` is the last message's.

    Raises RequestError with JetStream's code where it refuses. Without an answer to the last message it is not known whether they are
    stored: read back before trying again.
    """
    if not 0 < len(messages) <= BATCH_MESSAGES_MAX:
        raise PublishRefusedError(f"an atomic batch has 1 to {BATCH_MESSAGES_MAX} messages, not {len(messages)}")
    batch = secrets.token_hex(16)
    for place, message in enumerate(messages, 1):
        headers = {**message.headers, "Nats-Batch-Id": batch, "Nats-Batch-Sequence": str(place)}
        is_last = place == len(messages)
        if is_last:
            headers["Nats-Batch-Commit"] = "1"
        if is_last or place % _CONFIRM_EVERY == 1:
            reply = await connection.request(message.subject, message.data, headers=headers, timeout_seconds=timeout_seconds)
            if reply.data:
                ack = _accepted(reply.data)
                if is_last:
                    return ack
        else:
            await connection.publish(message.subject, message.data, headers=headers)
    raise RequestError("the server did not acknowledge the end of an atomic batch: allow_atomic may be off for the stream")


def _accepted(data: bytes) -> PublishAck:
    try:
        ack = decode_ack(data)
    except msgspec.MsgspecError as error:
        raise RequestError("the acknowledgement of an atomic batch cannot be read") from error
    if ack.error is not None:
        raise RequestError(f"JetStream refuses an atomic batch: {ack.error.description}", ack.error.err_code)
    return ack

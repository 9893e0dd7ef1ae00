"""JetStream's small wire forms: where a delivered message stands in its stream, and what a publish acknowledgement says."""

from typing import NamedTuple

import msgspec


class Delivery(NamedTuple):
    """What the reply subject of a delivered message says."""

    stream_sequence: int
    consumer_sequence: int
    stored_at: int  # nanoseconds since 1970
    pending: int  # messages of the consumer still to come


def parse_delivery(reply: bytes) -> Delivery:
    """
    Read `$JS.ACK.…`, in its form with 9 tokens or the one with a domain and an account.

    Raises ValueError where it is none.
    """
    tokens = reply.split(b".")
    count = len(tokens)
    if count == 9:
        return Delivery(int(tokens[5]), int(tokens[6]), int(tokens[7]), int(tokens[8]))
    if count >= 11:
        return Delivery(int(tokens[7]), int(tokens[8]), int(tokens[9]), int(tokens[10]))
    raise ValueError(f"{reply[:200]!r} is not a JetStream reply subject")


class AckError(msgspec.Struct):
    """Why a message was not stored."""

    code: int = 0
    err_code: int = 0
    description: str = ""


class PublishAck(msgspec.Struct):
    """JetStream's answer to a published message or batch."""

    stream: str = ""
    seq: int = 0
    duplicate: bool = False
    batch: str = ""
    count: int = 0
    error: AckError | None = None


decode_ack = msgspec.json.Decoder(PublishAck).decode

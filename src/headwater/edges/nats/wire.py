"""JetStream's small wire forms: where a delivered message stands in its stream, and what a publish acknowledgement says."""

import msgspec


def parse_delivery(reply: bytes) -> tuple[int, int, int, int]:
    """
    Read `$JS.ACK.…`, in its form with 9 tokens or the one with a domain and an account.

    Returns the stream's sequence, the consumer's, when the message was stored (nanoseconds) and how many more are to come.
    Raises ValueError where it is none.
    """
    tokens = reply.split(b".")
    count = len(tokens)
    first = 5 if count == 9 else 7
    if count == 9 or count >= 11:
        return int(tokens[first]), int(tokens[first + 1]), int(tokens[first + 2]), int(tokens[first + 3])
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

"""Effects made durable: results, alerts and rejected messages, each under its own Nats-Msg-Id, so that one done twice is stored once."""

import base64
from collections.abc import Iterator, Sequence

import msgspec

from headwater.edges.nats import subjects
from headwater.edges.nats.publishing import OutgoingMessage, PublishWindow
from headwater.model.cloudevents import result_headers
from headwater.model.effects import Effect, PublishRejected, PublishResult
from headwater.model.identity import sha256_hex
from headwater.model.times import format_time

REJECTED_BYTES_MAX = 64 * 1024
_DETAIL_CHARACTERS_MAX = 4_096
_SUBJECT_CHARACTERS_MAX = 4_096
_ENCODER = msgspec.json.Encoder()


class RejectedMessage(msgspec.Struct, frozen=True):
    """What is kept of a message that could not be understood; the message itself stays in its stream until that forgets it."""

    reason: str
    detail: str
    subject: str
    sequence: int
    received_at: str
    size: int
    sha256: str
    is_truncated: bool
    data: str  # base64 of the first 64 KiB


class ResultSink:
    """Stores effects in CORRELATIONS."""

    def __init__(self, window: PublishWindow) -> None:
        self._window = window

    async def publish(self, effects: Sequence[Effect]) -> None:
        """Store every effect; return when all are stored. Raises PublisherUnavailableError, PublishRefusedError."""
        for effect in effects:
            for message in messages_of(effect):
                await self._window.send(message)
        await self._window.flush()


def messages_of(effect: Effect) -> Iterator[OutgoingMessage]:
    """The messages that perform this effect."""
    if isinstance(effect, PublishResult):
        yield _result_message(effect, "result", subjects.RESULTS)
        if effect.is_alert:
            yield _result_message(effect, "alert", subjects.ALERTS)
    else:
        yield _rejected_message(effect)


def _result_message(effect: PublishResult, kind: str, subject: str) -> OutgoingMessage:
    result = effect.result
    headers = result_headers(id=result.id, revision=result.revision, domain=result.domain, time=result.detected_at)
    if effect.trace_parent:
        headers["traceparent"] = effect.trace_parent
    return OutgoingMessage(subject, effect.body, effect.message_id(kind), headers)


def _rejected_message(effect: PublishRejected) -> OutgoingMessage:
    data = effect.data
    content = RejectedMessage(
        reason=effect.reason.value,
        detail=effect.detail[:_DETAIL_CHARACTERS_MAX],
        subject=effect.subject[:_SUBJECT_CHARACTERS_MAX],
        sequence=effect.sequence,
        received_at=format_time(effect.received_at),
        size=len(data),
        sha256=sha256_hex(data),
        is_truncated=len(data) > REJECTED_BYTES_MAX,
        data=base64.b64encode(data[:REJECTED_BYTES_MAX]).decode(),
    )
    # Sequences of TRACES and TOPOLOGY overlap, so the content's hash tells them apart.
    message_id = f"rejected.{effect.reason.value}.{effect.sequence}.{content.sha256[:16]}"
    return OutgoingMessage(subjects.REJECTED, _ENCODER.encode(content), message_id, {"content-type": "application/json"})


def decode_rejected(data: bytes) -> RejectedMessage:
    """The rejected message in these bytes. Raises msgspec.MsgspecError where they are none."""
    return msgspec.json.decode(data, type=RejectedMessage)

"""
CloudEvents 1.0, binary (NATS headers) and structured (one JSON object): how events and results travel to and from others.

Reading gives the plain event, whose own fields win over the envelope's; writing puts the whole event into `data`.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, unquote

import msgspec

from headwater.model.bounds import check_depth, check_size
from headwater.model.effects import RejectionReason
from headwater.model.errors import InvalidEventError

SPEC_VERSION = "1.0"
EVENT_TYPE = "io.headwater.event.v1"
RESULT_TYPE = "io.headwater.result.v1"
HEADER_PREFIX = "ce-"
CONTENT_TYPE_HEADER = "content-type"
STRUCTURED_CONTENT_TYPE = "application/cloudevents+json"
_JSON_CONTENT_TYPE = "application/json"
_PRINTABLE = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"%')


class Envelope(msgspec.Struct):
    """The attributes that we read; `data` stays as it came."""

    specversion: str
    id: str | None = None
    source: str | None = None
    type: str | None = None
    time: str | None = None
    traceparent: str | None = None
    data: msgspec.Raw = msgspec.Raw(b"{}")
    data_base64: bytes | None = None


class _Mark(msgspec.Struct):
    specversion: msgspec.Raw = msgspec.Raw(b"")
    data: msgspec.Raw = msgspec.Raw(b"")
    data_base64: msgspec.Raw = msgspec.Raw(b"")


_MARK_DECODER = msgspec.json.Decoder(_Mark)
_ENVELOPE_DECODER = msgspec.json.Decoder(Envelope)
_ENCODER = msgspec.json.Encoder()


def is_structured(data: bytes) -> bool:
    """Whether these bytes are a structured CloudEvent: an object that says so and carries data."""
    if b'"specversion"' not in data:
        return False
    try:
        mark = _MARK_DECODER.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return False
    return bytes(mark.specversion) != b"" and (bytes(mark.data) != b"" or bytes(mark.data_base64) != b"")


def plain_body(data: bytes) -> bytes:
    """
    The event's own JSON: what a structured CloudEvent carries, anything else as it is.

    Raises InvalidEventError where the envelope says it is a CloudEvent and is none.
    """
    if not is_structured(data):
        return data
    check_depth(data)
    try:
        envelope = _ENVELOPE_DECODER.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise InvalidEventError(
            RejectionReason.INVALID_FIELD, f"CloudEvent envelope: {error}: see the CloudEvents 1.0 JSON format"
        ) from error
    if envelope.data_base64 is not None:
        return _filled(envelope, envelope.data_base64)
    return _filled(envelope, bytes(envelope.data))


def to_plain(headers: Mapping[str, str] | None, body: bytes) -> bytes:
    """The event's own JSON of a message in whichever of the three forms it came: plain, structured or binary."""
    attributes = {name.lower(): value for name, value in (headers or {}).items()}
    if f"{HEADER_PREFIX}specversion" not in attributes:
        return plain_body(body)

    def attribute(name: str) -> str:
        return unquote(attributes.get(HEADER_PREFIX + name, ""))

    envelope = Envelope(
        specversion=attribute("specversion"),
        id=attribute("id"),
        source=attribute("source"),
        type=attribute("type"),
        time=attribute("time") or None,
        traceparent=attribute("traceparent") or attributes.get("traceparent"),
    )
    check_size(body)
    check_depth(body)
    return _filled(envelope, body)


def structured(event: bytes) -> bytes:
    """The plain event as a structured CloudEvent."""
    attributes: dict[str, Any] = dict(_attributes(event))
    return _ENCODER.encode({**attributes, "datacontenttype": _JSON_CONTENT_TYPE, "data": msgspec.Raw(event)})


def binary_headers(event: bytes) -> dict[str, str]:
    """The headers that make the plain event a CloudEvent in binary mode; its body stays as it is."""
    headers = {f"{HEADER_PREFIX}{name}": quote(value, safe=_PRINTABLE) for name, value in _attributes(event).items()}
    return {**headers, CONTENT_TYPE_HEADER: _JSON_CONTENT_TYPE}


def result_headers(*, id: str, revision: int, domain: str, time: str) -> dict[str, str]:  # noqa: A002  (the attribute's name)
    """The headers that make a published result a CloudEvent in binary mode: each revision is an event of its own."""
    attributes = {
        "specversion": SPEC_VERSION,
        "type": RESULT_TYPE,
        "id": f"{id}.{revision}",
        "source": f"/headwater/{domain}",
        "subject": id,
        "time": time,
    }
    headers = {f"{HEADER_PREFIX}{name}": quote(value, safe=_PRINTABLE) for name, value in attributes.items() if value}
    return {**headers, CONTENT_TYPE_HEADER: _JSON_CONTENT_TYPE}


class _Identity(msgspec.Struct):
    id: str
    source: str | None = None
    timestamp: str | None = None


def _attributes(event: bytes) -> dict[str, str]:
    identity = msgspec.json.decode(event, type=_Identity)
    # A CloudEvent has a source of at least one character, and a time or none.
    attributes = {"specversion": SPEC_VERSION, "id": identity.id, "source": identity.source or "unknown", "type": EVENT_TYPE}
    return {**attributes, "time": identity.timestamp} if identity.timestamp else attributes


def _filled(envelope: Envelope, data: bytes) -> bytes:
    """The event in `data`, with what it lacks taken from the envelope."""
    try:
        content = msgspec.json.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidEventError(RejectionReason.NOT_JSON, f"data of the CloudEvent: {error}: send one JSON object in UTF-8") from error
    if isinstance(content, str):
        content = {"message": content}
    if not isinstance(content, dict):
        raise InvalidEventError(
            RejectionReason.INVALID_FIELD, "`$.data` of the CloudEvent is no object: carry a UnifiedEvent in it, or a text"
        )
    missing = {name: value for name, value in _offered(envelope).items() if content.get(name) is None}
    return _ENCODER.encode({**missing, **{name: value for name, value in content.items() if name not in missing}}) if missing else data


def _offered(envelope: Envelope) -> dict[str, Any]:
    """What an envelope says of its event. An envelope of our own says nothing that the event in it does not."""
    if envelope.type == EVENT_TYPE:
        return {}
    offered: dict[str, Any] = {"id": envelope.id, "source": envelope.source, "timestamp": envelope.time, "type": envelope.type}
    parts = (envelope.traceparent or "").split("-")
    if len(parts) == 4 and len(parts[1]) == 32 and len(parts[2]) == 16:
        offered["trace_context"] = {"trace_id": parts[1], "span_id": parts[2]}
    return {name: value for name, value in offered.items() if value}

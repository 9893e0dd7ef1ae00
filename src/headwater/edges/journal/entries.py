"""A line of `journalctl -o json`, as far as it is read: bounded, since whoever may log may write anything into it."""

from typing import Any

import msgspec

from headwater.model.texts import clean_text

LINE_BYTES_MAX = 64 * 1024
"""A longer line is left out, and counted: what systemd says of its units is short."""
MESSAGE_CHARACTERS_MAX = 512
NAME_CHARACTERS_MAX = 253


class JournalEntry(msgspec.Struct, frozen=True):
    """What one line says."""

    occurred_at: int  # nanoseconds since 1970, 0 where it does not say
    cursor: str
    host: str
    unit: str  # the unit it is about, else the one that wrote it
    message: str
    identifier: str  # of the program that wrote it
    message_id: str  # systemd's number for this kind of message
    result: str  # how a unit failed: exit-code, signal, oom-kill, timeout, watchdog, start-limit-hit, …
    is_of_manager: bool  # systemd itself wrote it, as the journal and not the writer says


class _Line(msgspec.Struct):
    """Fields are texts; lists of bytes where they are not UTF-8, lists of texts where given more than once."""

    cursor: Any = msgspec.field(default="", name="__CURSOR")
    realtime: Any = msgspec.field(default="", name="__REALTIME_TIMESTAMP")
    source_realtime: Any = msgspec.field(default="", name="_SOURCE_REALTIME_TIMESTAMP")
    host: Any = msgspec.field(default="", name="_HOSTNAME")
    process_id: Any = msgspec.field(default="", name="_PID")
    own_unit: Any = msgspec.field(default="", name="_SYSTEMD_UNIT")
    unit: Any = msgspec.field(default="", name="UNIT")
    message: Any = msgspec.field(default="", name="MESSAGE")
    identifier: Any = msgspec.field(default="", name="SYSLOG_IDENTIFIER")
    message_id: Any = msgspec.field(default="", name="MESSAGE_ID")
    unit_result: Any = msgspec.field(default="", name="UNIT_RESULT")


_DECODER = msgspec.json.Decoder(_Line)


def read_entry(line: bytes) -> JournalEntry | None:
    """The entry of a line; None where the line is not one."""
    if len(line) > LINE_BYTES_MAX:
        return None
    try:
        content = _DECODER.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return JournalEntry(
        occurred_at=_nanoseconds(content.source_realtime) or _nanoseconds(content.realtime),
        cursor=_text(content.cursor, 512),
        host=_text(content.host, NAME_CHARACTERS_MAX),
        unit=_text(content.unit, NAME_CHARACTERS_MAX) or _text(content.own_unit, NAME_CHARACTERS_MAX),
        message=_text(content.message, MESSAGE_CHARACTERS_MAX),
        identifier=_text(content.identifier, NAME_CHARACTERS_MAX),
        message_id=_text(content.message_id, 64),
        result=_text(content.unit_result, 64),
        is_of_manager=_text(content.process_id, 20) == "1",
    )


def _text(value: Any, characters_max: int) -> str:
    if isinstance(value, list):
        if value and all(isinstance(item, int) and 0 <= item <= 255 for item in value):
            value = bytes(value).decode("utf-8", "replace")
        else:
            value = next((item for item in value if isinstance(item, str)), "")
    return clean_text(value, characters_max) if isinstance(value, str) else ""


def _nanoseconds(microseconds: Any) -> int:
    if isinstance(microseconds, str) and microseconds.isascii() and microseconds.isdecimal() and len(microseconds) <= 17:
        return int(microseconds) * 1_000
    return 0

"""google.rpc.Status with RetryInfo, the protocol's way to say what went wrong and when to come back, in the few bytes that it takes."""

_STRING = 2  # protobuf's wire type of what has a length
_RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo"


def encoded_status(code: int, text: str, *, retry_seconds: int = 0) -> bytes:
    """The message; with `retry_seconds` it says when to try again."""
    status = _number(1, code) + _bytes(2, text.encode())
    if retry_seconds:
        retry_info = _bytes(1, _number(1, retry_seconds))  # RetryInfo.retry_delay, a Duration of whole seconds
        status += _bytes(3, _bytes(1, _RETRY_INFO.encode()) + _bytes(2, retry_info))  # details, an Any
    return status


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, content: bytes) -> bytes:
    return _varint(field << 3 | _STRING) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    encoded = bytearray()
    while value > 0x7F:
        encoded.append(value & 0x7F | 0x80)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)

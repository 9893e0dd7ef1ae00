"""Where receivers listen: an address as people write it, and a warning where anybody may send."""

from urllib.parse import urlsplit

import structlog

from headwater.edges.http.receiving import HttpReceiver as HttpReceiver
from headwater.edges.http.receiving import ListenOptions
from headwater.service.config import ConfigurationError, Problem


def address_of(key: str, text: str) -> tuple[str, int]:
    """Host and port of `HOST:PORT`, `[ADDRESS]:PORT` or `:PORT`, which is loopback's. Raises ConfigurationError."""
    try:
        parts = urlsplit(f"//{text}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    if port is None or parts.path or parts.username is not None:
        raise ConfigurationError([Problem(key, f"{text[:64]!r} is no address", "write HOST:PORT, such as 127.0.0.1:4318")])
    return host or "127.0.0.1", port


def listen_options(key: str, text: str, *, token: str = "", body_bytes_max: int = 4 * 1024 * 1024) -> ListenOptions:
    """How a receiver listens on this address. Raises ConfigurationError."""
    host, port = address_of(key, text)
    return ListenOptions(host=host, port=port, token=token, body_bytes_max=body_bytes_max)


def warn_if_open(options: ListenOptions) -> None:
    """Log where anybody who reaches the port may send."""
    if options.is_open_to_all:
        structlog.get_logger("headwater.collect").warning(
            "whoever reaches this port may send: set a token, or let a network policy decide", host=options.host
        )

"""Addresses as people write them."""

import pytest

from headwater.service.config import ConfigurationError
from headwater.service.listening import address_of


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:4318", ("127.0.0.1", 4318)),
        (":4318", ("127.0.0.1", 4318)),
        ("[::1]:80", ("::1", 80)),
        ("0.0.0.0:0", ("0.0.0.0", 0)),
        ("otel.example:1", ("otel.example", 1)),
    ],
)
def test_an_address_is_host_and_port(text: str, address: tuple[str, int]) -> None:
    assert address_of("otlp.listen", text) == address


@pytest.mark.parametrize(
    "text", ["", "4318", "host", "host:", "host:port", "host:70000", "http://host:1", "user@host:1", "host:1/path", "[::1"]
)
def test_anything_else_is_refused_with_how_to_write_one(text: str) -> None:
    with pytest.raises(ConfigurationError, match="write HOST:PORT"):
        address_of("otlp.listen", text)

"""Connection options: what URLs and files mean, and that no secret shows."""

from pathlib import Path

import pytest

from headwater.edges.nats.errors import ConnectError, CredentialsError
from headwater.edges.nats.options import ConnectionOptions, address_of, parse_servers


def test_a_url_names_host_port_and_credentials() -> None:
    address = address_of("tls://someone:s%40fe@nats.example.org:4333")
    assert (address.host, address.port, address.is_tls_demanded) == ("nats.example.org", 4333, True)
    assert (address.user, address.password) == ("someone", "s@fe")


def test_scheme_and_port_may_be_left_out() -> None:
    assert address_of("nats.example.org").url == "nats://nats.example.org:4222"
    assert address_of("[::1]:4333").url == "nats://[::1]:4333"


def test_a_list_has_commas_between() -> None:
    assert parse_servers("nats://a:1, nats://b:2,,") == ("nats://a:1", "nats://b:2")
    assert [address.host for address in ConnectionOptions(servers=("a", " b ")).addresses()] == ["a", "b"]


@pytest.mark.parametrize(
    "url", ["http://me:hunter2@host", "nats://me:hunter2@:4222", "nats://me:hunter2@host:port", "nats://me:hunter2@[::1"]
)
def test_what_is_no_nats_url_is_refused_without_repeating_secrets(url: str) -> None:
    with pytest.raises(ConnectError, match="nats://host:4222") as caught:
        address_of(url)
    assert "hunter2" not in str(caught.value)


def test_secrets_are_in_no_text() -> None:
    options = ConnectionOptions(servers=("nats://host",), user="me", password="hunter2", token="hunter2")
    assert "hunter2" not in repr(options)
    assert "hunter2" not in repr(address_of("nats://me:hunter2@host"))
    assert "hunter2" not in address_of("nats://me:hunter2@host").url


def test_urls_with_credentials_are_in_no_text_either() -> None:
    assert "hunter2" not in repr(ConnectionOptions(servers=("nats://me:hunter2@host",)))


def test_unusable_certificates_are_reported_with_their_path(tmp_path: Path) -> None:
    broken = tmp_path / "broken.pem"
    broken.write_text("not a certificate")
    with pytest.raises(CredentialsError, match=r"absent\.pem"):
        ConnectionOptions(tls_ca_file=tmp_path / "absent.pem").ssl_context()
    with pytest.raises(CredentialsError, match=r"broken\.pem"):
        ConnectionOptions(tls_certificate_file=broken).ssl_context()

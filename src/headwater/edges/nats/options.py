"""How to reach a NATS server. Secrets are kept out of every text made from these."""

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from re import compile as compile_pattern
from urllib.parse import unquote, urlsplit

import nkeys  # type: ignore[import-untyped]

from headwater.edges.nats.errors import ConnectError, CredentialsError

DEFAULT_PORT = 4222
_FILE_BYTES_MAX = 1024 * 1024
_CREDENTIALS = compile_pattern(rb"(?s)BEGIN NATS USER JWT.*BEGIN USER NKEY SEED[^\n]*\n([^\n]+)").search
_SCHEMES = ("nats", "tls")


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """One server, with the credentials its URL carried."""

    host: str
    port: int
    is_tls_demanded: bool = False
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)

    @property
    def url(self) -> str:
        """The address without credentials, as it may be shown."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'tls' if self.is_tls_demanded else 'nats'}://{host}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionOptions:
    """
    Where the servers are and who we are to them; give at most one of credentials file, NKey, user and token.

    Credentials in a URL are used for that server where no others are given.
    """

    servers: tuple[str, ...] = field(default=("nats://127.0.0.1:4222",), repr=False)  # a URL may carry a password
    name: str = "headwater"
    credentials_file: Path | None = None  # a .creds file: JWT and NKey seed
    nkey_seed_file: Path | None = None
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    tls_ca_file: Path | None = None
    tls_certificate_file: Path | None = None
    tls_key_file: Path | None = None
    connect_timeout_seconds: float = 2.0  # for one attempt at one server
    backoff_seconds_max: float = 5.0  # the longest pause between two rounds of attempts
    ping_seconds: float = 10.0  # a server that misses two of these is taken for lost

    @property
    def is_tls_demanded(self) -> bool:
        """Whether to refuse a connection in plain text to any server."""
        return self.tls_ca_file is not None or self.tls_certificate_file is not None

    def addresses(self) -> list[ServerAddress]:
        """The servers. Raises ConnectError where one is not a NATS URL."""
        return [address_of(server.strip()) for server in self.servers if server.strip()]

    def check_credentials(self) -> None:
        """Raise CredentialsError where a file of credentials is not what it should be; nats-py would fail late, or never end."""
        if self.nkey_seed_file is not None and not _is_seed(_read(self.nkey_seed_file)):
            raise CredentialsError(f"{self.nkey_seed_file} holds no NKey seed; give a file with a line that starts with SU")
        if self.credentials_file is not None:
            match = _CREDENTIALS(_read(self.credentials_file))
            if match is None or not _is_seed(match[1]):
                raise CredentialsError(f"{self.credentials_file} is no .creds file; make one with `nsc generate creds`")

    def ssl_context(self) -> ssl.SSLContext:
        """The TLS settings. Raises CredentialsError where a file cannot be used."""
        try:
            context = ssl.create_default_context(cafile=str(self.tls_ca_file) if self.tls_ca_file else None)
        except OSError as error:
            raise CredentialsError(f"the CA certificate {self.tls_ca_file} cannot be used: {error}; give a PEM file") from error
        if self.tls_certificate_file is not None:
            try:
                context.load_cert_chain(self.tls_certificate_file, self.tls_key_file)
            except OSError as error:
                key = self.tls_key_file or "in the same file"
                raise CredentialsError(
                    f"the client certificate {self.tls_certificate_file} (key {key}) cannot be used: {error}; "
                    "give PEM files that belong together"
                ) from error
        return context


def address_of(url: str) -> ServerAddress:
    """The server this URL names. Raises ConnectError, which does not repeat what may be a password."""
    text = url if "://" in url else f"nats://{url}"
    try:
        parts = urlsplit(text)
        port = parts.port or DEFAULT_PORT
    except ValueError as error:
        raise ConnectError("a NATS URL cannot be read; write it as nats://host:4222") from error
    if parts.scheme not in _SCHEMES or not parts.hostname:
        raise ConnectError(f"{parts.scheme}://{parts.hostname or ''} is not a NATS URL; write it as nats://host:4222, or tls://host:4222")
    return ServerAddress(
        host=parts.hostname,
        port=port,
        is_tls_demanded=parts.scheme == "tls",
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )


def _is_seed(text: bytes) -> bool:
    try:
        nkeys.from_seed(bytearray(text.strip())).wipe()
    except (nkeys.NkeysError, ValueError):
        return False
    return True


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_FILE_BYTES_MAX)
    except OSError as error:
        raise CredentialsError(f"the credentials file {path} cannot be read: {error.strerror}") from error


def parse_servers(text: str) -> tuple[str, ...]:
    """The URLs of a list with commas between."""
    return tuple(part.strip() for part in text.split(",") if part.strip())

"""
One lasting connection: whatever ends a client (restart, network, `-ERR`), another is made, for ever, with growing, jittered pauses.

Users see it as a number that grows with each client (`generation`) and make their subscriptions again when it changes.
"""

import asyncio
import contextlib
import random
import ssl
from collections.abc import AsyncIterator, Callable
from typing import Any, NamedTuple

import msgspec
from nats.errors import ConnectionClosedError, MaxPayloadError, NoRespondersError, NoServersError
from nats.errors import Error as NatsError
from nats.errors import TimeoutError as NatsTimeoutError

from headwater.edges.nats.client import LOGGER, Client, Sink, connect_options
from headwater.edges.nats.errors import (
    ConnectError,
    CredentialsError,
    NotConnectedError,
    PublishRefusedError,
    RequestError,
    ServerTooOldError,
)
from headwater.edges.nats.options import ConnectionOptions, ServerAddress, address_of

SERVER_VERSION_MIN = (2, 12)
_BACKOFF_SECONDS_MIN = 0.05
_WATCH_SECONDS = 0.5
"""How often a client is asked whether it is closed: nats-py may wait on a dead socket before it says so."""
_CLOSE_SECONDS = 2.0  # for what is still to be sent
_ABANDON_SECONDS = 0.3  # for a client that is of no use any more


class Reply(NamedTuple):
    """An answer to a request."""

    data: bytes
    headers: dict[str, str]


class Connection:
    """A connection to one of the servers, kept until `close`."""

    def __init__(self, options: ConnectionOptions) -> None:
        self._options = options
        self._addresses = options.addresses()
        self._client: Client | None = None
        self._is_lost = asyncio.Event()
        self._is_connected = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None
        self._watchers: dict[int, Callable[[], None]] = {}
        self._watchers_ever = 0
        self.generation = 0
        self.server = ""  # where we are connected to, without credentials
        self.server_version = ""
        self.last_error = ""

    @property
    def client(self) -> Client:
        """The living client. Raises NotConnectedError while there is none."""
        client = self._client
        if client is None or client.is_closed:
            raise NotConnectedError(f"not connected to NATS just now ({self._where()}{'; ' + self.last_error if self.last_error else ''})")
        return client

    @property
    def is_connected(self) -> bool:
        """Whether there is a living client."""
        return self._client is not None and not self._client.is_closed

    async def start(self, *, wait_seconds: float) -> None:
        """Make the first client. Raises ConnectError once the wait is over, or at once where trying again cannot help."""
        loop = asyncio.get_running_loop()
        give_up_at = loop.time() + wait_seconds
        attempt = 0
        while True:
            try:
                self._adopt(await self._connect_to_any())
                break
            except (CredentialsError, ServerTooOldError):
                raise
            except ConnectError:
                pause = self._pause(attempt)
                if loop.time() + pause >= give_up_at:
                    raise
                await asyncio.sleep(pause)
                attempt += 1
        self._keeper = asyncio.create_task(self._keep())  # noqa: TID251  # owned: close() ends and awaits it; a TaskGroup would wrap the user's own errors in groups

    async def close(self) -> None:
        """End it all."""
        if self._keeper is not None:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
        await self._drop_client(within_seconds=_CLOSE_SECONDS)

    async def connected(self, wait_seconds: float | None = None) -> None:
        """Wait for a living client. Raises NotConnectedError after the wait."""
        if self._keeper is not None and self._keeper.done():
            self._keeper.result()
        if self.is_connected:
            return
        try:
            async with asyncio.timeout(wait_seconds):
                while not self.is_connected:
                    # A client may be closed already while its loss was not noticed yet.
                    self._is_lost.set()
                    self._is_connected.clear()
                    await self._is_connected.wait()
        except TimeoutError as error:
            raise NotConnectedError(f"no NATS server for {wait_seconds} s ({self._where()}; {self.last_error})") from error

    def watch(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` whenever the connection is lost or made. Returns what ends this."""
        self._watchers_ever += 1
        number = self._watchers_ever
        self._watchers[number] = callback

        def unwatch() -> None:
            self._watchers.pop(number, None)

        return unwatch

    async def open_inbox(self, suffix: str, sink: Sink) -> tuple[int, str]:
        """Give a new inbox to `sink`, for this generation only. Returns its number and its subject without the suffix."""
        with _errors_mapped("an inbox"):
            client = self.client
            inbox = client.new_inbox()
            return await client.open_inbox(inbox + suffix, sink), inbox

    async def close_inbox(self, number: int) -> None:
        """Give an inbox up. Only for an inbox of this generation."""
        if self.is_connected:
            with contextlib.suppress(NatsError):
                await self.client.close_inbox(number)

    async def publish(self, subject: str, data: bytes, *, reply: str = "", headers: dict[str, str] | None = None) -> None:
        """Hand a message to the socket's buffer. Nobody knows whether it arrives; see publishing.py for those that must."""
        with _errors_mapped(subject):
            await self.client.publish(subject, data, reply=reply, headers=headers)

    async def request(
        self, subject: str, data: bytes = b"", *, headers: dict[str, str] | None = None, timeout_seconds: float = 5.0
    ) -> Reply:
        """Ask and wait for the answer. Raises RequestError without one, NotConnectedError while there is no server."""
        with _errors_mapped(subject, self):
            message = await self.client.request(subject, data, timeout=timeout_seconds, headers=headers)
        return Reply(message.data, message.headers or {})

    async def api(self, subject: str, body: dict[str, Any] | None = None, *, timeout_seconds: float = 5.0) -> dict[str, Any]:
        """Ask JetStream's API. Raises RequestError with its code where it answers with an error."""
        reply = await self.request(f"$JS.API.{subject}", msgspec.json.encode(body) if body else b"", timeout_seconds=timeout_seconds)
        answer: dict[str, Any] = msgspec.json.decode(reply.data)
        error = answer.get("error")
        if error:
            raise RequestError(f"JetStream refuses {subject}: {error.get('description', 'no reason given')}", int(error.get("err_code", 0)))
        return answer

    def _where(self) -> str:
        return ", ".join(address.url for address in self._addresses) or "no server is named"

    def _pause(self, attempt: int) -> float:
        ceiling = min(self._options.backoff_seconds_max, _BACKOFF_SECONDS_MIN * 2.0 ** min(attempt, 16))
        return ceiling * random.uniform(0.5, 1.0)  # noqa: S311  # jitter: clients of a restarted server must not come all at once

    async def _keep(self) -> None:
        while True:
            await self._wait_for_loss()
            await self._drop_client(within_seconds=_ABANDON_SECONDS)
            self._notify()
            attempt = 0
            while self._client is None:
                try:
                    self._adopt(await self._connect_to_any())
                except ConnectError as error:
                    self.last_error = str(error)
                    if attempt in (0, 5) or attempt % 60 == 0:
                        LOGGER.warning("no connection to NATS, trying again: %s", error)
                    await asyncio.sleep(self._pause(attempt))
                    attempt += 1
            self._notify()

    async def _wait_for_loss(self) -> None:
        while self._client is not None and not self._client.is_closed:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_WATCH_SECONDS):
                    await self._is_lost.wait()
            self._is_lost.clear()
        LOGGER.info("lost the connection to NATS at %s: %s", self.server, self.last_error or "closed")

    def _adopt(self, client: Client) -> None:
        self._client = client
        self.generation += 1
        self.last_error = ""
        self._is_lost.clear()
        self._is_connected.set()
        LOGGER.info("connected to NATS %s at %s", self.server_version, self.server)

    async def _drop_client(self, *, within_seconds: float) -> None:
        client, self._client = self._client, None
        self._is_connected.clear()
        if client is not None:
            client.fail_requests()
            await _close(client, within_seconds=within_seconds)

    def _notify(self) -> None:
        for callback in list(self._watchers.values()):
            callback()

    async def _connect_to_any(self) -> Client:
        if not self._addresses:
            raise ConnectError("no NATS server is named; give one as nats://host:4222")
        failures: list[ConnectError] = []
        for address in list(self._addresses):
            try:
                client = await self._connect_to(address)
            except ConnectError as error:
                failures.append(error)
            else:
                self._learn_servers(client)
                self.server, self.server_version = address.url, client.server_version
                return client
        if len(failures) == 1:
            raise failures[0]
        kind = type(failures[0]) if len({type(failure) for failure in failures}) == 1 else ConnectError
        raise kind("; ".join(str(failure) for failure in failures))

    async def _connect_to(self, address: ServerAddress) -> Client:
        is_tls_demanded = self._options.is_tls_demanded or address.is_tls_demanded
        client = Client(is_tls_demanded=is_tls_demanded)
        failures: list[Exception] = []

        async def note(error: Exception) -> None:
            failures.append(error)
            del failures[:-4]
            self.last_error = _first_line(error)
            if "permissions violation" in self.last_error:
                # The server says so here alone; whoever asked waits for an answer that never comes.
                LOGGER.warning("the NATS server forbids us something: %s; see the account's permissions", self.last_error)

        async def closed() -> None:
            self._is_lost.set()

        arguments = self._arguments(address)
        try:
            await client.connect(**arguments, error_cb=note, closed_cb=closed)
            if not client.is_connected:
                raise ConnectError(f"the NATS server at {address.url} ended the connection before it was made; see the server's log")
            self._check_version(client, address)
        except ConnectError:
            await _close(client, within_seconds=_ABANDON_SECONDS)
            raise
        except (OSError, NatsError, ValueError) as error:
            # nats-py says "no servers" where the error that matters went to the callback.
            cause = failures[-1] if failures and isinstance(error, NoServersError) else error
            await _close(client, within_seconds=_ABANDON_SECONDS)
            raise _connect_error(address, cause) from error
        except BaseException:
            await _close(client, within_seconds=_ABANDON_SECONDS)
            raise
        return client

    def _arguments(self, address: ServerAddress) -> dict[str, Any]:
        options = self._options
        options.check_credentials()
        has_own = options.credentials_file or options.nkey_seed_file or options.user or options.token
        user, password, token = options.user, options.password, options.token
        if not has_own and address.user is not None:
            user, password, token = (address.user, address.password, None) if address.password is not None else (None, None, address.user)
        return connect_options(
            servers=[address.url],
            name=options.name,
            connect_timeout=options.connect_timeout_seconds,
            ping_interval=options.ping_seconds,
            tls=options.ssl_context() if options.is_tls_demanded or address.is_tls_demanded else None,
            tls_hostname=address.host if options.is_tls_demanded or address.is_tls_demanded else None,
            user=user,
            password=password,
            token=token,
            user_credentials=str(options.credentials_file) if options.credentials_file else None,
            nkeys_seed=str(options.nkey_seed_file) if options.nkey_seed_file else None,
        )

    def _check_version(self, client: Client, address: ServerAddress) -> None:
        version = client.server_version
        if _version_of(version) < SERVER_VERSION_MIN:
            needed = ".".join(map(str, SERVER_VERSION_MIN))
            raise ServerTooOldError(
                f"the NATS server at {address.url} has version {version or 'unknown'}; Headwater needs {needed} or newer, "
                "because older servers silently ignore atomic batches. Upgrade it, or leave --nats out to use the embedded server"
            )

    def _learn_servers(self, client: Client) -> None:
        known = {(address.host, address.port) for address in self._addresses}
        for parsed in client.discovered_servers:
            found = address_of(parsed.geturl())
            if (found.host, found.port) not in known and len(self._addresses) < _SERVERS_MAX:
                first = self._addresses[0]
                self._addresses.append(ServerAddress(found.host, found.port, first.is_tls_demanded, first.user, first.password))


_SERVERS_MAX = 64
"""Servers that a cluster tells us of beyond this are not remembered."""


@contextlib.asynccontextmanager
async def connect(options: ConnectionOptions, *, wait_seconds: float = 10.0) -> AsyncIterator[Connection]:
    """A connection for the length of a block. Raises ConnectError where none can be made within the wait."""
    connection = Connection(options)
    try:
        await connection.start(wait_seconds=wait_seconds)
        yield connection
    finally:
        await connection.close()


async def _close(client: Client, *, within_seconds: float) -> None:
    if not client.was_begun:
        return
    with contextlib.suppress(NatsError, OSError, TimeoutError):
        async with asyncio.timeout(within_seconds):
            await client.close()


@contextlib.contextmanager
def _errors_mapped(about: str, connection: Connection | None = None) -> Any:
    try:
        yield
    except NoRespondersError as error:
        reason = _last_error_of(connection)
        raise RequestError(f"nobody answers on {about}: is JetStream enabled, and is there such a stream?{reason}", 503) from error
    except NatsTimeoutError as error:
        raise RequestError(f"no answer on {about} in time{_last_error_of(connection)}") from error
    except MaxPayloadError as error:
        raise PublishRefusedError(f"the message for {about} is larger than the server takes (max_payload)") from error
    except (ConnectionClosedError, OSError) as error:
        raise NotConnectedError("not connected to NATS just now") from error
    except NatsError as error:
        raise RequestError(f"{about}: {_first_line(error)}") from error


def _last_error_of(connection: Connection | None) -> str:
    return f" ({connection.last_error})" if connection is not None and connection.last_error else ""


def _connect_error(address: ServerAddress, cause: Exception) -> ConnectError:
    text = _first_line(cause)
    if "authorization" in text.lower() or "authentication" in text.lower():
        return CredentialsError(
            f"the NATS server at {address.url} refuses our credentials ({text}); check user, token, NKey or .creds file"
        )
    if isinstance(cause, ssl.SSLError) or "TLS" in text:
        return CredentialsError(f"TLS with the NATS server at {address.url} fails: {text}; check the CA and the client certificate")
    return ConnectError(f"no NATS server answers at {address.url}: {text or 'no answer in time'}; is it running, and is the address right?")


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:300]


def _version_of(text: str) -> tuple[int, ...]:
    numbers = text.removeprefix("v").split("-")[0].split(".")
    return tuple(int(number) for number in numbers[:2] if number.isdigit()) if text else (0, 0)

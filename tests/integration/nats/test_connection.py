"""The connection: every way in, every way of being turned away, and back again after every loss."""

import asyncio
import json
import logging
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import nats
import nkeys  # type: ignore[import-untyped]
import pytest
from nats.aio.msg import Msg

from headwater.edges.nats.connection import Connection, connect
from headwater.edges.nats.embedded import EmbeddedServer, find_binary
from headwater.edges.nats.errors import ConnectError, CredentialsError, NotConnectedError, RequestError, ServerTooOldError, StreamError
from headwater.edges.nats.options import ConnectionOptions
from headwater.edges.nats.streams import StreamOptions, ensure_streams

LINE_TOO_LONG = "x" * 5_000
"""A subject that the server answers with -ERR, which closes a nats-py client for good."""


async def holds(condition: Callable[[], bool]) -> None:
    """Wait until the condition holds, or fail."""
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110  # what is waited for is in another process
            await asyncio.sleep(0.01)


@asynccontextmanager
async def server_with(folder: Path, config: str) -> AsyncIterator[str]:
    """A nats-server with this configuration. Gives its URL's host and port."""
    ports, path = folder / "ports", folder / "server.conf"
    ports.mkdir()
    path.write_text(f'listen: "127.0.0.1:-1"\nports_file_dir: {json.dumps(str(ports))}\n{config}\n')
    process = await asyncio.create_subprocess_exec(find_binary({}), "--config", path, stderr=asyncio.subprocess.DEVNULL)
    try:
        await holds(lambda: any(file.stat().st_size for file in ports.iterdir()))
        (url,) = json.loads(next(ports.iterdir()).read_text())["nats"]
        yield url.split("://")[1]
    finally:
        process.terminate()
        await process.wait()


@asynccontextmanager
async def stub(info: bytes) -> AsyncIterator[str]:
    """Something that says `info` and then takes whatever comes."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(info)
        while line := await reader.readline():
            heard.append(line)
            if line == b"PING\r\n":
                writer.write(b"PONG\r\n")
        writer.close()

    heard: list[bytes] = []
    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    stub_heard[:] = heard


stub_heard: list[bytes] = []


async def can_connect(options: ConnectionOptions) -> bool:
    async with connect(options, wait_seconds=0.0) as connection:
        await connection.request("$SYS.REQ.USER.INFO")
    return True


async def test_a_server_that_is_not_there_is_named_without_credentials() -> None:
    with pytest.raises(ConnectError, match=r"nats://127\.0\.0\.1:1; is|at nats://127\.0\.0\.1:1") as caught:
        await can_connect(ConnectionOptions(servers=("nats://me:hunter2@127.0.0.1:1",)))
    assert "hunter2" not in str(caught.value)


async def test_an_unknown_host_is_named() -> None:
    with pytest.raises(ConnectError, match=r"nowhere\.invalid"):
        await can_connect(ConnectionOptions(servers=("nats://nowhere.invalid",)))


async def test_the_next_server_of_the_list_is_taken(nats_server: EmbeddedServer) -> None:
    token = nats_server.options.token
    assert await can_connect(ConnectionOptions(servers=("nats://127.0.0.1:1", nats_server.url), token=token))


async def test_a_server_that_comes_later_is_waited_for(tmp_path: Path) -> None:
    server = EmbeddedServer(tmp_path, sync_always=False)
    async with server:
        options = server.options
    async with asyncio.TaskGroup() as group:

        async def come_later() -> None:
            async with connect(options, wait_seconds=20.0) as connection:
                assert connection.is_connected

        waiting = group.create_task(come_later())
        await asyncio.sleep(0)
        async with server:
            await waiting


async def test_a_server_older_than_2_12_is_refused() -> None:
    info = b'INFO {"server_id":"x","version":"2.9.10","max_payload":1048576,"headers":true}\r\n'
    async with stub(info) as address:
        with pytest.raises(ServerTooOldError, match=r"2\.9\.10.*2\.12"):
            await can_connect(ConnectionOptions(servers=(address,)))


async def test_something_that_is_no_nats_server_is_refused() -> None:
    async with stub(b"220 mail.example.org ESMTP\r\n") as address:
        with pytest.raises(ConnectError, match=address):
            await can_connect(ConnectionOptions(servers=(address,)))


async def test_a_server_without_tls_never_sees_the_credentials_where_tls_is_demanded() -> None:
    info = b'INFO {"server_id":"x","version":"2.12.0","max_payload":1048576,"headers":true}\r\n'
    async with stub(info) as address:
        with pytest.raises(ConnectError, match="TLS"):
            await can_connect(ConnectionOptions(servers=(f"tls://me:hunter2@{address}",)))
    assert stub_heard == []


async def test_a_restarted_server_is_found_again(nats_server: EmbeddedServer, nats_connection: Connection) -> None:
    changes: list[bool] = []
    unwatch = nats_connection.watch(lambda: changes.append(nats_connection.is_connected))
    await nats_server.kill()
    with pytest.raises(NotConnectedError, match=r"127\.0\.0\.1"):
        await nats_connection.connected(0.3)
    with pytest.raises(NotConnectedError):
        await nats_connection.request("a")
    await nats_server.start()
    await nats_connection.connected(20.0)
    assert nats_connection.generation == 2
    await nats_connection.api("INFO")
    await holds(lambda: changes == [False, True])
    unwatch()


async def test_a_request_does_not_outlast_its_connection(nats_server: EmbeddedServer, nats_connection: Connection) -> None:
    asked = asyncio.Event()

    async def never_answer(message: Msg) -> None:
        asked.set()

    client = await nats.connect(nats_server.url, token=nats_server.options.token, allow_reconnect=False)
    await client.subscribe("silent", cb=never_answer)
    for _ in range(2):  # nats-py sends the ping of a flush before what waits to be sent
        await client.flush()

    async def ask() -> None:
        with pytest.raises(NotConnectedError):
            await nats_connection.request("silent", timeout_seconds=60.0)

    async with asyncio.timeout(20), asyncio.TaskGroup() as group:
        group.create_task(ask())
        await asked.wait()
        await nats_server.kill()
    await client.close()


async def test_an_error_of_the_protocol_does_not_end_the_connection(nats_connection: Connection) -> None:
    await nats_connection.publish(LINE_TOO_LONG, b"")
    await holds(lambda: nats_connection.generation == 2)
    await nats_connection.connected(20.0)
    await nats_connection.api("INFO")


async def test_a_request_nobody_answers_says_so(nats_connection: Connection) -> None:
    with pytest.raises(RequestError, match="nobody answers") as caught:
        await nats_connection.request("nobody.there")
    assert caught.value.code == 503


async def test_a_token_is_checked(nats_server: EmbeddedServer) -> None:
    token = nats_server.options.token
    address = nats_server.url.split("://")[1]
    assert await can_connect(ConnectionOptions(servers=(address,), token=token))
    assert await can_connect(ConnectionOptions(servers=(f"nats://{token}@{address}",)))
    for wrong in (None, "hunter2"):
        with pytest.raises(CredentialsError, match="refuses our credentials") as caught:
            await can_connect(ConnectionOptions(servers=(address,), token=wrong))
        assert "hunter2" not in str(caught.value)


async def test_a_user_and_password_are_checked(tmp_path: Path) -> None:
    async with server_with(tmp_path, 'authorization { user: me, password: "s@fe" }') as address:
        assert await can_connect(ConnectionOptions(servers=(address,), user="me", password="s@fe"))
        assert await can_connect(ConnectionOptions(servers=(f"nats://me:s%40fe@{address}",)))
        assert await can_connect(ConnectionOptions(servers=(f"nats://other:wrong@{address}",), user="me", password="s@fe"))
        with pytest.raises(CredentialsError):
            await can_connect(ConnectionOptions(servers=(address,), user="me", password="wrong"))


async def test_an_nkey_is_checked(tmp_path: Path) -> None:
    pair = nkeys.from_seed(bytearray(SEED))
    seed_file = tmp_path / "user.nk"
    seed_file.write_bytes(SEED)
    async with server_with(tmp_path, f"authorization {{ users: [{{ nkey: {pair.public_key.decode()} }}] }}") as address:
        assert await can_connect(ConnectionOptions(servers=(address,), nkey_seed_file=seed_file))
        with pytest.raises(CredentialsError):
            await can_connect(ConnectionOptions(servers=(address,)))


async def test_files_of_credentials_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    broken.write_text("nothing of the kind")
    half = tmp_path / "broken.creds"
    half.write_text("-----BEGIN NATS USER JWT-----\na\n---\n-----BEGIN USER NKEY SEED-----\nSUNOSEED\n---\n")
    for options in (
        ConnectionOptions(credentials_file=tmp_path / "absent.creds"),
        ConnectionOptions(nkey_seed_file=tmp_path / "absent.nk"),
        ConnectionOptions(nkey_seed_file=broken),
        ConnectionOptions(credentials_file=broken),
        ConnectionOptions(credentials_file=half),
    ):
        with pytest.raises(CredentialsError, match=r"absent|broken"):
            await can_connect(options)


async def test_a_creds_file_is_offered_to_the_server(tmp_path: Path) -> None:
    creds = tmp_path / "user.creds"
    creds.write_bytes(
        b"-----BEGIN NATS USER JWT-----\na.jwt.token\n------END NATS USER JWT------\n\n"
        b"-----BEGIN USER NKEY SEED-----\n" + SEED + b"\n------END USER NKEY SEED------\n"
    )
    info = b'INFO {"server_id":"x","version":"2.12.0","max_payload":1048576,"headers":true,"auth_required":true,"nonce":"abc"}\r\n'
    async with stub(info) as address, connect(ConnectionOptions(servers=(address,), credentials_file=creds)):
        pass
    offered = json.loads(next(line for line in stub_heard if line.startswith(b"CONNECT "))[8:])
    assert offered["jwt"] == "a.jwt.token"
    assert offered["sig"]


async def test_tls_with_a_client_certificate(tmp_path: Path) -> None:
    make_certificates(tmp_path)
    config = f'tls {{ cert_file: "{tmp_path}/server.pem", key_file: "{tmp_path}/server.key", ca_file: "{tmp_path}/ca.pem", verify: true }}'
    async with server_with(tmp_path, config) as address:
        own: dict[str, Any] = {"tls_certificate_file": tmp_path / "client.pem", "tls_key_file": tmp_path / "client.key"}
        assert await can_connect(ConnectionOptions(servers=(f"tls://{address}",), tls_ca_file=tmp_path / "ca.pem", **own))
        with pytest.raises(CredentialsError, match="TLS"):
            await can_connect(ConnectionOptions(servers=(f"tls://{address}",), **own))
        with pytest.raises(ConnectError, match=r"127\.0\.0\.1"):
            await can_connect(ConnectionOptions(servers=(address,), tls_ca_file=tmp_path / "ca.pem"))


async def test_what_the_account_forbids_is_said_and_does_not_end_the_connection(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    user = 'user: me, password: me, permissions: { publish: "allowed", subscribe: "_INBOX.>" }'
    config = f"authorization {{ users: [{{ {user} }}] }}"
    async with server_with(tmp_path, config) as address, connect(ConnectionOptions(servers=(f"me:me@{address}",))) as connection:
        with pytest.raises(RequestError, match=r"on forbidden.*permissions violation"):
            await connection.request("forbidden", timeout_seconds=0.2)
        assert connection.generation == 1
    assert "permissions violation" in caplog.text


async def test_a_server_without_jetstream_is_said_to_lack_it(tmp_path: Path) -> None:
    async with server_with(tmp_path, "") as address, connect(ConnectionOptions(servers=(address,))) as connection:
        with pytest.raises(RequestError, match="is JetStream enabled"):
            await ensure_streams(connection)


async def test_a_server_that_takes_only_small_messages_is_refused(tmp_path: Path) -> None:
    config = f"max_payload: 64KB\njetstream {{ store_dir: {json.dumps(str(tmp_path / 'store'))} }}"
    async with server_with(tmp_path, config) as address, connect(ConnectionOptions(servers=(address,))) as connection:
        with pytest.raises(StreamError, match="max_payload"):
            await ensure_streams(connection, StreamOptions(traces_bytes_max=10**6, topology_bytes_max=10**6, correlations_bytes_max=10**6))


async def test_being_turned_away_is_no_noise(caplog: pytest.LogCaptureFixture, nats_server: EmbeddedServer) -> None:
    with caplog.at_level(logging.WARNING), pytest.raises(CredentialsError):
        await can_connect(ConnectionOptions(servers=(nats_server.url,)))
    assert caplog.records == []


SEED: bytes = nkeys.encode_seed(bytes(range(32)), nkeys.PREFIX_BYTE_USER)


def make_certificates(folder: Path) -> None:
    """A CA, a server certificate for 127.0.0.1 and a client certificate."""

    def openssl(*arguments: str) -> None:
        subprocess.run(["openssl", *arguments], check=True, capture_output=True, cwd=folder)

    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=test CA", "-days", "2")
    for name, extension in (("server", "subjectAltName=IP:127.0.0.1"), ("client", "extendedKeyUsage=clientAuth")):
        (folder / f"{name}.ext").write_text(extension)
        openssl("req", *key, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={name}")
        openssl(
            "x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
            "-extfile", f"{name}.ext", "-out", f"{name}.pem",
        )  # fmt: skip

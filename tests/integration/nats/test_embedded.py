"""The embedded server: starts, keeps its data and secrets, ends, and says what is wrong."""

import asyncio
import os
import signal
import stat
import sys
from pathlib import Path

import pytest

from headwater.edges.nats.connection import connect
from headwater.edges.nats.embedded import BINARY_VARIABLE, EmbeddedServer, find_binary, running_server
from headwater.edges.nats.errors import CredentialsError, EmbeddedServerError
from headwater.edges.nats.options import ConnectionOptions
from headwater.edges.nats.streams import ensure_streams

PARENT = """
import asyncio, sys
from pathlib import Path
from headwater.edges.nats.embedded import EmbeddedServer

async def main():
    async with EmbeddedServer(Path(sys.argv[1]), sync_always=False) as server:
        print(server.process_id, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


def is_alive(process_id: int) -> bool:
    """Whether the process runs; one that ended and waits to be collected does not."""
    try:
        return Path(f"/proc/{process_id}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


async def test_it_has_jetstream_and_wants_its_token(tmp_path: Path) -> None:
    async with EmbeddedServer(tmp_path, sync_always=False) as server:
        async with connect(server.options) as connection:
            assert await ensure_streams(connection) == []
        with pytest.raises(CredentialsError):
            async with connect(ConnectionOptions(servers=(server.url,))):
                raise AssertionError


async def test_it_listens_on_the_loopback_alone_and_writes_through_by_default(tmp_path: Path) -> None:
    async with EmbeddedServer(tmp_path) as server:
        config = (tmp_path / "nats-server.conf").read_text()
        assert f'listen: "{server.url.removeprefix("nats://")}"' in config
        assert "sync_interval: always" in config


async def test_its_secrets_are_for_its_owner_only(tmp_path: Path) -> None:
    async with EmbeddedServer(tmp_path / "store", sync_always=False) as server:
        token = server.options.token
        assert token
        for path in (tmp_path / "store").iterdir():
            if path.is_file() and token in path.read_text():
                assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert stat.S_IMODE((tmp_path / "store").stat().st_mode) == 0o700
        assert token not in repr(server.options)


async def test_port_token_and_data_stay_from_start_to_start(tmp_path: Path) -> None:
    async with EmbeddedServer(tmp_path, sync_always=False) as server:
        options = server.options
        async with connect(options) as connection:
            await ensure_streams(connection)
            await connection.request("traces.a.b", b"{}")
    async with EmbeddedServer(tmp_path, sync_always=False) as server, connect(options) as connection:
        answer = await connection.api("STREAM.INFO.TRACES")
        assert answer["state"]["messages"] == 1
        assert server.options == options


async def test_one_folder_serves_one_at_a_time_and_others_can_find_it(tmp_path: Path) -> None:
    assert running_server(tmp_path) is None
    async with EmbeddedServer(tmp_path, sync_always=False) as server:
        assert running_server(tmp_path) == server.options
        with pytest.raises(EmbeddedServerError, match="another Headwater uses"):
            await EmbeddedServer(tmp_path, sync_always=False).start()
        async with connect(server.options):
            pass
    assert running_server(tmp_path) is None


async def test_it_ends_with_its_block(tmp_path: Path) -> None:
    async with EmbeddedServer(tmp_path, sync_always=False) as server:
        process_id = server.process_id
        assert process_id is not None
    assert not is_alive(process_id)
    assert server.process_id is None
    assert "Server Exiting" in server.log_file.read_text()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process of its parent's death")
async def test_it_dies_with_a_parent_that_is_killed(tmp_path: Path) -> None:
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", PARENT, tmp_path, stdout=asyncio.subprocess.PIPE)
    assert parent.stdout is not None
    process_id = int(await parent.stdout.readline())
    assert is_alive(process_id)
    os.kill(parent.pid, signal.SIGKILL)
    await parent.wait()
    async with asyncio.timeout(20):
        while is_alive(process_id):  # noqa: ASYNC110  # what is waited for is in another process
            await asyncio.sleep(0.01)
    async with EmbeddedServer(tmp_path, sync_always=False):
        pass


async def test_it_is_started_again_where_it_ends_by_itself(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with EmbeddedServer(tmp_path, sync_always=False) as server, connect(server.options) as connection:
        for time in (1, 2):
            process_id = server.process_id
            assert process_id is not None
            os.kill(process_id, signal.SIGKILL)
            async with asyncio.timeout(20):
                while connection.generation == time:  # noqa: ASYNC110  # what is waited for is in another process
                    await asyncio.sleep(0.01)
            await connection.connected(20.0)
            assert server.restarts == time
    assert "ended by itself" in caplog.text


async def test_a_port_that_is_taken_is_reported(tmp_path: Path) -> None:
    taken = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    async with taken:
        port = taken.sockets[0].getsockname()[1]
        with pytest.raises(EmbeddedServerError, match=f"port {port} is taken"):
            await EmbeddedServer(tmp_path, port=port).start()


async def test_a_server_that_ends_at_once_shows_its_log(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where a folder should be")
    with pytest.raises(EmbeddedServerError, match=r"(?s)ended at once.*log"):
        await EmbeddedServer(tmp_path).start()


async def test_a_program_that_cannot_be_run_is_reported(tmp_path: Path) -> None:
    broken = tmp_path / "nats-server"
    broken.write_text("no program")
    broken.chmod(0o700)
    with pytest.raises(EmbeddedServerError, match="cannot be started"):
        await EmbeddedServer(tmp_path / "store", binary=broken).start()


async def test_a_folder_that_cannot_be_used_is_reported(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EmbeddedServerError, match="--store"):
        await EmbeddedServer(tmp_path / "file").start()


def test_the_binary_is_the_named_one_or_the_wheels(tmp_path: Path) -> None:
    assert find_binary({}).name == "nats-server"
    own = tmp_path / "my-nats"
    own.write_text("")
    own.chmod(0o700)
    assert find_binary({BINARY_VARIABLE: str(own)}) == own
    with pytest.raises(EmbeddedServerError, match=BINARY_VARIABLE):
        find_binary({BINARY_VARIABLE: str(tmp_path / "absent")})

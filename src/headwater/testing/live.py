"""A real server and a real engine in processes of their own, for benches that measure the whole way of an event."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from headwater.service.settings import Settings
from headwater.service.wiring import Client, embedded_server, open_client

_READY_SECONDS = 30.0
_STOP_SECONDS = 20.0
_POLL_SECONDS = 0.02


class LiveServer(msgspec.Struct, frozen=True):
    """A server with Headwater's streams, and a client of it."""

    url: str
    token: str
    process: int
    client: Client


@asynccontextmanager
async def live_server(folder: Path, *, is_durable: bool = False) -> AsyncIterator[LiveServer]:
    """A nats-server that ends with the block; `is_durable` writes each message through to the disk."""
    async with embedded_server(folder, is_durable=is_durable) as server, open_client(Settings(), server=server.options) as client:
        await client.prepare()
        process = server.process_id
        assert process is not None
        yield LiveServer(server.url, server.options.token or "", process, client)


@asynccontextmanager
async def live_engine(server: LiveServer, log_file: Path, *, domain: str, core: int | None = None) -> AsyncIterator[int]:
    """`headwater run` in a process of its own, pinned to a core where one is given, from when it is ready; the block gets its id."""
    command = [str(Path(sys.executable).with_name("headwater")), "run", "--nats", server.url, "--token", server.token]
    command += ["--domain", domain, "--log-format", "json"]
    with log_file.open("wb") as log:
        process = await asyncio.create_subprocess_exec(*command, stdout=log, stderr=log)
    try:
        if core is not None:
            os.sched_setaffinity(process.pid, {core})
        await _wait_until_ready(process, log_file)
        yield process.pid
    finally:
        if process.returncode is None:
            process.terminate()
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


async def _wait_until_ready(process: asyncio.subprocess.Process, log_file: Path) -> None:
    async with asyncio.timeout(_READY_SECONDS):
        while not _says_ready(log_file):
            if process.returncode is not None:
                raise RuntimeError(f"the engine ended with exit code {process.returncode}; see {log_file}")
            await asyncio.sleep(_POLL_SECONDS)


def _says_ready(log_file: Path) -> bool:
    return any(json.loads(line).get("event") == "ready" for line in log_file.read_bytes().splitlines() if line.startswith(b"{"))

"""Lines of the journal: from `journalctl -f`, which is started again when it ends, or from a file to its end."""

import asyncio
import logging
import shutil
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from headwater.edges.journal.entries import LINE_BYTES_MAX

LOGGER = logging.getLogger("headwater.journal")
_PAUSE_SECONDS = (1.0, 2.0, 5.0, 15.0, 30.0)
_STOP_SECONDS = 2.0
_READ_BYTES = 256 * 1024
_LINES_PER_READ = 1_000


class JournalError(ConnectionError):
    """The journal cannot be read; says why and what to do."""


async def file_lines(name: str) -> AsyncGenerator[list[bytes], None]:
    """The lines of a file, or of standard input for `-`, some at a time. Raises JournalError."""
    try:
        file = sys.stdin.buffer if name == "-" else await asyncio.to_thread(_opened, name)
    except OSError as error:
        raise JournalError(f"{name} cannot be read: {error.strerror}; give a file of `journalctl -o json` lines") from error
    try:
        while lines := await asyncio.to_thread(_some_lines, file):
            yield lines
    finally:
        if name != "-":
            file.close()


def _opened(name: str) -> BinaryIO:
    return Path(name).expanduser().open("rb")


def _some_lines(file: BinaryIO) -> list[bytes]:
    lines: list[bytes] = []
    size = 0
    while len(lines) < _LINES_PER_READ and size < _READ_BYTES:
        # A line without end is taken in pieces, which are no entries and are counted as such.
        line = file.readline(LINE_BYTES_MAX + 2)
        if not line:
            break
        lines.append(line)
        size += len(line)
        if sys.stdin.buffer is file:
            break
    return lines


async def journal_lines(units: Sequence[str], *, program: str = "journalctl", folder: str = "") -> AsyncGenerator[list[bytes], None]:
    """
    What the journal says of these units, from now on, without end.

    Entries in between are read again after journalctl ended, by their cursor's time. Raises JournalError where there is no journalctl.
    """
    path = shutil.which(program)
    if path is None:
        raise JournalError(f"there is no {program} here; give a file of `journalctl -o json` lines with --file, or - for standard input")
    command = [path, "-o", "json", "-f", *(["-D", folder] if folder else [])]
    for unit in units:
        command += ["-u", unit]
    attempt = 0
    since = ["-n", "0"]
    while True:
        process = await asyncio.create_subprocess_exec(
            *command, *since, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE, limit=_READ_BYTES
        )
        try:
            async for lines in _lines_of(process):
                attempt = 0
                yield lines
            problem = await _words(process)
        finally:
            await _end(process)
        # A minute again is harmless: what was told once is told under the same id.
        since = ["--since", "-60s"]
        pause = _PAUSE_SECONDS[min(attempt, len(_PAUSE_SECONDS) - 1)]
        attempt += 1
        LOGGER.warning("journalctl ended and is started again in %g s: %s", pause, problem)
        await asyncio.sleep(pause)


async def _lines_of(process: asyncio.subprocess.Process) -> AsyncGenerator[list[bytes], None]:
    assert process.stdout is not None
    rest = b""
    while data := await process.stdout.read(_READ_BYTES):
        *lines, rest = (rest + data).split(b"\n")
        if len(rest) > LINE_BYTES_MAX:
            lines, rest = [*lines, rest], b""
        if lines:
            yield lines


async def _words(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    with suppress(TimeoutError):
        async with asyncio.timeout(_STOP_SECONDS):
            text = (await process.stderr.read(2_000)).decode("utf-8", "replace").strip()
            return f"exit code {await process.wait()}{': ' + text if text else ''}"
    return "it closed its output"


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                await process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()

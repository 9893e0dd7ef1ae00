"""The network between a collector and the API server, which can be cut."""

import asyncio
from types import TracebackType


class Relay:
    """Passes bytes on; use it in an `async with`. TLS goes through it untouched."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._connections: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self._is_cut = False

    async def __aenter__(self) -> "Relay":
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        assert self._server is not None
        self._server.close()
        self.drop()
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        """What to connect to instead of the server."""
        assert self._server is not None
        return f"https://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def drop(self) -> None:
        """Break every connection; new ones are let through."""
        for writer in list(self._connections):
            writer.transport.abort()

    def cut(self) -> None:
        """Break every connection, and let no other through."""
        self._is_cut = True
        self.drop()

    def mend(self) -> None:
        """Let connections through again."""
        self._is_cut = False

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut:
            writer.transport.abort()
            return
        try:
            there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.transport.abort()
            return
        pair = {writer, there_writer}
        self._connections |= pair
        await asyncio.gather(_pass_on(reader, there_writer), _pass_on(there_reader, writer))
        self._connections -= pair


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(1 << 16):
            writer.write(data)
            await writer.drain()
    except (ConnectionError, OSError):
        pass
    writer.transport.abort()

"""A real nats-server of its own for each test that asks for one; it ends with the test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from headwater.edges.nats.connection import Connection, connect
from headwater.edges.nats.embedded import EmbeddedServer
from headwater.edges.nats.streams import ensure_streams


@pytest.fixture
async def nats_server(tmp_path: Path) -> AsyncIterator[EmbeddedServer]:
    async with EmbeddedServer(tmp_path / "nats", sync_always=False) as server:
        yield server


@pytest.fixture
async def nats_connection(nats_server: EmbeddedServer) -> AsyncIterator[Connection]:
    """A connection to a server that has the three streams."""
    async with connect(nats_server.options) as connection:
        await ensure_streams(connection)
        yield connection

"""The streams: made where missing, respected where present, refused where they would lose messages."""

import pytest

from headwater.edges.nats.connection import Connection, connect
from headwater.edges.nats.embedded import EmbeddedServer
from headwater.edges.nats.errors import StreamError
from headwater.edges.nats.streams import CORRELATIONS, TOPOLOGY, TRACES, StreamOptions, ensure_streams, stream_info


async def test_missing_streams_are_made_as_we_need_them(nats_connection: Connection) -> None:
    traces = (await stream_info(nats_connection, TRACES)).config
    assert (traces["storage"], traces["max_age"], traces["duplicate_window"]) == ("file", 24 * 3_600 * 10**9, 120 * 10**9)
    topology = (await stream_info(nats_connection, TOPOLOGY)).config
    assert topology["max_msgs_per_subject"] == 256
    correlations = (await stream_info(nats_connection, CORRELATIONS)).config
    assert correlations["allow_atomic"]
    assert correlations["max_age"] == 30 * 24 * 3_600 * 10**9
    assert await ensure_streams(nats_connection) == []


async def test_an_existing_stream_is_respected(nats_server: EmbeddedServer) -> None:
    async with connect(nats_server.options) as connection:
        own = {
            "name": TRACES,
            "subjects": ["traces.>", "other.>"],
            "storage": "memory",
            "max_age": 3_600 * 10**9,
            "duplicate_window": 120 * 10**9,
        }
        await connection.api(f"STREAM.CREATE.{TRACES}", own)
        notes = await ensure_streams(connection)
        assert any("max_age" in note for note in notes)
        config = (await stream_info(connection, TRACES)).config
        assert (config["storage"], config["max_age"], config["subjects"]) == ("memory", 3_600 * 10**9, ["traces.>", "other.>"])


async def test_every_difference_that_breaks_us_is_reported_at_once(nats_server: EmbeddedServer) -> None:
    async with connect(nats_server.options) as connection:
        await connection.api(f"STREAM.CREATE.{TRACES}", {"name": TRACES, "subjects": ["traces.>"], "retention": "workqueue"})
        await connection.api(f"STREAM.CREATE.{CORRELATIONS}", {"name": CORRELATIONS, "subjects": ["correlations.>"]})
        with pytest.raises(StreamError) as caught:
            await ensure_streams(connection)
    text = str(caught.value)
    assert "TRACES: retention" in text
    assert "CORRELATIONS: allow_atomic" in text
    assert "nats stream edit" in text


async def test_a_stream_that_holds_our_subjects_is_named(nats_server: EmbeddedServer) -> None:
    async with connect(nats_server.options) as connection:
        await connection.api("STREAM.CREATE.OTHERS", {"name": "OTHERS", "subjects": ["traces.>"]})
        with pytest.raises(StreamError, match=r"OTHERS already takes traces\.>"):
            await ensure_streams(connection)


async def test_a_limit_beyond_the_servers_storage_is_explained(nats_server: EmbeddedServer) -> None:
    async with connect(nats_server.options) as connection:
        with pytest.raises(StreamError, match="max_file_store"):
            await ensure_streams(connection, StreamOptions(traces_bytes_max=2**50))

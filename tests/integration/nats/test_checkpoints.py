"""Checkpoints: saved and loaded whole, by one writer at a time, and never piling up."""

import random

import pytest

from headwater.edges.nats.checkpoints import CheckpointStore
from headwater.edges.nats.connection import Connection
from headwater.edges.nats.embedded import EmbeddedServer
from headwater.edges.nats.errors import CheckpointDamagedError, CheckpointFencedError
from headwater.edges.nats.streams import CORRELATIONS, stream_info
from headwater.edges.nats.subjects import checkpoint_manifest_subject, checkpoint_parts_subjects
from headwater.model.checkpoints import Checkpoint

# Random bytes do not compress, so this state needs four parts.
LARGE_STATE = random.Random(1).randbytes(3_000_000)


async def test_a_saved_checkpoint_is_loaded_by_another_instance(nats_connection: Connection) -> None:
    store = CheckpointStore(nats_connection, "shop")
    assert await store.load() is None
    await store.save(Checkpoint(500, 20, LARGE_STATE))
    assert await CheckpointStore(nats_connection, "shop").load() == Checkpoint(500, 20, LARGE_STATE)
    assert await CheckpointStore(nats_connection, "other").load() is None


async def test_an_empty_state_is_a_state(nats_connection: Connection) -> None:
    store = CheckpointStore(nats_connection, "shop")
    await store.load()
    await store.save(Checkpoint(1, 0, b""))
    assert await store.load() == Checkpoint(1, 0, b"")


async def test_only_the_last_checkpoint_is_kept(nats_connection: Connection) -> None:
    store = CheckpointStore(nats_connection, "shop")
    await store.load()
    for position in range(5):
        await store.save(Checkpoint(position, 0, LARGE_STATE))
    assert (await stream_info(nats_connection, CORRELATIONS)).messages == 5  # four parts and a manifest
    assert await store.load() == Checkpoint(4, 0, LARGE_STATE)


async def test_an_instance_that_was_overtaken_stores_nothing(nats_connection: Connection) -> None:
    old, new = CheckpointStore(nats_connection, "shop"), CheckpointStore(nats_connection, "shop")
    await old.load()
    await old.save(Checkpoint(1, 0, b"one"))
    await new.load()
    await new.save(Checkpoint(2, 0, b"two"))
    with pytest.raises(CheckpointFencedError, match="another instance"):
        await old.save(Checkpoint(3, 0, b"three"))
    assert await new.load() == Checkpoint(2, 0, b"two")


async def test_saving_without_having_loaded_is_a_bug(nats_connection: Connection) -> None:
    with pytest.raises(RuntimeError, match="load"):
        await CheckpointStore(nats_connection, "shop").save(Checkpoint(1, 0, b""))


async def test_a_checkpoint_whose_parts_are_gone_is_reported_and_can_be_replaced(nats_connection: Connection) -> None:
    store = CheckpointStore(nats_connection, "shop")
    await store.load()
    await store.save(Checkpoint(1, 0, b"one"))
    await nats_connection.api(f"STREAM.PURGE.{CORRELATIONS}", {"filter": checkpoint_parts_subjects("shop")})
    with pytest.raises(CheckpointDamagedError, match="missing"):
        await store.load()
    await store.save(Checkpoint(2, 0, b"two"))
    assert await store.load() == Checkpoint(2, 0, b"two")


async def test_a_manifest_that_is_none_is_reported(nats_connection: Connection) -> None:
    await nats_connection.request(checkpoint_manifest_subject("shop"), b"not a manifest")
    with pytest.raises(CheckpointDamagedError, match="cannot be read"):
        await CheckpointStore(nats_connection, "shop").load()


async def test_a_checkpoint_is_saved_once_the_server_is_back(nats_server: EmbeddedServer, nats_connection: Connection) -> None:
    store = CheckpointStore(nats_connection, "shop")
    await store.load()
    await store.save(Checkpoint(1, 0, b"one"))
    await nats_server.kill()
    await nats_server.start()
    await store.save(Checkpoint(2, 0, b"two"))
    assert await store.load() == Checkpoint(2, 0, b"two")

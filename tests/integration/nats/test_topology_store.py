"""The stream of topology: changes only, in order, and forgotten when long deleted."""

from headwater.edges.nats.connection import Connection
from headwater.edges.nats.publishing import PublishWindow
from headwater.edges.nats.streams import TOPOLOGY, stream_info
from headwater.edges.nats.topology_store import TopologyFeed, TopologyStore, TopologyWritten, forget_deleted
from headwater.model.inputs import TopologyObserved
from headwater.model.objects import ObjectVersion, decode_object_version

POD = ObjectVersion("Pod", "mysql-0", "shop", valid_from=10, object={"spec": {"nodeName": "node-1"}})
NODE = ObjectVersion("Node", "node-1.example.org")
FAR_FUTURE = 2**62


def moved(version: ObjectVersion, node: str, valid_from: int = 20) -> ObjectVersion:
    return ObjectVersion(version.kind, version.name, version.namespace, valid_from=valid_from, object={"spec": {"nodeName": node}})


async def read_everything(feed: TopologyFeed) -> list[TopologyObserved]:
    items: list[TopologyObserved] = []
    while not feed.caught_up:
        items += await feed.read(100, 1.0)
    return items


async def test_versions_come_back_in_order_and_then_the_new_ones(nats_connection: Connection) -> None:
    async with PublishWindow(nats_connection) as window:
        store = TopologyStore(nats_connection, window)
        await store.publish([NODE, POD, moved(POD, "node-2")])
        feed = TopologyFeed(nats_connection)
        observed = await read_everything(feed)
        assert [decode_object_version(item.data) for item in observed] == [NODE, POD, moved(POD, "node-2")]
        assert feed.position == 3
        await store.publish([moved(POD, "node-3")])
        (new,) = await feed.read(10, 5.0)
        assert new.sequence == 4
        await feed.close()


async def test_an_empty_stream_is_caught_up(nats_connection: Connection) -> None:
    feed = TopologyFeed(nats_connection)
    assert await feed.read(10, 0.05) == []
    assert feed.caught_up
    await feed.close()


async def test_what_did_not_change_is_not_stored_again(nats_connection: Connection) -> None:
    async with PublishWindow(nats_connection) as window:
        assert await TopologyStore(nats_connection, window).publish([NODE, POD]) == TopologyWritten(2, 0)
        again = TopologyStore(nats_connection, window)
        later = ObjectVersion(POD.kind, POD.name, POD.namespace, valid_from=99, resource_version="7", object=POD.object)
        assert await again.publish([NODE, later]) == TopologyWritten(0, 2)
        assert await again.publish([moved(POD, "node-2"), POD, moved(POD, "node-2")]) == TopologyWritten(3, 0)
    assert (await stream_info(nats_connection, TOPOLOGY)).messages == 5


async def test_objects_deleted_long_ago_are_forgotten_with_their_history(nats_connection: Connection) -> None:
    gone = ObjectVersion(POD.kind, POD.name, POD.namespace, valid_from=30, deleted=True)
    async with PublishWindow(nats_connection) as window:
        await TopologyStore(nats_connection, window).publish([NODE, POD, gone])
    assert await forget_deleted(nats_connection, before=1) == 0
    assert await forget_deleted(nats_connection, before=FAR_FUTURE) == 1
    feed = TopologyFeed(nats_connection)
    assert [decode_object_version(item.data) for item in await read_everything(feed)] == [NODE]
    await feed.close()

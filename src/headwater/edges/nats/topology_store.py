"""The stream TOPOLOGY: versions of objects, written only when something changed, and read from the first one kept."""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from headwater.edges.nats.client import LOGGER
from headwater.edges.nats.connection import Connection
from headwater.edges.nats.publishing import OutgoingMessage, PublishWindow
from headwater.edges.nats.reader import StreamReader, read_to_end
from headwater.edges.nats.streams import TOPOLOGY
from headwater.edges.nats.subjects import TOPOLOGY as ALL_OBJECTS
from headwater.edges.nats.subjects import cluster_subjects, topology_subject
from headwater.model.identity import body_digest, digest
from headwater.model.inputs import TopologyObserved
from headwater.model.objects import ObjectVersion, decode_object_version, encode_object_version


class TopologyWritten(NamedTuple):
    """What became of versions that were to be stored."""

    stored: int
    unchanged: int


class TopologyStore:
    """Writes versions of objects. Remembers a digest of the last one of each object in the clusters it was asked to write to."""

    def __init__(self, connection: Connection, window: PublishWindow) -> None:
        self._connection = connection
        self._window = window
        self._last: dict[str, str] = {}  # by subject
        self._clusters: set[str] = set()
        self._number = 0

    async def publish(self, versions: Iterable[ObjectVersion]) -> TopologyWritten:
        """
        Store the versions that differ from the last stored one of their object; return when they are stored.

        A version that differs in its beginning or resource version alone is equal: nothing about the object changed.
        """
        stored = unchanged = 0
        for version in versions:
            if version.cluster not in self._clusters:
                await self._learn(version.cluster)
            subject = topology_subject(version.entity)
            content = _content_digest(version)
            if self._last.get(subject) == content:
                unchanged += 1
                continue
            data = encode_object_version(version)
            # The same content may come back within the dedupe window and must be stored again: only a resend may be a duplicate.
            self._number += 1
            message_id = f"{digest(subject, size=8)}.{body_digest(data)}.{version.valid_from}.{self._last.get(subject, '')}.{self._number}"
            await self._window.send(OutgoingMessage(subject, data, message_id, {"content-type": "application/json"}))
            self._last[subject] = content
            stored += 1
        await self._window.flush()
        return TopologyWritten(stored, unchanged)

    async def _learn(self, cluster: str) -> None:
        reader = StreamReader(self._connection, TOPOLOGY, filter_subject=cluster_subjects(cluster), last_per_subject=True)
        async for message in read_to_end(reader):
            try:
                self._last[message.subject] = _content_digest(decode_object_version(message.data))
            except msgspec.MsgspecError:
                LOGGER.info("the last version on %s is no object version; it will be replaced", message.subject)
        self._clusters.add(cluster)


class TopologyFeed:
    """Reads every version that is kept, then follows."""

    def __init__(self, connection: Connection, *, after: int = 0, messages_max: int = 4_096) -> None:
        self._reader = StreamReader(connection, TOPOLOGY, after=after, messages_max=messages_max)
        self._is_caught_up = False

    @property
    def caught_up(self) -> bool:
        """Whether every version that was stored at opening has been read; once true it stays so."""
        self._is_caught_up = self._is_caught_up or self._reader.caught_up
        return self._is_caught_up

    @property
    def position(self) -> int:
        """The last sequence read."""
        return self._reader.position

    async def read(self, limit: int, wait_seconds: float) -> list[TopologyObserved]:
        """At least one as soon as there is one, at most `limit`, none after the wait."""
        messages = await self._reader.read(limit, wait_seconds)
        return [TopologyObserved(message.data, message.received_at, message.sequence) for message in messages]

    async def close(self) -> None:
        """Stop reading."""
        await self._reader.close()


async def latest_versions(connection: Connection, cluster: str) -> list[ObjectVersion]:
    """The last version of each object of a cluster, tombstones too; what cannot be read is left out."""
    reader = StreamReader(connection, TOPOLOGY, filter_subject=cluster_subjects(cluster), last_per_subject=True)
    versions: list[ObjectVersion] = []
    async for message in read_to_end(reader):
        try:
            versions.append(decode_object_version(message.data))
        except msgspec.MsgspecError:
            LOGGER.info("the last version on %s is no object version; it is left out", message.subject)
    return versions


async def forget_deleted(connection: Connection, *, before: int) -> int:
    """
    Purge the objects whose last version is a tombstone stored before that instant. Returns how many.

    A tombstone with a time to live would not do: once it had gone, the version before it would be the last, and the object back.
    """
    reader = StreamReader(connection, TOPOLOGY, filter_subject=ALL_OBJECTS, last_per_subject=True)
    forgotten = 0
    async for message in read_to_end(reader):
        if message.received_at < before and _is_tombstone(message.data):
            # Up to and with the tombstone: an object that was made again meanwhile stays.
            await connection.api(f"STREAM.PURGE.{TOPOLOGY}", {"filter": message.subject, "seq": message.sequence + 1})
            forgotten += 1
    return forgotten


def _content_digest(version: ObjectVersion) -> str:
    return body_digest(encode_object_version(msgspec.structs.replace(version, valid_from=0, resource_version="")))


def _is_tombstone(data: bytes) -> bool:
    try:
        return decode_object_version(data).deleted
    except msgspec.MsgspecError:
        return False

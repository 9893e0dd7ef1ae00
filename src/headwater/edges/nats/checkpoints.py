"""
Checkpoints in CORRELATIONS: the state in parts and a manifest, stored as one atomic batch that only the last writer can follow up.

The fence is the manifest subject's last sequence: an instance that did not write, or read, the last checkpoint stores nothing. Parts of
older checkpoints are purged after each save, so that the stream does not fill with them.
"""

import asyncio
import zlib

import msgspec

from headwater.edges.nats.atomic import BATCH_MESSAGES_MAX, EXPECTED_LAST_SEQUENCE, BatchMessage, publish_atomically
from headwater.edges.nats.client import LOGGER
from headwater.edges.nats.connection import Connection
from headwater.edges.nats.errors import (
    CheckpointDamagedError,
    CheckpointFencedError,
    NatsEdgeError,
    NotConnectedError,
    PublisherUnavailableError,
    PublishRefusedError,
    RequestError,
)
from headwater.edges.nats.streams import CORRELATIONS
from headwater.edges.nats.subjects import checkpoint_manifest_subject, checkpoint_part_subject, checkpoint_parts_subjects
from headwater.model.checkpoints import Checkpoint
from headwater.model.identity import sha256_hex

PART_BYTES_MAX = 900 * 1024
STATE_BYTES_MAX = 1024**3
"""What a manifest may make us unpack."""
_FORMAT = 1
_COMPRESSION_LEVEL = 1  # three times smaller at a tenth of the time of the default
_RETRY_SECONDS = 0.2
_NO_MESSAGE = 10037


class Manifest(msgspec.Struct, frozen=True):
    """What a checkpoint consists of."""

    generation: str  # names the parts
    position: int
    topology_position: int
    parts: int
    size: int  # of the state, unpacked
    sha256: str  # of all parts together, packed
    format: int = _FORMAT


class CheckpointStore:
    """The checkpoints of one correlation domain. `load` comes before `save`: what was read last is what may be followed up."""

    def __init__(self, connection: Connection, domain: str, *, patience_seconds: float = 30.0) -> None:
        self._connection = connection
        self._domain = domain
        self._manifest_subject = checkpoint_manifest_subject(domain)
        self._patience_seconds = patience_seconds
        self._fence: int | None = None

    async def load(self) -> Checkpoint | None:
        """
        The last one saved, None where there is none.

        Raises CheckpointDamagedError where it cannot be put together; a later `save` may replace it all the same.
        """
        self._fence, manifest = await self._stored()
        if manifest is None:
            if self._fence:
                raise CheckpointDamagedError(f"the manifest of checkpoint domain {self._domain!r} cannot be read: start over without it")
            return None
        if manifest.format != _FORMAT:
            raise CheckpointDamagedError(f"the checkpoint of {self._domain!r} has format {manifest.format}, this version reads {_FORMAT}")
        parts = [await self._part(manifest, index) for index in range(manifest.parts)]
        packed = b"".join(parts)
        if await asyncio.to_thread(sha256_hex, packed) != manifest.sha256:
            raise CheckpointDamagedError(
                f"the checkpoint of {self._domain!r} at {manifest.position} is not what its manifest says: start over"
            )
        state = await asyncio.to_thread(_unpack, packed, manifest.size)
        return Checkpoint(manifest.position, manifest.topology_position, state)

    async def save(self, checkpoint: Checkpoint) -> None:
        """
        Return when it is stored.

        Raises CheckpointFencedError where another instance saved one since ours was loaded or saved, PublisherUnavailableError where the
        server is away for too long.
        """
        if self._fence is None:
            raise RuntimeError("load the last checkpoint before saving the next: that is the fence")
        expected = self._fence
        packed = await asyncio.to_thread(zlib.compress, checkpoint.state, _COMPRESSION_LEVEL)
        messages, manifest = self._messages(checkpoint, packed, expected)
        self._fence = await self._store(messages, manifest, expected)
        await self._forget_before(expected, self._fence)

    def _messages(self, checkpoint: Checkpoint, packed: bytes, expected: int) -> tuple[list[BatchMessage], Manifest]:
        parts = [packed[start : start + PART_BYTES_MAX] for start in range(0, len(packed), PART_BYTES_MAX)]
        if len(checkpoint.state) > STATE_BYTES_MAX or len(parts) >= BATCH_MESSAGES_MAX:
            raise PublishRefusedError(
                f"a state of {len(checkpoint.state)} bytes is too large for one atomic batch: lower the engine's limits"
            )
        digest = sha256_hex(packed)
        manifest = Manifest(
            generation=f"{expected}-{digest[:12]}",
            position=checkpoint.position,
            topology_position=checkpoint.topology_position,
            parts=len(parts),
            size=len(checkpoint.state),
            sha256=digest,
        )
        messages = [
            BatchMessage(checkpoint_part_subject(self._domain, manifest.generation, index), part) for index, part in enumerate(parts)
        ]
        fence = {EXPECTED_LAST_SEQUENCE: str(expected)}
        return [*messages, BatchMessage(self._manifest_subject, msgspec.json.encode(manifest), fence)], manifest

    async def _store(self, messages: list[BatchMessage], manifest: Manifest, expected: int) -> int:
        """Store the batch, once, whatever the network does. Returns the manifest's sequence."""
        loop = asyncio.get_running_loop()
        give_up_at = loop.time() + self._patience_seconds
        while True:
            try:
                await self._connection.connected(max(0.01, give_up_at - loop.time()))
                return (await publish_atomically(self._connection, messages)).seq
            except (NotConnectedError, RequestError) as error:
                trouble = error
            stored_at = await self._stored_anyway(manifest, expected)
            if stored_at:
                return stored_at
            if loop.time() >= give_up_at:
                raise PublisherUnavailableError(f"no checkpoint could be stored for {self._patience_seconds:g} s: {trouble}") from trouble
            await asyncio.sleep(_RETRY_SECONDS)

    async def _stored_anyway(self, manifest: Manifest, expected: int) -> int:
        """The sequence of our manifest if it is stored although we were not told, else 0. Raises CheckpointFencedError."""
        try:
            sequence, stored = await self._stored()
        except (NotConnectedError, RequestError):
            return 0
        if stored is not None and stored.generation == manifest.generation:
            return sequence
        if sequence != expected:
            raise CheckpointFencedError(
                f"another instance saved a checkpoint of {self._domain!r} (sequence {sequence}, we had {expected}): this one must stop, "
                "and read the new one if it is to take over"
            )
        return 0

    async def _stored(self) -> tuple[int, Manifest | None]:
        """The sequence and content of the last manifest; (0, None) where there is none."""
        try:
            answer = await self._connection.api(f"STREAM.MSG.GET.{CORRELATIONS}", {"last_by_subj": self._manifest_subject})
        except RequestError as error:
            if error.code == _NO_MESSAGE:
                return 0, None
            raise
        message = msgspec.convert(answer["message"], _StoredMessage, strict=False)
        try:
            return message.seq, msgspec.json.decode(message.data, type=Manifest)
        except msgspec.MsgspecError:
            return message.seq, None

    async def _part(self, manifest: Manifest, index: int) -> bytes:
        subject = checkpoint_part_subject(self._domain, manifest.generation, index)
        reply = await self._connection.request(f"$JS.API.DIRECT.GET.{CORRELATIONS}", msgspec.json.encode({"last_by_subj": subject}))
        if "Status" in reply.headers:
            raise CheckpointDamagedError(
                f"part {index} of the checkpoint of {self._domain!r} at {manifest.position} is missing: start over"
            )
        return reply.data

    async def _forget_before(self, previous: int, current: int) -> None:
        """Purge what belongs to the checkpoint before; all parts of the new one were stored after the old manifest."""
        try:
            if previous:
                await self._purge(checkpoint_parts_subjects(self._domain), previous + 1)
                await self._purge(self._manifest_subject, current)
        except NatsEdgeError as error:
            LOGGER.info("an old checkpoint stays until the next is saved: %s", error)

    async def _purge(self, subject: str, below: int) -> None:
        await self._connection.api(f"STREAM.PURGE.{CORRELATIONS}", {"filter": subject, "seq": below})


class _StoredMessage(msgspec.Struct):
    seq: int
    data: bytes = b""  # base64 on the wire


def _unpack(packed: bytes, size: int) -> bytes:
    if size > STATE_BYTES_MAX:
        raise CheckpointDamagedError(f"a checkpoint says it holds {size} bytes, at most {STATE_BYTES_MAX} are read")
    unpacker = zlib.decompressobj()
    try:
        state = unpacker.decompress(packed, size + 1)
    except zlib.error as error:
        raise CheckpointDamagedError(f"a checkpoint cannot be unpacked: {error}") from error
    if len(state) != size:
        raise CheckpointDamagedError(f"a checkpoint holds {len(state)} bytes where its manifest says {size}")
    return state

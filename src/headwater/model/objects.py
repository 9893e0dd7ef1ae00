"""Versions of Kubernetes objects: what the stream TOPOLOGY holds and the entity graph is built from."""

from typing import Any

import msgspec

from headwater.model.entities import DEFAULT_CLUSTER, Entity


class ObjectVersion(msgspec.Struct, frozen=True, omit_defaults=True):
    """
    One object as it was from `valid_from` until its next version.

    `valid_from` is in nanoseconds, 0 where nobody knows a beginning (such an object is valid always). `object` is the pruned
    Kubernetes object (no managedFields, no annotations, no data of Secrets), empty in a tombstone.
    """

    kind: str
    name: str
    namespace: str = ""
    cluster: str = DEFAULT_CLUSTER
    uid: str = ""
    resource_version: str = ""
    valid_from: int = 0
    deleted: bool = False
    object: dict[str, Any] = {}

    @property
    def entity(self) -> Entity:
        """What this is a version of."""
        return Entity(self.cluster, self.kind, self.namespace, self.name)


_DECODER = msgspec.json.Decoder(ObjectVersion)
_ENCODER = msgspec.json.Encoder(order="deterministic")


def decode_object_version(data: bytes) -> ObjectVersion:
    """The version in these bytes. Raises msgspec.MsgspecError where they are none."""
    return _DECODER.decode(data)


def encode_object_version(version: ObjectVersion) -> bytes:
    """The version as JSON: equal versions give equal bytes."""
    return _ENCODER.encode(version)

"""
A version of an object as histories keep it: ordered, hashed, and its content packed, as there are many and few are ever read.

One version of an object differs from another in little, so that what they have in common is kept once.
"""

from hashlib import blake2b
from typing import NamedTuple
from zlib import compressobj, decompressobj

import msgspec

from headwater.model.objects import ObjectVersion, decode_object_version, encode_object_version
from headwater.model.times import InvalidTimeError, parse_time
from headwater.topology.intervals import BEGINNING, FOREVER
from headwater.topology.limits import VERSION_LATENESS_MAX
from headwater.topology.reading import text

_PACKED_FROM = 256
"""Shorter contents are kept as they are: packing would not pay."""


class Record(NamedTuple):
    """A version as kept; its fields are in the order in which versions follow each other."""

    valid_from: int
    number: int  # the resource version, where it is a number
    resource_version: str
    holds_from: int  # when it came, where that was too late to hold since `valid_from`
    content_hash: int  # of all but the instants
    is_tombstone: bool
    uid: str
    created_at: int
    packed: bytes
    told_at: int  # when it came, where that is known to have been after it began to hold
    base: bytes = b""  # the content of another version, on which this one's is packed; empty where it is not

    @property
    def content(self) -> bytes:
        """The version as JSON."""
        return decompressobj(zdict=self.base).decompress(self.packed) if self.base else self.packed

    def packed_on(self, base: bytes) -> "Record":
        """The same version, its content as the difference from another content."""
        if self.base or len(self.packed) < _PACKED_FROM:
            return self
        packing = compressobj(1, zdict=base)
        return self._replace(packed=packing.compress(self.packed) + packing.flush(), base=base)

    @property
    def version(self) -> ObjectVersion:
        """The version as it was observed."""
        return msgspec.structs.replace(decode_object_version(self.content), valid_from=self.valid_from)

    @property
    def is_late(self) -> bool:
        """Whether it came too late to hold since `valid_from`."""
        return self.holds_from > self.valid_from

    def is_same(self, other: "Record") -> bool:
        """
        Whether the two are one version, seen twice.

        Kubernetes changes the resource version with the content, so that the same one seen later is the same; without resource
        versions the same content may have come back.
        """
        return self.content_hash == other.content_hash and (bool(self.resource_version) or self.valid_from == other.valid_from)

    def joined(self, other: "Record") -> "Record":
        """One version, seen twice, as it was first seen and first known."""
        return self._replace(
            valid_from=min(self.valid_from, other.valid_from),
            holds_from=min(self.holds_from, other.holds_from),
            told_at=min(self.told_at, other.told_at),
        )


def record_of(version: ObjectVersion, *, received_at: int | None = None) -> Record:
    """
    The version as a history keeps it.

    A version without a beginning is never late. Neither is one of which nobody knows when it came.
    """
    content = encode_object_version(msgspec.structs.replace(version, valid_from=0) if version.valid_from else version)
    created = text(version.object, "metadata", "creationTimestamp")
    try:
        created_at = parse_time(created) if created else BEGINNING
    except InvalidTimeError:
        created_at = BEGINNING
    # What a stream holds nobody has checked; an instant must fit where snapshots keep it.
    valid_from = min(max(version.valid_from, BEGINNING), FOREVER - 1)
    told_at = valid_from
    if received_at is not None and received_at - valid_from > VERSION_LATENESS_MAX:
        told_at = min(received_at, FOREVER - 1)
    return Record(
        valid_from=valid_from,
        number=int(version.resource_version) if version.resource_version.isdecimal() and len(version.resource_version) < 20 else -1,
        resource_version=version.resource_version,
        holds_from=told_at if valid_from > BEGINNING else valid_from,
        content_hash=int.from_bytes(blake2b(content, digest_size=8).digest(), "big"),
        is_tombstone=version.deleted,
        uid=version.uid,
        created_at=created_at,
        packed=content,
        told_at=told_at,
    )

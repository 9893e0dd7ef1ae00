"""A version of an object as histories keep it: ordered, hashed, and its content as bytes."""

from hashlib import blake2b
from typing import NamedTuple

import msgspec

from headwater.model.objects import ObjectVersion, decode_object_version, encode_object_version
from headwater.model.times import InvalidTimeError, parse_time
from headwater.topology.intervals import BEGINNING, FOREVER
from headwater.topology.reading import text


class Record(NamedTuple):
    """A version as kept; its fields are in the order in which versions follow each other."""

    valid_from: int
    number: int  # the resource version, where it is a number
    resource_version: str
    content_hash: int  # of all but valid_from
    is_tombstone: bool
    uid: str
    created_at: int
    content: bytes

    @property
    def version(self) -> ObjectVersion:
        """The version as it was observed."""
        return msgspec.structs.replace(decode_object_version(self.content), valid_from=self.valid_from)


def record_of(version: ObjectVersion) -> Record:
    """The version as a history keeps it."""
    content = encode_object_version(msgspec.structs.replace(version, valid_from=0) if version.valid_from else version)
    created = text(version.object, "metadata", "creationTimestamp")
    try:
        created_at = parse_time(created) if created else BEGINNING
    except InvalidTimeError:
        created_at = BEGINNING
    return Record(
        # What a stream holds nobody has checked; an instant must fit where snapshots keep it.
        valid_from=min(max(version.valid_from, BEGINNING), FOREVER - 1),
        number=int(version.resource_version) if version.resource_version.isdecimal() and len(version.resource_version) < 20 else -1,
        resource_version=version.resource_version,
        content_hash=int.from_bytes(blake2b(content, digest_size=8).digest(), "big"),
        is_tombstone=version.deleted,
        uid=version.uid,
        created_at=created_at,
        content=content,
    )

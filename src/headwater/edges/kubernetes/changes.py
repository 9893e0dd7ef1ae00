"""What a reflector tells: an object as it is now, as it was before, and when it became so."""

import msgspec

from headwater.edges.kubernetes.arrival import Arrived
from headwater.edges.kubernetes.content import conditions, instant, text

ADDED, MODIFIED, DELETED = "ADDED", "MODIFIED", "DELETED"
_BEHIND_MAX = 30_000_000_000
"""Managed fields that say an older time than this were not touched by the change."""


class ObjectChanged(msgspec.Struct, frozen=True, gc=False):
    """One change of one object."""

    kind: str
    action: str
    now: Arrived
    before: Arrived | None
    occurred_at: int
    seen_at: int
    is_listed: bool = False  # found by a list: what happened between is not known

    @property
    def name(self) -> str:
        """The object's name."""
        return text(self.now.object, "metadata", "name")

    @property
    def namespace(self) -> str:
        """Its namespace, empty where it has none."""
        return text(self.now.object, "metadata", "namespace")


def changed_at(kind: str, now: Arrived, before: Arrived | None, *, seen_at: int, is_listed: bool) -> int:
    """When an object became what it is: as it says itself, else as its managed fields say, else when it was seen."""
    if before is None:
        since = known_since(kind, now)
        return min(since, seen_at) if since else seen_at
    newest = now.changed_at
    is_touched = newest > before.changed_at or (newest == before.changed_at and newest >= seen_at - _BEHIND_MAX)
    if newest and (is_touched or is_listed) and (is_listed or seen_at - _BEHIND_MAX <= newest):
        return min(newest, seen_at)
    return seen_at


def known_since(kind: str, now: Arrived) -> int:
    """Since when an object that is seen for the first time has had its present shape, as far as it tells; 0 where it does not."""
    created = instant(now.object, "metadata", "creationTimestamp")
    if kind != "Pod":
        return created
    # It has its address since its node took it on, and its node since it was scheduled.
    started = instant(now.object, "status", "startTime")
    scheduled = instant(conditions(now.object).get("PodScheduled"), "lastTransitionTime")
    return max(created, started or scheduled)


def deleted_at(last: Arrived, *, seen_at: int, is_listed: bool) -> int:
    """When an object went: now, or, where nobody looked, when it was to go."""
    wanted = instant(last.object, "metadata", "deletionTimestamp")
    return wanted if is_listed and 0 < wanted < seen_at else seen_at

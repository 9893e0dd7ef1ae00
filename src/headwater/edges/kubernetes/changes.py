"""What a reflector tells: an object as it is now, as it was before, and when it became so."""

import msgspec

from headwater.edges.kubernetes.arrival import Arrived
from headwater.edges.kubernetes.content import conditions, instant, text
from headwater.model.times import seconds

ADDED, MODIFIED, DELETED = "ADDED", "MODIFIED", "DELETED"
_BEHIND_MAX = seconds(30)
"""Managed fields that say an older time than this were not touched by a change that is seen as it happens."""
_SAME_SECOND_MAX = seconds(3)
"""Managed fields count whole seconds, so that two changes of one second have the same time."""


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
    newest = min(now.changed_at, seen_at)
    # A field that is removed leaves no time behind; then the newest time is that of an earlier change.
    is_of_this_change = newest > before.changed_at or seen_at - newest <= _SAME_SECOND_MAX
    is_recent = is_listed or seen_at - newest <= _BEHIND_MAX
    return newest if newest and is_of_this_change and is_recent else seen_at


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

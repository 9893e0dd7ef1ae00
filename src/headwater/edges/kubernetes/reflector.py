"""
Keeps the objects of one kind as the server has them: lists in pages, then watches from there, and tells each change once.

What was missed (an expired version, a restart) is found by listing again and comparing, deletions included.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from random import Random
from typing import Any

import msgspec

from headwater.edges.kubernetes.api import KubernetesApi, refusal_in_watch
from headwater.edges.kubernetes.arrival import Arrived, arrived, kept
from headwater.edges.kubernetes.changes import ADDED, DELETED, MODIFIED, ObjectChanged, changed_at, deleted_at
from headwater.edges.kubernetes.content import mapping, mappings, text
from headwater.edges.kubernetes.errors import (
    ApiUnavailableError,
    ForbiddenError,
    KindAbsentError,
    KubernetesEdgeError,
    VersionExpiredError,
)
from headwater.edges.kubernetes.resources import EVENT_KIND, Resource

_WATCH_SECONDS_MIN = 1.0

Tell = Callable[[list[ObjectChanged]], Awaitable[None]]


class ReflectorOptions(msgspec.Struct, frozen=True, kw_only=True):
    """How a reflector behaves."""

    page_size: int = 500
    watch_seconds: float = 300.0  # the server ends a watch after one to two times that
    backoff_seconds: float = 0.5
    backoff_seconds_max: float = 30.0
    refused_seconds: float = 300.0  # between two tries to read what we may not, or what is not served
    objects_max: int = 200_000  # of one kind; more are not remembered, and counted


class Health(msgspec.Struct):
    """How one kind is being read."""

    kind: str
    namespace: str = ""
    state: str = "starting"  # synced, unavailable, forbidden, absent
    problem: str = ""
    version: str = ""  # up to which everything was told
    objects: int = 0
    lists: int = 0
    watches: int = 0
    bookmarks: int = 0
    changes: int = 0
    expired: int = 0
    failures: int = 0
    over_limit: int = 0


class Reflector:
    """One kind in one namespace, or in all. `tell` may wait, and the watch waits with it."""

    def __init__(
        self,
        api: KubernetesApi,
        resource: Resource,
        tell: Tell,
        *,
        now: Callable[[], int],
        namespace: str = "",
        label_selector: str = "",
        known: Mapping[str, Arrived] | None = None,
        options: ReflectorOptions | None = None,
        random: Random | None = None,
    ) -> None:
        self._api = api
        self._resource = resource
        self._tell = tell
        self._now = now
        self._namespace = namespace
        self._label_selector = label_selector
        self._objects: dict[str, Arrived] = dict(known or {})
        self._options = options or ReflectorOptions()
        self._random = random or Random()  # noqa: S311  (jitter, not a secret)
        self._told_at: dict[tuple[str, str], int] = {}  # when the latest that was told of a name happened
        self._group_index = 0
        self._version = ""
        self._has_told = False  # since the watch began
        self._watched_since = float("inf")
        self.synced = asyncio.Event()
        """Set once the kind was listed, or is known to be unreadable."""
        self.health = Health(resource.kind, namespace)

    async def run(self) -> None:
        """Work until cancelled. Raises nothing for trouble outside: it is in `health`, and tried again."""
        failures = 0
        while True:
            try:
                if not self._version:
                    await self._list()
                await self._watch()
                # Servers end a watch after minutes; one that ends each at once must not be asked in a hot loop.
                failures = 0 if self._has_lived() else failures + 1
                await self._pause(failures)
            except VersionExpiredError:
                self.health.expired += 1
                self._version = ""
                # The first time it is in the nature of things; a server that calls a fresh list expired must be spared too.
                failures = 0 if self._has_lived() else failures + 1
                await self._pause(failures - 1)
            except (ForbiddenError, KindAbsentError) as error:
                await self._refused(error)
            except KubernetesEdgeError as error:
                failures = 1 if self._has_lived() else failures + 1
                self.health.failures += 1
                self.health.state, self.health.problem = "unavailable", str(error)[:500]
                asked = error.retry_after if isinstance(error, ApiUnavailableError) else 0.0
                await self._pause(failures, at_least=asked)

    def _has_lived(self) -> bool:
        """Whether the last watch was one: it told something, or lasted. Asked once per watch."""
        has_lived = self._has_told or asyncio.get_running_loop().time() - self._watched_since > _WATCH_SECONDS_MIN
        self._has_told, self._watched_since = False, float("inf")
        return has_lived

    async def _pause(self, failures: int, *, at_least: float = 0.0) -> None:
        options = self._options
        wait = min(options.backoff_seconds * 2 ** min(failures, 10), options.backoff_seconds_max) if failures > 0 else 0.0
        await asyncio.sleep(max(at_least, wait * self._random.uniform(0.5, 1.5)))

    async def _refused(self, error: KubernetesEdgeError) -> None:
        """Try where else the kind may be served; after the last place, wait long: rights may be given."""
        self._version = ""
        if self._group_index + 1 < len(self._resource.groups):
            self._group_index += 1
            return
        self._group_index = 0
        is_forbidden = isinstance(error, ForbiddenError)
        self.health.state, self.health.problem = "forbidden" if is_forbidden else "absent", str(error)[:500]
        self.synced.set()
        await asyncio.sleep(self._options.refused_seconds * self._random.uniform(0.8, 1.2))

    @property
    def _path(self) -> str:
        return self._resource.path(self._resource.groups[self._group_index], self._namespace)

    def _parameters(self) -> dict[str, str]:
        return {"labelSelector": self._label_selector} if self._label_selector and self._resource.kind != EVENT_KIND else {}

    async def _list(self) -> None:
        listed: dict[str, Arrived] = {}
        following = ""
        while True:
            parameters = self._parameters() | {"limit": str(self._options.page_size)}
            if following:
                parameters["continue"] = following
            page = await self._api.page(self._path, parameters, is_metadata_only=self._resource.is_metadata_only)
            # Pages come before the whole is known: what they hold is told at once, deletions when all have been read.
            await self._tell_all([change for item in mappings(page, "items") if (change := self._listed(item, listed)) is not None])
            following = text(page, "metadata", "continue")
            if not following:
                break
        seen_at = self._now()
        gone = [self._objects.pop(uid) for uid in [uid for uid in self._objects if uid not in listed]]
        # Events expire by the thousand, and an Event that is gone tells nothing.
        if self._resource.kind != EVENT_KIND:
            await self._tell_all([self._gone(last, seen_at, is_listed=True) for last in gone])
        self._version = self.health.version = text(page, "metadata", "resourceVersion")
        self.health.lists += 1
        self.health.objects = len(self._objects)
        self._is_read()
        self.synced.set()

    def _listed(self, item: dict[str, Any], listed: dict[str, Arrived]) -> ObjectChanged | None:
        now = arrived(self._resource.kind, item)
        if not now.uid:
            return None
        listed[now.uid] = now
        before = self._objects.get(now.uid)
        if before is not None and before.resource_version == now.resource_version:
            # What another process stored lacks the parts that only a fresh look has.
            self._objects[now.uid] = kept(now)
            return None
        return self._changed(now, is_listed=True)

    def _changed(self, now: Arrived, *, is_listed: bool) -> ObjectChanged:
        kind, seen_at, before = self._resource.kind, self._now(), self._objects.get(now.uid)
        if before is not None or len(self._objects) < self._options.objects_max:
            # Of an Event only that it is known matters.
            self._objects[now.uid] = kept(now) if kind != EVENT_KIND else Arrived({"metadata": _identity(now)})
        else:
            self.health.over_limit += 1
        occurred_at = self._in_order(now, changed_at(kind, now, before, seen_at=seen_at, is_listed=is_listed))
        return ObjectChanged(kind, ADDED if before is None else MODIFIED, now, before, occurred_at, seen_at, is_listed)

    def _gone(self, last: Arrived, seen_at: int, *, is_listed: bool) -> ObjectChanged:
        occurred_at = self._in_order(last, deleted_at(last, seen_at=seen_at, is_listed=is_listed))
        return ObjectChanged(self._resource.kind, DELETED, last, last, occurred_at, seen_at, is_listed)

    def _in_order(self, seen: Arrived, occurred_at: int) -> int:
        """
        Not before what was told of this name earlier: the server tells in order, but its times are cut to seconds.

        A StatefulSet makes a pod again, under the same name, in the second in which the old one goes.
        """
        if self._resource.kind == EVENT_KIND:
            return occurred_at
        metadata = mapping(seen.object, "metadata")
        key = (text(metadata, "namespace"), text(metadata, "name"))
        occurred_at = max(occurred_at, self._told_at.pop(key, 0))
        self._told_at[key] = occurred_at
        if len(self._told_at) > self._options.objects_max:
            del self._told_at[next(iter(self._told_at))]
        return occurred_at

    async def _watch(self) -> None:
        self.health.watches += 1
        self._has_told, self._watched_since = False, asyncio.get_running_loop().time()
        seconds = int(self._options.watch_seconds * self._random.uniform(1, 2)) or 1
        parameters = self._parameters() | {
            "watch": "1",
            "allowWatchBookmarks": "true",
            "resourceVersion": self._version,
            "timeoutSeconds": str(seconds),
        }
        events = self._api.watch(
            self._path,
            parameters,
            silence_seconds=seconds + 30.0,
            is_metadata_only=self._resource.is_metadata_only,
            accepted=self._is_read,
        )
        async for event in events:
            await self._handle(event)

    def _is_read(self) -> None:
        self.health.state, self.health.problem = "synced", ""

    async def _handle(self, event: dict[str, Any]) -> None:
        action, content = event.get("type"), mapping(event, "object")
        if action == "ERROR":
            raise refusal_in_watch(content, self._path)
        version = text(content, "metadata", "resourceVersion")
        if action == "BOOKMARK":
            self.health.bookmarks += 1
        elif action in (ADDED, MODIFIED, DELETED):
            change = self._watched(str(action), arrived(self._resource.kind, content))
            if change is not None:
                await self._tell_all([change])
        self._has_told = True
        # After telling: what was not told is asked for again.
        self._version = self.health.version = version or self._version

    def _watched(self, action: str, now: Arrived) -> ObjectChanged | None:
        if not now.uid:
            return None
        if action == DELETED:
            before = self._objects.pop(now.uid, None)
            return None if before is None or self._resource.kind == EVENT_KIND else self._gone(now, self._now(), is_listed=False)
        before = self._objects.get(now.uid)
        if before is not None and before.resource_version == now.resource_version:
            return None
        return self._changed(now, is_listed=False)

    async def _tell_all(self, changes: list[ObjectChanged]) -> None:
        self.health.objects = len(self._objects)
        if changes:
            self.health.changes += len(changes)
            await self._tell(changes)


def _identity(seen: Arrived) -> dict[str, Any]:
    metadata = mapping(seen.object, "metadata")
    return {key: metadata[key] for key in ("name", "namespace", "uid", "resourceVersion") if key in metadata}

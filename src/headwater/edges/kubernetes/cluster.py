"""All kinds of one cluster, each kept by its own reflector over one pool of connections; changes come in one bounded queue."""

import asyncio
from collections.abc import Callable, Mapping, Sequence

import msgspec

from headwater.edges.kubernetes.api import KubernetesApi
from headwater.edges.kubernetes.arrival import Arrived
from headwater.edges.kubernetes.changes import ObjectChanged
from headwater.edges.kubernetes.credentials import Credentials
from headwater.edges.kubernetes.reflector import Health, Reflector, ReflectorOptions
from headwater.edges.kubernetes.resources import RESOURCES, Resource

_QUEUE_MAX = 64
"""Batches that wait to be read; a batch has at most a page of a list. A full queue lets the watches wait."""


class ClusterLimits(msgspec.Struct, frozen=True, kw_only=True):
    """What of a cluster is read."""

    namespaces: tuple[str, ...] = ()  # none: all of them
    label_selector: str = ""  # for objects; Events carry no labels, and are read whole
    kinds: tuple[str, ...] = ()  # none: all of them


class ClusterWatch:
    """Reads changes of a cluster; use it in an `async with`."""

    def __init__(
        self,
        credentials: Credentials,
        *,
        now: Callable[[], int],
        limits: ClusterLimits | None = None,
        known: Mapping[str, Mapping[str, Arrived]] | None = None,
        resources: Sequence[Resource] = RESOURCES,
        options: ReflectorOptions | None = None,
    ) -> None:
        self._api = KubernetesApi(credentials)
        self._queue: asyncio.Queue[list[ObjectChanged]] = asyncio.Queue(_QUEUE_MAX)
        limits = limits or ClusterLimits()
        known = known or {}
        self._reflectors = [
            Reflector(
                self._api,
                resource,
                self._queue.put,
                now=now,
                namespace=namespace,
                label_selector=limits.label_selector if resource.is_namespaced else "",
                known=_in_namespace(known.get(resource.kind, {}), namespace),
                options=options,
            )
            for resource in resources
            if not limits.kinds or resource.kind in limits.kinds
            for namespace in (limits.namespaces if resource.is_namespaced and limits.namespaces else ("",))
        ]

    @property
    def server(self) -> str:
        """Where the API server is."""
        return self._api.server

    @property
    def health(self) -> list[Health]:
        """How each kind is being read."""
        return [reflector.health for reflector in self._reflectors]

    @property
    def is_synced(self) -> bool:
        """Whether each kind was listed once, or is known to be unreadable."""
        return all(reflector.synced.is_set() for reflector in self._reflectors)

    async def run(self) -> None:
        """Watch until cancelled."""
        async with self._api, asyncio.TaskGroup() as tasks:
            for reflector in self._reflectors:
                tasks.create_task(reflector.run())

    async def read(self, wait_seconds: float) -> list[ObjectChanged]:
        """The changes that are there, at least one as soon as there is one; none after the wait."""
        try:
            changes = await asyncio.wait_for(self._queue.get(), wait_seconds)
        except TimeoutError:
            return []
        while not self._queue.empty() and len(changes) < 1_000:
            changes = changes + self._queue.get_nowait()
        return changes


def _in_namespace(objects: Mapping[str, Arrived], namespace: str) -> dict[str, Arrived]:
    return {uid: seen for uid, seen in objects.items() if not namespace or seen.object.get("metadata", {}).get("namespace") == namespace}

"""
The Kubernetes collector: what the edge sees of a cluster becomes versions on TOPOLOGY, then events on TRACES, in this order.

What was stored before tells what the cluster was like, so that a new start tells what happened meanwhile, and nothing twice.
"""

import asyncio
import os
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
import structlog

from headwater.edges.kubernetes.arrival import Arrived, remembered
from headwater.edges.kubernetes.changes import ADDED, DELETED, ObjectChanged
from headwater.edges.kubernetes.cluster import ClusterLimits, ClusterWatch
from headwater.edges.kubernetes.content import instant, mapping
from headwater.edges.kubernetes.credentials import Credentials, Plain, find_credentials
from headwater.edges.kubernetes.errors import CredentialsError
from headwater.edges.kubernetes.events import SOURCE
from headwater.edges.kubernetes.reflector import Health, ReflectorOptions
from headwater.edges.kubernetes.resources import EVENT_KIND, RESOURCES
from headwater.edges.kubernetes.transitions import Transitions
from headwater.model.bounds import EVENT_BYTES_MAX
from headwater.model.events import UnifiedEvent
from headwater.model.objects import ObjectVersion, encode_object_version
from headwater.model.times import seconds
from headwater.service.clock import Clock, WallClock
from headwater.service.config import ConfigurationError, Problem
from headwater.service.ports import CollectorConnections
from headwater.service.settings import KubernetesSettings
from headwater.service.wiring import Client
from headwater.topology.loader import InvalidObjectsError, K8sRelationshipLoader

_READ_SECONDS = 0.5
_TOO_OLD = seconds(14 * 60)
"""The engine admits nothing older than fifteen minutes."""
_REMEMBERED_SINCE = seconds(70 * 60)
"""A cluster keeps its Events for an hour."""
_IDS_MAX = 200_000
_PLACED_AFTER = seconds(2)


class Counts(msgspec.Struct):
    """What a collector did."""

    changes: int = 0
    versions: int = 0
    versions_unchanged: int = 0
    events: int = 0
    events_known: int = 0  # published before
    events_too_old: int = 0
    objects_invalid: int = 0
    objects_too_large: int = 0  # for a message of the stream


async def collect_kubernetes(client: Client, settings: KubernetesSettings, stop: asyncio.Event, *, clock: Clock | None = None) -> None:
    """
    Watch the cluster until `stop`.

    Raises ConfigurationError where there are no usable credentials.
    """
    credentials: Credentials
    try:
        if settings.server:
            credentials = Plain(settings.server)
        else:
            credentials = await find_credentials(settings.kubeconfig, settings.context, os.environ)
    except CredentialsError as error:
        what, _, remedy = str(error).partition("; ")
        raise ConfigurationError([Problem("kubernetes.kubeconfig", what, remedy or "does kubectl work with it?")]) from error
    async with client.collector_connections() as connections:
        await KubernetesCollector(settings, credentials, connections, clock or WallClock()).run(stop)


class KubernetesCollector:
    """Collects one cluster."""

    def __init__(
        self,
        settings: KubernetesSettings,
        credentials: Credentials,
        connections: CollectorConnections,
        clock: Clock,
        *,
        options: ReflectorOptions | None = None,
        read_seconds: float = _READ_SECONDS,
    ) -> None:
        self._settings = settings
        self._credentials = credentials
        self._connections = connections
        self._clock = clock
        self._options = options
        self._read_seconds = read_seconds
        self._log = structlog.get_logger("headwater.kubernetes").bind(cluster=settings.cluster)
        self._translator = ChangeTranslator(settings.cluster)
        self._told: dict[str, None] = {}  # ids in the order of publishing
        self._states: dict[tuple[str, str], str] = {}
        self.counts = self._translator.counts
        self.health: list[Health] = []
        self.synced = asyncio.Event()
        """Set when everything that was there at the start is stored."""

    async def run(self, stop: asyncio.Event) -> None:
        """Collect until `stop` is set."""
        settings = self._settings
        known = known_objects(await self._connections.latest_versions(settings.cluster))
        since = self._clock.now() - _REMEMBERED_SINCE
        self._told = dict.fromkeys(await self._connections.published_ids(SOURCE, since=since, limit=_IDS_MAX))
        limits = ClusterLimits(namespaces=_names(settings.namespaces), label_selector=settings.selector)
        watch = ClusterWatch(self._credentials, now=self._clock.now, limits=limits, known=known, options=self._options)
        self.health = watch.health
        self._log.info("collecting", server=watch.server, objects_known=sum(map(len, known.values())), events_known=len(self._told))
        async with asyncio.TaskGroup() as tasks:
            reading = tasks.create_task(watch.run())
            try:
                while not stop.is_set():
                    is_synced = watch.is_synced
                    changes = await watch.read(self._read_seconds)
                    await self._take(changes)
                    self._report()
                    if is_synced and not changes and not self.synced.is_set():
                        self._log.info("everything is listed", **msgspec.structs.asdict(self.counts))
                        self.synced.set()
            finally:
                reading.cancel()
        self._log.info("stopped", **msgspec.structs.asdict(self.counts))

    async def _take(self, changes: Sequence[ObjectChanged]) -> None:
        if not changes:
            return
        versions, events = self._translator.translate(changes)
        # The shape first: an event should find what it is about.
        stored, unchanged = await self._connections.publish_versions(versions)
        self.counts.versions += stored
        self.counts.versions_unchanged += unchanged
        fresh = [event for event in events if event.id not in self._told]
        self.counts.events_known += len(events) - len(fresh)
        fresh = list({event.id: event for event in fresh}.values())
        await self._connections.publish_events(fresh)
        self.counts.events += len(fresh)
        for event in fresh:
            self._told[event.id] = None
        while len(self._told) > _IDS_MAX:
            del self._told[next(iter(self._told))]

    def _report(self) -> None:
        """Say once what cannot be read, and once that it can again."""
        for health in self.health:
            key = (health.kind, health.namespace)
            before, self._states[key] = self._states.get(key, "starting"), health.state
            if health.state == before:
                continue
            if health.state == "forbidden":
                self._log.warning(
                    "a kind may not be read and is left out; grant get, list and watch on it",
                    kind=health.kind,
                    namespace=health.namespace or "all",
                    reason=health.problem,
                )
            elif health.state == "absent":
                self._log.info("the server does not have this kind", kind=health.kind)
            elif health.state == "unavailable":
                self._log.warning("a kind cannot be read now, trying again", kind=health.kind, reason=health.problem)
            elif before != "starting":
                self._log.info("a kind is read again", kind=health.kind)


class ChangeTranslator:
    """From changes to what is published of them; remembers only how many endpoints each Service has."""

    def __init__(self, cluster: str) -> None:
        self._cluster = cluster
        self._loader = K8sRelationshipLoader()
        self._transitions = Transitions(cluster)
        self.counts = Counts()

    def translate(self, changes: Sequence[ObjectChanged]) -> tuple[list[ObjectVersion], list[UnifiedEvent]]:
        """The versions and the events of these changes, each in the order in which they happened."""
        versions: list[ObjectVersion] = []
        events: list[UnifiedEvent] = []
        for change in changes:
            self.counts.changes += 1
            if change.kind != EVENT_KIND:
                versions += self._versions(change)
            for event in self._transitions.events_of(change):
                if (event.occurred_at or 0) < change.seen_at - _TOO_OLD:
                    self.counts.events_too_old += 1
                else:
                    events.append(event)
        return versions, events

    def _versions(self, change: ObjectChanged) -> list[ObjectVersion]:
        content = change.now.object
        document: dict[str, Any] = {"type": DELETED, "object": content} if change.action == DELETED else content
        try:
            found = self._loader.versions([document], cluster=self._cluster, observed_at=change.occurred_at)
            if change.action == ADDED and change.kind == "Pod":
                found = self._unplaced(change) + found
        except InvalidObjectsError:
            self.counts.objects_invalid += 1
            return []
        plain = [_without_version(version) for version in found]
        fitting = [version for version in plain if len(encode_object_version(version)) <= EVENT_BYTES_MAX]
        self.counts.objects_too_large += len(plain) - len(fitting)
        return fitting

    def _unplaced(self, change: ObjectChanged) -> list[ObjectVersion]:
        """
        A pod that waited for a node before it was first seen, as it was until then.

        Without it the pod would seem to have had its node and its address all its life, while somebody else had them.
        """
        content = change.now.object
        created = instant(content, "metadata", "creationTimestamp")
        if not created or change.occurred_at - created <= _PLACED_AFTER:
            return []
        metadata = {key: value for key, value in mapping(content, "metadata").items() if key != "resourceVersion"}
        spec = {key: value for key, value in mapping(content, "spec").items() if key != "nodeName"}
        return self._loader.versions([{"kind": "Pod", "metadata": metadata, "spec": spec}], cluster=self._cluster, observed_at=created)


def _names(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


def known_objects(versions: Sequence[ObjectVersion]) -> dict[str, dict[str, Arrived]]:
    """What was stored of a cluster, by kind and uid, as the edge remembers objects."""
    kinds = {resource.kind for resource in RESOURCES}
    known: dict[str, dict[str, Arrived]] = {}
    for version in versions:
        # An object without a uid was loaded from a file, and may be none of this cluster's.
        if version.kind in kinds and version.uid and not version.deleted:
            known.setdefault(version.kind, {})[version.uid] = remembered(version.kind, _with_version(version), since=version.valid_from)
    return known


def _without_version(version: ObjectVersion) -> ObjectVersion:
    """The same without the resource version inside: what differs in nothing else is not stored again."""
    if version.deleted:
        return version
    metadata = {key: value for key, value in mapping(version.object, "metadata").items() if key not in ("resourceVersion", "generation")}
    return msgspec.structs.replace(version, object=version.object | {"metadata": metadata})


def _with_version(version: ObjectVersion) -> dict[str, Any]:
    metadata: Mapping[str, Any] = mapping(version.object, "metadata")
    named = {"name": version.name, "uid": version.uid, "resourceVersion": version.resource_version}
    if version.namespace:
        named["namespace"] = version.namespace
    return version.object | {"kind": version.kind, "metadata": {**metadata, **named}}

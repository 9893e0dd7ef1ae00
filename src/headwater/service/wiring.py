"""The one place that knows the edges: connects what the service needs to NATS, or to a server of our own."""

import asyncio
import os
from base64 import b64decode
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import msgspec
import structlog

from headwater.edges.nats.checkpoints import CheckpointStore as NatsCheckpoints
from headwater.edges.nats.connection import Connection, connect
from headwater.edges.nats.embedded import EmbeddedServer, running_server
from headwater.edges.nats.errors import CheckpointDamagedError, NatsEdgeError, RequestError
from headwater.edges.nats.errors import PublisherUnavailableError as PublisherUnavailableError
from headwater.edges.nats.errors import PublishRefusedError as PublishRefusedError
from headwater.edges.nats.journal import EventJournal, published_ids
from headwater.edges.nats.options import ConnectionOptions, parse_servers
from headwater.edges.nats.publisher import Publisher
from headwater.edges.nats.publishing import PublishWindow
from headwater.edges.nats.result_history import ResultHistory, open_tail
from headwater.edges.nats.result_sink import ResultSink
from headwater.edges.nats.streams import CORRELATIONS, StreamOptions, compare, ensure_streams, stream_configs, stream_info
from headwater.edges.nats.streams import TRACES as TRACES
from headwater.edges.nats.subjects import checkpoint_manifest_subject
from headwater.edges.nats.topology_store import TopologyFeed, TopologyStore, forget_deleted, latest_versions
from headwater.model.events import UnifiedEvent
from headwater.model.objects import ObjectVersion
from headwater.model.results import CorrelationResult
from headwater.model.times import NANOSECONDS_PER_SECOND, parse_time
from headwater.service import ports
from headwater.service.clock import Clock
from headwater.service.config import ConfigurationError, Problem
from headwater.service.settings import Settings, state_folder

CONNECT_SECONDS = 10.0
_FOLLOW_SECONDS = 30.0
_END_SECONDS = 1.0
_READ_MAX = 500
_TIDY_SECONDS_MAX = 600.0
_NO_MESSAGE = 10037
_FOREVER = 1e9
"""An engine outlives any absence of its server."""


class Feed(StrEnum):
    """What can be followed."""

    RESULTS = "results"
    ALERTS = "alerts"
    EVENTS = "events"
    REJECTED = "rejected"


class FeedMessage(NamedTuple):
    """One stored message."""

    subject: str
    data: bytes
    sequence: int
    received_at: int


class NoServerError(NatsEdgeError):
    """No server was named, and none of ours runs."""


class Account(NamedTuple):
    """What JetStream says of our account."""

    streams: int
    storage: int  # bytes
    storage_limit: int  # bytes, -1 where there is none


class StreamReport(NamedTuple):
    """How one stream is, and what is wrong with it."""

    name: str
    messages: int
    bytes: int
    first_sequence: int
    last_sequence: int
    errors: list[str]
    notes: list[str]


def is_trouble_outside(error: BaseException) -> bool:
    """Whether the error is the world's and not ours: the edges' own errors."""
    return isinstance(error, NatsEdgeError | ConnectionError)


def store_folder(settings: Settings, environment: Mapping[str, str]) -> Path:
    """Where the embedded server keeps its data."""
    return Path(settings.embedded.store).expanduser() if settings.embedded.store else state_folder(environment) / "store"


def demo_folder(environment: Mapping[str, str]) -> Path:
    """Where the demo's server keeps its data while it runs."""
    return state_folder(environment) / "demo"


def embedded_server(folder: Path, *, port: int = 0, is_durable: bool = True) -> EmbeddedServer:
    """A server of our own, to be used in an `async with`."""
    return EmbeddedServer(folder, port=port, sync_always=is_durable)


def is_served(folder: Path) -> bool:
    """Whether a server of ours runs on this folder."""
    return running_server(folder) is not None


def options_of(settings: Settings) -> ConnectionOptions:
    """How to connect to the server that the settings name."""
    nats = settings.nats

    def path(text: str) -> Path | None:
        return Path(text).expanduser() if text else None

    return ConnectionOptions(
        servers=parse_servers(nats.url),
        credentials_file=path(nats.creds),
        nkey_seed_file=path(nats.nkey),
        user=nats.user or None,
        password=nats.password or None,
        token=nats.token or None,
        tls_ca_file=path(nats.tls_ca),
        tls_certificate_file=path(nats.tls_cert),
        tls_key_file=path(nats.tls_key),
    )


def find_server(settings: Settings, environment: Mapping[str, str]) -> ConnectionOptions:
    """The server that is named, else our own that runs. Raises NoServerError."""
    if settings.nats.url:
        return options_of(settings)
    folders = [store_folder(settings, environment)]
    if not settings.embedded.store:
        folders.append(demo_folder(environment))
    for folder in folders:
        options = running_server(folder)
        if options is not None:
            return options
    raise NoServerError(
        "no NATS server is named and no embedded one runs; start `headwater run` or `headwater demo`, or name one with --nats URL"
    )


@asynccontextmanager
async def open_client(settings: Settings, *, server: ConnectionOptions | None = None) -> AsyncIterator["Client"]:
    """A connection for a command. Raises NatsEdgeError."""
    options = server or find_server(settings, os.environ)
    async with AsyncExitStack() as stack:
        connection = await stack.enter_async_context(connect(options, wait_seconds=CONNECT_SECONDS if server is not None else 4.0))
        yield Client(connection, stack)


class Client:
    """What commands do with a server."""

    def __init__(self, connection: Connection, stack: AsyncExitStack) -> None:
        self._connection = connection
        self._stack = stack

    @property
    def server(self) -> str:
        """Where it is connected to, without credentials."""
        return self._connection.server

    @property
    def server_version(self) -> str:
        """The server's version."""
        return self._connection.server_version

    async def prepare(self) -> list[str]:
        """Make the streams that are missing. Returns notes on harmless differences; raises StreamError for others."""
        return await ensure_streams(self._connection)

    async def prepare_if_allowed(self) -> list[str]:
        """As `prepare`; where the account may publish but not ask about streams, as collectors' need not, a note says so."""
        try:
            return await self.prepare()
        except RequestError as error:
            if error.code:
                raise
            return [f"the streams could not be looked at, and are taken to be there: {error}"]

    def publisher(self, *, patience_seconds: float = 30.0) -> Publisher:
        """Publishes events, to be used in an `async with`; it waits so long for a server that stores nothing."""
        return Publisher(self._connection, patience_seconds=patience_seconds)

    async def publish_versions(self, versions: Sequence[ObjectVersion]) -> tuple[int, int]:
        """Store what differs from the last version of each object. Returns how many were stored, and how many had not changed."""
        async with PublishWindow(self._connection) as window:
            written = await TopologyStore(self._connection, window).publish(versions)
        return written.stored, written.unchanged

    async def latest_results(self) -> list[CorrelationResult]:
        """The last revision of each incident."""
        history: ports.ResultHistory = ResultHistory(self._connection)
        return await history.latest()

    async def follow(self, feed: Feed, *, start_at: int | None = None, ends: bool = False) -> AsyncIterator[FeedMessage]:
        """What is stored from `start_at` on, from now on without it; `ends` when nothing more is there."""
        tail = await open_tail(self._connection, feed.value, start_at=start_at)
        try:
            while True:
                messages = await tail.read(_READ_MAX, _END_SECONDS if ends else _FOLLOW_SECONDS)
                for message in messages:
                    yield FeedMessage(message.subject, message.data, message.sequence, message.received_at)
                if ends and tail.caught_up:
                    return
        finally:
            await tail.close()

    async def events(self, *, after: int = 0, start_at: int | None = None) -> ports.EventSource:
        """The observations that are stored now, from a position or an instant on."""
        until = (await stream_info(self._connection, TRACES)).last_sequence
        return EventJournal(self._connection, after=after, start_at=start_at, until=until)

    async def topology(self) -> ports.TopologySource:
        """Every version that is kept, then new ones."""
        return TopologyFeed(self._connection)

    async def checkpoint_position(self, domain: str) -> tuple[int, int] | None:
        """The stream position of a domain's last checkpoint and when it was saved, in nanoseconds; None where there is none."""
        subject = checkpoint_manifest_subject(domain)
        try:
            answer = await self._connection.api(f"STREAM.MSG.GET.{CORRELATIONS}", {"last_by_subj": subject})
        except RequestError as error:
            if error.code == _NO_MESSAGE:
                return None
            raise
        message = answer["message"]
        return msgspec.json.decode(b64decode(message["data"]))["position"], parse_time(message["time"])

    async def account(self) -> Account:
        """What JetStream says of our account."""
        answer = await self._connection.api("INFO")
        return Account(answer["streams"], answer["storage"], answer.get("limits", {}).get("max_storage", -1))

    async def clock_offset_seconds(self, clock: Clock) -> float:
        """How far the clock is ahead of the server's; half of the way there and back is taken for the way there."""
        began = clock.now()
        answer = await self._connection.api(f"STREAM.INFO.{TRACES}")
        middle = (began + clock.now()) // 2
        return (middle - parse_time(answer["ts"])) / NANOSECONDS_PER_SECOND if "ts" in answer else 0.0

    async def stream_reports(self) -> list[StreamReport]:
        """How the streams are. Raises NatsEdgeError where one is missing."""
        reports = []
        for config in stream_configs(StreamOptions()):
            info = await stream_info(self._connection, config["name"])
            errors, notes = compare(config, info.config)
            reports.append(StreamReport(config["name"], info.messages, info.bytes, info.first_sequence, info.last_sequence, errors, notes))
        return reports

    @asynccontextmanager
    async def collector_connections(self) -> AsyncIterator[ports.CollectorConnections]:
        """Where collectors publish; they outlive any absence of the server."""
        async with (
            Publisher(self._connection, patience_seconds=_FOREVER) as publisher,
            PublishWindow(self._connection, patience_seconds=_FOREVER) as window,
        ):
            yield _CollectorConnections(self._connection, publisher, TopologyStore(self._connection, window))

    async def engine_connections(self, domain: str) -> ports.EngineConnections:
        """What an engine needs; it lives as long as this client."""
        window = PublishWindow(self._connection, patience_seconds=_FOREVER)
        await window.__aenter__()
        # What was not stored is judged again at the next start: an engine that was told to stop waits for nobody.
        self._stack.push_async_callback(window.close)
        return _EngineConnections(self._connection, window, domain)


class _Checkpoints(NatsCheckpoints):
    async def load(self) -> ports.Checkpoint | None:
        try:
            return await super().load()
        except CheckpointDamagedError as error:
            # Everything can be read again, and what was told is remembered from its own stream.
            structlog.get_logger("headwater.engine").warning(
                "the checkpoint cannot be used, starting from the beginning", reason=str(error)
            )
            return None


class _EngineConnections:
    def __init__(self, connection: Connection, window: PublishWindow, domain: str) -> None:
        self._connection = connection
        self.sink: ports.ResultSink = ResultSink(window)
        self.checkpoints: ports.CheckpointStore = _Checkpoints(connection, domain, patience_seconds=_FOREVER)

    async def events_after(self, position: int) -> ports.EventSource:
        return EventJournal(self._connection, after=position)

    async def topology(self) -> ports.TopologySource:
        return TopologyFeed(self._connection)

    async def told(self) -> list[CorrelationResult]:
        return await ResultHistory(self._connection).latest()

    async def forget_deleted(self, before: int) -> None:
        log = structlog.get_logger("headwater.engine")
        try:
            async with asyncio.timeout(_TIDY_SECONDS_MAX):
                forgotten = await forget_deleted(self._connection, before=before)
        except (NatsEdgeError, ConnectionError, TimeoutError) as error:
            log.warning("deleted objects could not be forgotten, this is tried again tomorrow", reason=f"{type(error).__name__}: {error}")
            return
        if forgotten:
            log.info("forgot deleted objects", count=forgotten)


class _CollectorConnections:
    def __init__(self, connection: Connection, publisher: Publisher, topology: TopologyStore) -> None:
        self._connection = connection
        self._publisher = publisher
        self._topology = topology

    async def publish_events(self, events: Sequence[UnifiedEvent]) -> None:
        await self._publisher.publish_many(events)

    async def publish_versions(self, versions: Sequence[ObjectVersion]) -> tuple[int, int]:
        written = await self._topology.publish(versions)
        return written.stored, written.unchanged

    async def latest_versions(self, cluster: str) -> list[ObjectVersion]:
        return await latest_versions(self._connection, cluster)

    async def published_ids(self, source: str, *, since: int, limit: int) -> list[str]:
        return await published_ids(self._connection, source, since=since, limit=limit)


def refuse_taken_store(folder: Path) -> None:
    """Raise ConfigurationError where an embedded server of ours runs on this folder already."""
    if is_served(folder):
        raise ConfigurationError(
            [Problem(str(folder), "another `headwater run` uses this folder", "stop it, or give this one a folder of its own with --store")]
        )

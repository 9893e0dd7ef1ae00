"""The publisher for collectors: events go to their trace's subject, once each, however often the network makes us send them."""

from collections.abc import Iterable
from contextlib import AsyncExitStack
from re import compile as compile_pattern
from types import TracebackType

from headwater.edges.nats.connection import Connection, connect
from headwater.edges.nats.errors import PublishRefusedError
from headwater.edges.nats.options import ConnectionOptions
from headwater.edges.nats.publishing import OutgoingMessage, PublishWindow, WindowCounters
from headwater.edges.nats.subjects import trace_subject
from headwater.model.bounds import EVENT_BYTES_MAX
from headwater.model.events import UnifiedEvent, print_event
from headwater.model.identity import subject_token

_HEX_32 = compile_pattern(r"(?!0{32})[0-9a-fA-F]{32}").fullmatch
_HEX_16 = compile_pattern(r"(?!0{16})[0-9a-fA-F]{16}").fullmatch


class Publisher:
    """
    Publishes events to `traces.{trace_id}.{source}`.

    `publish` returns when the event is on its way; `flush`, and leaving the `async with`, when everything is stored.
    """

    def __init__(
        self,
        server: ConnectionOptions | Connection,
        *,
        messages_max: int = 1_000,
        bytes_max: int = 16 * 1024 * 1024,
        patience_seconds: float = 30.0,
        connect_seconds: float = 10.0,
    ) -> None:
        self._server = server
        self._messages_max = messages_max
        self._bytes_max = bytes_max
        self._patience_seconds = patience_seconds
        self._connect_seconds = connect_seconds
        self._stack = AsyncExitStack()
        self._window: PublishWindow | None = None

    async def __aenter__(self) -> "Publisher":
        connection = self._server
        if isinstance(connection, ConnectionOptions):
            connection = await self._stack.enter_async_context(connect(connection, wait_seconds=self._connect_seconds))
        window = PublishWindow(
            connection,
            messages_max=self._messages_max,
            bytes_max=self._bytes_max,
            patience_seconds=self._patience_seconds,
            is_grouping=True,
        )
        self._window = await self._stack.enter_async_context(window)
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._stack.__aexit__(kind, error, trace)

    @property
    def counters(self) -> WindowCounters:
        """What happened to the events."""
        return self._opened().counters

    async def publish_raw(self, data: bytes, *, event_id: str, source: str, trace_id: str | None = None, trace_parent: str = "") -> None:
        """
        Publish an event that is bytes already.

        Raises PublishRefusedError for one larger than 900 KiB, PublisherUnavailableError where the server is away for too long.
        """
        if len(data) > EVENT_BYTES_MAX:
            raise PublishRefusedError(
                f"event {event_id[:128]!r} has {len(data)} bytes, at most {EVENT_BYTES_MAX} are taken: leave out raw_data"
            )
        headers = {"traceparent": trace_parent} if trace_parent else {}
        await self._opened().send(OutgoingMessage(trace_subject(trace_id, source), data, event_message_id(source, event_id), headers))

    async def publish(self, event: UnifiedEvent, *, trace_parent: str = "") -> None:
        """Publish an event; raises what `publish_raw` does. Without `trace_parent` the header is made from its trace context."""
        context = event.trace_context
        trace_id = context.trace_id if context is not None else None
        if context is not None and not trace_parent:
            trace_parent = trace_parent_of(trace_id or "", context.span_id or "")
        data = print_event(event)
        await self.publish_raw(data, event_id=event.id, source=event.source or "", trace_id=trace_id, trace_parent=trace_parent)

    async def publish_many(self, events: Iterable[UnifiedEvent]) -> None:
        """Publish events and wait until all are stored."""
        for event in events:
            await self.publish(event)
        await self.flush()

    async def flush(self) -> None:
        """Wait until everything published is stored."""
        await self._opened().flush()

    def _opened(self) -> PublishWindow:
        if self._window is None:
            raise RuntimeError("use the publisher in an `async with`")
        return self._window


def trace_parent_of(trace_id: str, span_id: str) -> str:
    """The W3C traceparent header of a span, "" where the ids are not of its form."""
    if not _HEX_32(trace_id) or not _HEX_16(span_id):
        return ""
    return f"00-{trace_id.lower()}-{span_id.lower()}-01"


def event_message_id(source: str, event_id: str) -> str:
    """The Nats-Msg-Id of an event: the same event, published again, is stored once."""
    return f"{subject_token(source)}.{subject_token(event_id)}"

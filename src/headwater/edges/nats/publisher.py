"""The publisher for collectors: events go to their trace's subject, once each, however often the network makes us send them."""

from contextlib import AsyncExitStack
from types import TracebackType

from headwater.edges.nats.connection import Connection, connect
from headwater.edges.nats.errors import PublishRefusedError
from headwater.edges.nats.options import ConnectionOptions
from headwater.edges.nats.publishing import OutgoingMessage, PublishWindow, WindowCounters
from headwater.edges.nats.subjects import trace_subject
from headwater.model.bounds import EVENT_BYTES_MAX
from headwater.model.identity import subject_token


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
    ) -> None:
        self._server = server
        self._messages_max = messages_max
        self._bytes_max = bytes_max
        self._patience_seconds = patience_seconds
        self._stack = AsyncExitStack()
        self._window: PublishWindow | None = None

    async def __aenter__(self) -> "Publisher":
        server = self._server
        connection = server if isinstance(server, Connection) else await self._stack.enter_async_context(connect(server))
        window = PublishWindow(
            connection, messages_max=self._messages_max, bytes_max=self._bytes_max, patience_seconds=self._patience_seconds
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

    async def flush(self) -> None:
        """Wait until everything published is stored."""
        await self._opened().flush()

    def _opened(self) -> PublishWindow:
        if self._window is None:
            raise RuntimeError("use the publisher in an `async with`")
        return self._window


def event_message_id(source: str, event_id: str) -> str:
    """The Nats-Msg-Id of an event: the same event, published again, is stored once."""
    return f"{subject_token(source)}.{subject_token(event_id)}"

"""`headwater tail`: what is stored, as it is stored."""

from collections.abc import Iterator
from typing import Annotated, Any

import msgspec
from cyclopts import Parameter
from rich.text import Text

from headwater.cli.asynchronous import run_async, stop_on_signals, until_stopped
from headwater.cli.durations import parse_moment
from headwater.cli.options import ConnectionOptions, settings_of
from headwater.cli.output import StructuredFormat, print_json_line, print_yaml
from headwater.cli.terminal import clean, say
from headwater.cli.words import STATUS_STYLES, pods, severity_style
from headwater.model.errors import InvalidEventError
from headwater.model.heads import EventHead
from headwater.model.observations import decode_observation
from headwater.model.results import CorrelationResult, decode_result
from headwater.model.times import clock_of, seconds
from headwater.service.clock import WallClock
from headwater.service.settings import Settings
from headwater.service.wiring import Feed, FeedMessage, open_client

_LOOK_BACK = seconds(600)


def tail(
    feed: Feed = Feed.RESULTS,
    /,
    *,
    since: Annotated[str | None, Parameter(name="--since")] = None,
    follow: Annotated[bool, Parameter(name=["--follow", "-f"], negative=["--no-follow"])] = True,
    output: Annotated[StructuredFormat, Parameter(name=["--output", "-o"])] = StructuredFormat.TEXT,
    connection: ConnectionOptions | None = None,
) -> int:
    """
    Follow results, alerts, events or rejected messages as they come.

    Parameters
    ----------
    feed
        What to follow.
    since
        Where to begin: a time such as 10m, 2h, 2026-01-05T10:00:00Z. By default the last 10 minutes; for events, now.
    follow
        Go on when everything so far was shown.
    output
        Format; json is one object a line.
    """
    now = WallClock().now()
    start_at = parse_moment(since, now=now) if since else now if feed is Feed.EVENTS else now - _LOOK_BACK
    run_async(_tail(settings_of(connection), feed, start_at, output, follow=follow))
    return 0


async def _tail(settings: Settings, feed: Feed, start_at: int, output: StructuredFormat, *, follow: bool) -> None:
    async def show() -> None:
        async for message in client.follow(feed, start_at=start_at, ends=not follow):
            print_message(feed, message, output)

    async with stop_on_signals() as stop, open_client(settings) as client:
        await until_stopped(stop, show())


def print_message(feed: Feed, message: FeedMessage, output: StructuredFormat) -> None:
    """Print one message."""
    if output is StructuredFormat.TEXT:
        for line in message_lines(feed, message):
            say(line)
        return
    content = _content(message.data)
    if output is StructuredFormat.YAML:
        print_yaml(content, is_one_of_many=True)
    else:
        print_json_line(content)


def message_lines(feed: Feed, message: FeedMessage) -> Iterator[Text]:
    """One message for people."""
    try:
        if feed in (Feed.RESULTS, Feed.ALERTS):
            yield from result_lines(decode_result(message.data), message.received_at)
        elif feed is Feed.EVENTS:
            yield _event_line(message)
        else:
            yield _rejected_line(message)
    except (msgspec.MsgspecError, InvalidEventError):
        line = Text(f"{clock_of(message.received_at)} ", style="dim")
        line.append(f"{clean(message.subject)}: {len(message.data)} bytes that cannot be read", style="yellow")
        yield line


def result_lines(result: CorrelationResult, told_at: int) -> Iterator[Text]:
    """A revision on two lines."""
    line = Text(f"{clock_of(told_at)} ", style="dim")
    line.append(f"{clean(result.severity):<8} ", style=severity_style(result.severity))
    line.append(f"{clean(result.type)} ", style="bold")
    line.append(f"{clean(result.root_cause)}", style="default")
    line.append(f"  {clean(result.verdict)} {result.confidence:.2f}", style="dim")
    yield line
    line = Text(f"         {result.id[:10]} r{result.revision} ", style="dim")
    line.append(clean(result.status), style=STATUS_STYLES.get(result.status, ""))
    services = clean(" → ".join(result.impact.services)) or "no service known"
    line.append(f", {clean(result.reason)}: {services}; {pods(result.impact.pods)}", style="dim")
    yield line


def _event_line(message: FeedMessage) -> Text:
    line = Text(f"{clock_of(message.received_at)} ", style="dim")
    line.append(event_words(decode_observation(message.data)))
    return line


def event_words(head: EventHead) -> Text:
    """An event on one line: how severe, who says it, what, of whom."""
    about = ""
    if head.k8s_context and head.k8s_context.name:
        about = f"{head.k8s_context.kind}/{head.k8s_context.name}"
    elif head.entity and head.entity.name:
        about = f"{head.entity.type}/{head.entity.name}"
    words = head.message or (head.application.message if head.application else "") or (head.kubernetes.message if head.kubernetes else "")
    what = (head.kubernetes.reason if head.kubernetes else "") or (head.kernel.syscall if head.kernel else "") or head.type
    line = Text(f"{clean(head.severity or '-', 10):<8} ", style=severity_style(head.severity))
    line.append(f"{clean(head.source, 20):<12} ", style="bold")
    line.append(f"{clean(what, 40)} {clean(about, 80)} ", style="default")
    line.append(clean(words, 120), style="dim")
    return line


def _rejected_line(message: FeedMessage) -> Text:
    content = _content(message.data)
    content = content if isinstance(content, dict) else {}
    line = Text(f"{clock_of(message.received_at)} ", style="dim")
    line.append(f"{clean(str(content.get('reason', '?')), 40)} ", style="yellow")
    line.append(f"{clean(str(content.get('subject', '?')), 120)} sequence {content.get('sequence', '?')}: ", style="default")
    line.append(clean(str(content.get("detail", "")), 300), style="dim")
    return line


def _content(data: bytes) -> Any:
    try:
        return msgspec.json.decode(data)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return {"unreadable": data[:1_000].decode("utf-8", "replace")}

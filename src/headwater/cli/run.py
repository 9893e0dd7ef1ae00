"""`headwater run`: the engine, with a server of its own where none is named."""

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from typing import Annotated, Any

import structlog
from cyclopts import Parameter

from headwater import __version__
from headwater.cli.asynchronous import run_async, stop_on_signals
from headwater.cli.collect_kubernetes import KubernetesOptions
from headwater.cli.options import ConnectionOptions, flag, settings_of
from headwater.cli.terminal import note
from headwater.service.engine import load_knowledge, make_runtime
from headwater.service.logs import configure_logs
from headwater.service.settings import Settings
from headwater.service.wiring import Client, embedded_server, open_client, refuse_taken_store, store_folder

Collector = Callable[[Client, Settings, asyncio.Event], Coroutine[Any, Any, None]]


def run(
    *,
    port: Annotated[str | None, flag("embedded.port")] = None,
    rules: Annotated[str | None, flag("engine.rules")] = None,
    domain: Annotated[str | None, flag("engine.domain")] = None,
    log_level: Annotated[str | None, flag("log.level")] = None,
    log_format: Annotated[str | None, flag("log.format")] = None,
    start_over: Annotated[bool, Parameter(name="--start-over", negative="")] = False,
    kubernetes: Annotated[bool, Parameter(name="--kubernetes", negative="")] = False,
    kernel: Annotated[bool, Parameter(name="--kernel", negative="")] = False,
    alertmanager: Annotated[bool, Parameter(name="--alertmanager", negative="")] = False,
    otlp: Annotated[bool, Parameter(name="--otlp", negative="")] = False,
    journal: Annotated[bool, Parameter(name="--journal", negative="")] = False,
    kubernetes_options: KubernetesOptions | None = None,
    connection: ConnectionOptions | None = None,
) -> int:
    """
    Correlate events from NATS until stopped; brings its own server if none is given.

    Results are published on correlations.results, those that somebody should be called for on correlations.alerts too.
    Ctrl-C or SIGTERM ends it in order; a new start goes on where it stopped.

    Parameters
    ----------
    start_over
        Leave the checkpoint aside and read the log from its beginning.
    kubernetes
        Watch a Kubernetes cluster too, as `headwater collect kubernetes` does.
    kernel
        Watch this machine's kernel too, as `headwater collect kernel` does.
    alertmanager
        Take alerts from Alertmanager too, as `headwater collect alertmanager` does.
    otlp
        Take spans and logs from OpenTelemetry too, as `headwater collect otlp` does.
    journal
        Read this machine's journal too, as `headwater collect journal` does.
    """
    more: dict[str, Any] = {
        "embedded.port": port,
        "engine.rules": rules,
        "engine.domain": domain,
        "log.level": log_level,
        "log.format": log_format,
    } | (kubernetes_options or KubernetesOptions()).flags()
    settings = settings_of(connection, more)
    configure_logs(settings.log)
    chosen = {"kubernetes": kubernetes, "kernel": kernel, "alertmanager": alertmanager, "otlp": otlp, "journal": journal}
    run_async(_run(settings, [_COLLECTORS[name] for name, is_chosen in chosen.items() if is_chosen], starts_over=start_over))
    return 0


async def _run(settings: Settings, collectors: Sequence[Collector], *, starts_over: bool) -> None:
    log = structlog.get_logger("headwater")
    knowledge = load_knowledge(settings.engine.rules)
    async with AsyncExitStack() as stack:
        stop = await stack.enter_async_context(stop_on_signals())
        server = None
        if not settings.nats.url:
            folder = store_folder(settings, os.environ)
            refuse_taken_store(folder)
            embedded = await stack.enter_async_context(embedded_server(folder, port=settings.embedded.port))
            server = embedded.options
            log.info("embedded server started", url=embedded.url, store=str(folder))
        client = await stack.enter_async_context(open_client(settings, server=server))
        for remark in await client.prepare():
            log.info("stream differs from what Headwater would make", remark=remark)
        log.info(
            "engine starts",
            version=__version__,
            domain=settings.engine.domain,
            classes=len(knowledge.catalogue.classes),
            patterns=len(knowledge.patterns.patterns),
            rules=knowledge.rules_hash[:12],
        )
        connections = await client.engine_connections(settings.engine.domain)
        runtime = make_runtime(settings.engine, knowledge, connections, starts_over=starts_over)
        async with asyncio.TaskGroup() as tasks:
            for collector in collectors:
                tasks.create_task(collector(client, settings, stop))
            engine = tasks.create_task(runtime.run(stop))
            if sys.stderr.isatty():
                tasks.create_task(_hint_when_ready(runtime.ready, engine))


async def _kubernetes(client: Client, settings: Settings, stop: asyncio.Event) -> None:
    from headwater.service.collect_kubernetes import collect_kubernetes

    await collect_kubernetes(client, settings.kubernetes, stop)


async def _kernel(client: Client, settings: Settings, stop: asyncio.Event) -> None:
    from headwater.service.collect_kernel import collect_kernel

    await collect_kernel(client, settings.kernel, stop)


async def _alertmanager(client: Client, settings: Settings, stop: asyncio.Event) -> None:
    from headwater.service.collect_alertmanager import collect_alertmanager

    await collect_alertmanager(client, settings.alertmanager, stop)


async def _otlp(client: Client, settings: Settings, stop: asyncio.Event) -> None:
    from headwater.service.collect_otlp import collect_otlp

    await collect_otlp(client, settings.otlp, stop)


async def _journal(client: Client, settings: Settings, stop: asyncio.Event) -> None:
    from headwater.service.collect_journal import collect_journal

    await collect_journal(client, settings.journal, stop)


# Each is imported when it is asked for: an engine alone needs none of their libraries.
_COLLECTORS: Mapping[str, Collector] = {
    "kubernetes": _kubernetes,
    "kernel": _kernel,
    "alertmanager": _alertmanager,
    "otlp": _otlp,
    "journal": _journal,
}


async def _hint_when_ready(ready: asyncio.Event, engine: "asyncio.Task[None]") -> None:
    waiter = asyncio.ensure_future(ready.wait())
    await asyncio.wait((waiter, engine), return_when=asyncio.FIRST_COMPLETED)
    waiter.cancel()
    if ready.is_set():
        note("ready. In another terminal: headwater topology load FILE, headwater publish FILE, headwater incidents list --watch")

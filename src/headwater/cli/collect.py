"""`headwater collect`: one collector, from its source to the stream, until stopped."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated

import structlog
from cyclopts import App

from headwater.cli.asynchronous import run_async, stop_on_signals
from headwater.cli.collect_kubernetes import KubernetesOptions
from headwater.cli.options import ConnectionOptions, flag, settings_of
from headwater.service.logs import configure_logs
from headwater.service.settings import Settings
from headwater.service.wiring import Client, open_client

app = App(name="collect", help="Collect events from one source until stopped.")

LogLevel = Annotated[str | None, flag("log.level")]
LogFormat = Annotated[str | None, flag("log.format")]
Collector = Callable[[Client, Settings, asyncio.Event], Awaitable[None]]


@app.command
def alertmanager(
    *,
    listen: Annotated[str | None, flag("alertmanager.listen")] = None,
    cluster: Annotated[str | None, flag("alertmanager.cluster")] = None,
    log_level: LogLevel = None,
    log_format: LogFormat = None,
    connection: ConnectionOptions | None = None,
) -> int:
    """
    Take alerts from Alertmanager by webhook.

    Name its URL, http://HOST:PORT/alertmanager, in webhook_configs. HEADWATER_ALERTMANAGER_TOKEN makes it ask for a token.
    """
    from headwater.service.collect_alertmanager import collect_alertmanager

    settings = settings_of(
        connection, {"alertmanager.listen": listen, "alertmanager.cluster": cluster, "log.level": log_level, "log.format": log_format}
    )
    return _collect(settings, lambda client, settings, stop: collect_alertmanager(client, settings.alertmanager, stop))


@app.command
def kubernetes(
    *,
    cluster: KubernetesOptions | None = None,
    log_level: LogLevel = None,
    log_format: LogFormat = None,
    connection: ConnectionOptions | None = None,
) -> int:
    """
    Watch a Kubernetes cluster: its relations to TOPOLOGY, its Events and the state transitions of its objects to TRACES.

    It needs to get, list and watch; what it may not read is left out with a warning. Values of Secrets are never read.
    A new start tells what happened meanwhile, and nothing twice.
    """
    from headwater.service.collect_kubernetes import collect_kubernetes

    given = (cluster or KubernetesOptions()).flags() | {"log.level": log_level, "log.format": log_format}
    return _collect(settings_of(connection, given), lambda client, settings, stop: collect_kubernetes(client, settings.kubernetes, stop))


@app.command
def kernel(
    *,
    source: Annotated[str | None, flag("kernel.source")] = None,
    node: Annotated[str | None, flag("kernel.node")] = None,
    cluster: Annotated[str | None, flag("kernel.cluster")] = None,
    log_level: LogLevel = None,
    log_format: LogFormat = None,
    connection: ConnectionOptions | None = None,
) -> int:
    """
    Watch this machine's kernel for processes that it kills for want of memory.

    Needs CAP_BPF and CAP_PERFMON (eBPF), or CAP_SYSLOG (/dev/kmsg); says so where they are missing.
    """
    from headwater.service.collect_kernel import collect_kernel

    given = {"kernel.source": source, "kernel.node": node, "kernel.cluster": cluster, "log.level": log_level, "log.format": log_format}
    return _collect(settings_of(connection, given), lambda client, settings, stop: collect_kernel(client, settings.kernel, stop))


@app.command
def otlp(
    *,
    listen: Annotated[str | None, flag("otlp.listen")] = None,
    grpc_listen: Annotated[str | None, flag("otlp.grpc_listen")] = None,
    cluster: Annotated[str | None, flag("otlp.cluster")] = None,
    log_level: LogLevel = None,
    log_format: LogFormat = None,
    connection: ConnectionOptions | None = None,
) -> int:
    """
    Take spans and logs from OpenTelemetry by OTLP.

    Only errors, exceptions, slow and missing calls become events, and who calls whom. HEADWATER_OTLP_TOKEN makes it ask for a token.
    """
    from headwater.service.collect_otlp import collect_otlp

    settings = settings_of(
        connection,
        {"otlp.listen": listen, "otlp.grpc_listen": grpc_listen, "otlp.cluster": cluster, "log.level": log_level, "log.format": log_format},
    )
    return _collect(settings, lambda client, settings, stop: collect_otlp(client, settings.otlp, stop))


@app.command
def journal(
    *,
    file: Annotated[str | None, flag("journal.file", allow_leading_hyphen=True)] = None,
    node: Annotated[str | None, flag("journal.node")] = None,
    cluster: Annotated[str | None, flag("journal.cluster")] = None,
    log_level: LogLevel = None,
    log_format: LogFormat = None,
    connection: ConnectionOptions | None = None,
) -> int:
    """
    Tell when a unit of systemd fails that a node stands on: kubelet, containerd, docker, …

    Follows this machine's journal; with --file it reads `journalctl -o json` lines to their end.
    """
    from headwater.service.collect_journal import collect_journal

    settings = settings_of(
        connection,
        {"journal.file": file, "journal.node": node, "journal.cluster": cluster, "log.level": log_level, "log.format": log_format},
    )
    return _collect(settings, lambda client, settings, stop: collect_journal(client, settings.journal, stop))


def _collect(settings: Settings, collector: Collector) -> int:
    configure_logs(settings.log)
    run_async(_run(settings, collector))
    return 0


async def _run(settings: Settings, collector: Collector) -> None:
    async with stop_on_signals() as stop, open_client(settings) as client:
        for remark in await client.prepare_if_allowed():
            structlog.get_logger("headwater.collect").info("streams", remark=remark)
        await collector(client, settings, stop)

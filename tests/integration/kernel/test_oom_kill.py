"""A real kill for memory, in a cgroup as the kubelet makes one, seen in each way there is; and what is said where a way is closed."""

import asyncio
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest
from tests.integration.kernel.memory_cgroup import LIMIT_BYTES, Victim, container, kill_for_memory, program_named, reason_to_skip

from headwater.edges.kernel.cgroup_paths import place_of
from headwater.edges.kernel.collector import NothingToWatchError, OomSource, Way, open_source
from headwater.edges.kernel.ebpf import EbpfSource
from headwater.edges.kernel.errors import KernelEdgeError
from headwater.edges.kernel.oom_kills import Constraint, OomKill
from headwater.edges.kernel.oom_program import Tracepoint
from headwater.edges.nats.embedded import EmbeddedServer
from headwater.model.events import UnifiedEvent, validate_event
from headwater.model.objects import ObjectVersion
from headwater.model.results import CorrelationResult, decode_result
from headwater.service.clock import WallClock
from headwater.service.collect_kernel import collect_kernel
from headwater.service.engine import load_knowledge, make_runtime
from headwater.service.settings import EngineSettings, KernelSettings, Settings
from headwater.service.wiring import Client, Feed, open_client

POD_UID = "6d0f2a1c-0d5e-4f6b-8a57-2c1f7d9e4b03"
CONTAINER_ID = "5e1f" * 16
SECONDS_MAX = 60

_WHY_NO_CGROUP = reason_to_skip()
needs_cgroup = pytest.mark.skipif(bool(_WHY_NO_CGROUP), reason=_WHY_NO_CGROUP or "a memory cgroup can be made")

Kill = Callable[[], Victim]


@pytest.fixture
def kill(tmp_path: Path) -> Iterator[Kill]:
    """Kills a process called mysqld in a container of its own."""
    program = program_named(tmp_path, "mysqld")
    with container(POD_UID, CONTAINER_ID) as folder:
        yield lambda: kill_for_memory(folder, program, POD_UID, CONTAINER_ID)


def opened(open_it: Callable[[], OomSource]) -> OomSource:
    try:
        return open_it()
    except KernelEdgeError as error:
        pytest.skip(f"the kernel does not let us: {error}")


WAYS: dict[str, Callable[[], OomSource]] = {
    "ebpf": lambda: open_source(Way.EBPF)[0],
    "ebpf at the exit": lambda: EbpfSource(tracepoint=Tracepoint.VICTIM_EXITS),
    "kmsg": lambda: open_source(Way.KMSG)[0],
}


def kills_seen(source: OomSource, pid: int) -> list[OomKill]:
    """The kills of this process, as soon as there is one."""
    ends_at = time.monotonic() + SECONDS_MAX
    while time.monotonic() < ends_at:
        select.select([source], [], [], 0.2)
        found = [kill for kill in source.read() if kill.pid == pid]
        if found:
            return found
    raise AssertionError(f"{source.name} saw nothing")


def lost_of_what_was_there(source: OomSource) -> int:
    """Read to the end of the log; of a full one the kernel may overwrite old records meanwhile, which is not what is tested."""
    for _ in range(10):
        source.read()
    return source.lost


@needs_cgroup
@pytest.mark.parametrize("way", WAYS)
def test_a_kill_is_seen_once_with_its_pod_and_container(way: str, kill: Kill) -> None:
    source = opened(WAYS[way])
    try:
        lost_before = lost_of_what_was_there(source)
        victim = kill()
        (seen,) = kills_seen(source, victim.pid)
        assert (seen.command, seen.user) == ("mysqld", os.geteuid())
        assert place_of(seen.cgroup_path)[:2] == (POD_UID, CONTAINER_ID)
        assert seen.cgroup_path.endswith(victim.cgroup_path)
        assert dict(seen.figures)["total_vm"] > LIMIT_BYTES // 2
        if way == "ebpf at the exit":
            assert seen.constraint is None
        elif getattr(source, "tracepoint", None) is not Tracepoint.VICTIM_EXITS:
            assert seen.constraint is Constraint.CGROUP
            assert place_of(seen.limited_path).level == "container"
        assert source.lost == lost_before
    finally:
        source.close()


@pytest.mark.parametrize("way", ["ebpf", "ebpf at the exit"])
def test_a_process_that_somebody_else_kills_is_no_kill_for_memory(way: str) -> None:
    source = opened(WAYS[way])
    try:
        with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
            process.send_signal(signal.SIGKILL)
            assert process.wait(SECONDS_MAX) == -signal.SIGKILL
        assert [seen for seen in source.read() if seen.pid == process.pid] == []
    finally:
        source.close()


@pytest.fixture
async def client(nats_server: EmbeddedServer) -> AsyncIterator[Client]:
    async with open_client(Settings(), server=nats_server.options) as client:
        await client.prepare()
        yield client


async def first_event(client: Client, victim: Victim) -> UnifiedEvent:
    async for message in client.follow(Feed.EVENTS, start_at=WallClock().now() - 60 * 10**9):
        event = validate_event(message.data)
        if event.kernel is not None and event.kernel.pid == victim.pid:
            assert message.subject == f"traces.none.{event.source}"
            return event
    raise AssertionError("the stream ended")


async def first_result(client: Client) -> CorrelationResult:
    async for message in client.follow(Feed.RESULTS, start_at=WallClock().now() - 60 * 10**9):
        return decode_result(message.data)
    raise AssertionError("the stream ended")


def pod() -> ObjectVersion:
    metadata = {"name": "mysql-0", "namespace": "shop", "uid": POD_UID, "labels": {"app": "mysql"}}
    return ObjectVersion(kind="Pod", name="mysql-0", namespace="shop", uid=POD_UID, object={"metadata": metadata, "spec": {}})


@needs_cgroup
@pytest.mark.nats
@pytest.mark.parametrize("way", [Way.EBPF, Way.KMSG])
async def test_a_kill_becomes_an_incident_of_its_pod(way: Way, kill: Kill, client: Client) -> None:
    try:
        open_source(way)[0].close()
    except NothingToWatchError as error:
        pytest.skip(f"the kernel does not let us: {error}")
    await client.publish_versions([pod()])
    stop = asyncio.Event()
    runtime = make_runtime(EngineSettings(), load_knowledge(""), await client.engine_connections("default"))
    watching: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    settings = KernelSettings(source=way.value, node="node-a")
    async with asyncio.timeout(SECONDS_MAX), asyncio.TaskGroup() as tasks:
        tasks.create_task(runtime.run(stop))
        tasks.create_task(collect_kernel(client, settings, stop, watching=watching.set_result))
        assert await watching == way.value
        before = WallClock().now()
        victim = await asyncio.to_thread(kill)
        event = await first_event(client, victim)
        assert event.occurred_at is not None
        assert before - 10**9 <= event.occurred_at <= WallClock().now()
        result = await first_result(client)
        assert result.cause is not None
        assert (result.cause.entity, result.cause.symptom_class) == ("default/Pod/shop/mysql-0", "kernel.oom")
        assert result.root_cause.startswith("mysql-0 OOM at ")
        stop.set()


def run_without(*kept: str, source: str = "auto", command: tuple[str, ...] = ()) -> "subprocess.CompletedProcess[str]":
    """A command of ours, or the opening of a source, with no capabilities but these."""
    setpriv = shutil.which("setpriv")
    if setpriv is None or os.geteuid() != 0:
        pytest.skip("giving up capabilities needs root and setpriv")
    capabilities = ",".join(["-all", *(f"+{name}" for name in kept)])
    opening = "import sys; from headwater.edges.kernel.collector import *; print(open_source(Way(sys.argv[1]))[0].name)"
    program = ("-m", "headwater.cli.main", *command) if command else ("-c", opening, source)
    arguments = [setpriv, f"--bounding-set={capabilities}", sys.executable, *program]
    return subprocess.run(arguments, capture_output=True, text=True, timeout=SECONDS_MAX)


def test_the_capabilities_of_the_manifest_are_enough_for_ebpf() -> None:
    opened(WAYS["ebpf"]).close()
    done = run_without("bpf", "perfmon", source="ebpf")
    assert (done.stdout, done.returncode) == ("ebpf\n", 0), done.stderr


def test_the_log_is_taken_where_ebpf_is_not_allowed() -> None:
    opened(WAYS["kmsg"]).close()
    done = run_without("syslog")
    assert (done.stdout, done.returncode) == ("kmsg\n", 0), done.stderr


def test_without_any_capability_each_way_says_what_it_lacks() -> None:
    opened(WAYS["ebpf"]).close()
    done = run_without()
    if done.returncode == 0:
        pytest.skip("this kernel lets anybody read its log")
    assert "eBPF is not allowed without CAP_BPF and CAP_PERFMON; add them" in done.stderr
    assert "/dev/kmsg may not be read without CAP_SYSLOG; add it" in done.stderr


@pytest.mark.nats
async def test_the_command_ends_with_the_reasons(nats_server: EmbeddedServer) -> None:
    opened(WAYS["ebpf"]).close()
    token = nats_server.options.token or ""
    command = ("collect", "kernel", "--nats", nats_server.url, "--token", token, "--source", "ebpf")
    done = await asyncio.to_thread(run_without, command=command)
    assert done.returncode == 2, done.stderr
    assert "the kernel cannot be watched: eBPF is not allowed without CAP_BPF and CAP_PERFMON" in done.stderr
    assert "add them to the container's capabilities" in done.stderr
    assert "Traceback" not in done.stderr

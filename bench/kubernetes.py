"""
The Kubernetes collector against the test suite's API server on loopback: a first list of 5,000 pods, and changes from there to TOPOLOGY.

The server runs in a process of its own; pods are as a real server shows them, managed fields and all. "read" lists and compares without
publishing; "stored" is `headwater collect kubernetes` with a real nats-server, until each version is acknowledged; a "change" is a pod that
becomes unready or ready again, written as fast as the watch takes them, until its version and its event are stored. Wall time, as the
collector waits for others; memory is what this process grew by, at its peak, beyond the client libraries.
"""

import argparse
import asyncio
import logging
import multiprocessing
import resource
import sys
import tempfile
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import msgspec
import structlog
import uvloop
from tests.integration.kubernetes.fake_api import FakeApi, running_api

from headwater.edges.kubernetes.cluster import ClusterWatch
from headwater.edges.kubernetes.credentials import Plain
from headwater.edges.kubernetes.reflector import ReflectorOptions
from headwater.model.times import format_time
from headwater.service.clock import WallClock
from headwater.service.collect_kubernetes import KubernetesCollector
from headwater.service.settings import KubernetesSettings
from headwater.testing.live import LiveServer, live_server
from headwater.testing.measuring import machine, median

MADE_AT = "2026-01-05T09:00:00Z"
PODS_PER_WORKLOAD = 20
SECONDS_MAX = 50.0


def pod(number: int, *, is_ready: bool = True) -> dict[str, Any]:
    """A pod with all that a real server tells of one."""
    workload, name = f"app-{number // PODS_PER_WORKLOAD}", f"app-{number // PODS_PER_WORKLOAD}-7d4b9c6f5-{number:05}"
    now = format_time(time.time_ns())
    status = "True" if is_ready else "False"
    conditions = [
        {"type": kind, "status": "True" if kind == "PodScheduled" else status, "lastProbeTime": None, "lastTransitionTime": now}
        for kind in ("Initialized", "Ready", "ContainersReady", "PodScheduled")
    ]
    fields: dict[str, Any] = {
        f"f:{name}": {"f:type": {}, "f:status": {}, "f:lastTransitionTime": {}} for name in ("conditions", "containerStatuses", "phase")
    }
    variables = [{"name": f"SETTING_{index}", "value": f"value-{index}"} for index in range(8)]
    return {
        "metadata": {
            "name": name,
            "generateName": f"{workload}-7d4b9c6f5-",
            "namespace": f"team-{number % 20}",
            "uid": f"uid-{number:05}",
            "creationTimestamp": MADE_AT,
            "labels": {"app": workload, "pod-template-hash": "7d4b9c6f5"},
            "annotations": {"kubectl.kubernetes.io/last-applied-configuration": "x" * 400},
            "ownerReferences": [{"kind": "ReplicaSet", "name": f"{workload}-7d4b9c6f5", "uid": f"uid-{workload}", "controller": True}],
            "managedFields": [
                {"manager": manager, "operation": "Update", "apiVersion": "v1", "time": now, "fieldsType": "FieldsV1", "fieldsV1": fields}
                for manager in ("kube-controller-manager", "kube-scheduler", "kubelet")
            ],
        },
        "spec": {
            "nodeName": f"node-{number % 100}",
            "serviceAccountName": "default",
            "containers": [
                {
                    "name": "main",
                    "image": f"registry.example.com/{workload}:1",
                    "env": variables,
                    "resources": {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "256Mi"}},
                    "volumeMounts": [{"name": "config", "mountPath": "/etc/app"}],
                }
            ],
            "volumes": [{"name": "config", "configMap": {"name": f"{workload}-settings"}}],
            "tolerations": [{"key": "node.kubernetes.io/not-ready", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 300}],
        },
        "status": {
            "phase": "Running",
            "podIP": f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}",
            "hostIP": f"192.168.0.{number % 100}",
            "startTime": MADE_AT,
            "conditions": conditions,
            "containerStatuses": [
                {"name": "main", "containerID": f"containerd://{number:064x}", "ready": is_ready, "restartCount": 0, "imageID": "sha256:0"}
            ],
        },
    }


def serve(pods: int, pipe: Connection) -> None:
    """The server's process: tells where it is, then changes so many pods as it is told, until it is told none."""

    async def serving() -> None:
        async with running_api() as api:
            for number in range(pods):
                api.put("Pod", pod(number))
            pipe.send(api.url)
            while count := await asyncio.to_thread(pipe.recv):
                await change(api, count, pods)

    uvloop.run(serving())


async def change(api: FakeApi, count: int, pods: int) -> None:
    for number in range(count):
        ready = {each["type"]: each["status"] for each in api.kinds["Pod"].objects[f"uid-{number % pods:05}"]["status"]["conditions"]}
        api.put("Pod", pod(number % pods, is_ready=ready["Ready"] == "False"))
        await asyncio.sleep(0)


def peak_mebibytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def read_all(url: str, pods: int) -> tuple[float, float]:
    """Seconds until every pod was listed, and how much memory that took."""
    before, began = peak_mebibytes(), time.perf_counter()
    watch = ClusterWatch(Plain(url), now=WallClock().now, options=ReflectorOptions())
    running = asyncio.ensure_future(watch.run())
    seen = 0
    async with asyncio.timeout(SECONDS_MAX):
        while seen < pods or not watch.is_synced:
            seen += len(await watch.read(0.05))
    took = time.perf_counter() - began
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return took, peak_mebibytes() - before


async def store_all(url: str, server: LiveServer, pipe: Connection, changes: int, repeats: int) -> tuple[float, list[float]]:
    """Seconds until every pod was stored, and seconds for each round of changes."""
    stop = asyncio.Event()
    rounds: list[float] = []
    async with server.client.collector_connections() as connections, asyncio.TaskGroup() as tasks:
        collector = KubernetesCollector(KubernetesSettings(), Plain(url), connections, WallClock(), read_seconds=0.05)
        began = time.perf_counter()
        tasks.create_task(collector.run(stop))
        await asyncio.wait_for(collector.synced.wait(), SECONDS_MAX)
        took = time.perf_counter() - began
        for _ in range(repeats):
            wanted, began = collector.counts.versions + changes, time.perf_counter()
            pipe.send(changes)
            async with asyncio.timeout(SECONDS_MAX):
                while collector.counts.versions < wanted:  # noqa: ASYNC110  (a counter, which has no event)
                    await asyncio.sleep(0.005)
            rounds.append(time.perf_counter() - began)
        stop.set()
    return took, rounds


def in_process(pods: int, queue: "multiprocessing.Queue[tuple[float, float]]", url: str) -> None:
    queue.put(uvloop.run(read_all(url, pods)))


async def measure(options: argparse.Namespace, url: str, pipe: Connection) -> None:
    with tempfile.TemporaryDirectory() as name:
        async with live_server(Path(name) / "store", is_durable=False) as server:
            took, rounds = await store_all(url, server, pipe, options.changes, options.repeats)
    print(f"  {took:>8.2f} s         {options.pods:,} pods listed and stored in TOPOLOGY")
    rate = options.changes / median(rounds)
    print(f"  {rate:>8,.0f} changes/s {options.changes:,} changes of pods, until the version and the event of each are stored")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pods", type=int, default=5_000)
    parser.add_argument("--changes", type=int, default=2_000)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    size = len(msgspec.json.encode(pod(1))) / 1024
    print(f"{options.pods:,} pods of {size:.1f} KiB, median of {options.repeats} runs; {machine()}")
    context = multiprocessing.get_context("spawn")
    pipe, other = context.Pipe()
    server = context.Process(target=serve, args=(options.pods, other), daemon=True)
    server.start()
    url = pipe.recv()
    queue: multiprocessing.Queue[tuple[float, float]] = context.Queue()
    runs = []
    for _ in range(options.repeats):
        reader = context.Process(target=in_process, args=(options.pods, queue, url), daemon=True)
        reader.start()
        runs.append(queue.get(timeout=SECONDS_MAX))
        reader.join()
    took, grown = median([took for took, _ in runs]), median([grown for _, grown in runs])
    print(f"  {took:>8.2f} s         read, with {grown:.0f} MiB more memory at the peak")
    uvloop.run(measure(options, url, pipe))
    pipe.send(0)
    server.join(5)


if __name__ == "__main__":
    main()

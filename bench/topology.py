"""
The entity graph: versions taken a second, memory of a version, and questions answered a second as of any instant.

Seeded pods, twenty to a workload and a Service, each with so many versions a minute apart: every sixth is a restart with a new container,
the others change what the graph does not read, as most changes do. Questions are about a pod and an instant drawn anew each time, so that
no remembered answer serves; medians of runs over different draws. All on one core, in processor time. The full size, 100,000 entities with
30 changes each, is `--entities 100000`: some minutes, and gigabytes.
"""

import argparse
import gc
import os
import random
import time
from collections.abc import Callable, Iterator

from headwater.model.entities import SCHEME_ADDRESS, SCHEME_CONTAINER, SCHEME_UID, Entity, Reference
from headwater.model.objects import ObjectVersion
from headwater.model.relations import Relation
from headwater.model.times import format_time, parse_time, seconds
from headwater.testing.measuring import machine, median, resident_mebibytes
from headwater.topology.graph import TopologyGraph

START = parse_time("2026-01-05T10:00:00Z")
PODS_PER_WORKLOAD = 20
NAMESPACES, NODES = 50, 500
RESTARTS_EVERY = 6
HASH = "7d4b9c6f5"
CHUNK = 500
"""So many versions are made at once, so that their own memory is not measured."""


def pod_name(number: int) -> str:
    return f"app-{number // PODS_PER_WORKLOAD}-{HASH}-{number:06}"


def namespace_of(number: int) -> str:
    return f"team-{number // PODS_PER_WORKLOAD % NAMESPACES}"


def address_of(number: int) -> str:
    return f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"


def pod(number: int, change: int) -> ObjectVersion:
    """A version of a pod, as a collector publishes it."""
    workload, restarts = f"app-{number // PODS_PER_WORKLOAD}", change // RESTARTS_EVERY
    is_ready = change % RESTARTS_EVERY > 0
    owner = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": f"{workload}-{HASH}", "uid": f"uid-{workload}", "controller": True}
    status = {
        "name": "main",
        "containerID": f"containerd://{number:032x}{restarts:032x}",
        "image": f"registry.example.com/{workload}:1",
        "ready": is_ready,
        "restartCount": restarts,
        "state": {"running": {"startedAt": format_time(START + seconds(60 * RESTARTS_EVERY * restarts))}},
    }
    container = {
        "name": "main",
        "image": f"registry.example.com/{workload}:1",
        "resources": {"requests": {"cpu": "1", "memory": "1Gi"}},
        "ports": [{"containerPort": 8080}],
    }
    return ObjectVersion(
        kind="Pod",
        name=pod_name(number),
        namespace=namespace_of(number),
        uid=f"uid-{number:030}",
        resource_version=str(number * 1_000 + change + 1),
        valid_from=START + seconds(60 * change),
        object={
            "metadata": {
                "name": pod_name(number),
                "namespace": namespace_of(number),
                "uid": f"uid-{number:030}",
                "creationTimestamp": format_time(START),
                "labels": {"app": workload, "pod-template-hash": HASH},
                "ownerReferences": [owner],
            },
            "spec": {"nodeName": f"node-{number % NODES}", "serviceAccountName": workload, "containers": [container]},
            "status": {
                "phase": "Running",
                "podIP": address_of(number),
                "startTime": format_time(START),
                "conditions": [{"type": "Ready", "status": str(is_ready), "lastTransitionTime": format_time(START + seconds(60 * change))}],
                "containerStatuses": [status],
            },
        },
    )


def services(entities: int) -> Iterator[ObjectVersion]:
    for number in range(0, entities, PODS_PER_WORKLOAD):
        workload = f"app-{number // PODS_PER_WORKLOAD}"
        spec = {"selector": {"app": workload}, "clusterIP": f"172.16.{number >> 13}.{number // PODS_PER_WORKLOAD & 255}"}
        yield ObjectVersion(kind="Service", name=workload, namespace=namespace_of(number), object={"spec": spec})


def build(entities: int, changes: int) -> TopologyGraph:
    """Print how fast versions are taken, and what they cost."""
    graph = TopologyGraph()
    gc.collect()
    before = resident_mebibytes(os.getpid())
    took = 0.0
    for service in services(entities):
        graph.observe(service)
    for change in range(changes):
        for first in range(0, entities, CHUNK):
            versions = [pod(number, change) for number in range(first, min(first + CHUNK, entities))]
            began = time.process_time()
            for version in versions:
                graph.observe(version)
            took += time.process_time() - began
    versions.clear()
    gc.collect()
    count, grown = entities * changes, resident_mebibytes(os.getpid()) - before
    print(f"  {count / took:>10,.0f} versions/s taken")
    print(f"  {grown:>10,.0f} MiB for {count:,} versions of {entities:,} pods, {grown * 2**20 / count:,.0f} bytes a version")
    return graph


def questions(graph: TopologyGraph, changes: int) -> dict[str, Callable[[int, int], object]]:
    def reference(scheme: str, name: str) -> Reference:
        return Reference("default", scheme, "", name)

    def entity(number: int) -> Entity:
        return Entity("default", "Pod", namespace_of(number), pod_name(number))

    def service(number: int) -> Entity:
        return Entity("default", "Service", namespace_of(number), f"app-{number // PODS_PER_WORKLOAD}")

    last = (changes - 1) // RESTARTS_EVERY
    return {
        "who has this uid": lambda number, at: graph.resolve(reference(SCHEME_UID, f"uid-{number:030}"), at),
        "who has this address": lambda number, at: graph.resolve(reference(SCHEME_ADDRESS, address_of(number)), at),
        "whose container is it": lambda number, at: graph.resolve(
            reference(SCHEME_CONTAINER, f"{number:032x}{number % (last + 1):032x}"), at
        ),
        "what is called so": lambda number, at: graph.resolve(reference("service.name", f"app-{number // PODS_PER_WORKLOAD}"), at),
        "whose pod is it": lambda number, at: graph.unit_of(entity(number), at),
        "where does it run": lambda number, at: graph.related_back(entity(number), Relation.HOSTS, at, at),
        "which services is it behind": lambda number, at: graph.services_of(entity(number), at, at + seconds(60)),
        "which pods are behind it": lambda number, at: graph.pods_of(service(number), at),
        "what is near it": lambda number, _at: graph.neighbourhood([service(number)], 1, 2_000),
    }


def ask(question: Callable[[int, int], object], draws: list[tuple[int, int]]) -> float:
    """Answers a second."""
    began = time.process_time()
    for number, at in draws:
        question(number, at)
    return len(draws) / (time.process_time() - began)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entities", type=int, default=5_000)
    parser.add_argument("--changes", type=int, default=30)
    parser.add_argument("--questions", type=int, default=10_000)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    rng = random.Random(7)
    print(f"{options.entities:,} pods with {options.changes} versions each, median of {options.repeats} runs; {machine()}")
    graph = build(options.entities, options.changes)
    draws = [
        [(rng.randrange(options.entities), START + rng.randrange(seconds(60 * options.changes))) for _ in range(options.questions)]
        for _ in range(options.repeats)
    ]
    for name, question in questions(graph, options.changes).items():
        print(f"  {median([ask(question, each) for each in draws]):>10,.0f} answers/s  {name}")


if __name__ == "__main__":
    main()

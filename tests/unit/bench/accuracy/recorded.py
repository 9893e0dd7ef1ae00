"""A tiny recording: one set of cases as the bench reads them, written by the test."""

import gzip
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

Json = Mapping[str, Any]

WORKLOADS = ("cart", "orders")


DATA = Path(os.environ.get("HEADWATER_DATA") or os.environ.get("DATA") or "../shared/data")
"""Recordings of others, where there are any."""


def write_case(folder: Path, name: str, events: Sequence[Json], *, calls: Sequence[Json] = ()) -> None:
    """One case folder of the shop."""
    path = folder / name
    path.mkdir(parents=True)
    (path / "objects.json").write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": shop()}), encoding="utf-8")
    (path / "calls.json").write_text(json.dumps(calls), encoding="utf-8")
    with gzip.open(path / "events.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(event) + "\n" for event in events)


def write_labels(folder: Path, labels: Sequence[Json]) -> None:
    """The truths of a set."""
    (folder / "labels.jsonl").write_text("".join(json.dumps(label) + "\n" for label in labels), encoding="utf-8")


def shop() -> list[Json]:
    """A deployment with one pod behind one service, for each workload, on one node."""
    objects: list[Json] = [{"apiVersion": "v1", "kind": "Node", "metadata": {"name": "node-1"}}]
    for name in WORKLOADS:
        labels = {"app": name}
        metadata = {"namespace": "shop", "labels": labels}
        owner = [{"kind": "Deployment", "name": name, "controller": True, "apiVersion": "apps/v1"}]
        revision = f"{name}-7d9f8b6c5d"
        replica_set = [{"kind": "ReplicaSet", "name": revision, "controller": True, "apiVersion": "apps/v1"}]
        objects += [
            {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name, **metadata}},
            {
                "apiVersion": "apps/v1",
                "kind": "ReplicaSet",
                "metadata": {"name": f"{name}-7d9f8b6c5d", **metadata, "ownerReferences": owner},
            },
            {
                "apiVersion": "v1",
                "kind": "Pod",
                "metadata": {"name": f"{revision}-x2x4z", **metadata, "ownerReferences": replica_set},
                "spec": {"nodeName": "node-1", "volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": f"{name}-data"}}]},
            },
            {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name, "namespace": "shop"}, "spec": {"selector": labels}},
            {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": f"{name}-data", "namespace": "shop"}},
        ]
    return objects


def kernel_kill(number: int, name: str, second: int) -> Json:
    """The kernel kills the pod of a workload for its memory."""
    pod = f"{name}-7d9f8b6c5d-x2x4z"
    return {
        "id": f"kill-{number}",
        "timestamp": at(second),
        "type": "kernel",
        "source": "ebpf",
        "severity": "error",
        "message": "killed",
        "kernel": {"syscall": "oom_kill"},
        "k8s_context": {"kind": "Pod", "name": pod, "namespace": "shop", "node_name": "node-1"},
    }


def failed_call(number: int, caller: str, callee: str, second: int) -> Json:
    """A call that ended in a timeout."""
    return {
        "id": f"call-{number}",
        "timestamp": at(second),
        "type": "service",
        "source": "otel",
        "severity": "error",
        "message": "deadline exceeded",
        "k8s_context": {"kind": "Pod", "name": f"{caller}-7d9f8b6c5d-x2x4z", "namespace": "shop"},
        "attributes": {"service.name": caller, "peer.service": callee, "otel.status_code": "ERROR", "error.type": "timeout"},
    }


def healthy_call(second: int) -> Json:
    """A call that went well."""
    attributes = {"service.name": "orders", "peer.service": "cart", "otel.status_code": "OK"}
    return {**failed_call(second, "orders", "cart", second), "severity": "info", "message": "", "attributes": attributes}


def at(second: int) -> str:
    """So many seconds into the recording."""
    return f"2026-01-05T10:{second // 60:02d}:{second % 60:02d}.000Z"


def outage(name: str) -> list[Json]:
    """A workload killed for its memory again and again, and its caller's timeouts."""
    caller = next(each for each in WORKLOADS if each != name)
    kills = [kernel_kill(number, name, 10 * number) for number in range(3)]
    return [*kills, *(failed_call(number, caller, name, 31 + number) for number in range(6))]


CALLS = [{"caller": "orders", "callee": "cart", "namespace": "shop"}, {"caller": "cart", "callee": "orders", "namespace": "shop"}]

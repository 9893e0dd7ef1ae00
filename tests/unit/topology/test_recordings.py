"""Recordings of a real API server, where they are there to test with."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from headwater.model.entities import Entity
from headwater.model.objects import ObjectVersion
from headwater.model.relations import Relation
from headwater.model.times import parse_time, seconds
from headwater.topology.graph import TopologyGraph
from headwater.topology.intervals import BEGINNING, FOREVER
from headwater.topology.loader import K8sRelationshipLoader

DATA = Path(os.environ.get("DATA") or Path(__file__).parents[3].parent / "shared" / "data")
START = parse_time("2026-11-23T08:24:00Z")
"""Watches tell seconds since the recording began."""

RELATED = (
    *("nodes", "namespaces", "services", "endpoints", "endpointslices", "deployments", "replicasets", "statefulsets", "daemonsets"),
    *("jobs", "cronjobs", "pods", "configmaps", "secrets", "pvcs", "pvs", "ingresses", "hpas"),
)


def folder(name: str) -> Path:
    path = DATA / name
    if not path.is_dir():
        pytest.skip(f"{path} is absent; set DATA to the folder of recordings")
    return path


def listed(path: Path, suffix: str = "") -> list[ObjectVersion]:
    loader = K8sRelationshipLoader()
    versions: list[ObjectVersion] = []
    for name in RELATED:
        content = json.loads((path / f"list_{name}{suffix}.json").read_text())
        versions += loader.versions([content], kind="Secret" if name == "secrets" else "")
    assert loader.counters == {}
    return versions


def watched(path: Path) -> Iterator[ObjectVersion]:
    loader = K8sRelationshipLoader()
    for name in RELATED:
        for line in (path / f"watch_{name}.jsonl").read_text().splitlines():
            record: dict[str, Any] = json.loads(line)
            kind = "Secret" if name == "secrets" else ""
            yield from loader.versions([record["e"]], observed_at=START + seconds(record["t"]), kind=kind)


def graph_of(versions: list[ObjectVersion]) -> TopologyGraph:
    graph = TopologyGraph()
    for version in versions:
        graph.observe(version)
    return graph


def shop(kind: str, name: str) -> Entity:
    return Entity("default", kind, "shop", name)


def test_the_story_has_its_pods_and_its_names() -> None:
    objects = json.loads((folder("story") / "objects.json").read_text())
    graph = graph_of(K8sRelationshipLoader().versions([objects]))
    at = parse_time("2026-01-05T10:00:00Z")
    counts = {}
    for name in ("mysql", "api", "frontend"):
        service = Entity("default", "Service", "production", f"{name}-service")
        unit = graph.unit_of(service, at)
        counts[name] = len(graph.pods_of(unit, at))
        assert graph.display_name(service, at) == graph.display_name(unit, at) == name
        assert graph.pods_of(service, at) == graph.pods_of(unit, at)
        assert all(graph.display_name(pod, at) == name for pod in graph.pods_of(service, at))
    assert counts == {"mysql": 3, "api": 6, "frontend": 6}
    assert graph.unit_of(Entity("default", "Pod", "production", "mysql-pod-abc"), at).short == "StatefulSet/mysql-statefulset"


@pytest.mark.parametrize("suffix", ["_healthy", "_failing", "_after"])
def test_every_pod_of_a_real_cluster_has_a_node_an_owner_and_its_services(suffix: str) -> None:
    versions = listed(folder("kubernetes"), suffix)
    graph = graph_of(versions)
    targets = {
        (version.object["metadata"]["labels"]["kubernetes.io/service-name"], endpoint["targetRef"]["name"])
        for version in versions
        if version.kind == "EndpointSlice" and version.namespace == "shop"
        for endpoint in version.object.get("endpoints") or ()
        if "targetRef" in endpoint
    }
    assert targets
    for service, pod in targets:
        assert shop("Service", service) in graph.related(shop("Pod", pod), Relation.BACKS, BEGINNING, FOREVER)
    for version in versions:
        if version.kind != "Pod":
            continue
        pod = version.entity
        at = parse_time(version.object["metadata"]["creationTimestamp"]) + seconds(1)
        node = version.object["spec"].get("nodeName")
        assert [each.name for each in graph.related_back(pod, Relation.HOSTS, at, at)] == ([node] if node else [])
        owners = version.object["metadata"].get("ownerReferences", ())
        unit = graph.unit_of(pod, at)
        assert unit == pod if not owners else unit.kind in ("Deployment", "StatefulSet", "DaemonSet", "CronJob", "Job")
    assert TopologyGraph.restore(graph.snapshot()).snapshot() == graph.snapshot()


@pytest.mark.parametrize("name", ["kubernetes", "kubernetes/scenario2", "kubernetes/scenario3"])
def test_a_watched_cluster_is_the_same_in_either_order_and_keeps_no_secret_value(name: str) -> None:
    versions = list(watched(folder(name)))
    graph, backwards = graph_of(versions), graph_of(versions[::-1])
    snapshot = graph.snapshot()
    assert backwards.snapshot() == snapshot
    for entity in graph.entities():
        for relation in Relation:
            assert graph.related(entity, relation, BEGINNING, FOREVER) == backwards.related(entity, relation, BEGINNING, FOREVER)
    assert "managedFields" not in json.dumps(snapshot)
    assert "last-applied" not in json.dumps(snapshot)


def test_a_service_in_a_watched_cluster_is_resolved_from_what_callers_say() -> None:
    graph = graph_of(list(watched(folder("kubernetes"))))
    at = START + seconds(60)
    for service in graph.entities("Service"):
        if service.namespace == "shop":
            assert graph.unit_of(service, at).kind != "Service"
            assert graph.pods_of(service, at)

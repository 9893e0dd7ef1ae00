"""Reads manifests as a cluster would be given them, and finds the parts that tests ask about."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

ROOT = Path(__file__).parents[3]
DEPLOY = ROOT / "deploy"
CHART = DEPLOY / "chart"
MANIFESTS = DEPLOY / "manifests"

Object = dict[str, Any]


class Container(NamedTuple):
    """A container with the workload it is in."""

    workload: str
    pod: Object
    content: Object


def objects_in(text: str) -> list[Object]:
    return [content for content in yaml.safe_load_all(text) if content is not None]


def manifest_objects() -> list[Object]:
    return [content for path in sorted(MANIFESTS.glob("*.yaml")) for content in objects_in(path.read_text(encoding="utf-8"))]


def label(content: Object) -> str:
    """Kind and name."""
    return f"{content['kind']}/{content['metadata']['name']}"


def of_kind(objects: list[Object], *kinds: str) -> list[Object]:
    return [content for content in objects if content["kind"] in kinds]


def containers(objects: list[Object]) -> Iterator[Container]:
    for workload in of_kind(objects, "Deployment", "DaemonSet"):
        pod = workload["spec"]["template"]["spec"]
        for content in pod["containers"]:
            yield Container(workload["metadata"]["name"], pod, content)


def environment_of(container: Object) -> dict[str, str]:
    """Variables with their values; one that a Secret or a field gives has a stand-in."""
    stand_in = "nats://nats:4222"
    return {entry["name"]: entry.get("value", stand_in) for entry in container.get("env", ())}

"""The topology lines of a pattern's test as Kubernetes objects, and its `depends_on` lines as calls."""

from collections.abc import Iterable
from typing import Any

from headwater.testing.class_examples import Thing, call_span, thing_of

Object = dict[str, Any]

_VERSIONS = {"Deployment": "apps/v1", "StatefulSet": "apps/v1", "DaemonSet": "apps/v1", "ReplicaSet": "apps/v1", "Job": "batch/v1"}
_VOLUMES = {
    "ConfigMap": lambda name: {"name": f"config-{name}", "configMap": {"name": name}},
    "Secret": lambda name: {"name": f"secret-{name}", "secret": {"secretName": name}},
    "PersistentVolumeClaim": lambda name: {"name": f"claim-{name}", "persistentVolumeClaim": {"claimName": name}},
}


_NO_OBJECTS = ("External", "Zone", "Registry")
"""Kinds of what other objects only name."""


class TestCluster:
    """Objects built line by line; the order of the lines does not matter."""

    __test__ = False  # no test, though pytest might think so

    def __init__(self, lines: Iterable[str], parts: Iterable[Object] = ()) -> None:
        self._objects: dict[Thing, Object] = {}
        self.calls: list[tuple[Thing, Thing]] = []
        relations = [(subject, verb, thing) for subject, verb, thing in map(_parted, lines) if self._add(subject, thing)]
        # Pods must be owned before what their workload mounts is given to them.
        for subject, verb, thing in sorted(relations, key=lambda relation: (relation[1] != "owns", relation)):
            assert thing is not None
            getattr(self, f"_{verb}")(subject, thing)
        for part in parts:
            _join(self._object(thing_of(part["about"])), {key: value for key, value in part.items() if key != "about"})

    def objects(self) -> list[Object]:
        """All objects, as kubectl would list them."""
        return list(self._objects.values())

    def call_bodies(self) -> list[dict[str, Any]]:
        """Wire events of calls that went well, by which the engine learns who depends on whom."""
        return [call_span(caller, callee) for caller, callee in self.calls]

    def _add(self, subject: Thing, thing: Thing | None) -> bool:
        for each in (subject, thing):
            if each is not None and each.kind not in _NO_OBJECTS:
                self._object(each)
        return thing is not None

    def _object(self, thing: Thing) -> Object:
        if thing not in self._objects:
            self._objects[thing] = _new(thing)
        return self._objects[thing]

    def _depends_on(self, caller: Thing, callee: Thing) -> None:
        self.calls.append((caller, callee))

    def _owns(self, workload: Thing, pod: Thing) -> None:
        owner = self._object(workload)
        if workload.kind == "Deployment":
            replica_set = Thing("ReplicaSet", f"{workload.name}-5d9f7c", workload.namespace)
            self._object(replica_set)["metadata"]["ownerReferences"] = [_owner_reference(owner)]
            owner = self._object(replica_set)
        metadata = self._object(pod)["metadata"]
        metadata["ownerReferences"] = [_owner_reference(owner)]
        metadata["labels"]["app"] = workload.name

    def _selects(self, service: Thing, pod: Thing) -> None:
        label = f"selected-by-{service.name}"
        self._object(service)["spec"]["selector"] = {label: "true"}
        self._object(pod)["metadata"]["labels"][label] = "true"

    def _hosts(self, node: Thing, pod: Thing) -> None:
        self._object(pod)["spec"]["nodeName"] = node.name

    def _scales(self, autoscaler: Thing, workload: Thing) -> None:
        self._object(autoscaler)["spec"] = {"scaleTargetRef": {"kind": workload.kind, "name": workload.name}}

    def _routed_by(self, service: Thing, ingress: Thing) -> None:
        if ingress.kind == "VirtualService":
            self._object(ingress).setdefault("spec", {}).setdefault("hosts", []).append(service.name)
            return
        backend = {"service": {"name": service.name, "port": {"number": 80}}}
        rules = self._object(ingress).setdefault("spec", {}).setdefault("rules", [])
        rules.append({"http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]}})

    def _zone_of(self, zone: Thing, node: Thing) -> None:
        self._object(node)["metadata"]["labels"]["topology.kubernetes.io/zone"] = zone.name

    def _pulled_by(self, registry: Thing, pod: Thing) -> None:
        self._object(pod)["spec"]["containers"] = [{"name": "main", "image": f"{registry.name}/{pod.name}:1"}]

    def _mounted_by(self, mounted: Thing, workload: Thing) -> None:
        volume = _VOLUMES[mounted.kind](mounted.name)
        spec = self._object(workload)["spec"]
        pods = [each["spec"] for each in self._objects.values() if each["kind"] == "Pod" and self._is_of(each, workload)]
        for pod_spec in (spec["template"]["spec"] if "template" in spec else spec, *pods):
            pod_spec.setdefault("volumes", []).append(volume)

    @staticmethod
    def _is_of(pod: Object, workload: Thing) -> bool:
        metadata = pod["metadata"]
        return bool(metadata.get("namespace") == workload.namespace and metadata["labels"].get("app") == workload.name)


def _join(into: Object, other: Object) -> None:
    """Put what `other` says into the object, beside what it has."""
    for key, value in other.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _join(into[key], value)
        else:
            into[key] = value


def _parted(line: str) -> tuple[Thing, str, Thing | None]:
    subject, _, rest = line.partition(" ")
    verb, _, thing = rest.partition(" ")
    return thing_of(subject), verb, thing_of(thing) if thing else None


def _new(thing: Thing) -> Object:
    metadata: Object = {"name": thing.name, "uid": f"uid-{thing.kind}-{thing.namespace}-{thing.name}".lower(), "labels": {}}
    if thing.namespace:
        metadata["namespace"] = thing.namespace
    content: Object = {"apiVersion": _VERSIONS.get(thing.kind, "v1"), "kind": thing.kind, "metadata": metadata}
    if thing.kind in _VERSIONS:
        metadata["labels"]["app"] = thing.name
        content["spec"] = {
            "selector": {"matchLabels": {"app": thing.name}},
            "template": {"metadata": {"labels": {"app": thing.name}}, "spec": {}},
        }
    elif thing.kind == "Service":
        content["spec"] = {"ports": [{"port": 80}]}
    elif thing.kind == "Pod":
        content["spec"] = {}
        content["status"] = {"phase": "Running"}
    return content


def _owner_reference(owner: Object) -> Object:
    metadata = owner["metadata"]
    return {"apiVersion": owner["apiVersion"], "kind": owner["kind"], "name": metadata["name"], "uid": metadata["uid"], "controller": True}

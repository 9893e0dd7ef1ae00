"""
What objects tell when they are held against each other: a selector that no node fulfils, a claim that no volume fits, a port nobody has.

It is what a person with `kubectl` would compare. Each finding is one word; nothing is found where the objects are not known.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from headwater.model.entities import Entity
from headwater.topology.label_selectors import requirements_of, selector_of, selects
from headwater.topology.quantities import quantity_of
from headwater.topology.reading import mapping, mappings, text

Object = dict[str, Any]

EXAMINED_MAX = 256
"""Objects of a kind that are looked into, the first by name; of more, nothing is said that all of them would have to say."""

EXAMPLES_MAX = 4
"""Pods of one Service that are looked into: its others are made alike."""


class Known(NamedTuple):
    """An object as it was at the time in question: its labels, those of the pods it makes, and all of it when asked."""

    entity: Entity
    labels: Mapping[str, str]
    template_labels: Mapping[str, str]
    content: Callable[[], Object]


Objects = Callable[[str, str], Sequence[Known]]
"""The objects of a kind in a namespace ("" for kinds without), by name."""

NODE_SELECTOR, NODE_AFFINITY = "node_selector_unmet", "node_affinity_unmet"
SELECTS_NOTHING, PORT_UNKNOWN = "selects_nothing", "target_port_unknown"
PROBED_PORT, PROBED_PORTS_DECLARED = "probed_port_undeclared", "probed_ports_declared"
SELECTED_TAINTED = "selected_nodes_tainted"
CLAIM_CLASS, CLAIM_MODE, CLAIM_SIZE = "class_unmet", "access_mode_unmet", "size_unmet"
CLAIM_SELECTOR, CLAIM_TAKEN = "selector_unmet", "volume_taken"

CHECKS = (
    NODE_SELECTOR, NODE_AFFINITY, SELECTED_TAINTED, SELECTS_NOTHING, PORT_UNKNOWN, PROBED_PORT, PROBED_PORTS_DECLARED,
    CLAIM_CLASS, CLAIM_MODE, CLAIM_SIZE, CLAIM_SELECTOR, CLAIM_TAKEN,
)  # fmt: skip
"""All that may be found."""

_PROBES, _WAYS = ("livenessProbe", "readinessProbe", "startupProbe"), ("httpGet", "tcpSocket", "grpc")
MAKERS = ("DaemonSet", "Deployment", "StatefulSet")
PORT_DIGITS_MAX = 5
_OPERATORS_OF_NUMBERS = ("Gt", "Lt")


def pod_checks(objects: Objects, spec: Object) -> tuple[str, ...]:
    """Of a pod's specification: placement rules that no node fulfils, and probes of ports that no container declares."""
    found = []
    nodes = objects("Node", "")
    if nodes:
        wanted = selector_of({"matchLabels": mapping(spec, "nodeSelector")})
        terms = mappings(spec, "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms")
        selected = [node for node in nodes if selects(wanted, node.labels)]
        if not selected:
            found.append(NODE_SELECTOR)
        if terms and not any(_term_holds(term, node.labels) for term in terms for node in nodes):
            found.append(NODE_AFFINITY)
        meant = [node for node in selected if not terms or any(_term_holds(term, node.labels) for term in terms)]
        if (wanted or terms) and meant and not any(_tolerates(spec, node.content()) for node in meant[:EXAMINED_MAX]):
            found.append(SELECTED_TAINTED)
    asked = [_probed_ports_are_declared(container) for container in mappings(spec, "containers")]
    if False in asked:
        found.append(PROBED_PORT)
    elif True in asked:
        found.append(PROBED_PORTS_DECLARED)
    return tuple(found)


def _tolerates(spec: Object, node: Object) -> bool:
    """Whether a pod may be placed on a node as far as its taints go."""
    tolerations = mappings(spec, "tolerations")
    taints = [taint for taint in mappings(node, "spec", "taints") if text(taint, "effect") in ("NoSchedule", "NoExecute")]
    return all(any(_is_tolerated(taint, toleration) for toleration in tolerations) for taint in taints)


def _is_tolerated(taint: Object, toleration: Object) -> bool:
    key, effect, exists = text(toleration, "key"), text(toleration, "effect"), text(toleration, "operator") == "Exists"
    if effect not in ("", text(taint, "effect")) or (key != text(taint, "key") and not (exists and not key)):
        return False
    return exists or text(toleration, "value") == text(taint, "value")


def _term_holds(term: Object, labels: Mapping[str, str]) -> bool:
    expressions = [each for each in mappings(term, "matchExpressions") if text(each, "operator") not in _OPERATORS_OF_NUMBERS]
    return selects(tuple(requirements_of(expressions, "key")), labels)


def _probed_ports_are_declared(container: Object) -> bool | None:
    """Whether the container declares every port that its probes ask; None where it declares none, or none is asked."""
    declared = mappings(container, "ports")
    ports = [port for probe in _PROBES for way in _WAYS if (port := mapping(container, probe, way).get("port")) is not None]
    return all(_declares(declared, port) for port in ports) if declared and ports else None


def _declares(ports: Iterable[Object], wanted: object) -> bool:
    """Whether one of the ports has this number or name; numbers may be written as texts."""
    is_number = isinstance(wanted, str) and wanted.isascii() and wanted.isdecimal() and len(wanted) <= PORT_DIGITS_MAX
    number = int(str(wanted)) if is_number else wanted
    return any(port.get("containerPort") == number or (isinstance(wanted, str) and text(port, "name") == wanted) for port in ports)


def service_checks(objects: Objects, service: Entity, spec: Object) -> tuple[str, ...]:
    """Of a Service: a selector that no pod and no workload's template fulfils, or a target port that none of its pods declares."""
    wanted = selector_of({"matchLabels": mapping(spec, "selector")})
    pods, workloads = objects("Pod", service.namespace), [each for kind in MAKERS for each in objects(kind, service.namespace)]
    if not wanted or not (pods or workloads):
        return ()
    selected = [pod for pod in pods if selects(wanted, pod.labels)]
    makers = [workload for workload in workloads if selects(wanted, workload.template_labels)]
    if not selected and not makers:
        return (SELECTS_NOTHING,)
    specs = [mapping(pod.content(), "spec") for pod in selected[:EXAMPLES_MAX]]
    specs += [mapping(workload.content(), "spec", "template", "spec") for workload in makers[:EXAMPLES_MAX]]
    return (PORT_UNKNOWN,) if any(not _serves(specs, port) for port in mappings(spec, "ports")) else ()


def maker_checks(objects: Objects, workload: Known, spec: Object) -> tuple[str, ...]:
    """Of what makes pods, and their specification: a Service that selects them sends requests to a port that no container declares."""
    for service in objects("Service", workload.entity.namespace)[:EXAMINED_MAX]:
        asked = mapping(service.content(), "spec")
        wanted = selector_of({"matchLabels": mapping(asked, "selector")})
        if wanted and selects(wanted, workload.template_labels) and any(not _serves((spec,), port) for port in mappings(asked, "ports")):
            return (PORT_UNKNOWN,)
    return ()


def _serves(pod_specs: Iterable[Object], port: Object) -> bool:
    """Whether some pod declares the target of a Service's port; pods that declare none may listen anywhere."""
    target = port.get("targetPort", port.get("port"))
    for pod_spec in pod_specs:
        declared = [each for container in mappings(pod_spec, "containers") for each in mappings(container, "ports")]
        if _declares(declared, target) or (not declared and not isinstance(target, str)):
            return True
    return False


def claim_checks(objects: Objects, claim: Entity, spec: Object) -> tuple[str, ...]:
    """Of a claim without a volume: in what the volume that comes nearest to it does not fit."""
    named, storage_class = text(spec, "volumeName"), text(spec, "storageClassName")
    classes = {known.entity.name for known in objects("StorageClass", "")}
    volumes = [known for known in objects("PersistentVolume", "") if named in ("", known.entity.name)][:EXAMINED_MAX]
    misfits = [_misfits(claim, spec, known) for known in volumes]
    if misfits:
        return min(misfits, key=len)
    return (CLAIM_CLASS,) if classes and storage_class and storage_class not in classes else ()


def _misfits(claim: Entity, spec: Object, known: Known) -> tuple[str, ...]:
    volume = known.content()
    holder = mapping(volume, "spec", "claimRef")
    wanted = selector_of(mapping(spec, "selector"))
    asked = quantity_of(mapping(spec, "resources", "requests").get("storage"))
    has = quantity_of(mapping(volume, "spec", "capacity").get("storage"))
    does_not_fit = {
        CLAIM_TAKEN: bool(holder) and (text(holder, "namespace"), text(holder, "name")) != (claim.namespace, claim.name),
        CLAIM_CLASS: text(spec, "storageClassName") != text(volume, "spec", "storageClassName"),
        CLAIM_MODE: not _listed(spec, "accessModes") <= _listed(mapping(volume, "spec"), "accessModes"),
        CLAIM_SIZE: asked is not None and has is not None and asked > has,
        CLAIM_SELECTOR: bool(wanted) and not selects(wanted, known.labels),
    }
    return tuple(name for name, holds in does_not_fit.items() if holds)


def _listed(value: Object, key: str) -> set[str]:
    items = value.get(key)
    return {item for item in items if isinstance(item, str)} if isinstance(items, list) else set()

"""From one version of an object to its facts: which relations it states, which names and addresses lead to it."""

from collections.abc import Callable
from typing import Any

from headwater.model.entities import Entity
from headwater.model.objects import ObjectVersion
from headwater.model.relations import Relation
from headwater.topology.facts import Edge, Facts
from headwater.topology.hosts import parse_host
from headwater.topology.pod_specs import mounts_of, registries_of
from headwater.topology.policies import account, policy, traits_of
from headwater.topology.reading import mapping, mappings, text, texts

_FINISHED_PHASES = frozenset({"Succeeded", "Failed"})
_ZONE_LABELS = ("topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone")


def facts_of(version: ObjectVersion) -> Facts:
    """What the version says. Never fails: a malformed part says nothing."""
    extract = _EXTRACTORS.get(version.kind)
    entity = version.entity
    said = extract(entity, version.object) if extract else {}
    metadata = mapping(version.object, "metadata")
    return Facts(
        uid=version.uid or text(metadata, "uid"),
        manifest_uid=text(metadata, "annotations", "kubernetes.io/config.hash") if version.kind == "Pod" else "",
        labels=texts(metadata, "labels"),
        owner=_controller(entity, mappings(metadata, "ownerReferences")),
        **said,
    )


def _controller(entity: Entity, owners: list[dict[str, Any]]) -> Entity | None:
    """The owner that controls the object: the one marked so, else the only one."""
    chosen = [owner for owner in owners if owner.get("controller") is True] or (owners if len(owners) == 1 else [])
    if not chosen:
        return None
    kind, name = text(chosen[0], "kind"), text(chosen[0], "name")
    # A static pod is "owned" by its node, which hosts it and is not its workload.
    return Entity(entity.cluster, kind, entity.namespace, name) if kind and name and kind != "Node" else None


def _pod(pod: Entity, content: dict[str, Any]) -> dict[str, Any]:
    spec, status = mapping(content, "spec"), mapping(content, "status")
    node = text(spec, "nodeName")
    is_finished = text(status, "phase") in _FINISHED_PHASES
    addresses: set[str] = set()
    # A pod on the host's network has the node's address, and a finished pod has given its own back.
    if spec.get("hostNetwork") is not True and not is_finished:
        addresses = {text(status, "podIP"), *(text(address, "ip") for address in mappings(status, "podIPs"))}
    containers = {
        text(container, "containerID").rpartition("://")[2]
        for group in ("initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses")
        for container in mappings(status, group)
    }
    edges: list[Edge] = [(Relation.HOSTS, Entity(pod.cluster, "Node", "", node), pod)] if node else []
    edges += [(Relation.PULLED_BY, Entity(pod.cluster, "Registry", "", registry), pod) for registry in registries_of(spec)]
    return {
        "edges": tuple(edges),
        "mounts": mounts_of(spec, pod.cluster, pod.namespace),
        "addresses": tuple(sorted(addresses - {""})),
        "containers": tuple(sorted(containers - {""})),
        "is_finished": is_finished,
        "traits": traits_of(spec),
    }


def _workload(workload: Entity, content: dict[str, Any]) -> dict[str, Any]:
    template = mapping(content, "spec", "template")
    return {
        "mounts": mounts_of(mapping(template, "spec"), workload.cluster, workload.namespace),
        "template_labels": texts(template, "metadata", "labels") or texts(content, "spec", "selector", "matchLabels"),
        "traits": traits_of(mapping(template, "spec")),
    }


def _cron_job(workload: Entity, content: dict[str, Any]) -> dict[str, Any]:
    return _workload(workload, mapping(content, "spec", "jobTemplate"))


def _service(_service: Entity, content: dict[str, Any]) -> dict[str, Any]:
    spec = mapping(content, "spec")
    addresses = {text(spec, "clusterIP"), *_listed_texts(spec.get("clusterIPs")), *_listed_texts(spec.get("externalIPs"))}
    addresses |= {text(entry, "ip") for entry in mappings(content, "status", "loadBalancer", "ingress")}
    addresses |= {text(entry, "hostname").lower() for entry in mappings(content, "status", "loadBalancer", "ingress")}
    return {
        "selector": tuple(sorted(texts(spec, "selector").items())),
        "addresses": tuple(sorted(addresses - {"", "None"})),
        "is_headless": text(spec, "clusterIP") == "None",
    }


def _listed_texts(value: object) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _endpoint_slice(entity: Entity, content: dict[str, Any]) -> dict[str, Any]:
    name = text(content, "metadata", "labels", "kubernetes.io/service-name")
    if not name:
        owners = [text(owner, "name") for owner in mappings(content, "metadata", "ownerReferences") if text(owner, "kind") == "Service"]
        name = owners[0] if owners else ""
    return _backing(entity, name, mappings(content, "endpoints"))


def _endpoints(entity: Entity, content: dict[str, Any]) -> dict[str, Any]:
    subsets = mappings(content, "subsets")
    addresses = [address for subset in subsets for group in ("addresses", "notReadyAddresses") for address in mappings(subset, group)]
    return _backing(entity, entity.name, addresses)


def _backing(entity: Entity, service_name: str, endpoints: list[dict[str, Any]]) -> dict[str, Any]:
    if not service_name:
        return {}
    service = Entity(entity.cluster, "Service", entity.namespace, service_name)
    # An address that is not ready counts too, as a selected pod does: an unready pod is why its service fails.
    pods = {text(endpoint, "targetRef", "name") for endpoint in endpoints if text(endpoint, "targetRef", "kind") == "Pod"}
    edges = tuple((Relation.BACKS, Entity(entity.cluster, "Pod", entity.namespace, pod), service) for pod in sorted(pods - {""}))
    return {"edges": edges, "service": service}


def _node(node: Entity, content: dict[str, Any]) -> dict[str, Any]:
    addresses = {text(entry, "address").lower() for entry in mappings(content, "status", "addresses")}
    labels = texts(content, "metadata", "labels")
    addresses.add(labels.get("kubernetes.io/hostname", ""))
    zone = next((labels[label] for label in _ZONE_LABELS if labels.get(label)), "")
    edges = ((Relation.ZONE_OF, Entity(node.cluster, "Zone", "", zone), node),) if zone else ()
    return {"addresses": tuple(sorted(addresses - {""})), "edges": edges}


def _claim(claim: Entity, content: dict[str, Any]) -> dict[str, Any]:
    said = _claimed(claim, Entity(claim.cluster, "PersistentVolume", "", text(content, "spec", "volumeName")), claim)
    storage_class = Entity(claim.cluster, "StorageClass", "", text(content, "spec", "storageClassName"))
    provided = ((Relation.PROVISIONS, storage_class, claim),) if storage_class.name else ()
    return {"edges": (*said.get("edges", ()), *provided)}


def _storage_class(storage_class: Entity, content: dict[str, Any]) -> dict[str, Any]:
    driver = Entity(storage_class.cluster, "CSIDriver", "", text(content, "provisioner"))
    return {"edges": ((Relation.PROVISIONS, driver, storage_class),)} if driver.name else {}


def _volume(volume: Entity, content: dict[str, Any]) -> dict[str, Any]:
    wanted = mapping(content, "spec", "claimRef")
    claim = Entity(volume.cluster, "PersistentVolumeClaim", text(wanted, "namespace"), text(wanted, "name"))
    return _claimed(claim, volume, claim)


def _claimed(named: Entity, volume: Entity, claim: Entity) -> dict[str, Any]:
    return {"edges": ((Relation.CLAIMED_BY, volume, claim),)} if named.name and volume.name else {}


def _autoscaler(autoscaler: Entity, content: dict[str, Any]) -> dict[str, Any]:
    wanted = mapping(content, "spec", "scaleTargetRef")
    kind, name = text(wanted, "kind"), text(wanted, "name")
    workload = Entity(autoscaler.cluster, kind, autoscaler.namespace, name)
    return {"edges": ((Relation.SCALES, autoscaler, workload),)} if kind and name else {}


def _ingress(ingress: Entity, content: dict[str, Any]) -> dict[str, Any]:
    spec = mapping(content, "spec")
    backends = [mapping(spec, "defaultBackend"), mapping(spec, "backend")]
    backends += [mapping(path, "backend") for rule in mappings(spec, "rules") for path in mappings(rule, "http", "paths")]
    # networking.k8s.io/v1 says service.name; v1beta1 said serviceName.
    names = {text(backend, "service", "name") or text(backend, "serviceName") for backend in backends} - {""}
    edges: list[Edge] = [
        (Relation.ROUTED_BY, Entity(ingress.cluster, "Service", ingress.namespace, name), ingress) for name in sorted(names)
    ]
    # A certificate that is replaced shows where it is presented.
    secrets = {text(entry, "secretName") for entry in mappings(spec, "tls")} - {""}
    return {"edges": tuple(edges), "mounts": tuple(Entity(ingress.cluster, "Secret", ingress.namespace, name) for name in sorted(secrets))}


def _mesh_route(route: Entity, content: dict[str, Any]) -> dict[str, Any]:
    """A VirtualService or DestinationRule by the hosts that it is about, and those that it sends to."""
    spec = mapping(content, "spec")
    ways = [way for protocol in ("http", "tcp", "tls") for rule in mappings(spec, protocol) for way in mappings(rule, "route")]
    listed = spec.get("hosts")
    hosts = {text(spec, "host"), *(text(way, "destination", "host") for way in ways)}
    hosts |= {host for host in listed if isinstance(host, str)} if isinstance(listed, list) else set()
    services = {service for host in hosts if (service := _service_of_host(route, host)) is not None}
    return {"edges": tuple((Relation.ROUTED_BY, service, route) for service in sorted(services))}


def _service_of_host(route: Entity, host: str) -> Entity | None:
    """The Service that a host means: `name`, `name.namespace` or `name.namespace.svc…`; None where it is of outside or of several."""
    named = parse_host(host)
    if not named.service or "*" in named.service:
        return None
    return Entity(route.cluster, "Service", named.namespace or route.namespace, named.service)


def _binding(binding: Entity, content: dict[str, Any]) -> dict[str, Any]:
    """Who gets the rights of a role: the role and its binding both grant them."""
    kind, name = text(content, "roleRef", "kind"), text(content, "roleRef", "name")
    if kind not in ("Role", "ClusterRole") or not name:
        return {}
    role = Entity(binding.cluster, kind, binding.namespace if kind == "Role" else "", name)
    accounts = {
        Entity(binding.cluster, "ServiceAccount", text(subject, "namespace") or binding.namespace, text(subject, "name"))
        for subject in mappings(content, "subjects")
        if text(subject, "kind") == "ServiceAccount" and text(subject, "name")
    }
    return {"edges": tuple((Relation.GRANTS, giver, account) for account in sorted(accounts) for giver in (binding, role))}


def _http_route(route: Entity, content: dict[str, Any]) -> dict[str, Any]:
    backends = [backend for rule in mappings(content, "spec", "rules") for backend in mappings(rule, "backendRefs")]
    # A back end is a Service of the route's namespace where it says nothing else.
    services = {
        Entity(route.cluster, "Service", text(backend, "namespace") or route.namespace, text(backend, "name"))
        for backend in backends
        if text(backend, "kind") in ("", "Service") and text(backend, "name")
    }
    return {"edges": tuple((Relation.ROUTED_BY, service, route) for service in sorted(services))}


_EXTRACTORS: dict[str, Callable[[Entity, dict[str, Any]], dict[str, Any]]] = {
    "Pod": _pod,
    "Deployment": _workload,
    "StatefulSet": _workload,
    "DaemonSet": _workload,
    "Job": _workload,
    "CronJob": _cron_job,
    "Service": _service,
    "EndpointSlice": _endpoint_slice,
    "Endpoints": _endpoints,
    "Node": _node,
    "PersistentVolumeClaim": _claim,
    "PersistentVolume": _volume,
    "HorizontalPodAutoscaler": _autoscaler,
    "Ingress": _ingress,
    "HTTPRoute": _http_route,
    "StorageClass": _storage_class,
    "ServiceAccount": account,
    "ResourceQuota": policy,
    "LimitRange": policy,
    "PodDisruptionBudget": policy,
    "NetworkPolicy": policy,
    "CiliumNetworkPolicy": policy,
    "AuthorizationPolicy": policy,
    "PeerAuthentication": policy,
    "RequestAuthentication": policy,
    "Sidecar": policy,
    "Server": policy,
    "RoleBinding": _binding,
    "ClusterRoleBinding": _binding,
    "VirtualService": _mesh_route,
    "DestinationRule": _mesh_route,
    "ValidatingWebhookConfiguration": policy,
    "MutatingWebhookConfiguration": policy,
}
"""A ReplicaSet's template is its Deployment's, or was: what an old revision mounted is no longer needed by anyone but its pods."""

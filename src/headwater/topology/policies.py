"""What objects say about whom they limit: quotas, limit ranges, budgets, network policies, accounts and admission webhooks."""

from collections.abc import Callable, Iterator
from typing import Any

from headwater.model.entities import Entity
from headwater.model.relations import Relation
from headwater.topology.facts import Edge
from headwater.topology.label_selectors import EXISTS, requirements_of, selector_of
from headwater.topology.reading import mapping, mappings, text
from headwater.topology.targets import PodTraits, Target

_WORKLOAD_RESOURCES = {
    "apps": {"deployments": "Deployment", "statefulsets": "StatefulSet", "daemonsets": "DaemonSet"},
    "batch": {"jobs": "Job", "cronjobs": "CronJob"},
}
_POD_RESOURCES = frozenset({"pods", "count/pods", "cpu", "memory", "ephemeral-storage"})
_CLAIM_RESOURCES = frozenset({"requests.storage", "persistentvolumeclaims"})


def traits_of(spec: dict[str, Any]) -> PodTraits | None:
    """What a pod's specification says of itself, None where its containers are unknown."""
    containers = [*mappings(spec, "containers"), *mappings(spec, "initContainers")]
    if not containers:
        return None
    asked = [mapping(each, "resources", part) for each in (*containers, spec) for part in ("requests", "limits")]
    return PodTraits(
        service_account=text(spec, "serviceAccountName") or text(spec, "serviceAccount") or "default",
        priority_class=text(spec, "priorityClassName"),
        is_best_effort=not any("cpu" in each or "memory" in each for each in asked),
        is_terminating=isinstance(spec.get("activeDeadlineSeconds"), int),
    )


def _quota(content: dict[str, Any]) -> Iterator[Target]:
    hard = mapping(content, "spec", "hard")
    if hard and not any(_is_of_pods(name) for name in hard):
        return
    scopes = content.get("spec", {}).get("scopes") if isinstance(content.get("spec"), dict) else None
    named = [(each, EXISTS, ()) for each in scopes if isinstance(each, str)] if isinstance(scopes, list) else []
    told = requirements_of(mappings(content, "spec", "scopeSelector", "matchExpressions"), "scopeName")
    yield Target(scopes=tuple(sorted((*named, *told))))


def _is_of_pods(resource: str) -> bool:
    if resource in _CLAIM_RESOURCES or ".storageclass.storage.k8s.io/" in resource:
        return False
    return resource in _POD_RESOURCES or resource.startswith(("requests.", "limits.", "hugepages-"))


def _limit_range(content: dict[str, Any]) -> Iterator[Target]:
    if any(text(each, "type") in ("Pod", "Container") for each in mappings(content, "spec", "limits")):
        yield Target()


def _budget(content: dict[str, Any]) -> Iterator[Target]:
    # Without a selector it is about nobody; with an empty one about every pod of the namespace.
    if isinstance(mapping(content, "spec").get("selector"), dict):
        yield Target(selector=selector_of(mapping(content, "spec", "selector")))


def _network_policy(content: dict[str, Any]) -> Iterator[Target]:
    if mapping(content, "spec"):
        yield Target(selector=selector_of(mapping(content, "spec", "podSelector")))


def _cilium_policy(content: dict[str, Any]) -> Iterator[Target]:
    if isinstance(mapping(content, "spec").get("endpointSelector"), dict):
        yield Target(selector=selector_of(mapping(content, "spec", "endpointSelector")))


def _mesh_policy(content: dict[str, Any]) -> Iterator[Target]:
    """Of Istio (`selector`, or the whole namespace; a Sidecar's `workloadSelector`) and Linkerd (`podSelector`)."""
    spec = mapping(content, "spec")
    if not spec or any(key in spec for key in ("targetRef", "targetRefs")):
        return
    if "podSelector" in spec:
        yield Target(selector=selector_of(mapping(spec, "podSelector")))
        return
    chosen = mapping(spec, "workloadSelector").get("labels") or mapping(spec, "selector").get("matchLabels")
    yield Target(selector=selector_of({"matchLabels": chosen}) if isinstance(chosen, dict) else ())


def _webhooks(content: dict[str, Any]) -> Iterator[Target]:
    for webhook in mappings(content, "webhooks"):
        selector, namespaces = selector_of(webhook.get("objectSelector")), selector_of(webhook.get("namespaceSelector"))
        for rule in mappings(webhook, "rules"):
            if not {"CREATE", "UPDATE", "*"}.intersection(_listed(rule, "operations")) or text(rule, "scope") == "Cluster":
                continue
            groups, resources = _listed(rule, "apiGroups"), _listed(rule, "resources")
            is_any = bool({"*", "*/*"}.intersection(resources))
            if {"", "*"}.intersection(groups) and (is_any or "pods" in resources):
                yield Target(selector=selector, namespaces=namespaces)
            kinds = {
                kind
                for group, by_resource in _WORKLOAD_RESOURCES.items()
                for resource, kind in by_resource.items()
                if {group, "*"}.intersection(groups) and (is_any or resource in resources)
            }
            if kinds:
                yield Target(kinds=tuple(sorted(kinds)), selector=selector, namespaces=namespaces)


def _listed(value: dict[str, Any], key: str) -> list[str]:
    found = value.get(key)
    return [item for item in found if isinstance(item, str)] if isinstance(found, list) else []


_TARGETS: dict[str, Callable[[dict[str, Any]], Iterator[Target]]] = {
    "ResourceQuota": _quota,
    "LimitRange": _limit_range,
    "PodDisruptionBudget": _budget,
    "NetworkPolicy": _network_policy,
    "CiliumNetworkPolicy": _cilium_policy,
    "AuthorizationPolicy": _mesh_policy,
    "PeerAuthentication": _mesh_policy,
    "RequestAuthentication": _mesh_policy,
    "Sidecar": _mesh_policy,
    "Server": _mesh_policy,
    "ValidatingWebhookConfiguration": _webhooks,
    "MutatingWebhookConfiguration": _webhooks,
}


def policy(entity: Entity, content: dict[str, Any]) -> dict[str, Any]:
    """The facts of an object that limits others."""
    targets = tuple(dict.fromkeys(_TARGETS[entity.kind](content)))
    return {"targets": targets, "edges": tuple(_webhook_services(entity, content))}


def account(entity: Entity, _content: dict[str, Any]) -> dict[str, Any]:
    """The facts of a service account: whoever runs under it."""
    return {"targets": (Target(service_account=entity.name),)}


def _webhook_services(configuration: Entity, content: dict[str, Any]) -> Iterator[Edge]:
    """The Services that webhooks ask; one whose failing is to be ignored needs nobody."""
    needing = [each for each in mappings(content, "webhooks") if text(each, "failurePolicy") != "Ignore"]
    asked = {(text(each, "clientConfig", "service", "namespace"), text(each, "clientConfig", "service", "name")) for each in needing}
    for namespace, name in sorted(asked):
        if namespace and name:
            yield Relation.ROUTED_BY, Entity(configuration.cluster, "Service", namespace, name), configuration

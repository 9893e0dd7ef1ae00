"""Whom quotas, limit ranges, budgets, network policies and webhooks limit, by what their objects say."""

from typing import Any

import pytest

from headwater.model.relations import Relation
from headwater.testing.bare_objects import entity, version
from headwater.topology.extraction import facts_of
from headwater.topology.policies import traits_of
from headwater.topology.targets import PodTraits, Target

WEB = (("app", "In", ("web",)),)


def targets(kind: str, **content: Any) -> tuple[Target, ...]:
    return facts_of(version(kind, "it", **content)).targets


def test_a_quota_limits_pods_within_its_scopes() -> None:
    expressions = [{"scopeName": "PriorityClass", "operator": "In", "values": ["high"]}]
    spec = {"hard": {"pods": "3"}, "scopes": ["NotTerminating"], "scopeSelector": {"matchExpressions": expressions}}
    assert targets("ResourceQuota", spec=spec) == (Target(scopes=(("NotTerminating", "Exists", ()), ("PriorityClass", "In", ("high",)))),)
    assert targets("ResourceQuota", spec={"hard": {"limits.memory": "1Gi"}}) == (Target(),)


@pytest.mark.parametrize(
    "resource", ["requests.storage", "services", "count/configmaps", "gold.storageclass.storage.k8s.io/requests.storage"]
)
def test_a_quota_of_other_things_limits_no_pods(resource: str) -> None:
    assert targets("ResourceQuota", spec={"hard": {resource: "3"}}) == ()


def test_a_limit_range_of_claims_limits_no_pods() -> None:
    assert targets("LimitRange", spec={"limits": [{"type": "PersistentVolumeClaim"}]}) == ()
    assert targets("LimitRange", spec={"limits": [{"type": "PersistentVolumeClaim"}, {"type": "Container"}]}) == (Target(),)


def test_a_budget_without_a_selector_is_about_nobody() -> None:
    assert targets("PodDisruptionBudget", spec={"maxUnavailable": 1}) == ()
    assert targets("PodDisruptionBudget", spec={"selector": {}}) == (Target(),)
    assert targets("PodDisruptionBudget", spec={"selector": {"matchLabels": {"app": "web"}}}) == (Target(selector=WEB),)


def test_a_network_policy_binds_the_pods_it_selects_or_all() -> None:
    assert targets("NetworkPolicy", spec={"podSelector": {}}) == (Target(),)
    assert targets("NetworkPolicy", spec={"podSelector": {"matchLabels": {"app": "web"}}}) == (Target(selector=WEB),)


def test_a_service_account_binds_who_runs_under_it() -> None:
    assert targets("ServiceAccount") == (Target(service_account="it"),)


def webhook(**rule: Any) -> dict[str, Any]:
    service = {"namespace": "guard", "name": "judge"}
    return {
        "clientConfig": {"service": service},
        "namespaceSelector": {"matchLabels": {"guarded": "yes"}},
        "rules": [{"operations": ["CREATE"], "apiGroups": [""], "resources": ["pods"], **rule}],
    }


def test_a_webhook_may_refuse_pods_and_workloads_of_the_namespaces_it_selects() -> None:
    namespaces = (("guarded", "In", ("yes",)),)
    pods, workloads = Target(namespaces=namespaces), Target(kinds=("Deployment", "StatefulSet"), namespaces=namespaces)
    everything = Target(kinds=("CronJob", "DaemonSet", "Deployment", "Job", "StatefulSet"), namespaces=namespaces)
    kind = "ValidatingWebhookConfiguration"
    assert targets(kind, webhooks=[webhook()]) == (pods,)
    assert targets(kind, webhooks=[webhook(apiGroups=["apps"], resources=["deployments", "statefulsets"])]) == (workloads,)
    assert targets(kind, webhooks=[webhook(apiGroups=["*"], resources=["*"])]) == (pods, everything)
    assert targets("MutatingWebhookConfiguration", webhooks=[webhook(), webhook()]) == (pods,)


@pytest.mark.parametrize("rule", [{"operations": ["DELETE"]}, {"scope": "Cluster"}, {"resources": ["configmaps"]}, {"apiGroups": ["apps"]}])
def test_a_webhook_that_is_not_asked_about_them_refuses_nobody(rule: dict[str, Any]) -> None:
    assert targets("ValidatingWebhookConfiguration", webhooks=[webhook(**rule)]) == ()


def test_a_service_that_must_answer_can_make_its_webhook_refuse() -> None:
    facts = facts_of(version("ValidatingWebhookConfiguration", "it", webhooks=[webhook(), {"clientConfig": {"url": "https://far"}}]))
    configuration = entity("ValidatingWebhookConfiguration", "it")
    assert facts.edges == ((Relation.ROUTED_BY, entity("Service", "judge", "guard"), configuration),)
    ignoring = version("ValidatingWebhookConfiguration", "it", webhooks=[webhook() | {"failurePolicy": "Ignore"}])
    assert facts_of(ignoring).edges == ()


def test_a_pod_asks_for_nothing_where_none_of_its_containers_asks_for_cpu_or_memory() -> None:
    assert traits_of({"containers": [{}]}) == PodTraits(is_best_effort=True)
    assert traits_of({"containers": [{}], "initContainers": [{"resources": {"limits": {"cpu": "1"}}}]}) == PodTraits()
    assert traits_of({"containers": [{}], "resources": {"requests": {"memory": "1Gi"}}}) == PodTraits()
    spec = {"containers": [{}], "serviceAccountName": "robot", "priorityClassName": "high", "activeDeadlineSeconds": 30}
    assert traits_of(spec) == PodTraits("robot", "high", is_best_effort=True, is_terminating=True)
    assert traits_of({"nodeName": "n1"}) is None

"""Who limits whom, as of an instant, whatever came first."""

from itertools import permutations
from typing import Any

from headwater.model.objects import ObjectVersion
from headwater.model.relations import Relation
from headwater.testing.bare_objects import deployment, entity, instant, pod, version
from headwater.topology.graph import TopologyGraph

NOW = instant(100)
FRUGAL = {"containers": [{"name": "main"}]}
GREEDY = {"containers": [{"name": "main", "resources": {"requests": {"cpu": "1"}}}], "serviceAccountName": "robot"}


def graph_of(*versions: ObjectVersion) -> TopologyGraph:
    graph = TopologyGraph()
    for each in versions:
        graph.observe(each)
    return graph


def limited(graph: TopologyGraph, kind: str, name: str, at: int = NOW) -> list[str]:
    """Whom it limits; each of them must say the same."""
    policy = entity(kind, name)
    found = graph.related(policy, Relation.LIMITS, at, at)
    for each in graph.entities():
        assert (policy in graph.related_back(each, Relation.LIMITS, at, at)) == (each in found)
    return [each.short for each in found]


def quota(name: str, *, scopes: tuple[str, ...] = (), **rest: Any) -> ObjectVersion:
    return version("ResourceQuota", name, spec={"hard": {"pods": "4"}, "scopes": list(scopes)}, **rest)


def selecting(kind: str, name: str, field: str, selector: dict[str, Any], **rest: Any) -> ObjectVersion:
    return version(kind, name, spec={field: selector}, **rest)


WORKLOADS = (
    deployment("web", {"app": "web"}, spec=FRUGAL),
    deployment("api", {"app": "api", "tier": "back"}, spec=GREEDY),
    deployment("far", {"app": "web"}, spec=FRUGAL, namespace="elsewhere"),
    pod("web-1", labels={"app": "web"}, owner=("ReplicaSet", "web-1"), spec=FRUGAL),
    version("ReplicaSet", "web-1", owner=("Deployment", "web")),
    pod("lonely", labels={"app": "lonely"}, spec=FRUGAL),
    pod("played-0", labels={"app": "played"}, owner=("Rollout", "played"), spec=FRUGAL),
)


def test_a_quota_limits_the_workloads_of_its_namespace_and_not_their_pods() -> None:
    graph = graph_of(*WORKLOADS, quota("all"), quota("frugal", scopes=("BestEffort",)))
    everybody = ["Deployment/api", "Deployment/web", "Pod/lonely", "Rollout/played"]
    assert limited(graph, "ResourceQuota", "all") == everybody
    assert limited(graph, "ResourceQuota", "frugal") == [each for each in everybody if each != "Deployment/api"]


def test_budgets_and_network_policies_bind_what_they_select() -> None:
    graph = graph_of(
        *WORKLOADS,
        selecting("PodDisruptionBudget", "web", "selector", {"matchLabels": {"app": "web"}}),
        selecting("NetworkPolicy", "outside", "podSelector", {"matchExpressions": [{"key": "tier", "operator": "DoesNotExist"}]}),
        selecting(
            "NetworkPolicy", "some", "podSelector", {"matchExpressions": [{"key": "app", "operator": "In", "values": ["played", "api"]}]}
        ),
    )
    assert limited(graph, "PodDisruptionBudget", "web") == ["Deployment/web"]
    assert limited(graph, "NetworkPolicy", "outside") == ["Deployment/web", "Pod/lonely", "Rollout/played"]
    assert limited(graph, "NetworkPolicy", "some") == ["Deployment/api", "Rollout/played"]


def test_a_service_account_binds_the_workloads_that_run_under_it() -> None:
    graph = graph_of(*WORKLOADS, version("ServiceAccount", "robot"), version("ServiceAccount", "default"))
    assert limited(graph, "ServiceAccount", "robot") == ["Deployment/api"]
    assert limited(graph, "ServiceAccount", "default") == ["Deployment/web", "Pod/lonely", "Rollout/played"]


def test_a_webhook_can_refuse_whom_its_rules_and_the_labels_of_namespaces_say() -> None:
    rule = {"operations": ["CREATE"], "apiGroups": ["apps"], "resources": ["deployments"]}
    selector = {"matchExpressions": [{"key": "guarded", "operator": "NotIn", "values": ["no"]}]}
    graph = graph_of(
        *WORKLOADS,
        version("ValidatingWebhookConfiguration", "guard", webhooks=[{"rules": [rule], "namespaceSelector": selector}]),
        version("Namespace", "shop", labels={"guarded": "yes"}, at=0, created=0),
        version("Namespace", "shop", labels={"guarded": "no"}, at=50, created=0),
    )
    assert limited(graph, "ValidatingWebhookConfiguration", "guard", instant(20)) == ["Deployment/far", "Deployment/api", "Deployment/web"]
    assert limited(graph, "ValidatingWebhookConfiguration", "guard") == ["Deployment/far"]


def test_a_webhook_for_one_namespace_asks_for_the_label_that_every_namespace_has() -> None:
    rule = {"operations": ["*"], "apiGroups": [""], "resources": ["pods"]}
    selector = {"matchLabels": {"kubernetes.io/metadata.name": "elsewhere"}}
    webhooks = [{"rules": [rule], "namespaceSelector": selector}]
    graph = graph_of(*WORKLOADS, version("MutatingWebhookConfiguration", "guard", webhooks=webhooks))
    assert limited(graph, "MutatingWebhookConfiguration", "guard") == ["Deployment/far"]


def test_a_limit_holds_while_both_are_as_they_must_be() -> None:
    graph = graph_of(
        deployment("web", {"app": "web"}, spec=FRUGAL, at=0, created=0),
        deployment("web", {"app": "web"}, spec=GREEDY, at=60, created=0),
        quota("frugal", scopes=("BestEffort",), at=20, created=20),
        version("ResourceQuota", "frugal", at=80, deleted=True),
    )
    held = {second: limited(graph, "ResourceQuota", "frugal", instant(second)) for second in (10, 30, 70, 90)}
    assert held == {10: [], 30: ["Deployment/web"], 70: [], 90: []}
    assert graph.related(entity("ResourceQuota", "frugal"), Relation.LIMITS, instant(0), NOW) == (entity("Deployment", "web"),)


def test_finished_pods_and_unknown_policies_are_left_out() -> None:
    graph = graph_of(quota("all"), pod("done", phase="Succeeded", spec=FRUGAL))
    assert limited(graph, "ResourceQuota", "all") == []
    assert limited(graph, "ResourceQuota", "unknown") == []


CHANGES = (
    deployment("web", {"app": "web"}, spec=FRUGAL),
    pod("web-1", labels={"app": "web"}, owner=("ReplicaSet", "web-1"), spec=FRUGAL),
    version("ReplicaSet", "web-1", owner=("Deployment", "web")),
    quota("all"),
    version("Namespace", "shop", labels={"guarded": "no"}, at=0, created=0),
    version("MutatingWebhookConfiguration", "guard", webhooks=[{
        "rules": [{"operations": ["*"], "apiGroups": [""], "resources": ["pods"]}],
        "namespaceSelector": {"matchLabels": {"guarded": "no"}},
    }]),
)  # fmt: skip


def test_in_any_order_the_same_is_limited_and_a_change_tells_one_end_of_each_limit_that_differs() -> None:
    def limits(graph: TopologyGraph) -> set[tuple[Any, Any]]:
        return {(each, other) for each in graph.entities() for other in graph.related(each, Relation.LIMITS, NOW, NOW)}

    expected = limits(graph_of(*CHANGES))
    assert len(expected) == 2
    for order in permutations(CHANGES):
        graph, before = TopologyGraph(), set[tuple[Any, Any]]()
        for each in order:
            change = graph.observe(each)
            after = limits(graph)
            assert all(set(pair) & set(change.entities) for pair in before ^ after)
            before = after
        assert before == expected


def test_a_namespace_full_of_limits_makes_no_neighbourhood() -> None:
    web = [deployment(f"web-{number}", {"app": "web"}, spec=GREEDY) for number in range(50)]
    graph = graph_of(*web, quota("all"), *(version("Node", f"n{i}", labels={"topology.kubernetes.io/zone": "a"}) for i in range(50)))
    assert graph.neighbourhood([entity("ResourceQuota", "all"), entity("Zone", "a"), entity("Node", "n1")], 3, 10) is not None
    assert len(graph.related(entity("Zone", "a"), Relation.ZONE_OF, NOW, NOW)) == 50

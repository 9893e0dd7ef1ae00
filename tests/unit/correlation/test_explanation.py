"""The explanation: what the root explains, in which role, by which steps, on what evidence, and who lost."""

from tests.unit.correlation.making import link, vertex
from tests.unit.correlation.test_attribution_view import MYSQL, cascade

from headwater.correlation.attribution_view import Weighed, weigh
from headwater.correlation.explanation import (
    ALTERNATIVES_MAX,
    EVENT_IDS_MAX,
    MEMBERS_LISTED_MAX,
    Explanation,
    alternatives_of,
    edges_of,
    explain,
    members_of,
)
from headwater.testing.bare_objects import entity


def explained() -> tuple[Weighed, Explanation]:
    stray = vertex(-20, "svc.error", "Service/stray")
    weighed = weigh([*cascade(), stray])
    return weighed, explain(weighed, MYSQL)


def names(weighed: Weighed, places: list[int]) -> list[str]:
    return [weighed.vertices[v].entity.name for v in places]


def test_everything_that_descends_from_the_unit_is_the_story_and_the_rest_is_context() -> None:
    weighed, explanation = explained()
    assert weighed.vertices[explanation.root].entity.name == "mysql-0"
    assert names(weighed, explanation.tree) == ["mysql-0", "mysql", "api", "api", "web"]
    assert names(weighed, explanation.context) == ["stray"]


def test_what_explains_the_root_itself_belongs_to_the_story() -> None:
    change, oom = vertex(-60, "change.rollout", "Deployment/other"), vertex(0, "kernel.oom", "Pod/mysql-0", unit="Deployment/mysql")
    link(change, oom, 0.9)
    weighed = weigh([change, oom])
    assert names(weighed, explain(weighed, MYSQL).tree) == ["other", "mysql-0"]


def test_a_cause_that_is_noticed_late_still_comes_before_its_effects() -> None:
    silent, early = vertex(40, "node.notready", "Node/n1"), vertex(2, "svc.timeout", "Service/api", "Service/mysql")
    evicted = vertex(300, "pod.evicted", "Pod/mysql-0", unit="Deployment/mysql")
    for effect in (early, evicted):
        link(silent, effect)
    weighed = weigh([silent, early, evicted])
    assert names(weighed, explain(weighed, silent.unit).tree) == ["n1", "api", "mysql-0"]


def test_an_inferred_state_that_explains_nothing_observed_is_left_out() -> None:
    oom, degraded = vertex(0, "kernel.oom", "Pod/mysql-0", unit="Deployment/mysql"), vertex(5, "svc.degraded", "Service/mysql")
    link(oom, degraded)
    weighed = weigh([oom, degraded])
    assert names(weighed, explain(weighed, MYSQL).tree) == ["mysql-0"]


def test_members_are_what_was_observed_with_their_roles() -> None:
    weighed, explanation = explained()
    members = members_of(weighed, explanation)
    assert [(each.entity.rpartition("/")[2], each.role) for each in members] == [
        ("mysql-0", "root"), ("api", "cause"), ("web", "symptom"), ("stray", "context"),
    ]  # fmt: skip
    assert members[1].peer == "default/Service/shop/mysql"


def test_what_is_no_news_is_context_unless_it_leads_on() -> None:
    oom, failing = (
        vertex(0, "kernel.oom", "Pod/mysql-0", unit="Deployment/mysql"),
        vertex(5, "svc.error", "Pod/mysql-0", unit="Deployment/mysql"),
    )
    usual = vertex(6, "svc.slow", "Pod/mysql-0", unit="Deployment/mysql")
    link(oom, usual)
    link(oom, failing)
    weighed = weigh([oom, failing, usual], lambda each: 0.1 if each is usual else 1.0)
    explanation = explain(weighed, MYSQL)
    assert [each.role for each in members_of(weighed, explanation)] == ["root", "symptom", "context"]
    assert [weighed.vertices[v].key.symptom_class for v in explanation.tree] == ["kernel.oom", "svc.error"]
    assert len(explanation.explained) == 3
    assert len(edges_of(weighed, explanation, set())) == 1


def test_a_member_names_its_first_events_and_how_many_there_were() -> None:
    weighed = weigh([vertex(0, "kernel.oom", "Pod/mysql-0", count=40)])
    (member,) = members_of(weighed, explain(weighed, entity("Pod", "mysql-0")))
    assert (member.count, member.count_is_estimated, len(member.event_ids)) == (40, False, EVENT_IDS_MAX)
    assert member.event_ids == [each for each in member.event_ids if each.startswith("kernel.oom Pod/mysql-0 ")]
    assert member.sources == ["otel"]


def test_long_lists_are_cut_in_causal_order() -> None:
    root = vertex(0, "kernel.oom", "Pod/root")
    effects = [vertex(1 + n / 100, "pod.restart", f"Pod/{n:04}") for n in range(MEMBERS_LISTED_MAX + 5)]
    for each in effects:
        link(root, each, 0.9)
    weighed = weigh([root, *effects])
    explanation = explain(weighed, root.unit)
    assert [len(members_of(weighed, explanation)), len(edges_of(weighed, explanation, set()))] == [MEMBERS_LISTED_MAX] * 2
    assert members_of(weighed, explanation)[-1].entity.endswith(f"/{MEMBERS_LISTED_MAX - 2:04}")


def test_each_step_names_its_rule_weight_delay_correlators_and_evidence() -> None:
    weighed, explanation = explained()
    steps = edges_of(weighed, explanation, {weighed.vertices.index(weighed.vertices[explanation.root])})
    assert [(step.cause.rpartition("/")[2], step.effect.rpartition("/")[2]) for step in steps] == [
        ("mysql-0 kernel.oom", "mysql svc.degraded"), ("mysql svc.degraded", "api svc.timeout"), ("api svc.timeout", "api svc.degraded"),
        ("api svc.degraded", "web svc.5xx"),
    ]  # fmt: skip
    assert [step.correlators for step in steps] == [
        ["kubernetes", "temporal", "pattern"],
        ["kubernetes", "temporal", "sequence"],
        ["kubernetes", "temporal"],
        ["kubernetes", "temporal", "sequence"],
    ]
    assert (steps[0].rule, steps[0].lag_seconds, steps[0].weight) == ("kernel.oom>svc.degraded", 15.0, 0.7)
    assert steps[0].evidence[1] == "temporal: +15.0 s is within the rule's window"


def test_steps_tell_occurrences_of_one_entity_and_class_apart() -> None:
    oom = vertex(0, "kernel.oom", "Pod/mysql-0", unit="Deployment/mysql")
    to_mysql, to_cache = (vertex(n, "svc.5xx", "Service/api", peer) for n, peer in ((10, "Service/mysql"), (11, "Service/cache")))
    degraded = vertex(12, "svc.degraded", "Service/api")
    web = vertex(20, "svc.5xx", "Service/web", "Service/api")
    for cause, effect in ((oom, to_mysql), (oom, to_cache), (to_cache, degraded), (degraded, web)):
        link(cause, effect, 0.9)
    weighed = weigh([oom, to_mysql, to_cache, degraded, web])
    explanation = explain(weighed, MYSQL)
    members, steps = members_of(weighed, explanation), edges_of(weighed, explanation, set())

    places = {(step.cause_member, step.effect_member) for step in steps}
    assert [member.peer.rpartition("/")[2] for member in members] == ["", "mysql", "cache", "api"]
    assert places == {(0, 1), (0, 2), (2, -1), (-1, 3)}


def test_evidence_says_relations_and_shared_traces_in_words() -> None:
    cause = vertex(0, "node.notready", "Node/n1", traces=("t", "u"))
    effect = vertex(-2, "svc.5xx", "Service/api", traces=("t", "u"))
    link(cause, effect)
    effect.causes[0].path = ("hosts", "service")
    again = vertex(1, "node.kernel", "Node/n1", traces=("t",))
    link(cause, again)
    weighed = weigh([cause, effect, again])
    steps = {step.effect: step.evidence for step in edges_of(weighed, explain(weighed, cause.unit), set())}
    assert steps["default/Service/shop/api svc.5xx"] == [
        "kubernetes: Node/n1 hosts what serves Service/api", "temporal: -2.0 s is within the rule's window", "temporal: 2 shared traces",
    ]  # fmt: skip
    assert steps["default/Node//n1 node.kernel"][0] == "kubernetes: both are about Node/n1"
    assert steps["default/Node//n1 node.kernel"][2] == "temporal: 1 shared trace"


def test_a_rival_lost_because_it_is_explained_or_explains_less() -> None:
    weighed, _ = explained()
    found = {each.entity.rpartition("/")[2]: each for each in alternatives_of(weighed, MYSQL)}
    assert "mysql" not in found
    explained_away = "it is explained by default/Service/shop/mysql svc.degraded (rule svc.degraded>svc.timeout, weight 0.70)"
    assert found["api"].why_not == explained_away
    assert found["stray"].why_not.startswith("it explains 2")
    assert "default/Pod/shop/mysql-0 kernel.oom explains" in found["stray"].why_not


def test_few_rivals_are_named_and_none_that_explains_next_to_nothing() -> None:
    vertices = [vertex(n, "kernel.oom", f"Pod/{n}") for n in range(8)]
    weighed = weigh(vertices)
    assert len(alternatives_of(weighed, weighed.units[0])) == ALTERNATIVES_MAX
    crowd = [vertex(n, "kernel.oom", f"Pod/{n}", unit="Deployment/all") for n in range(120)]
    slight = vertex(500, "svc.latency", "Service/slight")
    assert alternatives_of(weigh([*crowd, slight]), entity("Deployment", "all")) == []


def test_a_runner_up_that_follows_from_the_cause_by_way_of_another_names_both() -> None:
    weighed = weigh(cascade())
    found = {other.entity.rpartition("/")[2]: other.why_not for other in alternatives_of(weighed, MYSQL)}
    assert found["web"].startswith(
        "it is explained by default/Service/shop/mysql svc.degraded, by way of default/Service/shop/api svc.degraded (rule "
    )


def test_a_state_inferred_of_itself_is_no_reason_to_lose() -> None:
    slow, degraded = (vertex(n, name, "Service/shop", unit="Service/shop") for n, name in ((0, "svc.slow"), (1, "svc.degraded")))
    other = vertex(2, "kernel.oom", "Pod/mysql-0", unit="Deployment/mysql", count=50)
    effects = [vertex(3 + n, "svc.timeout", f"Service/c{n}", "Service/mysql") for n in range(5)]
    link(degraded, slow, 0.9)
    for each in effects:
        link(other, each, 0.9)
    weighed = weigh([slow, degraded, other, *effects])
    (found,) = [each for each in alternatives_of(weighed, MYSQL) if each.entity.endswith("/shop")]
    assert found.why_not.startswith("it explains ")
    assert "default/Pod/shop/mysql-0 kernel.oom explains" in found.why_not

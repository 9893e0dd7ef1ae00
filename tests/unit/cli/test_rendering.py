"""What people see of an incident: the story told in order, and nothing that a terminal would obey or a loop would hang on."""

from itertools import pairwise

import msgspec
import pytest

from headwater.cli.explain import explanation_lines
from headwater.cli.render_incident import cause_sentence, incident_lines
from headwater.cli.render_tree import dot_lines, mermaid_lines, tree_lines
from headwater.cli.tree import forest_of, observed_only
from headwater.model.results import Alternative, Cause, CorrelationResult, Edge, Impact, Member, RemediationDetails

POD, API, MYSQL, WEB = (f"default/{name}" for name in ("Pod/shop/mysql-0", "Service/shop/api", "Service/shop/mysql", "Service/shop/web"))


def edge(cause: str, effect: str, *, weight: float = 0.8, lag: float = 15.0) -> Edge:
    return Edge(cause, effect, "a rule", ["kubernetes", "temporal"], lag, weight, [f"{POD} serves {MYSQL}"])


def story() -> CorrelationResult:
    return CorrelationResult(
        id="abcdef012345",
        fingerprint="f",
        revision=2,
        status="open",
        reason="new_evidence",
        type="cascading_failure",
        severity="critical",
        verdict="likely",
        confidence=0.7,
        root_cause="mysql-0 OOM at 10:00:00",
        cause=Cause(POD, "default/StatefulSet/shop/mysql", "kernel.oom", mechanism="killed for memory"),
        impact=Impact(["mysql", "api", "web"], 15, namespaces=["shop"]),
        remediation="increase mysql memory limits",
        remediation_details=RemediationDetails(["look"], ["kubectl top pod"], "a restart"),
        members=[
            Member(POD, "kernel.oom", role="root", text="OOM", first_seen="2026-01-05T10:00:00.000Z"),
            Member(API, "svc.timeout", text="timeout to mysql", first_seen="2026-01-05T10:00:15.000Z", count=3),
            Member(WEB, "svc.5xx", text="503 from api", first_seen="2026-01-05T10:00:30.000Z"),
            Member(WEB, "pod.restart", role="context", text="restarted", first_seen="2026-01-05T09:59:30.000Z"),
        ],
        edges=[
            edge(f"{POD} kernel.oom", f"{MYSQL} svc.degraded"),
            edge(f"{MYSQL} svc.degraded", f"{API} svc.timeout"),
            edge(f"{API} svc.timeout", f"{WEB} svc.5xx"),
            edge(f"{POD} kernel.oom", f"{WEB} svc.5xx", weight=0.1),
        ],
        alternatives=[Alternative(API, "svc.timeout", 0.1, f"it is explained by {MYSQL} svc.degraded")],
        first_seen="2026-01-05T10:00:00.000Z",
        last_seen="2026-01-05T10:00:30.000Z",
        detected_at="2026-01-05T10:00:30.012Z",
        detection_delay_ms=12,
    )


def text_of(result: CorrelationResult) -> str:
    return "\n".join(line.plain for line in incident_lines(result))


def test_the_page_tells_cause_remedy_timeline_and_tree_in_this_order() -> None:
    page = text_of(story())
    places = [page.index(words) for words in ("CRITICAL", "mysql-0 OOM at", "What to do", "Timeline", "Why", "Also considered")]
    assert places == sorted(places)
    assert "told 12 ms after its first event" in page
    assert "15 pods" in page
    assert "Service/mysql svc.degraded" in page  # entities are shortened


def test_the_sentence_says_who_was_taken_along_and_doubts_what_is_not_sure() -> None:
    assert cause_sentence(story()) == "mysql-0 OOM at 10:00:00; it took api, web with it."
    many = msgspec.structs.replace(story(), impact=Impact(["mysql", *(f"api-{number}" for number in range(9))], 15))
    assert cause_sentence(many).endswith("it took api-0, api-1, api-2, api-3, api-4 and 4 more with it.")
    lesser = msgspec.structs.replace(story(), severity="high")
    assert cause_sentence(lesser) == "mysql-0 OOM at 10:00:00; felt by api, web."
    doubtful = msgspec.structs.replace(story(), verdict="inconclusive")
    assert cause_sentence(doubtful).startswith("Perhaps mysql-0 OOM")


def test_a_cause_takes_others_with_it_and_never_itself() -> None:
    alone = msgspec.structs.replace(story(), impact=Impact(["mysql"], 3))
    assert cause_sentence(alone) == "mysql-0 OOM at 10:00:00."
    settings = Cause("default/ConfigMap/shop/settings", "default/ConfigMap/shop/settings", "change.config")
    changed = msgspec.structs.replace(story(), cause=settings, root_cause="settings changed", impact=Impact(["api", "web"], 9))
    assert cause_sentence(changed) == "settings changed; it took api, web with it."


def test_a_change_says_too_what_came_of_it() -> None:
    rollout = "default/Deployment/shop/mysql"
    members = [
        Member(rollout, "change.rollout", role="root", text="rolled out", first_seen="2026-01-05T09:59:00.000Z"),
        Member(POD, "pod.restart", role="symptom", text="restarted", first_seen="2026-01-05T09:59:30.000Z"),
        Member(POD, "pod.crashloop", role="cause", text="in CrashLoopBackOff", first_seen="2026-01-05T10:00:00.000Z", severity="high"),
        Member(API, "svc.timeout", text="timeout to mysql", first_seen="2026-01-05T10:00:15.000Z", severity="high"),
    ]
    root = f"{rollout} change.rollout"
    edges = [edge(root, f"{POD} pod.restart"), edge(root, f"{POD} pod.crashloop"), edge(f"{POD} pod.crashloop", f"{API} svc.timeout")]
    changed = msgspec.structs.replace(
        story(), members=members, edges=edges, cause=Cause(rollout, rollout, "change.rollout"), root_cause="mysql rolled out at 09:59:00"
    )
    assert cause_sentence(changed) == "mysql rolled out at 09:59:00: mysql-0 in CrashLoopBackOff; it took api, web with it."


def test_times_in_the_timeline_are_counted_from_the_root() -> None:
    page = text_of(story())
    assert "10:00:15    +15s" in page
    assert "09:59:30    -30s" in page


def test_where_the_root_was_only_inferred_times_are_counted_from_when_it_began() -> None:
    inferred = Cause(MYSQL, "default/StatefulSet/shop/mysql", "svc.degraded", time="2026-01-05T10:00:10.000Z")
    page = text_of(msgspec.structs.replace(story(), cause=inferred, members=story().members[1:]))
    assert "10:00:15     +5s" in page
    assert "09:59:30    -40s" in page


def test_a_long_timeline_keeps_what_is_explained_and_the_nearest_of_the_rest() -> None:
    stray = [
        Member(WEB, "svc.slow", role="context", text=f"slow {number}", first_seen=f"2026-01-05T09:{number:02}:00.000Z")
        for number in range(60)
    ]
    page = text_of(msgspec.structs.replace(story(), members=[*stray, *story().members]))
    for words in ("mysql-0 OOM", "api timeout to mysql", "web 503 from api", "slow 59", "restarted"):
        assert words in page
    assert "slow 9 " not in page
    assert "… and 53 more that it does not explain" in page


def test_the_short_page_only_counts_what_is_connected_and_not_explained() -> None:
    page = text_of(story())
    assert "1 more is connected, but not explained by it" in page
    assert page.count("web restarted") == 1
    assert "connected, but not explained by it:" in "\n".join(line.plain for line in explanation_lines(story()))


def test_what_the_fault_brought_about_by_another_of_its_symptoms_is_told_as_of_the_same_cause() -> None:
    """A unit's fault is named by one symptom; others may hang under a state of the unit that was only inferred."""
    ends = [f"{MYSQL} svc.degraded", f"{API} svc.timeout", f"{API} svc.degraded", f"{WEB} svc.5xx"]
    result = msgspec.structs.replace(story(), edges=[edge(cause, effect) for cause, effect in pairwise(ends)])
    assert [line.plain for line in tree_lines(result)] == [
        "  mysql-0 OOM  10:00:00",
        "  of the same cause:",
        "  mysql degraded (inferred)",
        "  └─ api timeout to mysql  10:00:15",
        "     └─ web 503 from api  10:00:30",
        "  connected, but not explained by it:",
        "  · web restarted  09:59:30",
    ]
    assert "1 more is connected" in text_of(result)


def test_a_name_is_not_repeated_as_its_place() -> None:
    page = text_of(story())
    assert "● mysql-0 OOM           Pod" in page
    assert "→ api timeout to mysql  Service ×3" in page


def test_a_limit_that_was_reached_is_told_in_words() -> None:
    page = text_of(msgspec.structs.replace(story(), partial=["members", "pattern_anchors", "of another version"]))
    assert "Partial" in page
    assert "only its earliest symptoms were judged" in page
    assert "of another version" in page


def test_each_effect_hangs_under_its_best_cause_and_the_weaker_one_is_named() -> None:
    forest = forest_of(story())
    assert forest.root is not None
    (mysql,) = forest.root.children
    (api,) = mysql.children
    (web,) = api.children
    assert web.key == f"{WEB} svc.5xx"
    assert [other.cause for other, _ in web.other_edges] == [f"{POD} kernel.oom"]
    assert [node.key for node in forest.unexplained] == [f"{WEB} pod.restart"]
    whole = "\n".join(line.plain for line in explanation_lines(story()))
    assert "also explained, less well, by Pod/mysql-0 kernel.oom" in whole
    assert "mysql degraded (inferred)" in whole
    assert "because Pod/mysql-0 serves Service/mysql" in whole


def test_of_a_line_that_is_new_it_is_said_since_when() -> None:
    result = story()
    result.members[2].novelty = "first written at 10:00:30, never in the 3 hours before"
    whole = "\n".join(line.plain for line in explanation_lines(result))
    assert whole.count("a new line: first written at 10:00:30, never in the 3 hours before") == 1


def test_occurrences_of_one_entity_and_class_stay_apart() -> None:
    members = [
        Member(POD, "kernel.oom", role="root", text="OOM", first_seen="2026-01-05T10:00:00.000Z"),
        Member(API, "svc.5xx", peer=MYSQL, text="503 from mysql", first_seen="2026-01-05T10:00:15.000Z"),
        Member(API, "svc.5xx", peer=WEB, text="503 from cache", first_seen="2026-01-05T10:00:16.000Z"),
        Member(WEB, "svc.5xx", text="503 from api", first_seen="2026-01-05T10:00:30.000Z"),
    ]
    ends = [(POD, 0, API, 1), (POD, 0, API, 2), (API, 2, WEB, 3)]
    edges = [
        msgspec.structs.replace(
            edge(f"{cause} {'kernel.oom' if cause == POD else 'svc.5xx'}", f"{effect} svc.5xx"), cause_member=one, effect_member=other
        )
        for cause, one, effect, other in ends
    ]
    result = msgspec.structs.replace(story(), members=members, edges=edges)

    assert [line.plain.removeprefix("  ") for line in tree_lines(result)] == [
        "mysql-0 OOM  10:00:00",
        "├─ api 503 from mysql  10:00:15",
        "└─ api 503 from cache  10:00:16",
        "   └─ web 503 from api  10:00:30",
    ]
    assert sum(" -> " in line for line in dot_lines(result)) == 3
    assert sum("label=" in line for line in dot_lines(result)) == 4 + 3


def test_what_was_only_inferred_is_left_out_of_the_short_tree() -> None:
    forest = forest_of(story())
    assert forest.root is not None
    assert [node.key for node in observed_only(forest.root).children] == [f"{API} svc.timeout"]
    assert "inferred" not in "\n".join(line.plain for line in tree_lines(story()))


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_circle_of_edges_ends(count: int) -> None:
    keys = [f"default/Pod/shop/p{index} kernel.oom" for index in range(count)]
    edges = [edge(keys[index], keys[(index + 1) % count]) for index in range(count)]
    result = msgspec.structs.replace(story(), edges=edges)
    assert list(tree_lines(result, is_whole=True))
    assert list(dot_lines(result))


def test_a_very_deep_tree_is_printed_without_recursion() -> None:
    keys = [f"default/Pod/shop/p{index} kernel.oom" for index in range(3_000)]
    edges = [edge(keys[index], keys[index + 1]) for index in range(2_999)]
    root = Cause("default/Pod/shop/p0", "", "kernel.oom")
    assert len(list(tree_lines(msgspec.structs.replace(story(), edges=edges, members=[], cause=root), is_whole=True))) >= 3_000


def test_a_result_with_hardly_anything_in_it_is_shown() -> None:
    bare = CorrelationResult(
        "i", "f", 1, "open", "first_told", "uncategorised", "low", "inconclusive", 0.1, "something", Cause("x", "", "y")
    )
    assert "something" in text_of(bare)
    assert "Nothing else came into question" in "\n".join(line.plain for line in explanation_lines(bare))


def test_nothing_of_an_event_reaches_the_terminal_as_a_command() -> None:
    evil = '\x1b[31m\x07"]\\end --> [red]\u202e'
    result = story()
    result.root_cause = result.type = result.remediation = evil
    result.members[0].text = evil
    result.edges[0].rule = evil
    result.alternatives[0].why_not = evil
    result.remediation_details.commands.append(evil)
    for text in (
        text_of(result),
        "\n".join(line.plain for line in explanation_lines(result)),
        "\n".join(dot_lines(result)),
        "\n".join(mermaid_lines(result)),
    ):
        assert not {"\x1b", "\x07", "\u202e"} & set(text)
    assert all(line.count('"') in (0, 2) for line in mermaid_lines(result))
    assert all(line.replace("\\\\", "").replace('\\"', "").count('"') % 2 == 0 for line in dot_lines(result))

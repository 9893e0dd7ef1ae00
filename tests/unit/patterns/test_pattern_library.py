"""Reading and linting: everything wrong with a pattern is said at once, with file, line and remedy."""

from importlib.resources import files

import pytest

from headwater.model.located_yaml import KnowledgeError
from headwater.patterns.lint import fires, holds_fire
from headwater.patterns.pattern_library import PatternLibrary
from headwater.patterns.scene import Place
from headwater.patterns.schema import Pattern, Standing
from headwater.testing.playback import packaged_knowledge

CLASSES = frozenset({"kernel.oom", "pod.restart", "svc.timeout"})

GOOD = """\
pattern: oom
type: oom_kill
summary: A kill.
severity: high
anchor: [kernel.oom]
roles:
  callers: {class: [svc.timeout], blame: anchor, at: [other_unit, "service_of(anchor)"], lag: [-5s, 1.5m], min_units: 2, required: true}
  restart: {class: pod.restart, at: same_unit(callers), within: 500ms}
not: {class: pod.restart, at: self}
root: [callers, silent]
complete_at: 1
remediation: raise the limit of {cause.owner}
steps: ["ask {role.callers.service}"]
commands: ["kubectl describe pod {cause.name}"]
risk: none
tests:
  - name: it fires
    topology: [Service/a selects Pod/a-0, Node/n1, Secret/s@kube-system mounted_by Deployment/a]
    told: [{at: 0s, class: kernel.oom, about: Pod/a-0, peer: Service/b, count: 3, every: 2s}]
    expect: {cause: Pod/a-0, class: kernel.oom, severity: high, members: 1, remediation: r}
  - name: it holds
    told: [{at: 0s, event: ok_span, about: Pod/a-0}]
    expect: [nothing, {not_pattern: other}]
"""


def read(text: str) -> Pattern:
    (pattern,) = PatternLibrary.from_texts({"a.yaml": text}, classes=CLASSES).patterns
    return pattern


def problems(text: str, *more: str) -> list[str]:
    texts = {f"{'abc'[number]}.yaml": each for number, each in enumerate((text, *more))}
    with pytest.raises(KnowledgeError) as raised:
        PatternLibrary.from_texts(texts, classes=CLASSES)
    return [str(problem) for problem in raised.value.problems]


def test_a_pattern_is_read_whole() -> None:
    pattern = read(GOOD)
    callers = pattern.role("callers")
    assert callers is not None
    assert callers.condition.at == (Standing(Place.OTHER_UNIT), Standing(Place.SERVICE_OF))
    assert callers.condition.lag == (-5_000_000_000, 90_000_000_000)
    assert (callers.is_required, callers.weight, callers.condition.units_min) == (True, 1.0, 2)
    assert pattern.role("nobody") is None
    assert pattern.roots == ("callers", "silent")
    assert pattern.tests[0].told[0].count == 3
    assert pattern.tests[1].expect[0].is_nothing
    assert (pattern.file, pattern.line) == ("a.yaml", 1)


def test_a_file_may_hold_a_list_of_patterns() -> None:
    both = "".join("- " + text.replace("\n", "\n  ").rstrip() + "\n" for text in (GOOD, GOOD.replace("pattern: oom", "pattern: oom_again")))
    library = PatternLibrary.from_texts({"a.yaml": both}, classes=CLASSES)
    assert [pattern.id for pattern in library.patterns] == ["oom", "oom_again"]
    assert library.get("oom_again") is not None
    assert library.get("nothing") is None


def test_no_text_is_no_pattern() -> None:
    assert PatternLibrary.from_texts({}, classes=CLASSES).patterns == ()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "pattern: oom",
            "pattern: OOM kill",
            "a.yaml:1: `pattern` is `OOM kill`. Use small letters, digits and _, beginning with a letter",
        ),
        ("type: oom_kill\n", "", "a.yaml:1: the pattern has no `type`. Add `type: …`"),
        ("severity: high", "severity: bad", "a.yaml:4: `severity` is `bad`. Use one of debug, info, low"),
        ("severity: high", "severity: yes", "a.yaml:4: `severity` is a boolean to YAML (so are on, off, yes and no). Put it in quotes"),
        ("summary: A kill.", "summary: 5", "a.yaml:3: `summary` is not a text"),
        ("summary: A kill.", 'summary: " "', "a.yaml:3: `summary` is empty"),
        ("risk: none", "on: Pod", "a.yaml:15: the key 'on' is not a string. Put it in quotes"),
        ("risk: none", "risks: none", "a.yaml:15: the pattern has no field `risks`. Did you mean `risk`?"),
        ("risk: none", "zzz: none", "a.yaml:15: the pattern has no field `zzz`. Use one of pattern, type"),
        ("risk: none", "risk: none\nrisk: none", "a.yaml:16: the key 'risk' is given twice"),
        (
            "[kernel.oom]\nroles",
            "[kernel.oon]\nroles",
            "the anchor names the class `kernel.oon`, which no signal gives. Did you mean `kernel.oom`?",
        ),
        ("anchor: [kernel.oom]", "anchor: []", "no class can be its anchor"),
        (
            "blame: anchor",
            "blame: caller",
            "a.yaml:7: pattern `oom`: the role `callers` refers to `caller`, which is no role. Did you mean `callers`?",
        ),
        ("blame: anchor", "blame: restart", "its roles refer to each other in a circle"),
        ("other_unit,", "other_uni,", "a.yaml:7: `other_uni` is no place. Did you mean `other_unit`?"),
        ("[-5s, 1.5m]", "[5, 90]", "a.yaml:7: a bound of `lag` is no time span. Write a number with its unit"),
        ("[-5s, 1.5m]", "[5s, 1s]", "`lag` is no earliest and latest"),
        ("[-5s, 1.5m]", "[5s, 16m]", "the role `callers` waits longer than 15 minutes"),
        ("within: 500ms", "within: 20m", "has `within` outside 0 to 15 minutes"),
        ("within: 500ms", "with_anchor: true", "the role `restart` counts the anchor, whose class it does not list"),
        ("within: 500ms", "with_anchor: maybe", "`with_anchor` is neither true nor false"),
        ("within: 500ms", "weight: 0", "the role `restart` makes no difference"),
        ("within: 500ms", "weight: heavy", "`weight` is not a number from 0 to 100"),
        ("min_units: 2", "min_units: 2.5", "`min_units` is not a whole number"),
        ("min_units: 2", "min_units: true", "`min_units` is not a number from 1"),
        ("complete_at: 1", "complete_at: 9", "`complete_at` is more than its roles weigh together (1.5)"),
        ("root: [callers, silent]", "root: calers", "`root` names `calers`, which is no role. Did you mean `callers`?"),
        ("root: [callers, silent]", "root: restart", "its `root` may be absent. Add `anchor` to it, or require the role"),
        ("  restart: {class", "  anchor: {class", "a role is called `anchor`"),
        ("  restart: {class: pod.restart, at", "  restart: {at", "a.yaml:8: the role `restart` has no `class`"),
        (
            "  restart: {class: pod.restart, at: same_unit(callers), within: 500ms}",
            "  restart: often",
            "the role `restart` is not a mapping",
        ),
        (
            "{cause.owner}",
            "{cause.ownr}",
            "a.yaml:12: pattern `oom`: a template has the placeholder `{cause.ownr}`. Did you mean `cause.owner`?",
        ),
        ("{role.callers.service}", "{role.nobody.service}", "a template has the placeholder `{role.nobody.service}`"),
        ("pod {cause.name}", "pod {cause.name} | sh", "needs a shell's quoting"),
        ("pod {cause.name}", "pod '{cause.name}'", "needs a shell's quoting"),
        ('["kubectl describe pod {cause.name}"]', '[" "]', "a template is empty"),
        ('["kubectl describe pod {cause.name}"]', "kubectl", "`commands` is not a list"),
        ("raise the limit of {cause.owner}", '"a\\nb"', "a template has several lines"),
        ("name: it holds", "name: it fires", "two tests are called `it fires`"),
        ("{cause: Pod/a-0, class: kernel.oom, severity: high, members: 1, remediation: r}", "nothing", "no test expects it to fire"),
        ("[nothing, {not_pattern: other}]", "{cause: Pod/a-0}", "no test expects it to hold its fire"),
        ("expect: [nothing, {not_pattern: other}]", "expect: {}", "`expect` expects nothing in particular"),
        ("    expect: [nothing, {not_pattern: other}]\n", "", "a test has no `expect`"),
        ("severity: high, members", "severity: awful, members", "`severity` is unknown"),
        ("[{at: 0s, event: ok_span, about: Pod/a-0}]", "[]", "the test `it holds` tells nothing"),
        ("event: ok_span", "event: ok_span, class: kernel.oom", "has not exactly one of `class`, `event` and `reason`"),
        ("class: kernel.oom, about: Pod/a-0, peer", "class: kernel.omm, about: Pod/a-0, peer", "a test tells the class `kernel.omm`"),
        ("about: Pod/a-0, peer", "peer", "an item of `told` has no `about`"),
        ("about: Pod/a-0, peer", "about: a-0, peer", "`about` is `a-0`. Write `Kind/name`"),
        ("Service/a selects Pod/a-0", "Service/a chooses Pod/a-0", "`Service/a chooses Pod/a-0` is no relation"),
        ("topology: [Service", "topology: [5, Service", "a line of `topology` is not a text"),
        ("  - name: it holds", "  - nothing\n  - name: it holds", "a test is not a mapping"),
        ("not: {class: pod.restart, at: self}", "not: [never]", "an item of `not` is not a mapping"),
        ("expect: [nothing, {not_pattern: other}]", "expect: [nothing, anything]", "an item of `expect` is not a mapping"),
        ("  callers: {", "  callers: [", "this is not YAML"),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_remedy(old: str, new: str, message: str) -> None:
    assert old in GOOD
    found = problems(GOOD.replace(old, new, 1))
    assert any(message in problem for problem in found), found


def test_all_problems_of_all_files_are_said_at_once() -> None:
    found = problems(
        GOOD.replace("severity: high", "severity: bad", 1), "- 5", GOOD.replace("pattern: oom", "pattern: third").replace("blame", "blam")
    )
    assert [problem.split(":")[0] for problem in found] == ["a.yaml", "b.yaml", "c.yaml"]


def test_an_id_is_used_once() -> None:
    (found,) = problems(GOOD, GOOD)
    assert found == "b.yaml:1: pattern `oom` is already in a.yaml:1. Call it otherwise, or name this file a.yaml to replace it"


def test_roles_that_are_no_mapping_are_said() -> None:
    start, end = GOOD.index("roles:"), GOOD.index("not:")
    assert any("`roles` is not a mapping" in problem for problem in problems(GOOD[:start] + "roles: [a]\n" + GOOD[end:]))


def test_an_expectation_of_another_pattern_expects_this_one_to_hold_its_fire() -> None:
    pattern = read(GOOD)
    fired, held = pattern.tests[0].expect[0], pattern.tests[1].expect[0]
    assert fires(pattern, fired)
    assert not holds_fire(pattern, fired)
    assert holds_fire(pattern, held)
    assert not fires(pattern, held)


def packaged() -> PatternLibrary:
    folder = files("headwater.patterns") / "library"
    assert any(file.name.endswith(".yaml") for file in folder.iterdir())
    return packaged_knowledge().patterns


def test_the_packaged_patterns_are_sound_and_each_has_a_decoy_or_two_quiet_tests() -> None:
    library = packaged()
    assert len(library.patterns) >= 20
    for pattern in library.patterns:
        assert pattern.file == f"{pattern.id}.yaml"
        assert pattern.steps
        assert pattern.risk


def test_the_packaged_patterns_cover_those_of_the_seed() -> None:
    types = {pattern.type for pattern in packaged().patterns}
    assert types >= {"cascading_failure", "deployment_failure", "network_storm", "resource_exhaustion"}


def test_a_pattern_is_possible_where_its_anchor_and_all_it_requires_are_named() -> None:
    library = PatternLibrary.from_texts({"a.yaml": GOOD}, classes=CLASSES)
    assert [pattern.id for pattern in library.possible(frozenset({"kernel.oom", "svc.timeout"}))] == ["oom"]
    assert library.possible(frozenset({"kernel.oom", "pod.restart"})) == ()
    assert library.possible(frozenset({"svc.timeout", "pod.restart"})) == ()

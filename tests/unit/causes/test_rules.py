"""Causal rules from YAML: what they say, and what is said of wrong ones, all at once, with file, line and remedy."""

import pytest

from headwater.causes.rules import LAG_MAX, RuleSet
from headwater.model.located_yaml import KnowledgeError, Problem
from headwater.model.relations import Relation
from headwater.model.times import seconds
from headwater.service.knowledge import CAUSES, rule_texts
from headwater.testing.playback import packaged_knowledge

CLASSES = frozenset({"kernel.oom", "pod.restart", "svc.timeout", "svc.degraded", "node.suspect"})


def compiled(*texts: str) -> RuleSet:
    return RuleSet.from_texts({f"{number}.yaml": text for number, text in enumerate(texts)}, classes=CLASSES)


def problems_of(*texts: str) -> tuple[Problem, ...]:
    with pytest.raises(KnowledgeError) as caught:
        compiled(*texts)
    return tuple(caught.value.problems)


RULE = "rules:\n  - {cause: kernel.oom, effect: pod.restart, probability: 0.8, lag: [-3s, 500ms, 1.5m], because: kills}\n"


def test_a_rule_says_cause_effect_path_probability_and_delays() -> None:
    (rule,) = compiled(RULE).rules
    assert (rule.id, rule.cause, rule.effect, rule.path) == ("kernel.oom>pod.restart", "kernel.oom", "pod.restart", ())
    assert (rule.lag_min, rule.lag_typical, rule.lag_max) == (seconds(-3), seconds(0.5), seconds(90))
    assert (rule.probability, rule.because, rule.cause_blames, rule.effect_blames) == (0.8, "kills", None, None)


def test_a_path_is_part_of_a_rules_name_and_rules_are_found_by_both_ends() -> None:
    found = compiled(
        "rules:\n"
        "  - {cause: kernel.oom, effect: svc.degraded, path: [^hosts, service], probability: 1, lag: [0s, 1s, 2s]}\n"
        "  - {cause: svc.degraded, effect: svc.timeout, path: [peer], effect_blames: true, probability: 0.5, lag: [0s, 1s, 20s]}\n"
    )
    first, second = found.rules
    assert (first.id, second.id) == ("kernel.oom>svc.degraded[^hosts,service]", "svc.degraded>svc.timeout[peer]")
    assert found.by_effect["svc.degraded"] == found.by_cause["kernel.oom"] == (first,)
    assert second.effect_blames is True
    assert found.lag_longest == seconds(20)


def test_a_later_file_replaces_a_rule_of_the_same_name_and_adds_others() -> None:
    mine = "  - {id: mine, cause: kernel.oom, effect: pod.restart, probability: 0.1, lag: [0s, 0s, 1s]}\n"
    found = compiled(RULE, RULE.replace("0.8", "0.3") + mine)
    assert [(rule.id, rule.probability) for rule in found.rules] == [("kernel.oom>pod.restart", 0.3), ("mine", 0.1)]


def test_the_order_of_files_does_not_matter_where_they_do_not_meet() -> None:
    one, other = RULE, RULE.replace("pod.restart", "svc.timeout")
    assert compiled(one, other) == compiled(other, one)


def test_a_latent_rule_has_defaults() -> None:
    (common,) = compiled("latent:\n  - {class: node.suspect, because_of: [pod.restart], through: hosts}\n").latent
    assert (common.through, common.window, common.entities_min, common.units_min, common.share_min) == (
        Relation.HOSTS, seconds(120), 3, 2, 0.5,
    )  # fmt: skip


def test_whether_rules_walk_a_relation() -> None:
    found = compiled(
        "rules:\n  - {cause: kernel.oom, effect: pod.restart, path: [^mounted_by], probability: 1, lag: [0s, 0s, 0s]}\n"
        "latent:\n  - {class: node.suspect, through: hosts}\n"
    )
    assert found.reads(Relation.MOUNTED_BY)
    assert found.reads(Relation.HOSTS)
    assert not found.reads(Relation.CALLED_BY)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("kernel.oom", "kernel.oops"), "`cause` must name a symptom class, not 'kernel.oops'"),
        (("effect: pod.restart, ", ""), "`effect` must name a symptom class, not nothing"),
        (("0.8", "0"), "a rule needs a probability above 0 and at most 1"),
        (("0.8", "1.01"), "a rule needs a probability above 0 and at most 1"),
        (("0.8", "often"), "a rule needs a probability above 0 and at most 1"),
        (("-3s, ", ""), "a rule needs three ascending lags within 15 minutes"),
        (("-3s", "3s"), "a rule needs three ascending lags within 15 minutes"),
        (("1.5m", "16m"), "a rule needs three ascending lags within 15 minutes"),
        (("-3s", "-16m"), "a rule needs three ascending lags within 15 minutes"),
        (("1.5m", "1.5h"), "'1.5h' is no duration"),
        (("because", "reason"), "unknown key 'reason'"),
        (("because: kills", "path: [nowhere]"), "'nowhere' is no step of a path"),
        (("because: kills", "path: [peer, owns]"), "`peer` must be the last step, and `dns`, `cluster` or `namespace` the only one"),
        (("because: kills", "path: [dns, peer]"), "`peer` must be the last step, and `dns`, `cluster` or `namespace` the only one"),
        (("because: kills", "cause_blames: perhaps"), "`cause_blames` must be true or false"),
    ],
)
def test_a_wrong_rule_is_refused_with_file_line_and_remedy(change: tuple[str, str], words: str) -> None:
    problems = problems_of(RULE.replace(*change))
    problem = next(problem for problem in problems if problem.message == words)
    assert (problem.file, problem.line) == ("0.yaml", 2)
    assert problem.remedy


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("latent:\n  - {class: node.suspect, because_of: [pod.crash], through: hosts}", "there is no symptom class 'pod.crash'"),
        ("latent:\n  - {class: node.suspect, through: wires}", "`through` must be a relation, or ends"),
        ("latent:\n  - {class: node.suspect}", "`through` must be a relation, or ends"),
        ("latent:\n  - {class: node.suspect, through: hosts, window: soon}", "'soon' is no duration"),
        ("latent:\n  - {class: node.suspect, through: hosts, minimum: 3}", "unknown key 'minimum'"),
        ("rule: []", "unknown key 'rule'"),
        ("rules:\n  - nonsense", "a mapping is expected here"),
    ],
)
def test_other_mistakes_are_refused(text: str, words: str) -> None:
    assert words in [problem.message for problem in problems_of(text)]


def test_all_problems_of_all_files_are_told_at_once() -> None:
    problems = problems_of(
        "rules:\n  - {cause: a, effect: b, probability: 2, lag: [1s]}\n",
        "rules: [",
        RULE.replace("kernel.oom", "c"),
    )
    assert {problem.file for problem in problems} == {"0.yaml", "1.yaml", "2.yaml"}
    assert len([problem for problem in problems if problem.file == "0.yaml"]) == 4


def test_no_rule_of_the_package_is_written_twice_so_that_one_of_them_is_dead() -> None:
    texts = rule_texts()[CAUSES]
    classes = packaged_knowledge().catalogue.names
    apart = [rule.id for file, text in texts.items() for rule in RuleSet.from_texts({file: text}, classes=classes).rules]
    lines = sum(line.lstrip().startswith("- {cause:") for text in texts.values() for line in text.splitlines())
    assert len(set(apart)) == len(apart) == lines


def test_the_rules_of_the_package_are_within_their_limits() -> None:
    knowledge = packaged_knowledge()
    rules = knowledge.rules
    assert len(rules.rules) >= 47
    assert 0 < rules.lag_longest <= LAG_MAX
    assert rules.lag_longest <= knowledge.reach <= LAG_MAX
    assert len({rule.id for rule in rules.rules}) == len(rules.rules)
    # No change is an effect of a failure, and nothing inferred is told of by observers.
    assert not [rule.id for rule in rules.rules if rule.effect.startswith("change.") and not rule.cause.startswith("change.")]


def test_an_effect_may_be_expected_where_it_is_sure() -> None:
    line = "{cause: kernel.oom, effect: pod.restart, probability: %s, lag: [0s, 1s, 2s], expected: true}"
    rules = compiled(f"rules:\n  - {line % 0.9}\n")
    assert rules.expected["kernel.oom"] == rules.rules
    with pytest.raises(KnowledgeError, match=r"an expected effect needs a probability of at least 0\.85"):
        compiled(f"rules:\n  - {line % 0.6}\n")


def test_a_rule_may_spare_what_was_there_before_its_cause() -> None:
    line = "{cause: change.rollout, effect: pod.crashloop, path: [owns], probability: 0.6, lag: [0s, 1s, 2s], to_older: %s}"
    rules = RuleSet.from_texts({"a.yaml": "rules:\n  - " + line % "0.2"}, classes={"change.rollout", "pod.crashloop"})
    assert rules.rules[0].to_older == 0.2
    with pytest.raises(KnowledgeError, match="`to_older` must be a number from 0 to 1"):
        RuleSet.from_texts({"a.yaml": "rules:\n  - " + line % "often"}, classes={"change.rollout", "pod.crashloop"})


def test_a_rule_may_ask_for_one_kind_of_a_class() -> None:
    line = "{cause: node.notready, effect: pod.mountfail/multi_attach, path: [hosts], probability: 0.6, lag: [0s, 1s, 2s]}"
    classes = {"node.notready", "pod.mountfail", "pod.mountfail/multi_attach"}
    (rule,) = RuleSet.from_texts({"a.yaml": f"rules: [{line}]"}, classes=classes).rules
    assert (rule.cause, rule.cause_kind, rule.effect, rule.effect_kind) == ("node.notready", "", "pod.mountfail", "multi_attach")
    assert rule.id == "node.notready>pod.mountfail/multi_attach[hosts]"


def test_what_concerns_the_whole_cluster_has_no_other_step() -> None:
    with pytest.raises(KnowledgeError, match="`dns`, `cluster` or `namespace` the only one"):
        RuleSet.from_texts(
            {"a.yaml": "rules: [{cause: a, effect: b, path: [cluster, owns], probability: 1, lag: [0s, 1s, 2s]}]"}, classes={"a", "b"}
        )

"""Knowledge: catalogue, rules and patterns compiled together."""

import pytest

from headwater.causes.rules import LAG_MAX
from headwater.correlation.knowledge import CAUSES, PATTERNS, SIGNALS, Knowledge, compile_knowledge
from headwater.model.located_yaml import KnowledgeError
from headwater.model.times import seconds
from headwater.service.knowledge import rule_texts

CLASSES = """
classes:
  a.cause: {layer: 0, spontaneity: 0.5, evidence: 1, gap_seconds: 120, severity: high, modality: change, mechanism: causing}
  b.effect: {layer: 3, spontaneity: 0.1, evidence: 1, gap_seconds: 30, severity: high, modality: service, mechanism: suffering}
"""
RULE = "rules:\n  - {cause: a.cause, effect: b.effect, probability: 0.5, lag: [0s, 1s, %s]}\n"


def compiled(lag: str = "20s", **texts: str) -> Knowledge:
    own = {section: {"x.yaml": text} for section, text in texts.items()}
    return compile_knowledge({SIGNALS: {"classes.yaml": CLASSES}, CAUSES: {"rules.yaml": RULE % lag}, PATTERNS: {}} | own)


def test_the_reach_is_the_longest_lag_or_gap_of_any_rule_within_its_limit() -> None:
    assert compiled("20s").reach == seconds(120)
    assert compiled("10m").reach == seconds(600)
    assert compiled("15m").reach == LAG_MAX


def test_the_hash_is_that_of_all_texts_and_their_names() -> None:
    assert compiled().rules_hash == compiled().rules_hash
    assert compiled().rules_hash != compiled("21s").rules_hash
    texts = rule_texts()
    known = compile_knowledge(texts)
    assert (
        known.rules_hash == compile_knowledge({section: dict(reversed(texts[section].items())) for section in reversed(texts)}).rules_hash
    )


def test_problems_of_all_sections_are_told_at_once() -> None:
    with pytest.raises(KnowledgeError) as caught:
        compiled(**{CAUSES: "rules:\n  - {cause: nobody}\n", PATTERNS: "pattern: x\n"})
    assert {problem.file for problem in caught.value.problems} == {"causes/x.yaml", "patterns/x.yaml"}
    assert len(caught.value.problems) >= 3


def test_nothing_at_all_compiles_to_nothing() -> None:
    known = compile_knowledge({})
    assert (known.reach, known.rules.rules, known.patterns.patterns) == (0, (), ())

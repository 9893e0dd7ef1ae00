"""Settings of the bench: numbers changed for a run, and as they were after it."""

from importlib import import_module

import pytest
from bench.accuracy.tuned_numbers import NUMBERS, Edit, Number, Variant, constants_set, disturbed, edited, in_force, knowledge_of, values_of

from headwater.causes import lag
from headwater.service.knowledge import rule_texts

TEXTS = {
    "causes": {"one.yaml": "  - {cause: a.b, probability: 0.6}\n  - {cause: c.d, probability: 0.4}\n", "two.yaml": "{probability: 0.5}"},
    "signals": {"classes.yaml": "  a.b: {spontaneity: 0.50, evidence: 1}\n  c.d: {spontaneity: 0.9, evidence: 0}\n"},
}


def test_only_the_lines_and_files_named_are_edited() -> None:
    edit = Edit("causes", r"probability: ([\d.]+)", line=r"cause: a\.b", file="one.yaml")
    found = edited(TEXTS, edit, lambda value: value / 2)
    assert found["causes"]["one.yaml"] == "  - {cause: a.b, probability: 0.3}\n  - {cause: c.d, probability: 0.4}\n"
    assert found["causes"]["two.yaml"] == TEXTS["causes"]["two.yaml"]
    assert found["signals"] == TEXTS["signals"]


def test_no_number_grows_beyond_what_it_may_be() -> None:
    edit = Edit("causes", r"probability: ([\d.]+)", most=0.98)
    assert edited(TEXTS, edit, lambda value: value * 2)["causes"]["two.yaml"] == "{probability: 0.98}"


def test_disturbed_texts_are_the_same_for_the_same_seed_only() -> None:
    assert disturbed(TEXTS, 1) == disturbed(TEXTS, 1) != disturbed(TEXTS, 2)
    assert "evidence: 0}" in disturbed(TEXTS, 1)["signals"]["classes.yaml"], "what is no evidence stays none"


def test_constants_are_as_they_were_after_the_block_even_where_it_fails() -> None:
    before = lag.DECAY_MIN
    seen: list[int] = []

    def fail() -> None:
        with constants_set(("causes.lag:DECAY_MIN",), lambda value: value * 2):
            seen.append(lag.DECAY_MIN)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert seen == [before * 2]
    assert isinstance(seen[0], int)
    assert before == lag.DECAY_MIN


def test_a_constant_is_set_in_every_module_that_holds_it() -> None:
    modules = [import_module(f"headwater.correlation.{name}") for name in ("attribution_view", "novelty", "glance")]
    before = [module.ORDINARY_BELOW for module in modules]
    with in_force(Variant("ORDINARY_BELOW", 1.5)):
        assert [module.ORDINARY_BELOW for module in modules] == [value * 1.5 for value in before]
    assert [module.ORDINARY_BELOW for module in modules] == before


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: number.name)
def test_every_number_is_one_that_the_engine_has(number: Number) -> None:
    assert values_of(number, rule_texts())


def test_edited_numbers_reach_the_knowledge() -> None:
    usual = knowledge_of(Variant()).catalogue.classes["svc.slow"].usual
    assert knowledge_of(Variant(NUMBERS[0].name, 0.5)).catalogue.classes["svc.slow"].usual == usual / 2
    assert knowledge_of(Variant(seed=3)).rules_hash != knowledge_of(Variant()).rules_hash

"""The table from our patterns to others' fault types."""

import msgspec
import pytest
from bench.accuracy.fault_types import FaultTypes, packaged_types
from bench.accuracy.playing import knowledge

KNOWN = packaged_types()


def test_every_pattern_of_the_library_has_a_row() -> None:
    missing = sorted(pattern.id for pattern in knowledge().patterns.patterns if pattern.id not in KNOWN.patterns)
    assert missing == [], "give each a row in bench/accuracy/fault_types.yaml, [] where no word of others means it"


def test_the_table_names_nothing_that_is_not_there() -> None:
    patterns, classes = {pattern.id for pattern in knowledge().patterns.patterns}, set(knowledge().catalogue.classes)
    words = {word for vocabulary in KNOWN.vocabularies.values() for word in vocabulary}
    rows = [*KNOWN.patterns.values(), *KNOWN.patterns_by_class.values(), *KNOWN.classes.values()]

    assert sorted(set(KNOWN.patterns) - patterns) == []
    assert sorted(set(KNOWN.classes) - classes) == []
    assert [pair for pair in KNOWN.patterns_by_class if pair.split("/")[0] not in patterns or pair.split("/")[1] not in classes] == []
    assert sorted({word for row in rows for word in row} - words) == []


@pytest.mark.parametrize(("case", "word"), [("old-1", "delay"), ("new-1", "slow_network"), ("unheard-of", "delay")])
def test_a_case_gets_the_first_word_that_its_vocabulary_has(case: str, word: str) -> None:
    types = FaultTypes({"old-*": ["delay"], "new-*": ["slow_network", "crash"]}, {}, {}, {"svc.latency": ["delay", "slow_network"]})
    assert types.of_class(case, "svc.latency") == word


def test_a_table_with_a_misspelt_key_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="pattern_by_class"):
        msgspec.convert({"pattern_by_class": {}}, FaultTypes)

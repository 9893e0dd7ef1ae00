"""Numbers chosen without one fault type at a time, on cases whose answers are made up."""

from collections.abc import Sequence

import pytest
from bench.accuracy.held_out import Hit, at_first, held_out, is_overfitted, losses, row_of


def hits(**by_type: Sequence[bool]) -> list[Hit]:
    return [Hit("made", f"made/{name}", is_first) for name, of_type in by_type.items() for is_first in of_type]


YES, NO = (True,) * 4, (False,) * 4


def test_the_committed_value_stays_where_others_are_only_as_good() -> None:
    held = held_out({0.5: hits(a=YES, b=NO), 1.0: hits(a=YES, b=NO), 2.0: hits(a=YES, b=NO)})
    assert set(held.chosen.values()) == {1.0}


def test_a_type_has_no_say_in_the_value_that_it_is_tried_with() -> None:
    committed, doubled = hits(a=YES, b=NO, c=(True, False)), hits(a=NO, b=YES, c=(True, True))
    held = held_out({1.0: committed, 2.0: doubled})
    assert held.chosen == {"made/a": 2.0, "made/b": 1.0, "made/c": 1.0}
    assert held.hits == [*doubled[:4], *committed[4:]]


def test_a_value_that_owes_its_place_to_one_type_alone_is_overfitted() -> None:
    committed, halved = hits(a=YES, b=(True, True, False), c=YES), hits(a=(True, False, False, False), b=(True, True, True), c=YES)
    held = held_out({0.5: halved, 1.0: committed})
    assert held.chosen["made/a"] == 0.5, "the others are better off with it"
    assert is_overfitted(committed, held.hits)
    assert losses(committed, held.hits) == {"made": pytest.approx(3 / 11)}
    assert row_of("some number", "4", {0.5: halved, 1.0: committed, 2.0: committed}).endswith("| overfitted |")


def test_a_value_that_all_types_agree_on_loses_nothing() -> None:
    committed, halved = hits(a=YES, b=YES, c=NO), hits(a=(True, False, True, True), b=(True, True, True, False), c=NO)
    held = held_out({0.5: halved, 1.0: committed, 2.0: halved})
    assert held.hits == committed
    assert not is_overfitted(committed, held.hits)
    assert row_of("some number", "4", {0.5: halved, 1.0: committed, 2.0: halved}).endswith("| 0 | 0 of 3 |  |")


def test_figures_are_told_apart_by_set() -> None:
    assert at_first([Hit("one", "one/a", True), Hit("other", "other/a", False), Hit("one", "one/a", False)]) == {"one": 0.5, "other": 0.0}

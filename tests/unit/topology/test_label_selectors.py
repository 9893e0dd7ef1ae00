"""Selectors by pairs and by expressions."""

import pytest

from headwater.topology.label_selectors import Selector, selector_of, selects

WEB = {"app": "web", "tier": "front"}


def test_pairs_and_expressions_are_read_in_one_order() -> None:
    expressions = [{"key": "tier", "operator": "NotIn", "values": ["b", "a", 7]}, {"key": "app", "operator": "Exists"}, "malformed"]
    wanted: Selector = (("app", "Exists", ()), ("app", "In", ("web",)), ("tier", "NotIn", ("a", "b")))
    assert selector_of({"matchLabels": {"app": "web", "wrong": 1}, "matchExpressions": expressions}) == wanted
    assert selector_of(None) == selector_of({}) == ()


@pytest.mark.parametrize(
    ("operator", "label", "values", "holds"),
    [
        ("In", "app", ("web", "api"), True),
        ("In", "app", ("api",), False),
        ("In", "zone", ("a",), False),
        ("NotIn", "app", ("web",), False),
        ("NotIn", "zone", ("a",), True),
        ("Exists", "tier", (), True),
        ("Exists", "zone", (), False),
        ("DoesNotExist", "zone", (), True),
        ("DoesNotExist", "tier", (), False),
        ("Gt", "tier", ("1",), False),
    ],
)
def test_an_operator_asks_of_a_label_what_kubernetes_says_it_does(operator: str, label: str, values: tuple[str, ...], holds: bool) -> None:
    assert selects(((label, operator, values),), WEB) is holds


def test_every_requirement_must_hold_and_an_empty_selector_selects_everything() -> None:
    assert selects((), {})
    assert not selects((("app", "In", ("web",)), ("zone", "Exists", ())), WEB)

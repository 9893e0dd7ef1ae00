"""The sequence detector: reads an ordered chain off the explanation. It owns no state; a cascade is a property of the tree."""

from headwater.causes.rules import RuleSet
from headwater.correlation.attribution_view import Weighed
from headwater.model.results import SequenceReading
from headwater.model.times import format_time, seconds

HOPS_OF_CASCADE_MIN = 2
SYMPTOMS_OF_CASCADE_MIN = 3
ORDER_TOLERANCE = seconds(5)
EXPECTED_MAX = 5
INFERRED_SUFFIXES = (".degraded", ".suspect")
EXPECTED_PROBABILITY_MIN = 0.5


def is_service_hop(weighed: Weighed, effect: int) -> bool:
    """Whether the step into an occurrence goes from one unit to another."""
    parent = weighed.parent(effect)
    return parent is not None and weighed.vertices[parent].unit != weighed.vertices[effect].unit


def depth_of(weighed: Weighed, effect: int) -> int:
    """How many units the explanation passes from its root to this occurrence."""
    return sum(is_service_hop(weighed, step) for step in (effect, *weighed.ancestors(effect)))


def read_sequence(weighed: Weighed, tree: list[int], root: int, rules: RuleSet) -> SequenceReading:
    """Onset, depth and width of the cascade, and which effects the rules would expect next."""
    vertices = weighed.vertices
    real = [v for v in tree if vertices[v].is_real]
    depths = {v: depth_of(weighed, v) for v in tree}
    units = {vertices[v].unit: None for v in tree}
    in_order = all(vertices[parent].onset <= vertices[v].onset + ORDER_TOLERANCE for v in tree if (parent := weighed.parent(v)) is not None)
    depth = max(depths.values(), default=0)
    return SequenceReading(
        is_cascade=len(units) > HOPS_OF_CASCADE_MIN and depth >= HOPS_OF_CASCADE_MIN and len(real) >= SYMPTOMS_OF_CASCADE_MIN and in_order,
        onset=format_time(vertices[root].onset),
        depth=depth,
        width=len(units),
        expected_next=_expected_next(weighed, tree, rules),
    )


def _expected_next(weighed: Weighed, tree: list[int], rules: RuleSet) -> list[str]:
    """Classes that the last link of the chain would bring about and that nobody has reported."""
    present = {weighed.vertices[v].key.symptom_class for v in tree}
    leaf = max((v for v in tree if weighed.vertices[v].is_real), key=lambda v: (weighed.vertices[v].onset, v), default=tree[-1])
    expected = [
        rule
        for rule in rules.by_cause.get(weighed.vertices[leaf].key.symptom_class, ())
        if rule.effect not in present and rule.probability >= EXPECTED_PROBABILITY_MIN and not rule.effect.endswith(INFERRED_SUFFIXES)
    ]
    return [rule.effect for rule in sorted(expected, key=lambda rule: (-rule.probability, rule.id))][:EXPECTED_MAX]

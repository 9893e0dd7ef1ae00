"""Label selectors as Kubernetes writes them: pairs that must match, and expressions with In, NotIn, Exists and DoesNotExist."""

from collections.abc import Mapping

from headwater.topology.reading import mappings, text, texts

Requirement = tuple[str, str, tuple[str, ...]]
"""A label, an operator and values."""

Selector = tuple[Requirement, ...]
"""What must all hold; the empty one selects everything."""

IN, NOT_IN, EXISTS, DOES_NOT_EXIST = "In", "NotIn", "Exists", "DoesNotExist"


def selector_of(value: object) -> Selector:
    """The selector in `matchLabels` and `matchExpressions`, in one order."""
    pairs = [(key, IN, (wanted,)) for key, wanted in texts(value, "matchLabels").items()]
    return tuple(sorted((*pairs, *requirements_of(mappings(value, "matchExpressions"), "key"))))


def requirements_of(expressions: list[dict[str, object]], subject: str) -> list[Requirement]:
    """The requirements that a list of expressions states of its subjects: of labels, or of a quota's scopes."""
    return [(text(each, subject), text(each, "operator"), _values(each.get("values"))) for each in expressions]


def _values(value: object) -> tuple[str, ...]:
    return tuple(sorted(item for item in value if isinstance(item, str))) if isinstance(value, list) else ()


def selects(selector: Selector, labels: Mapping[str, str]) -> bool:
    """Whether labels fulfil a selector; an operator nobody knows selects nothing."""
    return all(_holds(operator, values, labels.get(label)) for label, operator, values in selector)


def _holds(operator: str, values: tuple[str, ...], value: str | None) -> bool:
    if operator == IN:
        return value in values
    if operator == NOT_IN:
        return value not in values
    return value is not None if operator == EXISTS else operator == DOES_NOT_EXIST and value is None

"""The one order of severities."""

from hypothesis import given
from hypothesis import strategies as st

from headwater.model.event_parts import EventSeverity
from headwater.model.severity import SEVERITY_BY_WIRE, Severity


def test_the_order_is_that_of_badness() -> None:
    ranks = [SEVERITY_BY_WIRE[name] for name in ("debug", "info", "low", "medium", "warning", "high", "error", "critical")]
    assert ranks == sorted(ranks)
    assert SEVERITY_BY_WIRE["medium"] == SEVERITY_BY_WIRE["warning"]
    assert SEVERITY_BY_WIRE["high"] == SEVERITY_BY_WIRE["error"]
    assert max(SEVERITY_BY_WIRE, key=lambda name: SEVERITY_BY_WIRE[name]) == "critical"


def test_the_eight_values_of_the_wire_are_all_ordered() -> None:
    assert {severity.value for severity in EventSeverity} == set(SEVERITY_BY_WIRE)


@given(st.sampled_from(list(Severity)))
def test_a_level_survives_the_wire(severity: Severity) -> None:
    assert SEVERITY_BY_WIRE[severity.wire] == severity

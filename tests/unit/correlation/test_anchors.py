"""Judging from what users feel: what leads to a missed objective keeps its evidence, what has nothing to do with it counts less."""

from tests.unit.correlation.making import link, vertex

from headwater.correlation.anchors import LEADS_TO_MIN, UNRELATED, anchored
from headwater.correlation.attribution_view import weigh
from headwater.correlation.vertices import Vertex


def objective(second: float, about: str) -> Vertex:
    """A service misses its objective."""
    return vertex(second, "svc.5xx", about, detail="objective")


def kept(vertices: list[Vertex]) -> dict[str, float]:
    found = weigh(vertices)
    again = anchored(found.vertices, [1.0] * len(found.vertices), found.edges)
    return {each.entity.name: amount for each, amount in zip(found.vertices, again, strict=True)}


def test_where_no_objective_is_missed_all_evidence_counts() -> None:
    assert kept([vertex(0, "svc.5xx", "Service/web"), vertex(0, "svc.error", "Pod/mail-0")]) == {"web": 1.0, "mail-0": 1.0}


def test_what_is_on_no_way_to_a_missed_objective_counts_less() -> None:
    timeout, missed, aside = (
        vertex(0, "svc.timeout", "Pod/api-0", "Service/db"),
        objective(9, "Service/web"),
        vertex(0, "svc.error", "Pod/mail-0"),
    )
    link(timeout, missed)
    assert kept([timeout, missed, aside]) == {"api-0": 1.0, "web": 1.0, "mail-0": UNRELATED}


def test_a_step_that_hardly_leads_anywhere_is_no_way() -> None:
    timeout, missed = vertex(0, "svc.timeout", "Pod/api-0", "Service/db"), objective(9, "Service/web")
    link(timeout, missed, LEADS_TO_MIN / 2)
    assert kept([timeout, missed])["api-0"] == UNRELATED


def test_of_two_faults_the_one_that_users_feel_is_named() -> None:
    # Alike but for what they lead to; the louder one leads to nothing.
    loud, quiet, missed = vertex(0, "svc.error", "Pod/mail-0", count=3), vertex(1, "svc.error", "Pod/api-0"), objective(9, "Service/web")
    link(quiet, missed, 0.6)
    link(loud, missed, LEADS_TO_MIN / 2)
    assert weigh([loud, quiet, missed]).units[0].name == "api-0"

"""What nobody observed is as much news as the newest observation that implies it."""

import pytest
from tests.unit.correlation.making import vertex

from headwater.correlation.inferred_news import with_inferred


def test_a_service_that_only_chatter_calls_degraded_is_no_news() -> None:
    state = vertex(0, "svc.degraded", "Service/api", last=60)
    chatter = vertex(5, "svc.gap", "Pod/web-0", "Service/api")
    assert with_inferred([state, chatter], [1.0, 0.1]) == [0.1, 0.1]


def test_the_newest_of_what_implies_it_counts() -> None:
    state = vertex(0, "svc.degraded", "Service/api", last=60)
    own = vertex(9, "svc.error", "Pod/api-0", services=("Service/api",))
    chatter = vertex(5, "svc.gap", "Pod/web-0", "Service/api")
    assert with_inferred([state, own, chatter], [1.0, 0.8, 0.1]) == [0.8, 0.8, 0.1]


@pytest.mark.parametrize("second", [-30, 90])
def test_what_was_observed_before_or_after_it_does_not_imply_it(second: float) -> None:
    state, other = vertex(0, "svc.degraded", "Service/api", last=60), vertex(second, "svc.error", "Service/api", services=("Service/api",))
    assert with_inferred([state, other], [1.0, 0.1]) == [1.0, 0.1]


def test_other_inferred_states_and_observations_keep_their_own() -> None:
    assert with_inferred([vertex(0, "node.suspect", "Node/n-1"), vertex(0, "svc.error", "Service/api")], [1.0, 0.3]) == [1.0, 0.3]

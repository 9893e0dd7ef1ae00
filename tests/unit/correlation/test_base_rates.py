"""Base rates: what a cluster shows all the time is no news, whoever saw it first and however often it was delivered."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.correlation.making import symptom

from headwater.correlation.base_rates import BUCKET, KEYS_MAX, OrdinaryRates, Rates, news, rate_key
from headwater.correlation.occurrences import SymptomKey
from headwater.model.entities import Reference
from headwater.testing.bare_objects import instant

ANYTHING = SymptomKey(Reference("default", "Service", "shop", "api"), "svc.timeout", Reference("default", "Service", "shop", "mysql"))
START = instant(0) // BUCKET * BUCKET
"""The beginning of a bucket, so that whole ones are whole."""


def key(scheme: str, name: str) -> SymptomKey:
    return SymptomKey(Reference("default", scheme, "shop", name), "pod.unready", None)


def flapping(rates: OrdinaryRates, minutes: int, *, every: int, of: SymptomKey = ANYTHING) -> None:
    rates.note(START)
    for number, second in enumerate(range(0, minutes * 60, every)):
        rates.count(of, START + second * 10**9, number)


def at(minutes: int) -> int:
    return START + minutes * 60 * 10**9


def test_without_a_history_everything_is_news() -> None:
    rates = OrdinaryRates()
    assert rates.expected([ANYTHING], at(0)) == 0.0
    flapping(rates, 25, every=60)
    assert rates.expected([ANYTHING], at(24)) == 0.0
    assert news(1, 0.0) == 1.0


def test_a_bucket_counts_once_the_horizon_has_passed_it() -> None:
    rates = OrdinaryRates()
    flapping(rates, 60, every=60)
    assert rates.expected([ANYTHING], at(25)) == 10.0
    assert rates.expected([ANYTHING], at(59)) == 10.0


def test_what_began_later_is_spread_over_the_whole_history() -> None:
    rates = OrdinaryRates()
    rates.note(START - 3 * BUCKET)
    flapping(rates, 10, every=60)
    assert rates.expected([ANYTHING], at(25)) == 2.5


def test_of_two_keys_that_recur_alike_the_rate_counts_once() -> None:
    one, other = (key("Pod", f"api-7d4b9c6f5d-{end}") for end in ("x2x7k", "qw9zz"))
    rates = OrdinaryRates()
    flapping(rates, 10, every=60, of=one)
    assert rates.expected([one, other], at(30)) == rates.expected([other], at(30)) == 10.0


@pytest.mark.parametrize(
    ("scheme", "name", "stem"),
    [
        ("Pod", "api-7d4b9c6f5d-x2x7k", "api"),
        ("Pod", "log-agent-x2x7k", "log-agent"),
        ("Pod", "mysql-0", "mysql"),
        ("Pod", "redis-cache", "redis-cache"),
        ("ReplicaSet", "api-7d4b9c6f5d", "api"),
        ("Node", "node-7d4b9c6f5d", "node-7d4b9c6f5d"),
    ],
)
def test_pods_and_revisions_recur_as_their_workload(scheme: str, name: str, stem: str) -> None:
    assert rate_key(key(scheme, name))[0] == f"default/{scheme}/shop/{stem}"


def test_the_usual_number_is_no_news_and_many_more_are() -> None:
    assert news(1, 2.0) == pytest.approx(0.1353, abs=1e-4)
    assert news(10, 2.0) > 0.999
    assert news(100, 100.0) == pytest.approx(0.48, abs=0.01)
    assert news(200, 100.0) > 0.999
    assert news(49, 49.9) == pytest.approx(news(49, 50.1), abs=0.03)


@given(st.randoms(use_true_random=False))
def test_any_order_and_repetition_gives_the_same_rates(rng: Random) -> None:
    seen = [(START + minute * 60 * 10**9, number) for number, minute in enumerate(range(0, 40, 2))] + [(at(3), 100 + n) for n in range(80)]
    shuffled = [*seen, *rng.sample(seen, 30)]
    rng.shuffle(shuffled)
    one, other = OrdinaryRates(), OrdinaryRates()
    for rates, observations in ((one, seen), (other, shuffled)):
        for occurred_at, number in observations:
            rates.note(occurred_at)
            rates.count(ANYTHING, occurred_at, number * 2**50)
    other.seal(at(45))
    assert one.expected([ANYTHING], at(60)) == other.expected([ANYTHING], at(60)) > 0


def test_a_restart_remembers_and_yesterday_is_forgotten() -> None:
    rates = OrdinaryRates()
    flapping(rates, 60, every=60)
    rates.seal(at(90))
    again = OrdinaryRates(rates.snapshot())
    assert again.expected([ANYTHING], at(90)) == rates.expected([ANYTHING], at(90)) == pytest.approx(60 / 7)
    flapping(again, 1, every=1, of=key("Pod", "other-0"))
    again.seal(at(60 * 24 * 3))
    assert again.snapshot().sealed == {}
    assert again.expected([ANYTHING], at(60 * 24 * 3)) == 0.0


def test_more_keys_than_the_limit_are_not_counted_and_said_so() -> None:
    held = {(str(number), "", ""): [1] for number in range(KEYS_MAX)}
    rates = OrdinaryRates(Rates(since=START, open={START // BUCKET: held}))
    rates.count(ANYTHING, START, 7)
    assert rates.left_out == 1


def test_the_system_counts_each_symptom_once() -> None:
    """The key of a symptom is that of its occurrence."""
    one = symptom(0, "svc.timeout", "api", "mysql")
    assert rate_key(SymptomKey(one.about, one.symptom_class, one.peer)) == rate_key(ANYTHING)

"""Sides: on which side of what it should be a metric is, by the sentence that tells of it."""

import pytest

from headwater.model.heads import EventHead, MetricsHead
from headwater.signals.facts import Facts


def side_of(message: str, value: float | None = 7.0) -> object:
    return Facts(EventHead(id="e", message=message, metrics=MetricsHead(metric_name="jobs_done", value=value)))["side"]


@pytest.mark.parametrize(
    ("message", "side"),
    [
        ("jobs_done=7 below 100", "below"),
        ("jobs done: less than usual", "below"),
        ("jobs_done=7 ABOVE 5", "above"),
        ("jobs done exceeds its limit", "above"),
        ("fell from 100, over an hour", "below"),  # the first word that says it
        ("jobs_done is 7", ""),
        ("jobs are overdue: undersized", ""),  # no word within another
    ],
)
def test_the_sentence_says_the_side(message: str, side: str) -> None:
    assert side_of(message) == side


@pytest.mark.parametrize(("value", "side"), [(7.0, "below"), (10.0, ""), (12.5, ""), (15.0, ""), (15.1, "above")])
def test_a_band_is_compared_with_the_value(value: float, side: str) -> None:
    assert side_of("jobs_done expected between 10 and 15", value) == side


def test_without_a_value_or_a_metric_there_is_no_side() -> None:
    assert side_of("below 5", value=None) == ""
    assert Facts(EventHead(id="e", message="jobs_done=7 below 100"))["side"] == ""

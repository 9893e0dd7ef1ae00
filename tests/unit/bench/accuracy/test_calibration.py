"""Calibration by hand."""

import pytest
from bench.accuracy.calibration import brier, calibration, expected_error, risk_area


def test_a_forecaster_who_is_right_as_often_as_he_says_has_no_error() -> None:
    assert expected_error([(0.5, True), (0.5, False), (1.0, True), (0.0, False)]) == pytest.approx(0.0)


def test_the_error_of_each_bin_weighs_by_its_cases() -> None:
    assert expected_error([(0.95, False), (0.05, False), (0.05, False), (0.05, False)]) == pytest.approx((0.95 + 3 * 0.05) / 4)


def test_the_brier_score_is_the_mean_square() -> None:
    assert brier([(0.5, True), (1.0, False)]) == pytest.approx((0.25 + 1.0) / 2)


def test_the_area_is_small_where_the_wrong_ones_are_the_unsure_ones() -> None:
    right_order, wrong_order = [(0.9, True), (0.1, False)], [(0.1, True), (0.9, False)]
    assert risk_area(right_order) == pytest.approx((0 + 0.5) / 2)
    assert risk_area(wrong_order) == pytest.approx((1 + 0.5) / 2)
    assert risk_area([(0.5, True), (0.5, False)]) == pytest.approx(0.5), "ties share their place"


def test_nothing_forecast_is_no_error() -> None:
    assert calibration([]).error == 0.0

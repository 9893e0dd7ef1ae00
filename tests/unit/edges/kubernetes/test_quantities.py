"""Amounts, however they are written."""

from decimal import Decimal

import pytest

from headwater.edges.kubernetes.quantities import amount


@pytest.mark.parametrize(
    ("written", "meant"),
    [("10", 10), (3, 3), ("500m", "0.5"), ("2Gi", 2**31), ("1e3", 1000), ("1E", 10**18), ("0.5k", 500), (" 7 ", 7), ("-1", -1)],
)
def test_an_amount_is_what_its_suffix_makes_it(written: object, meant: object) -> None:
    assert amount(written) == Decimal(str(meant))


@pytest.mark.parametrize("written", ["", "many", "NaN", "Infinity", "m", None, True, 1.5, [], "9" * 100])
def test_what_is_no_amount_is_none(written: object) -> None:
    assert amount(written) is None

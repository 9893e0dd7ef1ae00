"""Quantities as Kubernetes writes them."""

import pytest

from headwater.topology.quantities import quantity_of


@pytest.mark.parametrize(
    ("written", "number"),
    [("500m", 0.5), ("2Gi", 2 * 1024**3), ("1k", 1000.0), ("1e3", 1000.0), ("1.5", 1.5), (3, 3.0), ("E", None), ("-1", None), (True, None)],
)
def test_a_quantity_is_its_number_or_none(written: object, number: float | None) -> None:
    assert quantity_of(written) == number

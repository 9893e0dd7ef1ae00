"""Quantities as Kubernetes writes them: 500m, 2Gi, 1e3."""

from re import compile as compile_pattern

_QUANTITY = compile_pattern(r"(\d{1,18}(?:\.\d{1,9})?)(?:e(\d{1,2})|(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei))?").fullmatch
_FACTORS = {
    "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18,
    **{unit: float(1 << (10 * (power + 1))) for power, unit in enumerate(("Ki", "Mi", "Gi", "Ti", "Pi", "Ei"))},
}  # fmt: skip


def quantity_of(value: object) -> float | None:
    """The number that a quantity is, None where it is none."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    match = _QUANTITY(value) if isinstance(value, str) else None
    if match is None:
        return None
    number, exponent, unit = match.groups()
    return float(number) * (10.0 ** int(exponent) if exponent else _FACTORS[unit] if unit else 1.0)

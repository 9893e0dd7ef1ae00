"""Amounts as Kubernetes writes them: `500m`, `2Gi`, `1e3`, `10`."""

from decimal import Decimal, InvalidOperation

_SUFFIXES = {
    "n": Decimal("1e-9"), "u": Decimal("1e-6"), "m": Decimal("1e-3"), "k": Decimal("1e3"), "M": Decimal("1e6"), "G": Decimal("1e9"),
    "T": Decimal("1e12"), "P": Decimal("1e15"), "E": Decimal("1e18"), "Ki": Decimal(1 << 10), "Mi": Decimal(1 << 20),
    "Gi": Decimal(1 << 30), "Ti": Decimal(1 << 40), "Pi": Decimal(1 << 50), "Ei": Decimal(1 << 60),
}  # fmt: skip
_CHARACTERS_MAX = 64


def amount(value: object) -> Decimal | None:
    """The amount, None where this is none."""
    said = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not said or len(said) > _CHARACTERS_MAX:
        return None
    suffix = next((each for each in (said[-2:], said[-1:]) if each in _SUFFIXES), "")
    try:
        number = Decimal(said.removesuffix(suffix) if suffix else said)
        return number * _SUFFIXES.get(suffix, Decimal(1)) if number.is_finite() else None
    except (InvalidOperation, OverflowError):
        return None

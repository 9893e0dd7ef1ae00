"""Moments as people type them: `90s`, `10m`, `2h`, `3d` ago, or a time."""

from re import compile as compile_pattern

from headwater.cli.terminal import USAGE, CommandError, clean
from headwater.model.times import InvalidTimeError, parse_time, seconds

_DURATION = compile_pattern(r"(\d+(?:\.\d+)?)(ms|s|m|h|d)").fullmatch
_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3_600, "d": 86_400}


def parse_moment(text: str, *, now: int) -> int:
    """The instant in nanoseconds. Raises CommandError where the text is neither a duration nor a time."""
    match = _DURATION(text.strip())
    if match:
        return now - seconds(float(match[1]) * _SECONDS[match[2]])
    try:
        return parse_time(text.strip())
    except InvalidTimeError:
        remedy = "write how long ago, as 10m, 2h or 3d, or a time, as 2026-01-05T10:00:00Z"
        raise CommandError(f"{clean(text, 80)!r} is neither a duration nor a time", remedy, exit_code=USAGE) from None

"""Which regular expressions may meet text from outside: those whose work is bounded whatever the text says."""

from re import compile as compile_pattern

REPEATS_MAX = 256

_COUNTED = compile_pattern(r"\{(\d*)(?:(,)(\d*))?\}")
_CLASS = compile_pattern(r"\[\^?\]?(?:\\.|[^\]\\])*\]")


def unsafe_because(pattern: str) -> str | None:
    """Why a pattern could take long, None if it cannot: unbounded or long repeats, and repeated groups other than optional ones."""
    position, after_group = 0, False
    while position < len(pattern):
        character = pattern[position]
        if character == "\\":
            position, after_group = position + 2, False
            continue
        if character == "[":
            match = _CLASS.match(pattern, position)
            position, after_group = (match.end() if match else position + 1), False
            continue
        if character in "*+":
            return f"repeats without a bound (`{character}`)"
        if character == "{" and (match := _COUNTED.match(pattern, position)):
            least, comma, most = match.groups()
            if comma and not most:
                return f"repeats without a bound (`{match[0]}`)"
            if int(most or least or 0) > REPEATS_MAX:
                return f"repeats more than {REPEATS_MAX} times (`{match[0]}`)"
            if after_group:
                return f"repeats a group (`{match[0]}`)"
            position, after_group = match.end(), False
            continue
        after_group = character == ")"
        position += 1
    return None

"""Validity as half-open intervals of nanoseconds, `start` inclusive and `end` exclusive; merged spans are sorted and never touch."""

from collections.abc import Iterable

Span = tuple[int, int]
Spans = tuple[Span, ...]

BEGINNING = 0
"""An object without a known beginning is valid from here: always."""

FOREVER = 2**63 - 1
"""The end of what has not ended."""

ALWAYS: Spans = ((BEGINNING, FOREVER),)


def merged(spans: Iterable[Span]) -> Spans:
    """The union of the spans: sorted, non-empty, and apart from each other."""
    ordered = sorted(spans)
    if len(ordered) == 1:
        return tuple(ordered) if ordered[0][0] < ordered[0][1] else ()
    result: list[Span] = []
    for start, end in ordered:
        if start >= end:
            continue
        if result and start <= result[-1][1]:
            if end > result[-1][1]:
                result[-1] = (result[-1][0], end)
        else:
            result.append((start, end))
    return tuple(result)


def overlaps(spans: Spans, start: int, end: int) -> bool:
    """Whether some span holds at an instant of the closed interval from `start` to `end`."""
    return any(begins <= end and ends > start for begins, ends in spans)


def intersection(some: Spans, others: Spans) -> Spans:
    """When both hold."""
    if some in (ALWAYS, others):
        return others
    return merged((max(start, begins), min(end, ends)) for start, end in some for begins, ends in others)


def holds_at(spans: Spans, at: int) -> bool:
    """Whether some span holds at an instant."""
    return any(start <= at < end for start, end in spans)


def start_of_span_at(spans: Spans, at: int) -> int | None:
    """The beginning of the span that holds at an instant, None where none does."""
    for start, end in spans:
        if start <= at < end:
            return start
    return None


def distance(spans: Spans, at: int) -> tuple[int, int]:
    """How far the nearest span is from an instant, 0 where one holds; at equal distance an earlier span is nearer than a later one."""
    return min((0, 0) if start <= at < end else (at - end + 1, 0) if end <= at else (start - at, 1) for start, end in spans)

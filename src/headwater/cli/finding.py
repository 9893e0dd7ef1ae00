"""Finds the incident that somebody means by the beginning of its id."""

from collections.abc import Sequence

from headwater.cli.terminal import CommandError, clean
from headwater.model.results import CorrelationResult

LATEST = "latest"
_SHOWN_MAX = 5


def find_incident(results: Sequence[CorrelationResult], wanted: str) -> CorrelationResult:
    """The incident whose id begins so; `latest` is the one told last. Raises CommandError where there is none, or more than one."""
    if not results:
        raise CommandError("there are no incidents yet", "headwater tail waits for the first")
    if wanted == LATEST:
        standing = [result for result in results if result.status not in ("merged", "retracted")] or list(results)
        return max(standing, key=lambda result: (result.detected_at, result.first_seen, result.id))
    found = [result for result in results if result.id.startswith(wanted)] if wanted else []
    if len(found) == 1 or (found and found[0].id == wanted):
        return found[0]
    if not found:
        raise CommandError(f"there is no incident {clean(wanted, 80)!r}", "headwater incidents list shows them all")
    names = ", ".join(result.id for result in found[:_SHOWN_MAX])
    raise CommandError(f"{len(found)} incidents begin with {clean(wanted, 80)!r}", f"give more of the id: {clean(names)}")

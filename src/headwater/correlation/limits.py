"""Every limit of the correlation system and what happens at it: something is forgotten or left out, counted, and said in `partial`."""

import msgspec

from headwater.model.times import seconds


class Limits(msgspec.Struct, frozen=True):
    """Bounds of state. Below all of them findings depend on the set of observations only."""

    occurrences_max: int = 100_000
    """At this many the ones that ended first are forgotten, a tenth at a time; findings say `partial: [occurrences]`."""

    incidents_told_max: int = 10_000
    """At this many told incidents the ones told first, ended ones before open ones, are forgotten."""

    vertices_judged_max: int = 512
    """Of a larger connected component the earliest so many are judged; the finding says `partial: [members]`."""

    spans_remembered_max: int = 20_000
    """Spans waiting to be joined with their parent; at the limit the ones remembered first are forgotten."""

    candidates_per_rule_max: int = 256
    """Entities a rule's path may reach from one occurrence; the rest, by name, are left out and counted."""


class Settings(msgspec.Struct, frozen=True):
    """What one correlation domain is told to do."""

    domain: str = "default"
    alert_confidence_min: float = 0.6
    limits: Limits = Limits()


HORIZON = seconds(900)
"""H: an observation is admitted if it happened at most this long before the event clock."""

ALLOWED_LEAD = seconds(5)
"""How far a collector's clock may run ahead of the stream's and still move the event clock."""

WATERMARK_DELAY = seconds(30)
"""The watermark is this far behind the event clock; absence, quiet and resolution wait for it."""

QUIET_BEFORE_RESOLVED = seconds(300)

RELATION_SLACK = seconds(30)
"""How long before and after its known validity a relation may still carry a cause."""

PASSING_MAX = seconds(60)
"""What Kubernetes mends by itself within this time of its first observation is a passing trouble: its controllers try again at once."""

TRACE_WINDOW = seconds(120)
"""Symptoms that share a trace within this time belong to one incident."""

JOIN_WEIGHT_MIN = 0.10
"""The weakest causal edge that joins two occurrences in one incident."""

EDGE_WEIGHT_MIN = 0.02
"""Weaker edges are not kept at all."""

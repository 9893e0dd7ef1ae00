"""How much the graph holds, and what happens beyond: each limit names its counter, so that nothing is lost silently."""

from headwater.model.times import NANOSECONDS_PER_SECOND

ENTITIES_MAX = 200_000
"""
Objects known at once. For a further one those that only events mention go, the longest unmentioned first and counted as
`contexts_evicted`; where there are none, it is refused and counted as `entities_refused`.
"""

VERSIONS_PER_ENTITY_MAX = 256
"""Versions kept of one object; beyond, the oldest is forgotten and counted as `versions_forgotten`."""

VERSION_LATENESS_MAX = 900 * NANOSECONDS_PER_SECOND
"""A version told later than this after it began to hold is taken to hold from when it was told, as an observation would be refused."""

CONTEXTS_PER_ENTITY_MAX = 8
"""Partial versions kept of an object that only events mention: those with the smallest hashes; others are counted as `contexts_dropped`."""

CONTEXT_BUCKET = 3_600 * NANOSECONDS_PER_SECOND
"""When an event last said something is kept to the hour, so that steady events write nothing anew."""

CALLERS_PER_SERVICE_MAX = 256
"""Callers kept of one called service: those with the smallest hashes; others are counted as `callers_dropped`."""

CALLS_MAX = 100_000
"""Pairs of caller and called kept at once; a further one is refused and counted as `calls_refused`."""

REFERENCES_MAX = 100_000
"""References watched for a new meaning; beyond, the oldest is told once as one that may resolve differently, then no longer watched."""

ANSWERS_MAX = 65_536
"""Answers remembered between two changes; beyond, all are forgotten and found again."""

CALL_OBSERVATIONS_MIN = 3
"""Distinct observations that make a call a relation: one odd span is not a dependency."""

CALL_BUCKET = 3_600 * NANOSECONDS_PER_SECOND
"""A call's first and last sighting are kept to the hour, so that steady traffic does not change the graph with every span."""

CALL_SLACK = 24 * 3_600 * NANOSECONDS_PER_SECOND
"""A call is taken to exist this long before its first and after its last sighting."""

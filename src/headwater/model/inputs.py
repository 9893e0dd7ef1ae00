"""What the core is told: facts, in the past tense. Bytes stay bytes, so that one place judges malformed ones, live and in replay."""

import msgspec


class EventObserved(msgspec.Struct, frozen=True, gc=False):
    """A message of the stream of observations."""

    trace_token: str  # the subject's second token
    source_token: str  # the subject's third token
    data: bytes
    received_at: int  # nanoseconds; the stream's time
    sequence: int  # the place in the stream, 0 outside one


class TopologyObserved(msgspec.Struct, frozen=True, gc=False):
    """A version of a Kubernetes object: the JSON of an ObjectVersion (model/objects.py)."""

    data: bytes
    received_at: int
    sequence: int


class TimePassed(msgspec.Struct, frozen=True, gc=False):
    """Nothing else came until then. Told only after every earlier message."""

    received_at: int


Input = EventObserved | TopologyObserved | TimePassed

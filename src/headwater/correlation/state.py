"""The snapshot: what the system cannot derive, versioned. Restored, it goes on exactly as the one it was taken from."""

from typing import Any

import msgspec

from headwater.correlation.calls import CallMemory
from headwater.correlation.event_clock import EventClock
from headwater.correlation.novelty import Learned
from headwater.correlation.occurrences import Occurrence
from headwater.correlation.told import Told
from headwater.model.results import CorrelationResult

SCHEMA_VERSION = 4


class State(msgspec.Struct):
    """Everything that a restart needs; `touched` is by the index of an occurrence."""

    schema: int
    position: int
    clock: EventClock
    counters: dict[str, int]
    occurrences: list[Occurrence]
    touched: dict[int, int]
    limits_hit: dict[str, int]
    next_sweep: int
    told: list[Told]
    told_order: int
    recurrences: dict[str, tuple[str, int]]
    published: list[tuple[int, CorrelationResult]]
    replay_until: int
    topology: Any
    calls: CallMemory
    learned: Learned


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(State)


def encode_state(state: State) -> bytes:
    """The state as bytes."""
    return _ENCODER.encode(state)


def decode_state(data: bytes) -> State:
    """The state in these bytes. Raises ValueError where they are no snapshot, or one of another schema."""
    try:
        state = _DECODER.decode(data)
    except msgspec.MsgspecError as error:
        raise ValueError(
            f"this is not a snapshot of schema {SCHEMA_VERSION}: {error}. Delete the checkpoint: the log is replayed"
        ) from error
    if state.schema != SCHEMA_VERSION:
        raise ValueError(
            f"the snapshot has schema {state.schema}, this engine reads {SCHEMA_VERSION}. Delete the checkpoint: the log is replayed"
        )
    return state

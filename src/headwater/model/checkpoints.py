"""What a service needs to continue where it stopped: how far it has read, and the core's state at that place."""

import msgspec


class Checkpoint(msgspec.Struct, frozen=True):
    """The state after every input up to `position`, whose effects are stored."""

    position: int  # the last sequence of the stream of observations that is in the state
    topology_position: int  # the same of the stream TOPOLOGY; told for the operator, a start reads all of it again
    state: bytes  # the core's snapshot

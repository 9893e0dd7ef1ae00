"""A symptom: what one observation says is wrong, with whom, and whom it blames; everything after the normaliser reads only these."""

import msgspec

from headwater.model.entities import Reference
from headwater.model.severity import Severity


class Symptom(msgspec.Struct, frozen=True, gc=False):
    """One observation of one mechanism. References are as observed; which entity each meant is decided later, as of `onset`."""

    symptom_class: str
    about: Reference
    peer: Reference | None  # the entity this symptom blames
    occurred_at: int  # nanoseconds; the observer's time
    onset: int  # nanoseconds; at most 15 minutes before occurred_at
    severity: Severity
    trace_id: str  # "" where there is none
    event_id: str
    source: str
    observation: int  # 64-bit hash of (source, id, body)
    text: str  # a short sentence from the event itself, cleaned and bounded
    detail: str = ""  # which kind of its class, in one word, where the event tells; "" where it does not
    onset_spread: int = 0  # nanoseconds: the onset may lie so much earlier, where a state was read and not seen to begin
    repeats: int = 1  # how often the observer saw it by then, where it says so
    line: int = 0  # the template of the log line that tells it, as a number; 0 where no line does
    is_usual: bool = False  # whether its workload always writes that line, as far as is known when it is folded
    weight: float = 1.0  # above 0, at most 1: how strongly the observer measured it

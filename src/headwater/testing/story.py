"""Tells a correlation system what happens, line by line in shorthand, and keeps what it asks for: for tests that read like a story."""

import json
from collections.abc import Sequence
from typing import Any, Self

from headwater.correlation.system import CorrelationSystem
from headwater.model.effects import Effect, PublishRejected, PublishResult
from headwater.model.identity import trace_token
from headwater.model.inputs import EventObserved, Input, TopologyObserved
from headwater.model.objects import ObjectVersion, encode_object_version
from headwater.model.results import CorrelationResult
from headwater.model.times import format_time, seconds
from headwater.service.driving import pass_time, tell
from headwater.testing.bare_objects import instant
from headwater.testing.class_examples import example, thing_of
from headwater.testing.playback import SETTLED_AFTER, Told, packaged_knowledge, packaged_system

TRANSPORT = seconds(0.1)
"""How long after it happened an event is received, unless it is late."""


class Story:
    """
    One system and what it was told so far. Seconds are those of `bare_objects.instant`.

    Each method lets what fell due before it happen first, and returns the story, so that lines can follow each other.
    """

    def __init__(self, system: CorrelationSystem | None = None) -> None:
        self.system = system or packaged_system()
        self.effects: list[Effect] = []
        self.latest: list[Effect] = []
        """What the last line brought about."""
        self._received_at = 0
        self._number = 0

    def knows(self, *versions: ObjectVersion, at: float | None = None) -> Self:
        """These objects become known, at a second or right after what came before."""
        received_at = self._received_at if at is None else instant(at)
        return self.hears(*(TopologyObserved(encode_object_version(each), received_at, 0) for each in versions))

    def told(
        self, second: float, symptom_class: str, about: str, peer: str = "", *, late: float = 0, trace: str = "", event_id: str = ""
    ) -> Self:
        """A symptom of this class happened; it is received `late` seconds later than it could have been."""
        body = example(symptom_class, thing_of(about), thing_of(peer) if peer else None)
        return self.observes(second, body | ({"id": event_id} if event_id else {}), late=late, trace=trace)

    def observes(self, second: float, body: dict[str, Any], *, late: float = 0, trace: str = "") -> Self:
        """An event with this body happened; it gets an id and a time where it has none."""
        self._number += 1
        content = {"id": f"event-{self._number}", "timestamp": format_time(instant(second))} | body
        data = json.dumps(content).encode()
        received_at = instant(second) + TRANSPORT + seconds(late)
        return self.hears(EventObserved(trace_token(trace), str(content.get("source", "test")), data, received_at, self._number))

    def hears(self, *items: Input) -> Self:
        """These inputs come, one after the other."""
        self._take(tell(self.system, items, 1))
        self._received_at = max([self._received_at, *(item.received_at for item in items)])
        return self

    def passes(self, second: float) -> Self:
        """Nothing comes until then."""
        self._received_at = instant(second)
        return self._take(pass_time(self.system, self._received_at))

    def settles(self) -> Self:
        """Nothing comes for so long that everything is final."""
        self._received_at += SETTLED_AFTER
        return self._take(pass_time(self.system, self._received_at))

    def restarts(self) -> Self:
        """The process ends, and another goes on from its snapshot."""
        self.system = CorrelationSystem.restore(self.system.snapshot(), packaged_knowledge(), self.system.settings)
        return self

    @property
    def results(self) -> list[CorrelationResult]:
        """Every revision told."""
        return results_in(self.effects)

    @property
    def news(self) -> list[CorrelationResult]:
        """The revisions that the last line brought about."""
        return results_in(self.latest)

    @property
    def standing(self) -> list[CorrelationResult]:
        """The last revision of each incident that was neither merged nor taken back."""
        return Told(tuple(self.effects)).incidents()

    @property
    def rejected(self) -> list[PublishRejected]:
        """What was refused."""
        return [effect for effect in self.effects if isinstance(effect, PublishRejected)]

    def _take(self, effects: list[Effect]) -> Self:
        self.latest = effects
        self.effects += effects
        return self


def results_in(effects: Sequence[Effect]) -> list[CorrelationResult]:
    """The revisions among these effects."""
    return [effect.result for effect in effects if isinstance(effect, PublishResult)]

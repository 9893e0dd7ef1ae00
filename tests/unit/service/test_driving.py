"""The core is told its inputs in order, and before each the time that fell due."""

from collections.abc import Iterable, Mapping, Sequence

from headwater.model.effects import Effect, PublishRejected, RejectionReason
from headwater.model.inputs import EventObserved, Input, TimePassed
from headwater.model.results import CorrelationResult
from headwater.model.times import seconds
from headwater.service.driving import pass_time, tell

START = seconds(1_767_607_200)


def event(sequence: int, *, at: float | None = None, data: bytes = b"{}") -> EventObserved:
    received_at = START + seconds(sequence if at is None else at)
    return EventObserved(trace_token="t", source_token="s", data=data, received_at=received_at, sequence=sequence)


def rejected(sequence: int) -> PublishRejected:
    return PublishRejected(
        reason=RejectionReason.INVALID_SUBJECT, detail="", subject="traces.x", sequence=sequence, received_at=START, data=b""
    )


class RecordingSystem:
    """Asks for a rejection of each event whose data says `bad`."""

    def __init__(self, journal: list[object], due: Sequence[int] = ()) -> None:
        self.journal = journal
        self.due = sorted(due)
        self.counters: Mapping[str, int] = {}
        self.seen = 0

    def handle_batch(self, items: Sequence[Input]) -> list[Effect]:
        effects: list[Effect] = []
        for item in items:
            if isinstance(item, TimePassed):
                self.due = [due for due in self.due if due > item.received_at]
                self.journal.append(("time", item.received_at))
            elif isinstance(item, EventObserved):
                self.seen += 1
                self.journal.append(("event", item.sequence))
                if item.data == b"bad":
                    effects.append(rejected(item.sequence))
            else:
                self.journal.append(("topology", item.sequence))
        return effects

    def next_wakeup(self) -> int | None:
        return self.due[0] if self.due else None

    def remember_published(self, results: Iterable[CorrelationResult]) -> None:
        assert not list(results)

    def snapshot(self) -> bytes:
        return str(self.seen).encode()


def test_what_fell_due_is_told_before_the_input_that_came_later() -> None:
    journal: list[object] = []
    due = START + seconds(5)
    tell(RecordingSystem(journal, due=[due]), [event(1), event(4), event(6)], batch_max=500)
    assert journal == [("event", 1), ("event", 4), ("time", due), ("event", 6)]


def test_effects_come_in_the_order_of_their_inputs() -> None:
    effects = tell(RecordingSystem([]), [event(1, data=b"bad"), event(2), event(3, data=b"bad")], batch_max=2)
    assert [effect.sequence for effect in effects] == [1, 3]  # type: ignore[union-attr]


def test_time_passes_instant_by_instant() -> None:
    journal: list[object] = []
    dues = [START + seconds(1), START + seconds(2), START + seconds(9)]
    pass_time(RecordingSystem(journal, due=dues), START + seconds(3))
    assert journal == [("time", dues[0]), ("time", dues[1]), ("time", START + seconds(3))]


def test_a_system_that_asks_for_the_same_instant_again_does_not_stop_the_drive() -> None:
    class Stubborn(RecordingSystem):
        def next_wakeup(self) -> int | None:
            return START

    journal: list[object] = []
    tell(Stubborn(journal), [event(1), event(2)], batch_max=500)
    pass_time(Stubborn(journal), START + seconds(3))
    assert ("event", 2) in journal
    assert journal[-1] == ("time", START + seconds(3))

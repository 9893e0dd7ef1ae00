"""Telling the core its inputs in order, and before each the time that fell due: the same way live and in replay."""

from collections.abc import Sequence

from headwater.model.effects import Effect
from headwater.model.inputs import Input, TimePassed
from headwater.model.times import seconds
from headwater.service.ports import System

BATCH_SPAN = seconds(1)
"""What came further apart is never judged at once: a replay tells its revisions when live ones would have come."""


def tell(system: System, items: Sequence[Input], batch_max: int) -> list[Effect]:
    """
    The effects of these inputs.

    Judged at once are at most `batch_max`, that came within a second, and never across an instant that the system asked for.
    """
    effects: list[Effect] = []
    start = 0
    while start < len(items):
        due = system.next_wakeup()
        if due is not None and due <= items[start].received_at:
            effects += system.handle_batch([TimePassed(received_at=due)])
            if system.next_wakeup() == due:
                due = None  # It asks for the same instant again: what it waits for must be in the inputs.
            else:
                continue
        end = start + 1
        until = items[start].received_at + BATCH_SPAN
        if due is not None:
            until = min(until, due)
        while end < len(items) and end - start < batch_max and items[end].received_at < until:
            end += 1
        effects += system.handle_batch(items[start:end])
        start = end
    return effects


def pass_time(system: System, until: int) -> list[Effect]:
    """The effects of time passing to `until`, instant by instant as they fall due."""
    effects: list[Effect] = []
    last: int | None = None
    while (due := system.next_wakeup()) is not None and due <= until and due != last:
        effects += system.handle_batch([TimePassed(received_at=due)])
        last = due
    effects += system.handle_batch([TimePassed(received_at=until)])
    return effects

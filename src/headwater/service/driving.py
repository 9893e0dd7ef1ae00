"""Telling the core its inputs in order, and before each the time that fell due: the same way live and in replay."""

from collections.abc import Sequence

from headwater.model.effects import Effect
from headwater.model.inputs import Input, TimePassed
from headwater.service.ports import System


def tell(system: System, items: Sequence[Input], batch_max: int) -> list[Effect]:
    """The effects of these inputs. At most `batch_max` are judged at once, and never across an instant that the system asked for."""
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
        while end < len(items) and end - start < batch_max and (due is None or items[end].received_at < due):
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

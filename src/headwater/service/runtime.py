"""
The loop: reads inputs, lets the core judge them, has its effects stored, and only then moves the position.

One task drives the core. A crash at any place repeats inputs and never loses one; repeated effects carry the same message ids.
"""

import asyncio
from collections.abc import Callable, Sequence

import msgspec
import structlog

from headwater.model.effects import Effect, PublishRejected, PublishResult
from headwater.model.inputs import EventObserved, Input, TopologyObserved
from headwater.model.times import NANOSECONDS_PER_SECOND, seconds
from headwater.service.clock import Clock
from headwater.service.driving import pass_time, tell
from headwater.service.inbox import Delivery, Inbox
from headwater.service.ports import Checkpoint, EngineConnections, EventSource, System, TopologySource
from headwater.service.telemetry import Telemetry

IDLE_SECONDS = 1.0
"""The longest the engine waits before it is told that time passed."""

SETTLE_NS = seconds(0.2)
"""How far the told time stays behind the clock: what was stored before it has arrived by then."""

DELETIONS_KEPT = seconds(86_400)
"""A deletion must be known for longer than any symptom of the deleted object can come late."""

_TIDY_SECONDS = 86_400.0

_SNAPSHOT_SHARE = 20
"""A checkpoint that takes a second is made every twenty seconds at most, whatever is configured."""


class EngineCrashedError(Exception):
    """The core broke one of its own invariants on these inputs. A restart repeats them from the last checkpoint."""

    def __init__(self, first: int, last: int, error: BaseException) -> None:
        super().__init__(f"the engine failed between stream sequence {first} and {last}: {type(error).__name__}: {error}")
        self.first = first
        self.last = last


class _StopTimedOutError(Exception):
    """The outside did not take what was under way in time."""


class RuntimeLimits(msgspec.Struct, frozen=True, kw_only=True):
    """How much at once, and how often."""

    batch_max: int = 500
    checkpoint_seconds: float = 5.0
    topology_wait_seconds: float = 10.0
    stop_seconds: float = 10.0  # for storing what is under way, once told to stop


class Runtime:
    """One running engine."""

    def __init__(
        self,
        *,
        connections: EngineConnections,
        make_system: Callable[[bytes | None], System],
        clock: Clock,
        limits: RuntimeLimits,
        telemetry: Telemetry | None = None,
        starts_over: bool = False,
    ) -> None:
        self._connections = connections
        self._make_system = make_system
        self._clock = clock
        self._limits = limits
        self._starts_over = starts_over
        self._log = structlog.get_logger("headwater.engine")
        self.telemetry = telemetry or Telemetry()
        self.ready = asyncio.Event()
        self._inbox = Inbox()
        self._position = 0
        self._topology_position = 0
        self._received_at = 0  # the latest received time that the core was told
        self._is_dirty = False
        self._checkpoint_due = 0.0

    @property
    def position(self) -> int:
        """The last sequence of the stream whose effects are stored."""
        return self._position

    async def run(self, stop: asyncio.Event) -> None:
        """
        Work until `stop` is set, then save a last checkpoint.

        Raises EngineCrashedError for a bug, the edge's own error where the outside stays away too long.
        """
        await self._restore()
        topology = await self._connections.topology()
        try:
            await self._learn_topology(topology)
            events = await self._connections.events_after(self._position)
            try:
                await self._work(events, topology, stop)
                await self._save_last_checkpoint()
            finally:
                await events.close()
        finally:
            await topology.close()
        self._log.info("stopped", position=self._position, **self.telemetry.counts, core=dict(self._system.counters))

    async def _restore(self) -> None:
        self._system = self._system_of(await self._connections.checkpoints.load())
        # After a checkpoint too: a killed engine told things that its last checkpoint does not know of.
        told = await self._connections.told()
        self._system.remember_published(told)
        if told:
            self._log.info("remembering what was told", incidents=len(told))

    def _system_of(self, checkpoint: Checkpoint | None) -> System:
        if checkpoint is None:
            return self._make_system(None)
        if self._starts_over:
            self._log.warning(
                "starting over: the checkpoint is left aside, the log is read from its beginning", position=checkpoint.position
            )
            return self._make_system(None)
        try:
            system = self._make_system(checkpoint.state)
        except ValueError as error:
            # Written by another version: the log is read again; what was told keeps its id.
            self._log.warning("the checkpoint cannot be used, reading the log from its beginning", reason=str(error))
            return self._make_system(None)
        self._position = checkpoint.position
        self._log.info("checkpoint restored", position=checkpoint.position, bytes=len(checkpoint.state))
        return system

    async def _learn_topology(self, topology: TopologySource) -> None:
        """The present shape of the cluster before the first event is judged; bounded, since a result without it beats none."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._limits.topology_wait_seconds
        count = 0
        while not topology.caught_up and (left := deadline - loop.time()) > 0:
            items = await topology.read(self._limits.batch_max, min(left, 0.25))
            count += len(items)
            await self._handle(items)
        if topology.caught_up:
            self._log.info("topology read", versions=count)
        else:
            self._log.warning(
                "topology not read in time, judging without the rest of it",
                versions=count,
                waited_seconds=self._limits.topology_wait_seconds,
            )

    async def _work(self, events: EventSource, topology: TopologySource, stop: asyncio.Event) -> None:
        try:
            async with asyncio.TaskGroup() as tasks:
                helpers = [
                    tasks.create_task(self._inbox.fill(topology, self._limits.batch_max)),
                    tasks.create_task(self._inbox.fill(events, self._limits.batch_max)),
                    tasks.create_task(self._wake_at(stop)),
                    tasks.create_task(self._forget_deleted_daily()),
                ]
                self._log.info("ready", position=self._position)
                self.ready.set()
                while not stop.is_set():
                    await self._step(events)
                for helper in helpers:
                    helper.cancel()
        except BaseExceptionGroup as group:
            # One task's error cancels the rest, so the first is the reason.
            reason = group.exceptions[0]
            if not isinstance(reason, _StopTimedOutError):
                raise reason from group
            self._log.warning("stopped without storing what was under way; it is read again at the next start")

    async def _wake_at(self, stop: asyncio.Event) -> None:
        await stop.wait()
        self._inbox.wake()
        await asyncio.sleep(self._limits.stop_seconds)
        raise _StopTimedOutError

    async def _forget_deleted_daily(self) -> None:
        """Else the topology of a cluster that makes and deletes pods would grow for ever."""
        while True:
            await self._connections.forget_deleted(self._clock.now() - DELETIONS_KEPT)
            await asyncio.sleep(_TIDY_SECONDS)

    async def _save_last_checkpoint(self) -> None:
        try:
            async with asyncio.timeout(self._limits.stop_seconds):
                await self._save_checkpoint()
        except TimeoutError:
            self._log.warning("stopped without a last checkpoint; what came since the one before is read again at the next start")

    async def _step(self, events: EventSource) -> None:
        items = await self._inbox.take(self._wait_seconds(events))
        if items:
            await self._handle(items)
        elif events.caught_up:
            await self._let_time_pass()
        self.telemetry.log_if_due(self._log, self._system.counters, position=self._position)
        await self._save_checkpoint_if_due()

    def _wait_seconds(self, events: EventSource) -> float:
        due = self._system.next_wakeup()
        if due is None or not events.caught_up:
            return IDLE_SECONDS
        return min(IDLE_SECONDS, max(0.01, (due + SETTLE_NS - self._clock.now()) / NANOSECONDS_PER_SECOND))

    async def _handle(self, items: Sequence[Delivery]) -> None:
        inputs: list[Input] = []
        rejected: list[Effect] = []
        for item in items:
            if isinstance(item, PublishRejected):
                rejected.append(item)
            else:
                inputs.append(item)
        effects = rejected + self._judge(inputs)
        if effects:
            await self._connections.sink.publish(effects)
        self._move_position(items)
        self._count(items, effects)

    def _judge(self, inputs: Sequence[Input]) -> list[Effect]:
        try:
            return tell(self._system, inputs, self._limits.batch_max)
        except Exception as error:
            sequences = [item.sequence for item in inputs if isinstance(item, EventObserved)] or [self._position]
            self._log.critical("the engine failed", first_sequence=min(sequences), last_sequence=max(sequences), exc_info=True)
            raise EngineCrashedError(min(sequences), max(sequences), error) from error

    def _move_position(self, items: Sequence[Delivery]) -> None:
        for item in items:
            if isinstance(item, TopologyObserved):
                self._topology_position = max(self._topology_position, item.sequence)
            else:
                self._position = max(self._position, item.sequence)
            self._received_at = max(self._received_at, item.received_at)
        self._is_dirty = self._is_dirty or bool(items)

    def _count(self, items: Sequence[Delivery], effects: Sequence[Effect]) -> None:
        count = self.telemetry.count
        count("inputs", len(items))
        for effect in effects:
            if isinstance(effect, PublishResult):
                count("results")
                count("alerts", int(effect.is_alert))
            else:
                count("rejected")
        if items:
            self.telemetry.lag_seconds = max(0.0, (self._clock.now() - self._received_at) / NANOSECONDS_PER_SECOND)

    async def _let_time_pass(self) -> None:
        until = self._clock.now() - SETTLE_NS
        if until <= self._received_at:
            return
        try:
            effects = pass_time(self._system, until)
        except Exception as error:
            self._log.critical("the engine failed as time passed", last_sequence=self._position, exc_info=True)
            raise EngineCrashedError(self._position, self._position, error) from error
        self._received_at = until
        if effects:
            await self._connections.sink.publish(effects)
            self._is_dirty = True
            self._count((), effects)

    async def _save_checkpoint_if_due(self) -> None:
        if self._is_dirty and asyncio.get_running_loop().time() >= self._checkpoint_due:
            await self._save_checkpoint()

    async def _save_checkpoint(self) -> None:
        if not self._is_dirty:
            return
        loop = asyncio.get_running_loop()
        began = loop.time()
        state = self._system.snapshot()
        await self._connections.checkpoints.save(
            Checkpoint(position=self._position, topology_position=self._topology_position, state=state)
        )
        took = loop.time() - began
        self._is_dirty = False
        self._checkpoint_due = loop.time() + max(self._limits.checkpoint_seconds, _SNAPSHOT_SHARE * took)
        self.telemetry.count("checkpoints")
        self._log.debug("checkpoint saved", position=self._position, bytes=len(state), seconds=round(took, 3))

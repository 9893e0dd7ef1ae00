"""
Memory: flat over any number of different traces, and bounded by the open occurrences. Each is measured in a process of its own.

What the system holds at the end is also written as a snapshot, and its size and time are told.
"""

import argparse
import gc
import multiprocessing
import os
import time
from collections.abc import Iterator

from headwater.correlation.system import CorrelationSystem
from headwater.model.inputs import EventObserved
from headwater.model.times import parse_time, seconds
from headwater.service.driving import tell
from headwater.testing.measuring import machine, resident_mebibytes
from headwater.testing.playback import packaged_system, topology_inputs
from headwater.testing.traffic import Mix, Traffic

START = parse_time("2026-01-05T10:00:00Z")
BATCH = 500


def resident() -> float:
    gc.collect()
    return resident_mebibytes(os.getpid())


def in_batches(events: Iterator[EventObserved]) -> Iterator[list[EventObserved]]:
    batch: list[EventObserved] = []
    for event in events:
        batch.append(event)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def measure_traces(count: int) -> None:
    """The usual mix, each healthy span of a trace of its own, at 5,000 events a second of the log."""
    system = packaged_system()
    traffic = Traffic("memory", Mix())
    tell(system, topology_inputs(traffic.objects(), received_at=START - seconds(60)), BATCH)
    print(f"  {resident():7.1f} MiB before any event")
    told, next_word, began = 0, count // 10, time.process_time()
    for batch in in_batches(traffic.events(count * 4, START, 5_000, one_span_a_trace=True)):
        tell(system, batch, BATCH)
        told += len(batch)
        if traffic.traces >= next_word:
            next_word += count // 10
            entities, results = len(system.topology.entities()), system.counters["results"]
            print(
                f"  {resident():7.1f} MiB after {traffic.traces:>9,} traces, {told:>9,} events, {entities} entities, {results} results told"
            )
        if traffic.traces >= count:
            break
    print(f"  ({time.process_time() - began:.0f} s of processor time, the making of the events included)")
    tell_snapshot(system)


def measure_occurrences(count: int) -> None:
    """As many pods, each of which fails its readiness probe once: none of it worth telling."""
    system = packaged_system()
    traffic = Traffic("memory")
    before = resident()
    print(f"  {before:7.1f} MiB before any event")
    began = time.process_time()
    step = seconds(600) // count
    blips = (traffic.event_of("unready", START + index * step).observed(START + index * step, index + 1) for index in range(count))
    told = 0
    for batch in in_batches(blips):
        tell(system, batch, BATCH)
        told += len(batch)
        if told % (count // 5) < BATCH:
            now = resident()
            print(f"  {now:7.1f} MiB at {told:>7,} open occurrences, {(now - before) * 1024 / told:.2f} KiB each")
    took = time.process_time() - began
    print(f"  ({took * 1e6 / count:.0f} us each; forgotten {system.counters['occurrences_forgotten']}, told {system.counters['results']})")
    tell_snapshot(system)


def tell_snapshot(system: CorrelationSystem) -> None:
    began = time.process_time()
    size = len(system.snapshot())
    print(f"  snapshot: {size / 2**20:.1f} MiB in {(time.process_time() - began) * 1e3:.0f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--traces", type=int, default=200_000)
    parser.add_argument("--occurrences", type=int, default=20_000)
    options = parser.parse_args()
    print(f"memory of the engine; {machine()}")
    for name, measure, count in (
        ("different traces", measure_traces, options.traces),
        ("open occurrences", measure_occurrences, options.occurrences),
    ):
        print(f"{count:,} {name}:", flush=True)
        process = multiprocessing.get_context("spawn").Process(target=measure, args=(count,))
        process.start()
        process.join()


if __name__ == "__main__":
    main()

"""The recordings of a real API server, played on the fake one with the times they had."""

import os
from pathlib import Path

import msgspec
import pytest
from tests.integration.kubernetes.collecting import Published, SetClock, collecting, health_of, until
from tests.integration.kubernetes.fake_api import PLURAL_BY_KIND, FakeApi, running_api

from headwater.model.times import parse_time, seconds

FOLDER = Path(os.environ.get("DATA", "../shared/data")) / "kubernetes"
SHORT = {
    "horizontalpodautoscalers": "hpas",
    "poddisruptionbudgets": "pdbs",
    "persistentvolumeclaims": "pvcs",
    "persistentvolumes": "pvs",
}


def recorded(scenario: str) -> Path:
    """The folder of a recording; skips the test where it is absent."""
    folder = FOLDER / scenario
    if not folder.is_dir():
        pytest.skip(f"there are no recordings in {FOLDER}; name their folder with DATA")
    return folder


async def play(scenario: str, *, began_at: str) -> tuple[Published, FakeApi]:
    """What the collector publishes of a recording. `began_at` is the time of its t = 0."""
    folder, start = recorded(scenario), parse_time(began_at)
    lines: list[tuple[float, str, dict[str, object]]] = []
    clock = SetClock(start)
    published = Published(clock)
    async with running_api() as api:
        for kind, plural in PLURAL_BY_KIND.items():
            name = SHORT.get(plural, plural)
            if (folder / f"list_{name}.json").is_file():
                api.load(kind, msgspec.json.decode((folder / f"list_{name}.json").read_bytes()))
            if (folder / f"watch_{name}.jsonl").is_file():
                for line in (folder / f"watch_{name}.jsonl").read_bytes().splitlines():
                    if line.strip():
                        entry = msgspec.json.decode(line)
                        lines.append((entry["t"], kind, entry["e"]))
        lines.sort(key=lambda each: each[0])
        async with collecting(api, published, clock) as collector:
            for moment, kind, event in lines:
                clock.at = start + seconds(moment)
                api.apply(kind, event)
                version = str(event["object"]["metadata"]["resourceVersion"])  # type: ignore[index]
                health = health_of(collector, kind)
                await until(lambda health=health, version=version: health.version == version)  # type: ignore[misc]
            handed = collector.health
            await until(lambda: collector.counts.changes >= sum(health.changes for health in handed))
    return published, api

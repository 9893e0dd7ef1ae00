"""The program, its engine and the story's files, for each test its own."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.e2e.program import STORY, Headwater, RunningEngine

from headwater.testing.demo_shop import demo_cluster
from headwater.testing.kubernetes_objects import cluster_objects


@pytest.fixture
def headwater(tmp_path: Path) -> Headwater:
    return Headwater(tmp_path)


@pytest.fixture
def engine(headwater: Headwater) -> Iterator[RunningEngine]:
    engine = RunningEngine(headwater)
    yield engine
    if engine.process.poll() is None:
        engine.stop()


@pytest.fixture
def story_file(tmp_path: Path) -> Path:
    path = tmp_path / "story.jsonl"
    path.write_text("".join(json.dumps(event) + "\n" for event in STORY))
    return path


@pytest.fixture
def objects_file(tmp_path: Path) -> Path:
    """The shop's cluster; mysql, api and frontend have fifteen pods together."""
    path = tmp_path / "objects.json"
    path.write_text(json.dumps({"apiVersion": "v1", "kind": "List", "items": list(cluster_objects(demo_cluster()))}))
    return path

"""Writes the cases of stories into a folder, in the form of recorded failures."""

import gzip
import json
from collections.abc import Sequence
from pathlib import Path

from bench.unseen.background import add_background
from bench.unseen.events import fault_time
from bench.unseen.stamping import stamp
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Story, halves

SET_NAME = "unseen"


def set_name_of(volume: int) -> str:
    """What the set of a volume is called."""
    return SET_NAME if volume == 1 else f"{SET_NAME}-{volume}"


def record(story: Story) -> Recording:
    """All that is told of a story."""
    recording = Recording(story.application, story.case)
    story.tell(recording)
    add_background(recording)
    if story.application.writes_times:
        stamp(recording)
    return recording


def write_set(folder: Path, stories: Sequence[Story], half: str) -> int:
    """Write the stories of a half of one volume, or of both halves where it is empty, below `folder`; how many they are."""
    half_of = halves(stories)
    chosen = sorted((each for each in stories if half in ("", half_of[each.name])), key=lambda each: each.case)
    name = set_name_of(min((each.volume for each in stories), default=1))
    root = folder / (f"{name}-{half}" if half else name)
    root.mkdir(parents=True, exist_ok=True)
    for each in chosen:
        _write_case(root / each.case, each)
    (root / "labels.jsonl").write_text("".join(_line(label_of(each, half_of[each.name])) for each in chosen), encoding="utf-8")
    return len(chosen)


def label_of(story: Story, half: str) -> dict[str, object]:
    """The truth of a case, in the form that scorers take."""
    return {
        "case": story.case,
        "dataset": set_name_of(story.volume),
        "system": story.application.name,
        "object_kind": story.truth.object_kind,
        "object": story.truth.object,
        "fault_type": story.truth.fault_type,
        "fault_class": story.truth.fault_class,
        "split": half,
        "inject_time": fault_time(story.application, story.case).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "story": story.name,
        "family": story.family,
        "decoy": story.has_decoy,
    }


def _write_case(folder: Path, story: Story) -> None:
    folder.mkdir(exist_ok=True)
    recording = record(story)
    events = "".join(_line(event) for event in recording.in_order()).encode()
    # Without a name and a time in its head, equal events give equal bytes.
    (folder / "events.jsonl.gz").write_bytes(gzip.compress(events, mtime=0))
    items = {"apiVersion": "v1", "kind": "List", "items": recording.objects.listed()}
    (folder / "objects.json").write_text(json.dumps(items, separators=(",", ":")), encoding="utf-8")
    calls = [
        {"caller": call.caller, "callee": call.callee, "namespace": story.application.namespace_of(call.caller)}
        for call in story.application.calls
    ]
    (folder / "calls.json").write_text(json.dumps(calls, separators=(",", ":")), encoding="utf-8")


def _line(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"

"""The truth of recorded cases, for the scorer alone."""

import json
from pathlib import Path

import msgspec
from bench.accuracy.cases import LABELS


class Label(msgspec.Struct, frozen=True):
    """Who did it in one case."""

    case: str
    object: str | None = None
    object_kind: str | None = None
    service: str | None = None
    fault_type: str | None = None
    fault_class: str | None = None
    system: str | None = None
    split: str | None = None
    inject_time: str | None = None

    @property
    def truth(self) -> str:
        """The name of what failed: its object, else its service."""
        return self.object or self.service or ""


def read_labels(folder: Path) -> list[Label]:
    """The truths of a set in the order of the file; none where there is no file, or where nothing failed in any case."""
    path = folder / LABELS
    if not path.is_file():
        return []
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [label for line in lines if (label := msgspec.convert(json.loads(line), Label, strict=False)).truth]

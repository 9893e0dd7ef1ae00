"""
Writes what is published of simulated and recorded cases into a page that discusses them.

    python -m bench.accuracy.incident_page docs/explanation/ten-incidents.md ../shared/data

A block stands between `<!-- published NAME -->` and `<!-- end of NAME -->`, NAME being `family/seed` of the simulator or the name of a
recorded case; `<!-- published NAME json -->` gives the result as JSON. Recorded cases whose folder is not there are left as they stand.
"""

import argparse
import re
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import msgspec
from bench.accuracy.cases import find_sets, read_case
from bench.accuracy.playing import Published, play
from bench.accuracy.ranking import in_order

from headwater.cli.render_incident import incident_lines
from headwater.model.results import CorrelationResult
from headwater.testing.faults import FAMILIES
from headwater.testing.playback import told_of
from headwater.testing.simulator import NOISY, simulate

_BLOCK = re.compile(r"(<!-- published (?P<name>\S+)(?P<is_json> json)? -->\n).*?(<!-- end of (?P=name) -->)", re.DOTALL)


def renewed(page: str, data: Path | None) -> str:
    """The page with what is published now; `data` is a folder of recorded sets."""

    def block(found: re.Match[str]) -> str:
        name = found["name"]
        incidents = published(name, data)
        if incidents is None:
            return found[0]
        fence = "```json" if found["is_json"] else "```text"
        lines = json_lines(incidents[0]) if found["is_json"] else text_lines(incidents)
        return "\n".join([found[1].rstrip("\n"), fence, *lines, "```", found[4]])

    return _BLOCK.sub(block, page)


@cache
def published(name: str, data: Path | None) -> Sequence[CorrelationResult] | None:
    """The standing incidents of a case, the weightiest first; None where a recorded case is not there."""
    family, _, seed = name.partition("/")
    if family in FAMILIES and seed.isdecimal():
        return in_order(Published(told_of(simulate(family, int(seed), NOISY)).incidents(), {}))
    folders = [case for each in (find_sets(data) if data and data.is_dir() else []) for case in each.cases if case.name == name]
    return in_order(play(read_case(folders[0]))) if folders else None


def text_lines(incidents: Sequence[CorrelationResult]) -> list[str]:
    """As `headwater incidents show` prints the first; of each other one its sentence."""
    if not incidents:
        return ["(nothing is told)"]
    lines = [line for text in incident_lines(incidents[0]) for line in text.plain.splitlines() or [""]]
    others = [f"  {other.severity} {other.type}, {other.verdict} {other.confidence:.2f}: {other.root_cause}" for other in incidents[1:]]
    return [line.rstrip() for line in (*lines, *(["", "Told beside it:", *others] if others else []))]


def json_lines(result: CorrelationResult) -> list[str]:
    """The result but for what names the engine, which every change of a rule changes."""
    content = msgspec.to_builtins(result)
    del content["engine"]
    return msgspec.json.format(msgspec.json.encode(content, order="deterministic"), indent=1).decode().splitlines()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.accuracy.incident_page", description=__doc__)
    parser.add_argument("page", type=Path)
    parser.add_argument("data", type=Path, nargs="?", help="a folder of recorded sets")
    options = parser.parse_args()
    before = options.page.read_text(encoding="utf-8")
    options.page.write_text(renewed(before, options.data), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""
The pages are run: their commands in order, each page in a folder of its own, and every link is followed.

A block marked `console run` is run by bash; one marked `file=NAME` is written to that file before.
"""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
PAGE_SECONDS_MAX = 180
# A private memory limit of the embedded server, or a proxy, would make the page's commands mean something else than they say.
KEPT_VARIABLES = ("PATH", "LANG", "LC_ALL", "SSL_CERT_FILE", "NATS_SERVER_BIN")

_FENCE = re.compile(r"^```(\S*) ?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


class Block(NamedTuple):
    """A fenced block: its language, the rest of its first line, and its text."""

    language: str
    mark: str
    text: str


def blocks(page: Path) -> list[Block]:
    return [Block(*found) for found in _FENCE.findall(page.read_text(encoding="utf-8"))]


def script_of(page: Path) -> str:
    """The page's commands, one after the other, each shown before it is run."""
    return "\n".join(["set -euo pipefail", "set -x", *(block.text for block in blocks(page) if block.mark == "run")])


def anchors(page: Path) -> set[str]:
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


PAGES_TO_RUN = [page for page in PAGES if any(block.mark == "run" for block in blocks(page))]


def test_there_are_pages_to_run() -> None:
    assert len(PAGES_TO_RUN) >= 5


@pytest.mark.nats
@pytest.mark.slow
@pytest.mark.parametrize("page", PAGES_TO_RUN, ids=lambda page: str(page.relative_to(ROOT)))
def test_the_commands_of_a_page_work(page: Path, tmp_path: Path) -> None:
    for block in blocks(page):
        if block.mark.startswith("file="):
            path = tmp_path / block.mark.removeprefix("file=")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
    environment = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
    environment |= {"HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / "state"), "NO_COLOR": "1", "TERM": "dumb"}
    environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
    output = tmp_path / "output.txt"
    with output.open("wb") as sink:
        process = subprocess.Popen(
            ["bash", "-c", script_of(page)],
            cwd=tmp_path,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=sink,
            start_new_session=True,
        )
        try:
            status = process.wait(PAGE_SECONDS_MAX)
        finally:
            end_group(process.pid)
    assert status == 0, output.read_text(encoding="utf-8", errors="replace")[-4_000:]


def end_group(group: int) -> None:
    """End what the page left running: the engine ends its own server when asked to stop."""
    try:
        os.killpg(group, signal.SIGTERM)
    except ProcessLookupError:
        return


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    text = _FENCE.sub("", page.read_text(encoding="utf-8"))
    broken = []
    for link in _LINK.findall(text):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, anchor = link.partition("#")
        place = (page.parent / path).resolve() if path else page
        if not place.exists() or (anchor and place.suffix == ".md" and anchor not in anchors(place)):
            broken.append(link)
    assert broken == []


def test_the_readme_names_every_command() -> None:
    from headwater.cli.main import verb_names

    everywhere = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    assert [verb for verb in verb_names() if f"headwater {verb}" not in everywhere] == []

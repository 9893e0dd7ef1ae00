"""Files that commands read: events as JSON lines, Kubernetes objects as YAML or JSON; `-` is standard input, `.gz` is unpacked."""

import gzip
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

from headwater.cli.terminal import USAGE, CommandError, clean, complain
from headwater.model.errors import InvalidEventError
from headwater.model.objects import ObjectVersion
from headwater.service.event_lines import EventLine, event_line

LINE_BYTES_MAX = 4 << 20
_CHUNK_BYTES = 256 << 10
OBJECTS_BYTES_MAX = 512 << 20
PROBLEMS_SHOWN_MAX = 20
STANDARD_INPUT = "-"


class NumberedLine(NamedTuple):
    """A line of a file, without its end."""

    number: int
    data: bytes


@contextmanager
def opened(name: str) -> Iterator[IO[bytes]]:
    """The file, or standard input. Raises CommandError where it cannot be read."""
    if name == STANDARD_INPUT:
        yield sys.stdin.buffer
        return
    path = Path(name).expanduser()
    try:
        with path.open("rb") as file:
            yield cast("IO[bytes]", gzip.GzipFile(fileobj=file)) if path.suffix == ".gz" else file
    except (gzip.BadGzipFile, EOFError) as error:
        raise CommandError(f"{clean(name)} cannot be unpacked: {error}", "give it again whole, or without .gz in its name") from error
    except OSError as error:
        raise CommandError(f"{clean(name)} cannot be read: {error.strerror}", "give the path of a file, or - for standard input") from error


def line_batches(file: IO[bytes]) -> Iterator[list[NumberedLine]]:
    """
    The lines that are not empty, as many at a time as the file has ready: a pipe gives them as they come.

    A line that is longer than any event comes cut, and is refused as an event.
    """
    number = 0
    rest = b""
    while chunk := file.read1(_CHUNK_BYTES):  # type: ignore[attr-defined]  # every buffered file has it
        parts = (rest + chunk).split(b"\n")
        rest = parts.pop()[: LINE_BYTES_MAX + 1]
        batch = [NumberedLine(number + index, part.strip()) for index, part in enumerate(parts, start=1) if part.strip()]
        number += len(parts)
        if batch:
            yield batch
    if rest.strip():
        yield [NumberedLine(number + 1, rest.strip())]


class Problems:
    """Invalid lines: each is told with its number, up to a limit, and all are counted."""

    def __init__(self, name: str) -> None:
        self._name = "standard input" if name == STANDARD_INPUT else name
        self.count = 0

    def add(self, number: int, error: InvalidEventError) -> None:
        """Tell one."""
        self.count += 1
        if self.count <= PROBLEMS_SHOWN_MAX:
            complain(f"{self._name}:{number}: {error.reason.value}: {error.detail}")
        elif self.count == PROBLEMS_SHOWN_MAX + 1:
            complain("more invalid lines follow; they are counted only")


def read_event_lines(name: str, *, now: int) -> tuple[list[EventLine], int]:
    """The events of a file, and how many lines were invalid."""
    problems = Problems(name)
    lines: list[EventLine] = []
    with opened(name) as file:
        for number, data in chain.from_iterable(line_batches(file)):
            try:
                lines.append(event_line(data, now=now))
            except InvalidEventError as error:
                problems.add(number, error)
    return lines, problems.count


def read_versions(names: tuple[str, ...], *, cluster: str, observed_at: int | None) -> tuple[list[ObjectVersion], dict[str, int]]:
    """
    The versions in files of Kubernetes objects, and how many objects of other kinds were skipped.

    Raises CommandError with every problem.
    """
    from headwater.topology.loader import InvalidObjectsError, K8sRelationshipLoader

    loader = K8sRelationshipLoader()
    versions: list[ObjectVersion] = []
    problems: list[str] = []
    for name in names:
        try:
            versions += loader.versions(_documents(name), cluster=cluster, observed_at=observed_at)
        except InvalidObjectsError as error:
            problems += [f"{name}: {problem}" for problem in error.problems]
    if problems:
        shown = problems[:PROBLEMS_SHOWN_MAX]
        more = [f"… and {len(problems) - len(shown)} more"] if len(problems) > len(shown) else []
        raise CommandError("\n".join(shown + more), "give objects as `kubectl get … -o yaml` prints them")
    return versions, loader.counters


def _documents(name: str) -> list[Any]:
    import msgspec
    import yaml

    with opened(name) as file:
        content = file.read(OBJECTS_BYTES_MAX + 1)
    if len(content) > OBJECTS_BYTES_MAX:
        raise CommandError(f"{clean(name)} is larger than {OBJECTS_BYTES_MAX >> 20} MiB", "split it")
    if content.lstrip()[:1] in (b"{", b"["):
        try:
            return [msgspec.json.decode(content)]
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            pass  # Perhaps several documents, or YAML's flow style: the YAML parser reads both.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return [document for document in yaml.load_all(content, Loader=loader) if document is not None]
    except (yaml.YAMLError, RecursionError, UnicodeDecodeError) as error:
        place = " ".join(str(error).split())
        raise CommandError(f"{clean(name)} is neither JSON nor YAML: {place}", "give what kubectl prints", exit_code=USAGE) from error

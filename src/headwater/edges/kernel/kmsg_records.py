"""
Records of `/dev/kmsg` and what they say of a kill for memory; text from anywhere goes in, and nothing but words and numbers comes out.

The command of a process is free text that its owner chose, so lines are read from the right wherever it stands in them.
"""

from re import DOTALL, Match
from re import compile as compile_pattern
from typing import NamedTuple

from headwater.edges.kernel.oom_kills import Constraint

RECORD_BYTES_MAX = 16 * 1024
_KIB = 1_024
COMMAND_CHARACTERS_MAX = 64

_HEAD = compile_pattern(r"(?P<priority>\d{1,10}),(?P<sequence>\d{1,20}),(?P<microseconds>\d{1,20}),(?P<flags>[^,;]*)[^;]*;")
_ESCAPED = compile_pattern(r"(?:\\x[0-9a-f]{2})+")
_SUMMARY = "oom-kill:"
_SUMMARY_END = compile_pattern(r"(?P<before>.*?)(?:,|^)task=(?P<command>.*),pid=(?P<pid>\d{1,10}),uid=(?P<uid>\d{1,10})\s*", DOTALL)
_KILLED = compile_pattern(
    r"(?P<kind>Memory cgroup out of memory|Out of memory(?: \([a-z_ ]+\))?)?(?:: )?Killed process "
    r"(?P<pid>\d{1,10}) \((?P<command>.*)\),? (?P<figures>(?:UID \d{1,10},? )?total-vm:.*)",
    DOTALL,
)
_FIGURE = compile_pattern(r"(total-vm|anon-rss|file-rss|shmem-rss|pgtables):(\d{1,15})kB")
_USER = compile_pattern(r"UID[: ](\d{1,10})")
_GROUP = compile_pattern(r"Tasks in (?P<path>.*) are going to be killed due to memory\.oom\.group set\s*", DOTALL)
_OLD_GROUP = compile_pattern(r"Task in (?P<path>.*) killed as a result of limit of (?P<limited>.*?)\s*", DOTALL)
_UNSAFE = compile_pattern("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_NAMES = {"total-vm": "total_vm", "anon-rss": "anon_rss", "file-rss": "file_rss", "shmem-rss": "shmem_rss", "pgtables": "page_tables"}


class LogRecord(NamedTuple):
    """One record of the kernel's log."""

    sequence: int
    since_boot: int  # nanoseconds by the clock of the log
    is_fragment: bool  # whether the record belongs to the line before, or the line after to it
    text: str


class Summary(NamedTuple):
    """The line that says which cgroup ran out and whose process was chosen; parts that were cut off are empty."""

    constraint: Constraint | None
    limited_path: str
    cgroup_path: str
    pid: int  # 0 where the line ends before it
    command: str
    user: int | None


class Killed(NamedTuple):
    """The line that says that a process was killed, with what it had used."""

    pid: int
    command: str
    user: int | None
    constraint: Constraint | None
    figures: tuple[tuple[str, int], ...]  # bytes


class Group(NamedTuple):
    """The line that comes before all processes of a cgroup are killed, or (before Linux 5) before one of them."""

    cgroup_path: str
    limited_path: str


def parse_record(data: bytes) -> LogRecord | None:
    """The record in what one read gives; None where it is none. Lines of its dictionary are left out."""
    text = data[:RECORD_BYTES_MAX].decode("utf-8", "replace")
    head = _HEAD.match(text)
    if head is None:
        return None
    body = _ESCAPED.sub(_unescaped, text[head.end() :].partition("\n")[0])
    return LogRecord(int(head["sequence"]), int(head["microseconds"]) * 1_000, bool(set("c+") & set(head["flags"])), body)


def parse_line(text: str) -> Summary | Killed | Group | None:
    """What a line says of a kill; None where it is about something else."""
    if text.startswith(_SUMMARY):
        return _summary(text.removeprefix(_SUMMARY))
    if killed := _KILLED.match(text):
        return _killed(killed.groupdict(default=""))
    if group := _GROUP.fullmatch(text):
        return Group(_plain(group["path"]), _plain(group["path"]))
    if group := _OLD_GROUP.fullmatch(text):
        return Group(_plain(group["path"]), _plain(group["limited"]))
    return None


def is_whole_summary(text: str) -> bool:
    """Whether the summary's line goes to its end, the victim's pid and user."""
    return _SUMMARY_END.fullmatch(text.removeprefix(_SUMMARY)) is not None


def clean_command(text: str) -> str:
    """A command as it may be shown: bounded, without control characters."""
    return _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", text)[:COMMAND_CHARACTERS_MAX]


def _summary(text: str) -> Summary:
    end = _SUMMARY_END.fullmatch(text)
    before = end["before"] if end is not None else text
    parts = dict(part.partition("=")[::2] for part in before.split(","))
    word = parts.get("constraint", "")
    return Summary(
        constraint=Constraint(word) if word in set(Constraint) else None,
        limited_path=_plain(parts.get("oom_memcg", "")),
        cgroup_path=_plain(parts.get("task_memcg", "")),
        pid=int(end["pid"]) if end is not None else 0,
        command=clean_command(end["command"]) if end is not None else "",
        user=int(end["uid"]) if end is not None else None,
    )


def _killed(found: dict[str, str]) -> Killed:
    user = _USER.search(found["figures"])
    return Killed(
        pid=int(found["pid"]),
        command=clean_command(found["command"]),
        user=int(user[1]) if user is not None else None,
        constraint=_constraint_in_words(found["kind"]),
        figures=tuple((_NAMES[name], int(amount) * _KIB) for name, amount in _FIGURE.findall(found["figures"])),
    )


def _constraint_in_words(kind: str) -> Constraint | None:
    if kind.startswith("Memory cgroup"):
        return Constraint.CGROUP
    return Constraint.NODE if kind == "Out of memory" else None


def _plain(path: str) -> str:
    return _UNSAFE.sub("\N{REPLACEMENT CHARACTER}", path)


def _unescaped(match: Match[str]) -> str:
    """The log writes each byte beyond plain ASCII, and the backslash, as `\\x` and two digits."""
    return bytes.fromhex(match[0].replace("\\x", "")).decode("utf-8", "replace")

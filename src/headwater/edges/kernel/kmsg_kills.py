"""
Lines of the kernel's log, put together to kills: a summary and the line of the process it names, or several processes of one group.

At most one summary waits, for a second at the longest; what it waits for may never come, and then it is told without.
"""

from headwater.edges.kernel.kmsg_records import Group, Killed, LogRecord, Summary, is_whole_summary, parse_line
from headwater.edges.kernel.oom_kills import OomKill

WAIT_NS = 1_000_000_000
FRAGMENT_CHARACTERS_MAX = 8_192
_SUMMARY_BEGIN = "oom-kill:"


class KillsFromLog:
    """Takes records in the order of the log, and gives the kills that are complete."""

    def __init__(self) -> None:
        self._summary: Summary | None = None
        self._summary_at = 0
        self._is_told = False  # the victim that the summary names
        self._fragment = ""
        self._group: Group | None = None
        self._group_at = 0

    def take(self, record: LogRecord) -> list[OomKill]:
        """The kills that this record completes."""
        text = record.text
        if text.startswith(_SUMMARY_BEGIN):
            kills = self.flush()
            self._begin(text, record.since_boot)
            return kills
        if self._fragment and (record.is_fragment or text.startswith(",")):
            # Another processor wrote into the middle of the line.
            self._begin(self._fragment + text, self._summary_at)
            return []
        match parse_line(text):
            case Killed() as killed:
                return self._killed(killed, record.since_boot)
            case Group() as group:
                self._group, self._group_at = group, record.since_boot
        return self.flush() if self._is_overdue(record.since_boot) else []

    def flush(self) -> list[OomKill]:
        """The kill that waits for the rest of its story, which may never come."""
        summary, is_told = self._summary, self._is_told
        self._summary, self._fragment, self._is_told = None, "", False
        if summary is None or is_told or not summary.pid:
            return []
        return [
            OomKill(
                since_boot=self._summary_at,
                pid=summary.pid,
                command=summary.command,
                user=summary.user,
                constraint=summary.constraint,
                cgroup_path=summary.cgroup_path,
                limited_path=summary.limited_path,
            )
        ]

    def _begin(self, text: str, since_boot: int) -> None:
        text = text[:FRAGMENT_CHARACTERS_MAX]
        found = parse_line(text)
        assert isinstance(found, Summary)
        self._summary, self._summary_at, self._is_told = found, since_boot, False
        self._fragment = "" if is_whole_summary(text) or len(text) == FRAGMENT_CHARACTERS_MAX else text

    def _is_overdue(self, now: int) -> bool:
        return self._summary is not None and now - self._summary_at > WAIT_NS

    def _killed(self, killed: Killed, since_boot: int) -> list[OomKill]:
        summary = self._summary if self._summary is not None and since_boot - self._summary_at <= WAIT_NS else None
        group = self._group if self._group is not None and since_boot - self._group_at <= WAIT_NS else None
        is_named = summary is not None and summary.pid in (0, killed.pid)
        # Only the members of a group are killed beside the victim, and all of them in one container.
        cgroup_path = summary.cgroup_path if summary is not None and (is_named or group is not None) else ""
        limited_path = summary.limited_path if summary is not None else ""
        self._is_told = self._is_told or is_named
        return [
            OomKill(
                since_boot=since_boot,
                pid=killed.pid,
                command=killed.command or (summary.command if is_named and summary is not None else ""),
                user=killed.user if killed.user is not None else (summary.user if is_named and summary is not None else None),
                constraint=(summary.constraint if summary is not None else None) or killed.constraint,
                cgroup_path=cgroup_path or (group.cgroup_path if group is not None else ""),
                limited_path=limited_path or (group.limited_path if group is not None else ""),
                figures=killed.figures,
            )
        ]

"""Lines that belong together become one kill; lines that are missing, late or mixed with others take nothing down."""

from headwater.edges.kernel.kmsg_kills import KillsFromLog
from headwater.edges.kernel.kmsg_records import LogRecord
from headwater.edges.kernel.oom_kills import Constraint, OomKill

SECOND = 1_000_000_000
POD = "/kubepods/pod11111111-2222-3333-4444-555555555555/" + "ab" * 32


def record(text: str, at: float = 1.0, *, is_fragment: bool = False) -> LogRecord:
    return LogRecord(0, int(at * SECOND), is_fragment, text)


def summary(pid: int, path: str = POD) -> str:
    return f"oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),oom_memcg={path},task_memcg={path},task=mysqld,pid={pid},uid=999"


def killed(pid: int) -> str:
    return f"Memory cgroup out of memory: Killed process {pid} (mysqld) total-vm:8kB, anon-rss:4kB, UID:999 pgtables:1kB"


def kills_of(*records: LogRecord) -> list[OomKill]:
    log = KillsFromLog()
    found = [kill for item in records for kill in log.take(item)]
    return found + log.flush()


def test_a_summary_and_its_process_are_one_kill() -> None:
    (kill,) = kills_of(record(summary(5)), record(killed(5), 1.01))
    assert (kill.pid, kill.command, kill.cgroup_path, kill.limited_path, kill.constraint) == (5, "mysqld", POD, POD, Constraint.CGROUP)
    assert kill.since_boot == int(1.01 * SECOND)
    assert ("anon_rss", 4096) in kill.figures


def test_other_lines_between_them_change_nothing() -> None:
    (kill,) = kills_of(record(summary(5)), record("eth0: link up"), record(killed(5)))
    assert kill.cgroup_path == POD


def test_a_summary_alone_is_told_when_nothing_more_comes() -> None:
    (kill,) = kills_of(record(summary(5)))
    assert (kill.pid, kill.figures) == (5, ())


def test_a_summary_alone_is_told_when_the_log_goes_on() -> None:
    log = KillsFromLog()
    assert log.take(record(summary(5))) == []
    assert [kill.pid for kill in log.take(record("eth0: link up", 3.0))] == [5]
    assert log.flush() == []


def test_a_summary_is_told_before_the_next_one_begins() -> None:
    assert [kill.pid for kill in kills_of(record(summary(5)), record(summary(6)), record(killed(6)))] == [5, 6]


def test_processes_of_a_group_are_in_the_cgroup_of_the_first() -> None:
    group = f"Tasks in {POD} are going to be killed due to memory.oom.group set"
    kills = kills_of(record(summary(5)), record(killed(5)), record(group), record(killed(6)), record(killed(7)))
    assert [(kill.pid, kill.cgroup_path) for kill in kills] == [(5, POD), (6, POD), (7, POD)]


def test_a_process_without_a_summary_is_still_a_kill() -> None:
    (kill,) = kills_of(record(killed(5)))
    assert (kill.pid, kill.cgroup_path, kill.constraint) == (5, "", Constraint.CGROUP)


def test_a_process_is_not_put_into_the_cgroup_of_another() -> None:
    kills = kills_of(record(summary(5)), record(killed(6)))
    assert [(kill.pid, kill.cgroup_path) for kill in kills] == [(6, ""), (5, POD)]


def test_a_process_long_after_a_summary_has_nothing_to_do_with_it() -> None:
    kills = kills_of(record(summary(5)), record(killed(5)), record("x", 2.5), record(killed(5), 9.0))
    assert [kill.cgroup_path for kill in kills] == [POD, ""]


def test_the_task_and_its_limit_of_an_older_kernel_are_put_together() -> None:
    (kill,) = kills_of(record(f"Task in {POD} killed as a result of limit of /kubepods"), record(killed(5)))
    assert (kill.cgroup_path, kill.limited_path) == (POD, "/kubepods")


def test_a_summary_in_pieces_is_put_together() -> None:
    whole = summary(5)
    pieces = [record(whole[:60]), record("eth0: link up"), record(whole[60:120], is_fragment=True), record(whole[120:], is_fragment=True)]
    (kill,) = kills_of(*pieces, record(killed(5)))
    assert (kill.pid, kill.cgroup_path) == (5, POD)


def test_a_summary_that_was_cut_lends_what_it_has() -> None:
    whole = summary(5)
    (kill,) = kills_of(record(whole[: whole.index(",task=")]), record(killed(5)))
    assert (kill.pid, kill.cgroup_path) == (5, POD)


def test_a_line_that_never_ends_is_bounded() -> None:
    log = KillsFromLog()
    log.take(record("oom-kill:constraint=CONSTRAINT_MEMCG"))
    for _ in range(1_000):
        assert log.take(record(",x=" + "y" * 100, is_fragment=True)) == []
    assert log.flush() == []

"""Records as `/dev/kmsg` gave them, and what is made of those that are cut, odd or about something else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headwater.edges.kernel.kmsg_records import Group, Killed, Summary, is_whole_summary, parse_line, parse_record
from headwater.edges.kernel.oom_kills import Constraint

POD = "/kubepods/burstable/pod11111111-2222-3333-4444-555555555555/" + "ab" * 32
SUMMARY = (
    b"6,740,1064208285,-;oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=/,mems_allowed=0,"
    b"oom_memcg=" + POD.encode() + b",task_memcg=" + POD.encode() + b",task=python3,pid=3941,uid=0\n"
)
KILLED = (
    b"3,741,1064210024,-;Memory cgroup out of memory: Killed process 3941 (python3) total-vm:41236kB, anon-rss:30464kB, "
    b"file-rss:6576kB, shmem-rss:0kB, UID:0 pgtables:116kB oom_score_adj:0\n SUBSYSTEM=mm\n"
)


def line(text: str) -> Summary | Killed | Group | None:
    return parse_line(text)


def test_a_summary_says_whose_limit_was_reached_and_who_was_chosen() -> None:
    record = parse_record(SUMMARY)
    assert record is not None
    assert (record.sequence, record.since_boot, record.is_fragment) == (740, 1_064_208_285_000, False)
    assert line(record.text) == Summary(Constraint.CGROUP, POD, POD, 3941, "python3", 0)


def test_a_killed_process_comes_with_what_it_used() -> None:
    record = parse_record(KILLED)
    assert record is not None
    assert "SUBSYSTEM" not in record.text
    killed = line(record.text)
    assert isinstance(killed, Killed)
    assert (killed.pid, killed.command, killed.user, killed.constraint) == (3941, "python3", 0, Constraint.CGROUP)
    assert dict(killed.figures) == {
        "total_vm": 41236 * 1024,
        "anon_rss": 30464 * 1024,
        "file_rss": 6576 * 1024,
        "shmem_rss": 0,
        "page_tables": 116 * 1024,
    }


def test_a_node_out_of_memory_is_told_from_a_cgroup() -> None:
    text = (
        "oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=cri-containerd-ab.scope,mems_allowed=0-1,global_oom,"
        "task_memcg=/kubepods.slice/kubepods-pod11111111_2222_3333_4444_555555555555.slice/x.scope,task=java,pid=77,uid=1000"
    )
    summary = line(text)
    assert isinstance(summary, Summary)
    assert (summary.constraint, summary.limited_path, summary.pid, summary.user) == (Constraint.NODE, "", 77, 1000)
    assert summary.cgroup_path.startswith("/kubepods.slice/")
    killed = line("Out of memory: Killed process 77 (java) total-vm:8kB, anon-rss:4kB, file-rss:0kB, shmem-rss:0kB, UID:1000 pgtables:4kB")
    assert isinstance(killed, Killed)
    assert killed.constraint is Constraint.NODE


@pytest.mark.parametrize(
    "command", ["a,pid=1,uid=2", "my (odd) name", "x) total-vm:1kB", "task=y", "oom-kill:", "two  spaces", "ends with,", "", "=", "a=b,c"]
)
def test_a_command_is_free_text_and_takes_nothing_else_with_it(command: str) -> None:
    summary = line(f"oom-kill:constraint=CONSTRAINT_MEMCG,oom_memcg={POD},task_memcg={POD},task={command},pid=5,uid=6")
    assert summary == Summary(Constraint.CGROUP, POD, POD, 5, command, 6)
    killed = line(f"Memory cgroup out of memory: Killed process 5 ({command}) total-vm:8kB, anon-rss:4kB, UID:6 pgtables:1kB")
    assert isinstance(killed, Killed)
    assert (killed.pid, killed.command, killed.user, dict(killed.figures)["anon_rss"]) == (5, command, 6, 4096)


def test_what_the_log_escapes_is_put_back_and_what_a_terminal_would_obey_is_not() -> None:
    record = parse_record(
        b"3,9,1000,-;Out of memory: Killed process 5 (\\xc3\\xa9t\\xc3\\xa9\\x1b[2J\\x5c) total-vm:8kB, UID:0 pgtables:0kB\n"
    )
    assert record is not None
    killed = line(record.text)
    assert isinstance(killed, Killed)
    assert killed.command == "été\N{REPLACEMENT CHARACTER}[2J\\"


def test_half_a_character_in_an_escape_is_replaced() -> None:
    record = parse_record(b"3,9,1000,-;Killed process 5 (\\xc3) total-vm:8kB\n")
    assert record is not None
    assert line(record.text) == Killed(5, "\N{REPLACEMENT CHARACTER}", None, None, (("total_vm", 8192),))


@pytest.mark.parametrize("length", range(len("oom-kill:"), len(SUMMARY.decode().partition(";")[2]) - 1, 7))
def test_a_summary_cut_anywhere_still_says_what_is_there(length: int) -> None:
    text = SUMMARY.decode().partition(";")[2].strip()[:length]
    summary = line(text)
    assert isinstance(summary, Summary)
    assert not is_whole_summary(text) or ",uid=" in text
    assert summary.constraint in (None, Constraint.CGROUP)


def test_lines_of_older_kernels_are_understood() -> None:
    # Linux 4.19 without the summary, as RHEL 7 and 8 write it.
    assert line(f"Task in {POD} killed as a result of limit of /kubepods/burstable") == Group(POD, "/kubepods/burstable")
    killed = line("Killed process 12 (mysqld), UID 999, total-vm:100kB, anon-rss:90kB, file-rss:0kB, shmem-rss:0kB")
    assert isinstance(killed, Killed)
    assert (killed.pid, killed.command, killed.user) == (12, "mysqld", 999)
    killed = line("Killed process 12 (mysqld) total-vm:100kB, anon-rss:90kB, file-rss:0kB, shmem-rss:0kB")
    assert isinstance(killed, Killed)
    assert (killed.command, killed.constraint) == ("mysqld", None)
    killed = line("Killed process 12 (mysqld) UID 999 total-vm:100kB, anon-rss:90kB")
    assert isinstance(killed, Killed)
    assert dict(killed.figures) == {"total_vm": 102400, "anon_rss": 92160}


def test_a_group_that_is_killed_together_is_named() -> None:
    assert line(f"Tasks in {POD} are going to be killed due to memory.oom.group set") == Group(POD, POD)


@pytest.mark.parametrize(
    "text",
    [
        "python3 invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=0",
        "memory: usage 30720kB, limit 30720kB, failcnt 8",
        "[   3941]     0  3941    10309     9260    118784        0             0 python3",
        "usb 1-1: Killed process",
        "",
    ],
)
def test_lines_about_something_else_say_nothing(text: str) -> None:
    assert line(text) is None


@pytest.mark.parametrize("data", [b"", b"no head", b"6,740", b"6,x,1,-;text", b";", b"\xff\xfe"])
def test_what_is_no_record_is_passed_over(data: bytes) -> None:
    assert parse_record(data) is None


def test_a_fragment_says_so() -> None:
    record = parse_record(b"6,741,1,c;,oom_memcg=/a")
    assert record is not None
    assert record.is_fragment
    assert record.text == ",oom_memcg=/a"


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(rest: bytes) -> None:
    for head in (b"6,1,1,-;", b"6,1,1,-;oom-kill:", b"6,1,1,-;Memory cgroup out of memory: Killed process 1 ("):
        record = parse_record(head + rest)
        assert record is not None
        line(record.text)

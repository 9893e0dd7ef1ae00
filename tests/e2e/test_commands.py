"""Commands that need no engine, and what a person sees when something is wrong: one line, a remedy, an exit code."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.e2e.program import SECONDS_MAX, STORY, Headwater, RunningEngine

from headwater.cli.main import verb_names


def test_a_file_is_replayed_without_a_server(headwater: Headwater, story_file: Path, objects_file: Path) -> None:
    (incident,) = headwater.json("replay", str(story_file), "--topology", str(objects_file))
    assert incident["type"] == "cascading_failure"
    assert incident["impact"]["pods"] == 15
    again = headwater.json("replay", "-", "-t", str(objects_file), stdin=story_file.read_text())
    assert again == [incident]
    assert "increase mysql memory limits" in headwater("replay", str(story_file), "-t", str(objects_file), "-o", "wide").stdout
    assert not list(headwater.home.joinpath("state").glob("**/*"))


def test_invalid_lines_are_told_with_their_numbers_and_the_rest_is_replayed(headwater: Headwater, tmp_path: Path) -> None:
    file = tmp_path / "events.jsonl"
    file.write_text('{"id": 7}\n\n' + json.dumps(STORY[0]) + "\nnot json\n" + "x" * (5 << 20))
    done = headwater("replay", str(file), "-o", "json", expects=1)
    assert len(json.loads(done.stdout)) == 1
    for place in (":1: invalid_field", ":4: not_json", ":5: too_large"):
        assert f"{file}{place}" in done.stderr


def test_without_a_server_commands_say_how_to_get_one(headwater: Headwater) -> None:
    for arguments in (["incidents", "list"], ["explain"], ["tail", "--no-follow"], ["topology", "show"], ["replay"]):
        done = headwater(*arguments, expects=1)
        assert "no NATS server is named and no embedded one runs" in done.stderr
        assert "→ start `headwater run`" in done.stderr
    doctor = headwater("doctor", expects=1)
    assert "✗ server" in doctor.stdout


def test_a_server_that_is_not_there_is_told_with_its_url(headwater: Headwater) -> None:
    done = headwater("incidents", "list", "--nats", "nats://127.0.0.1:1", expects=1)
    assert "127.0.0.1:1" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["incidnts"], "did you mean incidents?"),
        (["incidents", "list", "--outputt", "json"], "headwater incidents --help"),
        (["incidents", "list", "-o", "xml"], "xml"),
        (["replay", "--since", "soon"], "neither a duration nor a time"),
        (["run", "--log-level", "loud"], "--log-level"),
        (["rules", "lint", "--rules", "no-such-folder"], "there is no folder"),
        (["topology", "load"], "no file is named"),
        (["demo", "--speed", "0"], "--speed"),
    ],
)
def test_wrong_usage_is_exit_code_two_with_a_remedy(headwater: Headwater, arguments: list[str], words: str) -> None:
    done = headwater(*arguments, expects=2)
    assert done.stdout == ""
    assert words in done.stderr
    assert "→" in done.stderr


def test_whoever_reads_the_beginning_only_has_seen_enough(headwater: Headwater) -> None:
    command = [sys.executable, "-m", "headwater.cli.main", "config"]
    process = subprocess.Popen(command, env=headwater.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.close()
    _, complaints = process.communicate(timeout=30)
    assert (process.returncode, complaints) == (0, "")


def test_asking_for_where_a_bug_is_is_no_unknown_setting(headwater: Headwater) -> None:
    headwater.environment["HEADWATER_DEBUG"] = "1"
    assert headwater("config").stderr == ""


def test_wrong_configuration_tells_every_problem_at_once(headwater: Headwater) -> None:
    headwater.environment["HEADWATER_LOG_LEVEL"] = "loud"
    headwater.environment["HEADWATER_ENGINE_BATCH_MAX"] = "0"
    done = headwater("config", expects=2)
    assert done.stderr.count("error:") == 2


def test_rules_of_a_folder_are_linted_with_file_and_line(headwater: Headwater, tmp_path: Path) -> None:
    folder = tmp_path / "rules" / "patterns"
    folder.mkdir(parents=True)
    (folder / "ours.yaml").write_text("pattern: ours\ntype: ours\nanchor: [kernel.oomm]\n")
    done = headwater("rules", "lint", "--rules", str(folder.parent), expects=2)
    assert f"{folder}/ours.yaml:" in done.stderr
    assert "kernel.oom" in done.stderr
    assert "no problems" in headwater("rules", "lint").stdout


def test_the_tests_inside_a_pattern_run(headwater: Headwater) -> None:
    assert "0 failed" in headwater("rules", "test", "oom_cascade").stdout
    assert "there is no pattern" in headwater("rules", "test", "nothing", expects=2).stderr


def test_help_is_quick_and_names_every_command(headwater: Headwater) -> None:
    began = time.monotonic()
    page = headwater("--help").stdout
    took = time.monotonic() - began
    # Generous for a busy machine; it takes 0.03 s on an idle one, since nothing is imported.
    assert took < 2
    for verb in verb_names():
        assert f"\n  {verb} " in page
    assert headwater().stdout == page


def test_the_roots_help_imports_no_library(headwater: Headwater) -> None:
    code = (
        "import sys; from headwater.cli.main import root_help; root_help(); "
        "print([name for name in ('rich', 'cyclopts', 'msgspec', 'nats') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=headwater.environment, check=True)
    assert done.stdout.strip() == "[]"


def test_completion_scripts_are_printed_for_each_shell(headwater: Headwater) -> None:
    for shell in ("bash", "zsh", "fish"):
        assert "incidents" in headwater("completion", shell).stdout


def test_a_reader_that_has_seen_enough_is_no_error(headwater: Headwater) -> None:
    command = f"{sys.executable} -m headwater.cli.main config | head -n 1"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, env=headwater.environment, timeout=SECONDS_MAX)
    assert done.stderr == ""


@pytest.mark.nats
def test_the_demo_ends_by_itself_where_nobody_watches(headwater: Headwater) -> None:
    done = headwater("demo")
    for words in ("cascading_failure", "mysql-pod-abc OOM at 10:00:00", "increase mysql memory limits", "15 pods", "headwater explain"):
        assert words in done.stdout
    assert not (headwater.home / "state" / "headwater" / "demo").exists()


@pytest.mark.nats
def test_two_engines_cannot_share_a_store(headwater: Headwater, engine: RunningEngine) -> None:
    assert "another `headwater run` uses this folder" in headwater("run", expects=2).stderr


@pytest.mark.nats
def test_what_cannot_be_understood_is_rejected_and_can_be_followed(headwater: Headwater, engine: RunningEngine) -> None:
    done = headwater("publish", "-", stdin='{"id": 1}\n{"id": "fine", "source": "test"}\n', expects=1)
    assert done.stdout.strip() == "1 accepted, 0 duplicate, 1 invalid, of 2 lines"
    assert "standard input:1: invalid_field" in done.stderr


@pytest.mark.nats
def test_events_cannot_move_the_cursor_of_a_terminal(headwater: Headwater, engine: RunningEngine) -> None:
    event = {**STORY[1], "message": "\x1b[2J\x1b]0;owned\x07[bold]hi[/bold]\u202e", "source": "api"}
    headwater("publish", "-", stdin=json.dumps(event) + "\n")
    shown = headwater("tail", "events", "--since", "1h", "--no-follow").stdout
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "\u202e" not in shown
    assert "[bold]hi[/bold]" in shown


def test_colours_are_for_terminals(headwater: Headwater, story_file: Path) -> None:
    environment = {name: value for name, value in headwater.environment.items() if name != "NO_COLOR"}
    done = subprocess.run(
        [sys.executable, "-m", "headwater.cli.main", "replay", os.fspath(story_file)], capture_output=True, text=True, env=environment
    )
    assert "\x1b" not in done.stdout + done.stderr


@pytest.mark.nats
def test_events_of_long_ago_are_said_to_be_rejected_by_an_engine_that_is_ahead(headwater: Headwater, engine: RunningEngine) -> None:
    done = headwater("publish", "-", stdin="".join(json.dumps(event) + "\n" for event in STORY))
    assert "3 events happened more than 15 minutes ago" in done.stderr
    assert "→ headwater replay FILE" in done.stderr
    now = {**STORY[0], "id": "now"}
    del now["timestamp"]
    assert headwater("publish", "-", stdin=json.dumps(now) + "\n").stderr == ""

"""The entry: every verb exists, and every error is a line, a remedy and an exit code."""

import importlib
from pathlib import Path

import pytest

from headwater.cli.failures import exit_code_of
from headwater.cli.main import VERB_GROUPS, main, root_help, verb_names
from headwater.cli.terminal import CommandError, error_console
from headwater.model.located_yaml import KnowledgeError
from headwater.model.located_yaml import Problem as Flaw
from headwater.service.config import ConfigurationError, Problem
from headwater.service.knowledge import RulesFolderError
from headwater.service.runtime import EngineCrashedError
from headwater.service.wiring import NoServerError


def exit_code(*arguments: str) -> int:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert isinstance(caught.value.code, int)
    return caught.value.code


@pytest.mark.parametrize("verb", [verb for verbs in VERB_GROUPS.values() for verb in verbs])
def test_every_verb_leads_to_a_command(verb: tuple[str, str, str]) -> None:
    name, summary, target = verb
    module, _, attribute = target.partition(":")
    assert hasattr(importlib.import_module(module), attribute)
    assert summary.endswith(".")
    assert f"  {name} " in root_help()


@pytest.mark.parametrize("verb", verb_names())
def test_every_verb_has_help(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code(verb, "--help") == 0
    assert f"Usage: headwater {verb}" in capsys.readouterr().out


def test_no_arguments_is_a_question_and_nonsense_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert exit_code() == 0
    assert exit_code("--help") == 0
    assert exit_code("--version") == 0
    assert exit_code("runn") == 2
    assert "did you mean run?" in capsys.readouterr().err
    assert exit_code("--nonsense") == 2


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (CommandError("no", "do this"), 1, ["no", "do this"]),
        (CommandError("no", exit_code=2), 2, ["no"]),
        (KeyboardInterrupt(), 130, []),
        (ExceptionGroup("", [CommandError("inside")]), 1, ["inside"]),
        (ConfigurationError([Problem("a", "b", "c"), Problem("d", "e", "f")]), 2, ["a: b", "→ c", "d: e", "→ f"]),
        (RulesFolderError(["x: is wrong; mend it"]), 2, ["x: is wrong", "→ mend it"]),
        (KnowledgeError([Flaw("f.yaml", 3, "is wrong", "Mend it")]), 2, ["f.yaml:3: is wrong", "→ Mend it"]),
        (EngineCrashedError(3, 5, AssertionError("an invariant")), 1, ["between stream sequence 3 and 5", "this is a bug"]),
        (NoServerError("none runs; start one"), 1, ["none runs", "→ start one"]),
        (FileNotFoundError(2, "No such file", "x.json"), 1, ["x.json: No such file"]),
        (ZeroDivisionError("oh\x1b[2J"), 1, ["this is a bug in Headwater", "HEADWATER_DEBUG"]),
    ],
)
def test_an_error_is_told_with_a_remedy(error: BaseException, code: int, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    error_console.cache_clear()
    assert exit_code_of(error, ["run"]) == code
    error_console.cache_clear()
    shown = capsys.readouterr().err
    assert all(word in shown for word in words)
    assert "\x1b" not in shown
    assert "Traceback" not in shown


def test_a_bug_shows_where_if_asked(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HEADWATER_DEBUG", "1")
    error_console.cache_clear()
    exit_code_of(ZeroDivisionError(str(tmp_path)), [])
    error_console.cache_clear()
    assert "ZeroDivisionError" in capsys.readouterr().err

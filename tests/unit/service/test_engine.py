"""Rules that cannot be used are told all at once, each with the path that its reader can open."""

from pathlib import Path

import pytest

from headwater.model.located_yaml import KnowledgeError
from headwater.service.engine import load_knowledge

PATTERN = "pattern: ours\ntype: ours\nsummary: s\nseverity: high\nanchor: [kernel.oomm]\nremediation: r\n"
RULE = "rules:\n  - {cause: kernel.oom, effect: svc.tiimeout, path: [service], probability: 0.5, lag: [0s, 1s, 5s]}\n"


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(KnowledgeError) as caught:
        load_knowledge(str(folder))
    return [str(problem) for problem in caught.value.problems]


def write(folder: Path, section: str, text: str, name: str = "x.yaml") -> Path:
    path = folder / section / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_files_of_one_name_are_told_apart_by_their_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = Path("my-rules")
    write(folder, "causes", RULE)
    write(folder, "patterns", PATTERN)
    problems = problems_of(folder)
    assert any(problem.startswith("my-rules/causes/x.yaml:2: ") and "svc.tiimeout" in problem for problem in problems)
    assert any(problem.startswith("my-rules/patterns/x.yaml:") and "kernel.oomm" in problem for problem in problems)
    assert all(problem.startswith("my-rules/") for problem in problems)


@pytest.mark.parametrize("signals", ["classes: [", "classes: {ours.new: {layer: nine}}", "signals:\n  a: {class: kernel.oomm}\n"])
def test_broken_signals_do_not_hide_what_is_wrong_with_causes_and_patterns(tmp_path: Path, signals: str) -> None:
    write(tmp_path, "signals", signals)
    write(tmp_path, "causes", RULE)
    write(tmp_path, "patterns", PATTERN.replace("kernel.oomm", "kernel.killed"))
    problems = problems_of(tmp_path)
    for section, words in (("signals", ""), ("causes", "svc.tiimeout"), ("patterns", "kernel.killed")):
        assert any(problem.startswith(f"{tmp_path}/{section}/x.yaml:") and words in problem for problem in problems), section


def test_broken_signals_do_not_make_sound_rules_look_wrong(tmp_path: Path) -> None:
    replaced = write(tmp_path, "signals", "classes: [", name="classes.yaml")
    write(tmp_path, "causes", RULE.replace("tiimeout", "timeout"))
    problems = problems_of(tmp_path)
    assert any(problem.startswith(f"{replaced}:") for problem in problems)
    assert not [problem for problem in problems if "/signals/" not in problem]


def test_a_packaged_file_is_named_as_such(tmp_path: Path) -> None:
    # Without its classes the packaged signals have nothing to speak of.
    write(tmp_path, "signals", "{}", name="classes.yaml")
    assert all(problem.startswith("headwater/signals/library/") for problem in problems_of(tmp_path))

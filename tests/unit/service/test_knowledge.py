"""Rules are read from the package, and from a folder that adds and replaces."""

from pathlib import Path

import pytest

from headwater.service.knowledge import SECTIONS, RulesFolderError, rule_texts


def test_a_folder_adds_files_and_replaces_them_by_name(tmp_path: Path) -> None:
    built_in = rule_texts()
    assert set(built_in) == set(SECTIONS)
    (tmp_path / "patterns").mkdir()
    (tmp_path / "patterns" / "ours.yaml").write_text("pattern: ours\n")
    texts = rule_texts(tmp_path)
    assert texts["patterns"]["ours.yaml"] == "pattern: ours\n"
    assert {name: text for name, text in texts["patterns"].items() if name != "ours.yaml"} == built_in["patterns"]
    assert texts["signals"] == built_in["signals"]


def test_every_problem_of_a_folder_is_told_with_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "loose.yaml").write_text("")
    (tmp_path / "pattern").mkdir()
    (tmp_path / "causes").mkdir()
    (tmp_path / "causes" / "bad.yaml").write_bytes(b"\xff")
    (tmp_path / "causes" / "rules.json").write_text("{}")
    (tmp_path / "causes" / "README.md").write_text("welcome")
    with pytest.raises(RulesFolderError) as caught:
        rule_texts(tmp_path)
    assert len(caught.value.problems) == 4
    assert all("; " in problem for problem in caught.value.problems)


def test_an_empty_folder_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(RulesFolderError, match="holds no rules"):
        rule_texts(tmp_path)
    with pytest.raises(RulesFolderError, match="no such folder"):
        rule_texts(tmp_path / "absent")

"""The import rules of docs/explanation/architecture.md, held by import-linter; pyproject.toml has the contracts."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "headwater"
CORE = ("model", "topology", "signals", "causes", "patterns", "correlation")
CORE_MAY_IMPORT = {"msgspec", "yaml", "headwater"}


def imported_packages(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            yield (node.module or "").partition(".")[0]


def core_modules() -> list[Path]:
    return sorted(path for package in CORE for path in (SOURCE / package).rglob("*.py"))


def test_each_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"].get("optional-dependencies", {})
    required = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"], *project["build-system"]["requires"]]
    required += [requirement for extra in extras.values() for requirement in extra]
    names = [re.split(r"[\[>=<;! ]", requirement)[0] for requirement in required]
    decision = (ROOT / "docs" / "decisions" / "0002-libraries.md").read_text(encoding="utf-8")
    missing = [name for name in names if f"`{name}" not in decision and not (name.startswith("types-") and "`types-*`" in decision)]
    assert missing == [], "say in docs/decisions/0002-libraries.md why, under which licence and instead of what"


def test_every_contract_holds() -> None:
    # In a process of its own: import-linter sets up logging for the whole process that it runs in.
    linter = str(Path(sys.executable).parent / "lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", core_modules(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_the_core_imports_only_msgspec_and_the_yaml_parser(path: Path) -> None:
    foreign = set(imported_packages(path)) - CORE_MAY_IMPORT - set(sys.stdlib_module_names)
    assert not foreign, f"{path} imports {sorted(foreign)}: the core's only third-party imports are msgspec and yaml"

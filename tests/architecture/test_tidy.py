"""
What no linter sees, held by reading our own source: determinism of the core, sizes, names, and nothing said of who wrote it where.

Each rule is a function from a parsed file to its complaints, and is itself shown to complain.
"""

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "headwater"
CORE = ("model", "topology", "signals", "causes", "patterns", "correlation")
MODULE_LINES_MAX = 400
FUNCTION_LINES_MAX = 50
BANNED_MODULE_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "core", "base", "manager", "managers"}
BANNED_WORDS = {"ns", "msg", "cfg", "ctx", "evt", "svc", "mgr", "tmp", "ts"}
BANNED_CLASS_NAME = re.compile(r"(Manager|Helper|Helpers|Util|Utils)$|^(Abstract|Base)[A-Z]")
# Calls that depend on the process, or reach outside it: no effect may.
BANNED_CORE_CALLS = {"hash", "id", "open", "print", "input", "exec", "eval", "breakpoint", "globals", "vars"}
BANNED_TEXT = re.compile(
    r"/work/|/tmp/|/root/|\bsession [0-9a-f]{6}|\bissue #?\d|\bclaude\b|\bchatgpt\b|\bgpt-\d|\bas an ai\b|language model",
    re.IGNORECASE,
)

Rule = Callable[[ast.Module, str], Iterator[str]]


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def text_files() -> list[Path]:
    kinds = {".py", ".md", ".yaml", ".yml", ".toml", ".json", ".txt", ".sh", ""}
    kept = [path for folder in ("src", "tests", "bench", "docs", "deploy", ".ci") for path in (ROOT / folder).rglob("*")]
    kept += [path for path in ROOT.iterdir() if path.name != ".gitignore"]
    return sorted(
        path for path in kept if path.is_file() and path.suffix in kinds and "__pycache__" not in path.parts and path != Path(__file__)
    )


def core_rule(tree: ast.Module, _text: str) -> Iterator[str]:
    """Nothing in the core may give another answer in another process, or reach outside it."""
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in BANNED_CORE_CALLS:
            yield f"line {line}: {node.func.id}() in the core"
        if isinstance(node, ast.Await | ast.AsyncFunctionDef | ast.AsyncFor | ast.AsyncWith):
            yield f"line {line}: asynchronous code in the core"
        if isinstance(node, ast.For | ast.comprehension) and _is_set(node.iter):
            yield f"line {getattr(node.iter, 'lineno', line)}: a loop over a set, whose order is the process's: sort it"
        if isinstance(node, ast.Global):
            yield f"line {line}: global state in the core"


def _is_set(node: ast.expr) -> bool:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return node.func.id in {"set", "frozenset"} or (
            node.func.id in {"list", "tuple", "enumerate"} and bool(node.args) and _is_set(node.args[0])
        )
    return isinstance(node, ast.Set | ast.SetComp)


def size_rule(tree: ast.Module, text: str) -> Iterator[str]:
    """What does not fit a screen or two is two things."""
    lines = text.count("\n")
    if lines > MODULE_LINES_MAX:
        yield f"{lines} lines in a module, at most {MODULE_LINES_MAX}"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1 - _docstring_lines(node)
            if length > FUNCTION_LINES_MAX:
                yield f"line {node.lineno}: {node.name} has {length} lines, at most {FUNCTION_LINES_MAX}"


def _docstring_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The lines of a docstring, which do not count: a command's documents its options."""
    if ast.get_docstring(node) is None:
        return 0
    first = node.body[0]
    return (first.end_lineno or first.lineno) - first.lineno + 1


def docstring_rule(tree: ast.Module, text: str) -> Iterator[str]:
    """A module opens with what it is for."""
    if text.strip() and not ast.get_docstring(tree):
        yield "no docstring says what the module is for"


def name_rule(tree: ast.Module, _text: str) -> Iterator[str]:
    """The glossary rules: no abbreviations, no names that say nothing."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and BANNED_CLASS_NAME.search(node.name):
            yield f"line {node.lineno}: class {node.name}"
        for name in _names_given(node):
            if BANNED_WORDS & set(name.lower().removesuffix("_ns").strip("_").split("_")):
                yield f"line {getattr(node, 'lineno', 0)}: the name {name} has an abbreviation in it"


def _names_given(node: ast.AST) -> Iterator[str]:
    """The names that this node gives. `_ns` at an end is the unit, nanoseconds."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id


def complaints(rule: Rule, path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    return [f"{path.relative_to(ROOT)}: {complaint}" for complaint in rule(ast.parse(text), text)]


def all_complaints(rule: Rule, paths: list[Path]) -> str:
    return "\n".join(complaint for path in paths for complaint in complaints(rule, path))


def test_the_core_is_deterministic_and_does_nothing_outside() -> None:
    assert all_complaints(core_rule, python_files(*(f"src/headwater/{package}" for package in CORE))) == ""


def test_modules_and_functions_are_small() -> None:
    assert all_complaints(size_rule, python_files("src")) == ""


def test_every_module_says_what_it_is_for() -> None:
    assert all_complaints(docstring_rule, python_files("src", "tests", "bench")) == ""


def test_names_are_words() -> None:
    assert all_complaints(name_rule, python_files("src")) == ""
    named = [path for path in python_files("src") if path.stem.strip("_") in BANNED_MODULE_NAMES or path.parent.name in BANNED_MODULE_NAMES]
    assert named == []


def test_nothing_mentions_who_wrote_it_where() -> None:
    found = []
    for path in text_files():
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if match := BANNED_TEXT.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {match.group()!r}")
    assert found == []


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (core_rule, "order = hash(name)"),
        (core_rule, "key = id(thing)"),
        (core_rule, "text = open(path)"),
        (core_rule, "async def f(): await g()"),
        (core_rule, "for pod in {a, b}: pass"),
        (core_rule, "names = [pod for pod in set(pods)]"),
        (core_rule, "names = [pod for pod in list({p for p in pods})]"),
        (size_rule, "x = 1\n" * (MODULE_LINES_MAX + 1)),
        (size_rule, "def f():\n" + "    x = 1\n" * FUNCTION_LINES_MAX),
        (docstring_rule, "x = 1"),
        (name_rule, "def f(msg): pass"),
        (name_rule, "event_ts = 1"),
        (name_rule, "class PodManager: pass"),
    ],
)
def test_a_rule_complains_when_it_is_broken(rule: Rule, code: str) -> None:
    assert list(rule(ast.parse(code), code))


def test_the_rules_let_pass_what_is_allowed() -> None:
    code = '"""A module."""\nlag_ns = 1\nfor pod in sorted({1, 2}):\n    pass\n'
    assert [complaint for rule in (core_rule, size_rule, docstring_rule, name_rule) for complaint in rule(ast.parse(code), code)] == []

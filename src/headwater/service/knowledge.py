"""Rules as text: those of the package, and a folder of the user's that adds files or replaces them by name. The core reads no files."""

from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

SIGNALS, CAUSES, PATTERNS = "signals", "causes", "patterns"
SECTIONS = {SIGNALS: "headwater.signals", CAUSES: "headwater.causes", PATTERNS: "headwater.patterns"}
_FILE_BYTES_MAX = 1 << 20
_FILES_MAX = 1_000
_ENDINGS = (".yaml", ".yml")


class RulesFolderError(Exception):
    """A folder of rules cannot be used. Holds every problem found, each with its place and remedy."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def rule_texts(folder: Path | None = None) -> dict[str, dict[str, str]]:
    """
    Section → file name → YAML, of the package and of the folder over it.

    Raises RulesFolderError with every problem of the folder.
    """
    texts = {section: dict(_packaged(package)) for section, package in SECTIONS.items()}
    if folder is not None:
        for section, name, text in _of_folder(folder):
            texts[section][name] = text
    return {section: dict(sorted(content.items())) for section, content in texts.items()}


def place_of(file: str, folder: Path | None = None) -> str:
    """Where a file of rules, named `section/file`, is: under the folder as it was given, else in the package."""
    if folder is not None and (folder / file).exists():
        return str(folder / file)
    section, _, name = file.partition("/")
    return f"headwater/{section}/library/{name}"


def _packaged(package: str) -> Iterator[tuple[str, str]]:
    library: Traversable = files(package) / "library"
    if library.is_dir():
        for file in sorted(library.iterdir(), key=lambda file: file.name):
            if file.name.endswith(_ENDINGS):
                yield file.name, file.read_text(encoding="utf-8")


def _of_folder(folder: Path) -> list[tuple[str, str, str]]:
    problems: list[str] = []
    found: list[tuple[str, str, str]] = []
    if not folder.is_dir():
        raise RulesFolderError([f"{folder}: there is no such folder; give one with {', '.join(SECTIONS)} in it"])
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith("."):
            continue
        if entry.is_dir() and entry.name in SECTIONS:
            for path in sorted(entry.iterdir()):
                text = _text_of(path, problems)
                if text is not None:
                    found.append((entry.name, path.name, text))
        elif entry.is_dir() or entry.name.endswith(_ENDINGS):
            problems.append(f"{entry}: is in none of the folders {', '.join(SECTIONS)}; move it into the one it belongs to")
    if not found and not problems:
        problems.append(f"{folder}: holds no rules; put YAML files into {', '.join(f'{folder.name}/{section}' for section in SECTIONS)}")
    if len(found) > _FILES_MAX:
        problems.append(f"{folder}: holds {len(found)} files, more than {_FILES_MAX}; put several rules into one file")
    if problems:
        raise RulesFolderError(problems)
    return found


def _text_of(path: Path, problems: list[str]) -> str | None:
    if path.name.startswith(".") or not path.is_file():
        return None
    if not path.name.endswith(_ENDINGS):
        # A README beside the rules is welcome; anything else that is not YAML would be silently without effect.
        if not path.name.lower().endswith((".md", ".txt")):
            problems.append(f"{path}: is not YAML; name it .yaml, or move it away")
        return None
    try:
        content = path.read_bytes()
    except OSError as error:
        problems.append(f"{path}: cannot be read: {error.strerror}; make it readable")
        return None
    if len(content) > _FILE_BYTES_MAX:
        problems.append(f"{path}: is larger than 1 MiB; split it")
        return None
    try:
        return content.decode()
    except UnicodeDecodeError:
        problems.append(f"{path}: is not UTF-8; save it as UTF-8")
        return None

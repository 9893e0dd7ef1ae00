"""YAML whose every value knows its line, so that an error in a rule names file, line and remedy; all problems are reported at once."""

from collections.abc import Iterator
from typing import Any

import msgspec
import yaml

DEPTH_MAX = 24
FILE_BYTES_MAX = 1_048_576


class Problem(msgspec.Struct, frozen=True, order=True):
    """One thing wrong with a knowledge file."""

    file: str
    line: int
    message: str  # what is wrong
    remedy: str  # what to do

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}. {self.remedy}"


class KnowledgeError(ValueError):
    """Knowledge files are wrong; `problems` has all of them."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Located(msgspec.Struct, frozen=True):
    """A value and its place. `value` is a scalar, a list of Located, or a dict of str to Located."""

    value: Any
    file: str
    line: int

    def problem(self, message: str, remedy: str) -> Problem:
        """A problem at this place."""
        return Problem(self.file, self.line, message, remedy)

    def get(self, key: str) -> "Located | None":
        """The member of a mapping, None where it is absent or this is no mapping."""
        found = self.value.get(key) if isinstance(self.value, dict) else None
        return found if isinstance(found, Located) else None

    def items(self) -> Iterator["Located"]:
        """The members of a list; a scalar counts as a list of itself."""
        if isinstance(self.value, list):
            yield from self.value
        else:
            yield self

    def plain(self) -> Any:
        """The value without places."""
        if isinstance(self.value, dict):
            return {key: member.plain() for key, member in self.value.items()}
        if isinstance(self.value, list):
            return [member.plain() for member in self.value]
        return self.value


# The C parser where PyYAML has it, a fifth of the time; else its own.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TEXT = "tag:yaml.org,2002:str"


class _RefusedError(yaml.YAMLError):
    def __init__(self, problem: str, event: yaml.Event) -> None:
        super().__init__(problem)
        self.problem, self.problem_mark = problem, event.start_mark


def _check_events(text: str) -> None:
    """
    Refuse what must not reach the composer, which descends: too deep nesting, and aliases.

    Aliases would let a short text stand for a document without end. Raises _RefusedError, or what the parser does.
    """
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEPTH_MAX:
                raise _RefusedError(f"nested deeper than {DEPTH_MAX} levels", event)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.AliasEvent):
            raise _RefusedError(f"the alias *{event.anchor} is not taken, write the value again", event)


def load_located(file: str, text: str) -> Located:
    """
    The one document of a YAML text.

    Raises KnowledgeError for what is not YAML, keys that are not strings (YAML 1.1 reads `on`, `off`, `yes`, `no` as booleans), keys given
    twice, aliases, and documents too large or too deep.
    """
    if len(text) > FILE_BYTES_MAX:
        raise KnowledgeError([Problem(file, 1, f"the file is longer than {FILE_BYTES_MAX} characters", "Split it")])
    try:
        _check_events(text)
        node = yaml.compose(text, Loader=_Loader)
    except (yaml.MarkedYAMLError, _RefusedError) as error:
        # The parser finds a missing end on the line after the last.
        line = min(error.problem_mark.line, text.count("\n")) + 1 if error.problem_mark else 1
        raise KnowledgeError([Problem(file, line, f"this is not YAML: {error.problem}", "Mend the syntax")]) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise KnowledgeError([Problem(file, 1, f"this is not YAML: {error}", "Mend the syntax")]) from error
    problems: list[Problem] = []
    if node is None:
        return Located({}, file, 1)
    located = _located(node, file, problems, depth=0)
    if problems:
        raise KnowledgeError(problems)
    return located


def _located(node: yaml.Node, file: str, problems: list[Problem], *, depth: int) -> Located:
    line = node.start_mark.line + 1
    if depth > DEPTH_MAX:
        problems.append(Problem(file, line, f"nested deeper than {DEPTH_MAX} levels", "Flatten it"))
        return Located(None, file, line)
    if isinstance(node, yaml.MappingNode):
        members: dict[str, Located] = {}
        for key_node, value_node in node.value:
            key = _scalar(key_node)
            key_line = key_node.start_mark.line + 1
            if not isinstance(key, str):
                problems.append(Problem(file, key_line, f"the key {key_node.value!r} is not a string", "Put it in quotes"))
                continue
            if key in members:
                problems.append(Problem(file, key_line, f"the key {key!r} is given twice", "Keep one"))
            members[key] = _located(value_node, file, problems, depth=depth + 1)
        return Located(members, file, line)
    if isinstance(node, yaml.SequenceNode):
        return Located([_located(member, file, problems, depth=depth + 1) for member in node.value], file, line)
    return Located(_scalar(node), file, line)


def _scalar(node: yaml.Node) -> Any:
    if node.tag == _TEXT:
        return node.value
    return yaml.constructor.SafeConstructor().construct_object(node, deep=True)

"""All patterns in force: read, linted and ordered. What it holds depends on the texts alone, not on the order of the files."""

from collections.abc import Collection, Mapping

import msgspec

from headwater.model.located_yaml import KnowledgeError, Problem
from headwater.patterns.lint import in_order, lint
from headwater.patterns.parse import parse_patterns
from headwater.patterns.schema import Pattern, class_of
from headwater.patterns.source import Source

PATTERNS_MAX = 1_000


class PatternLibrary(msgspec.Struct, frozen=True):
    """Patterns by id."""

    patterns: tuple[Pattern, ...] = ()

    @property
    def anchors(self) -> frozenset[str]:
        """The classes that any pattern is anchored at."""
        return frozenset(class_of(name) for pattern in self.patterns for name in pattern.anchor)

    @classmethod
    def from_texts(cls, texts: Mapping[str, str], *, classes: Collection[str]) -> "PatternLibrary":
        """
        The library in these files (name → YAML); `classes` are the symptom classes a sighting may have, and their kinds as `class/kind`.

        Raises KnowledgeError with every problem of every file.
        """
        problems: list[Problem] = []
        patterns: dict[str, Pattern] = {}
        for file, text in sorted(texts.items()):
            source = Source(file)
            for pattern in parse_patterns(source, text):
                if pattern.id in patterns:
                    first = patterns[pattern.id]
                    source.note(
                        pattern.line,
                        f"pattern `{pattern.id}` is already in {first.file}:{first.line}",
                        f"Call it otherwise, or name this file {first.file} to replace it",
                    )
                elif pattern.id:
                    patterns[pattern.id] = pattern
                    problems += lint(pattern, classes)
            problems += source.problems
        if len(patterns) > PATTERNS_MAX:
            problems.append(Problem("", 0, f"there are {len(patterns)} patterns, more than {PATTERNS_MAX}", "Keep fewer"))
        if problems:
            raise KnowledgeError(problems)
        return cls(tuple(_ordered(pattern) for _, pattern in sorted(patterns.items())))

    def get(self, pattern_id: str) -> Pattern | None:
        """The pattern of this id."""
        return next((pattern for pattern in self.patterns if pattern.id == pattern_id), None)


def _ordered(pattern: Pattern) -> Pattern:
    roles = in_order(pattern.roles)
    assert roles is not None  # lint has refused circles
    return msgspec.structs.replace(pattern, roles=roles)

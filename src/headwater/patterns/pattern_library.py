"""All patterns in force: read, linted and ordered. What it holds depends on the texts alone, not on the order of the files."""

from collections.abc import Collection, Iterable, Mapping

import msgspec

from headwater.model.located_yaml import KnowledgeError, Problem
from headwater.patterns.lint import in_order, lint
from headwater.patterns.parse import parse_patterns
from headwater.patterns.schema import Pattern
from headwater.patterns.source import Source

PATTERNS_MAX = 1_000

NAME_SETS_MAX = 4_096
"""Of so many sets of names it is remembered which patterns they may complete."""


class PatternLibrary(msgspec.Struct, frozen=True):
    """Patterns by id."""

    patterns: tuple[Pattern, ...] = ()
    classes_by_kind: Mapping[str, frozenset[str]] = {}  # kind of a class → classes of which some pattern asks for it
    by_anchor: Mapping[str, tuple[Pattern, ...]] = {}  # derived
    by_kinds: dict[tuple[str, ...], frozenset[str]] = {}  # a cache of `classes_asked_for`
    by_names: dict[frozenset[str], tuple[Pattern, ...]] = {}  # a cache of `possible`, emptied when full

    def __post_init__(self) -> None:
        by_anchor: dict[str, list[Pattern]] = {}
        for pattern in self.patterns:
            for name in dict.fromkeys(pattern.anchor):
                by_anchor.setdefault(name, []).append(pattern)
        msgspec.structs.force_setattr(self, "by_anchor", {name: tuple(found) for name, found in by_anchor.items()})

    def classes_asked_for(self, kinds: tuple[str, ...]) -> frozenset[str]:
        """The classes of which some pattern asks for one of these kinds."""
        found = self.by_kinds.get(kinds)
        if found is None:
            found = self.by_kinds[kinds] = frozenset(name for kind in kinds for name in self.classes_by_kind.get(kind, ()))
        return found

    def possible(self, names: frozenset[str]) -> tuple[Pattern, ...]:
        """The patterns, by id, of which an anchor and all required roles are named here: sightings of other names complete none."""
        found = self.by_names.get(names)
        if found is None:
            anchored = {pattern.id: pattern for name in names for pattern in self.by_anchor.get(name, ())}
            found = tuple(pattern for _, pattern in sorted(anchored.items()) if _may_complete(pattern, names))
            if len(self.by_names) >= NAME_SETS_MAX:
                self.by_names.clear()
            self.by_names[names] = found
        return found

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
        return cls(tuple(_ordered(pattern) for _, pattern in sorted(patterns.items())), _classes_by_kind(patterns.values()))

    def get(self, pattern_id: str) -> Pattern | None:
        """The pattern of this id."""
        return next((pattern for pattern in self.patterns if pattern.id == pattern_id), None)


def _may_complete(pattern: Pattern, names: frozenset[str]) -> bool:
    return all(not names.isdisjoint(role.condition.classes) for role in pattern.roles if role.is_required)


def _ordered(pattern: Pattern) -> Pattern:
    roles = in_order(pattern.roles)
    assert roles is not None  # lint has refused circles
    return msgspec.structs.replace(pattern, roles=roles)


def _classes_by_kind(patterns: Iterable[Pattern]) -> dict[str, frozenset[str]]:
    classes: dict[str, set[str]] = {}
    for pattern in patterns:
        conditions = (*(role.condition for role in pattern.roles), *pattern.exclusions)
        for name in (*pattern.anchor, *(name for condition in conditions for name in condition.classes)):
            symptom_class, _, kind = name.partition("/")
            if kind:
                classes.setdefault(kind, set()).add(symptom_class)
    return {kind: frozenset(found) for kind, found in classes.items()}

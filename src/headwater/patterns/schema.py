"""The pattern language as values: what a parsed, linted pattern is. Nothing here reads text."""

from enum import StrEnum
from typing import Any

import msgspec

from headwater.model.severity import Severity
from headwater.patterns.scene import Place

ANCHOR = "anchor"
"""The name of the anchor wherever a role may be named."""

SILENT = "silent"
"""Among the roots: a cause that nothing reported, inferred because the anchor follows from it (a silent service, a suspect node)."""


def class_of(name: str) -> str:
    """The class in what a condition names: a class, or one kind of it as `class/kind`."""
    return name.partition("/")[0]


class Standing(msgspec.Struct, frozen=True):
    """A place relative to the anchor or to a role: `node_of`, `same_unit(callers)`."""

    place: Place
    relative_to: str = ANCHOR


class Condition(msgspec.Struct, frozen=True, kw_only=True):
    """
    Which sightings count, and how many are enough.

    A sighting counts when its class (or its kind of it, as `class/kind`) is listed and every given one of `at` (any of its places),
    `blame`, `blamed_by`, `follows`, `due_to` and `lag` (onset minus the anchor's) holds. Enough are `occurrences_min` of them, on
    `entities_min` entities of `units_min` units, with `count_min` events together (within `within` of the anchor's onset, where given).
    """

    classes: tuple[str, ...]
    at: tuple[Standing, ...] = ()
    blame: str = ""  # the one it blames
    blamed_by: str = ""
    follows: str = ""
    due_to: str = ""  # blames it or follows from it
    lag: tuple[int, int] | None = None  # nanoseconds
    within: int | None = None  # nanoseconds
    occurrences_min: int = 1
    entities_min: int = 1
    units_min: int = 1
    count_min: int = 1
    with_anchor: bool = False  # the anchor itself counts, if its class is listed

    @property
    def references(self) -> tuple[str, ...]:
        """The roles (or the anchor) that must be filled before this can be judged."""
        named = [standing.relative_to for standing in self.at] + [self.blame, self.blamed_by, self.follows, self.due_to]
        return tuple(sorted({name for name in named if name}))


class Role(msgspec.Struct, frozen=True, kw_only=True):
    """A named part of the pattern."""

    name: str
    condition: Condition
    is_required: bool = False
    weight: float = 0.0
    line: int = 0


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """One symptom of a pattern's test, or several equal ones."""

    at: int  # nanoseconds since the test's beginning
    symptom_class: str = ""
    event: str = ""  # an alias of a wire event, instead of a class
    reason: str = ""  # a Kubernetes Event's, instead of a class
    message: str = ""  # and what that Event says
    about: str = ""
    peer: str = ""
    count: int = 1
    every: int = 1_000_000_000
    line: int = 0


class Expectation(msgspec.Struct, frozen=True, kw_only=True):
    """What must be found: one incident that has all of these, or nothing, or no incident of a pattern."""

    is_nothing: bool = False
    not_pattern: str = ""
    pattern: str = ""
    type: str = ""
    cause: str = ""
    symptom_class: str = ""
    severity: str = ""
    remediation: str = ""
    members: int | None = None


class PatternTest(msgspec.Struct, frozen=True, kw_only=True):
    """A small story, and what must come of it."""

    name: str
    topology: tuple[str, ...]
    objects: tuple[dict[str, Any], ...] = ()  # parts of objects: `about`, and what stands under `metadata`, `spec` and `status`
    told: tuple[Told, ...]
    expect: tuple[Expectation, ...]
    line: int = 0


class TextField(StrEnum):
    """Where a template stands, which decides how values are put in."""

    PROSE = "prose"
    COMMAND = "command"


class Template(msgspec.Struct, frozen=True):
    """A text with `{placeholders}`."""

    text: str
    field: TextField = TextField.PROSE
    line: int = 0


class Pattern(msgspec.Struct, frozen=True, kw_only=True):
    """A named failure: what it looks like, what to call it, where it began and what to do."""

    id: str
    type: str
    summary: str
    severity: Severity
    anchor: tuple[str, ...]
    roles: tuple[Role, ...]  # each after the roles it refers to
    exclusions: tuple[Condition, ...]
    roots: tuple[str, ...]  # the anchor, or roles whose first sighting may be the cause, or `silent`; preferred first
    complete_at: float
    remediation: Template
    steps: tuple[Template, ...]
    commands: tuple[Template, ...]
    risk: str
    tests: tuple[PatternTest, ...]
    file: str = ""
    line: int = 0

    def role(self, name: str) -> Role | None:
        """The role of this name."""
        return next((role for role in self.roles if role.name == name), None)

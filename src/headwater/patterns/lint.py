"""What a pattern must keep beyond its shape: known words, roles that can be filled, templates that can be rendered, tests of both kinds."""

import shlex
from collections.abc import Collection, Iterator

from headwater.model.located_yaml import Problem
from headwater.patterns.render import placeholders_of
from headwater.patterns.schema import ANCHOR, SILENT, Condition, Expectation, Pattern, PatternTest, Role, Template, TextField, class_of
from headwater.patterns.source import shown, suggestion

LAG_MAX = 900_000_000_000
"""Fifteen minutes: an incident is final once nothing that a rule or pattern may wait for can still come."""

CAUSE_PLACEHOLDERS = tuple(
    f"cause.{field}" for field in ("name", "kind", "namespace", "service", "owner", "owner_kind", "owner_name", "node")
)
ROLE_PLACEHOLDER_FIELDS = ("name", "service")


def lint(pattern: Pattern, classes: Collection[str]) -> list[Problem]:
    """All that is wrong with a pattern. `classes` are those that a sighting may have."""
    checks = (
        *_classes(pattern, classes),
        *_references(pattern),
        *_lags(pattern),
        *_idle_roles(pattern),
        *_templates(pattern),
        *_tests(pattern, classes),
    )
    return [Problem(pattern.file, line or pattern.line, f"pattern `{pattern.id}`: {what}", remedy) for line, what, remedy in checks]


Finding = tuple[int, str, str]


def in_order(roles: tuple[Role, ...]) -> tuple[Role, ...] | None:
    """
    The roles, each after those it refers to, required ones as early as can be; None where they go in a circle.

    Most instances fail for want of a required role. Unknown references do not count.
    """
    waiting, ordered, known = list(roles), list[Role](), {role.name for role in roles}
    while waiting:
        filled = {role.name for role in ordered}
        ready = [role for role in waiting if all(name in filled or name not in known for name in role.condition.references)]
        if not ready:
            return None
        following = min(ready, key=lambda role: not role.is_required)
        ordered.append(following)
        waiting.remove(following)
    return tuple(ordered)


def _conditions(pattern: Pattern) -> Iterator[tuple[int, str, Condition]]:
    yield from ((role.line, f"the role `{role.name}`", role.condition) for role in pattern.roles)
    yield from ((pattern.line, "an item of `not`", condition) for condition in pattern.exclusions)


def _classes(pattern: Pattern, classes: Collection[str]) -> Iterator[Finding]:
    known = tuple(sorted(classes))
    used = [(pattern.line, "the anchor", name) for name in pattern.anchor]
    used += [(line, what, name) for line, what, condition in _conditions(pattern) for name in condition.classes]
    for line, what, name in used:
        if name not in classes:
            yield (
                line,
                f"{what} names the class `{shown(name)}`, which no signal gives",
                suggestion(name, known, "See the signal catalogue"),
            )
    if not pattern.anchor:
        yield pattern.line, "no class can be its anchor", "Add `anchor: [pod.crashloop, …]`"


def _references(pattern: Pattern) -> Iterator[Finding]:
    names = (ANCHOR, *(role.name for role in pattern.roles))
    for line, what, condition in _conditions(pattern):
        for name in condition.references:
            if name not in names:
                yield line, f"{what} refers to `{shown(name)}`, which is no role", suggestion(name, names, f"Use one of {', '.join(names)}")
    causes = (*names, SILENT)
    for name in pattern.roots:
        if name not in causes:
            yield (
                pattern.line,
                f"`root` names `{shown(name)}`, which is no role",
                suggestion(name, causes, f"Use one of {', '.join(causes)}"),
            )
    if not any(name in (ANCHOR, SILENT) or ((role := pattern.role(name)) and role.is_required) for name in pattern.roots):
        yield pattern.line, "its `root` may be absent", "Add `anchor` to it, or require the role"
    if in_order(pattern.roles) is None:
        yield pattern.line, "its roles refer to each other in a circle", "Let one of them refer to the anchor"


def _lags(pattern: Pattern) -> Iterator[Finding]:
    for line, what, condition in _conditions(pattern):
        if condition.lag is not None and max(map(abs, condition.lag)) > LAG_MAX:
            yield line, f"{what} waits longer than 15 minutes", "Keep `lag` within [-15m, 15m]"
        if condition.within is not None and not 0 < condition.within <= LAG_MAX:
            yield line, f"{what} has `within` outside 0 to 15 minutes", "Write `within: 30s`"
        if condition.with_anchor and not {*map(class_of, condition.classes)} & {*map(class_of, pattern.anchor)}:
            yield line, f"{what} counts the anchor, whose class it does not list", "Add the anchor's class, or remove `with_anchor`"


def _idle_roles(pattern: Pattern) -> Iterator[Finding]:
    used = {name for _, _, condition in _conditions(pattern) for name in condition.references} | set(pattern.roots)
    for template in (pattern.remediation, *pattern.steps, *pattern.commands):
        used |= {name.split(".")[1] for name in placeholders_of(template) if name.startswith("role.") and name.count(".") == 2}
    for role in pattern.roles:
        if not role.is_required and role.weight == 0 and role.name not in used:
            yield role.line, f"the role `{role.name}` makes no difference", "Give it a weight, require it, or remove it"
    reachable = sum(role.weight for role in pattern.roles)
    if pattern.complete_at > reachable:
        yield pattern.line, f"`complete_at` is more than its roles weigh together ({reachable:g})", "Lower it, or it never completes"


def _templates(pattern: Pattern) -> Iterator[Finding]:
    known = (*CAUSE_PLACEHOLDERS, *(f"role.{role.name}.{field}" for role in pattern.roles for field in ROLE_PLACEHOLDER_FIELDS))
    for template in (pattern.remediation, *pattern.steps, *pattern.commands):
        for name in placeholders_of(template):
            if name not in known:
                remedy = suggestion(name, known, f"Use one of {', '.join(known)}")
                yield template.line, f"a template has the placeholder `{{{shown(name)}}}`", remedy
        if template.field is TextField.COMMAND:
            yield from _command(template)


def _command(template: Template) -> Iterator[Finding]:
    if any(character in template.text for character in "'\"`$;&|<>\\\n"):
        yield (
            template.line,
            f"the command `{shown(template.text)}` needs a shell's quoting",
            "write one plain command; values are quoted for you",
        )
        return
    if not shlex.split(template.text):
        yield template.line, "a command is empty", "Remove it"


def _tests(pattern: Pattern, classes: Collection[str]) -> Iterator[Finding]:
    if not any(fires(pattern, expectation) for test in pattern.tests for expectation in test.expect):
        yield pattern.line, "no test expects it to fire", "Add a test whose `expect` names its cause"
    if not any(holds_fire(pattern, expectation) for test in pattern.tests for expectation in test.expect):
        yield pattern.line, "no test expects it to hold its fire", "Add a test with `expect: nothing` or `expect: {not_pattern: …}`"
    names = [test.name for test in pattern.tests]
    for test in pattern.tests:
        if names.count(test.name) > 1:
            yield test.line, f"two tests are called `{shown(test.name)}`", "Give each its own name"
        yield from _told(test, classes)


def _told(test: PatternTest, classes: Collection[str]) -> Iterator[Finding]:
    if not test.told:
        yield test.line, f"the test `{shown(test.name)}` tells nothing", "Add `told: [{at: 0s, class: …, about: …}]`"
    for told in test.told:
        if told.symptom_class and told.symptom_class not in classes:
            remedy = suggestion(told.symptom_class, tuple(sorted(classes)), "See the signal catalogue")
            yield told.line, f"a test tells the class `{shown(told.symptom_class)}`, which no signal gives", remedy


def fires(pattern: Pattern, expectation: Expectation) -> bool:
    """Whether this expects the pattern to name an incident."""
    if expectation.is_nothing or expectation.not_pattern:
        return False
    return expectation.pattern in ("", pattern.id) and expectation.type in ("", pattern.type)


def holds_fire(pattern: Pattern, expectation: Expectation) -> bool:
    """Whether this expects the pattern not to name what is told."""
    if expectation.is_nothing or expectation.not_pattern == pattern.id:
        return True
    return not expectation.not_pattern and not fires(pattern, expectation)

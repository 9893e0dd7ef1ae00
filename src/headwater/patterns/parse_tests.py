"""The tests inside a pattern, read: a topology in shorthand, what is told, and what is expected of it."""

from re import compile as compile_pattern
from typing import Any

from headwater.model.located_yaml import Located
from headwater.model.severity import SEVERITY_BY_WIRE
from headwater.patterns.schema import Expectation, PatternTest, Told
from headwater.patterns.source import Fields, Source, shown

TEST_FIELDS = ("name", "topology", "objects", "told", "expect")
TOLD_FIELDS = ("at", "class", "event", "reason", "message", "about", "peer", "count", "every")
EXPECT_FIELDS = ("pattern", "type", "cause", "class", "severity", "remediation", "members", "not_pattern")
NOTHING = "nothing"
COUNT_MAX = 1_000

THING = r"[A-Z][A-Za-z]*/[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?(?:@[a-z0-9][-a-z0-9]{0,62})?"
"""`Kind/name`, or `Kind/name@namespace` outside the test's own namespace."""

RELATIONS = ("depends_on", "owns", "selects", "hosts", "mounted_by", "scales", "routed_by", "zone_of", "pulled_by")
"""
The verbs of a topology line: caller depends_on callee, workload owns, Service selects, Node hosts Pod, Secret mounted_by workload,
autoscaler scales workload, Service routed_by Ingress, Zone zone_of Node, Registry pulled_by Pod.
"""

_is_thing = compile_pattern(THING).fullmatch
_is_line = compile_pattern(rf"{THING}(?: (?:{'|'.join(RELATIONS)}) {THING})?").fullmatch


def parse_test(source: Source, node: Located) -> PatternTest | None:
    """One test; what cannot be read is noted in the source."""
    fields = source.mapping(node, "a test", TEST_FIELDS)
    if fields is None:
        return None
    for field in ("name", "told", "expect"):
        if field not in fields.entries:
            source.note(fields.line, f"a test has no `{field}`", f"Add `{field}: …`")
    entries = fields.entries
    return PatternTest(
        name=source.text(entries["name"], "the test's `name`") if "name" in entries else "",
        topology=_topology(source, entries.get("topology")),
        objects=_objects(source, entries.get("objects")),
        told=_told(source, entries.get("told")),
        expect=_expectations(source, entries.get("expect")),
        line=fields.line,
    )


def _topology(source: Source, node: Located | None) -> tuple[str, ...]:
    lines = []
    for item in source.items(node, "`topology`") if node is not None else []:
        line = source.text(item, "a line of `topology`")
        if _is_line(line):
            lines.append(line)
        elif line:
            source.note(item, f"`{shown(line)}` is no relation", f"Write `Kind/name verb Kind/name` with one of {', '.join(RELATIONS)}")
    return tuple(lines)


def _objects(source: Source, node: Located | None) -> tuple[dict[str, Any], ...]:
    """Parts of Kubernetes objects, as they are written, for what the lines of the topology do not say."""
    objects = []
    for item in source.items(node, "`objects`") if node is not None else []:
        content = item.plain()
        if not isinstance(content, dict) or not isinstance(content.get("about"), str) or not _is_thing(content["about"]):
            source.note(item, "an object does not say what it is", "Write `{about: Kind/name, spec: {…}}`")
        else:
            objects.append(content)
    return tuple(objects)


def _told(source: Source, node: Located | None) -> tuple[Told, ...]:
    read = [source.mapping(item, "an item of `told`", TOLD_FIELDS) for item in (source.items(node, "`told`") if node is not None else [])]
    return tuple(_told_item(source, fields) for fields in read if fields is not None)


def _told_item(source: Source, fields: Fields) -> Told:
    entries = fields.entries
    if sum(field in entries for field in ("class", "event", "reason")) != 1:
        remedy = "Say what was seen: `class: pod.restart`, or `reason` and `message` of a Kubernetes Event"
        source.note(fields.line, "an item of `told` has not exactly one of `class`, `event` and `reason`", remedy)
    for field in ("at", "about"):
        if field not in entries:
            source.note(fields.line, f"an item of `told` has no `{field}`", f"Add `{field}: …`")
    return Told(
        at=source.duration(entries["at"], "`at`") if "at" in entries else 0,
        symptom_class=source.text(entries["class"], "`class`") if "class" in entries else "",
        event=source.text(entries["event"], "`event`") if "event" in entries else "",
        reason=source.text(entries["reason"], "`reason`") if "reason" in entries else "",
        message=source.text(entries["message"], "`message`") if "message" in entries else "",
        about=_thing(source, entries.get("about"), "`about`"),
        peer=_thing(source, entries.get("peer"), "`peer`"),
        count=source.whole(entries["count"], "`count`", least=1, most=COUNT_MAX) if "count" in entries else 1,
        every=source.duration(entries["every"], "`every`") if "every" in entries else 1_000_000_000,
        line=fields.line,
    )


def _thing(source: Source, node: Located | None, what: str) -> str:
    if node is None:
        return ""
    thing = source.text(node, what)
    if thing and not _is_thing(thing):
        source.note(node, f"{what} is `{shown(thing)}`", "Write `Kind/name`, such as Pod/mysql-0")
    return thing


def _expectations(source: Source, node: Located | None) -> tuple[Expectation, ...]:
    items = source.items(node, "`expect`", single=True) if node is not None else []
    return tuple(expectation for item in items if (expectation := _expectation(source, item)) is not None)


def _expectation(source: Source, node: Located) -> Expectation | None:
    if node.value == NOTHING:
        return Expectation(is_nothing=True)
    fields = source.mapping(node, "an item of `expect`", EXPECT_FIELDS)
    if fields is None:
        return None
    entries = fields.entries

    def text(field: str) -> str:
        return source.text(entries[field], f"`{field}`") if field in entries else ""

    if not entries:
        source.note(node.line, "`expect` expects nothing in particular", "Write `expect: nothing`, or what must be found")
    if "severity" in entries and text("severity") not in SEVERITY_BY_WIRE:
        source.note(entries["severity"], "`severity` is unknown", f"Use one of {', '.join(SEVERITY_BY_WIRE)}")
    return Expectation(
        not_pattern=text("not_pattern"),
        pattern=text("pattern"),
        type=text("type"),
        cause=_thing(source, entries.get("cause"), "`cause`"),
        symptom_class=text("class"),
        severity=text("severity"),
        remediation=text("remediation"),
        members=source.whole(entries["members"], "`members`", least=1, most=COUNT_MAX) if "members" in entries else None,
    )

"""Pattern files read into patterns: the shape of the language. What the words mean is lint's to check."""

from re import compile as compile_pattern

from headwater.model.located_yaml import Located
from headwater.model.severity import SEVERITY_BY_WIRE, Severity
from headwater.patterns.parse_tests import parse_test
from headwater.patterns.scene import Place
from headwater.patterns.schema import ANCHOR, SILENT, Condition, Pattern, PatternTest, Role, Standing, Template, TextField
from headwater.patterns.source import Fields, Source, shown, suggestion

PATTERN_FIELDS = (
    "pattern", "type", "summary", "severity", "anchor", "roles", "not", "root", "complete_at",
    "remediation", "steps", "commands", "risk", "tests",
)  # fmt: skip
REQUIRED_FIELDS = ("pattern", "type", "summary", "severity", "anchor", "remediation", "tests")
CONDITION_FIELDS = (
    "class", "at", "blame", "blamed_by", "follows", "due_to", "lag", "within",
    "min", "min_entities", "min_units", "min_count", "with_anchor",
)  # fmt: skip
ROLE_FIELDS = (*CONDITION_FIELDS, "required", "weight")
THRESHOLD_MAX = 10_000
WEIGHT_REQUIRED = 1.0
WEIGHT_OPTIONAL = 0.5

_NAME = compile_pattern(r"[a-z][a-z0-9_]{0,63}").fullmatch
_STANDING = compile_pattern(r"([a-z_]+)(?:\(([a-z0-9_]+)\))?").fullmatch
_PLACES = tuple(place.value for place in Place)


def parse_patterns(source: Source, text: str) -> list[Pattern]:
    """The patterns of a file: one, or a list of them. What cannot be read is noted in the source."""
    document = source.document(text)
    nodes = source.items(document, "the file", single=True) if document is not None else []
    return [pattern for node in nodes if (pattern := _pattern(source, node)) is not None]


def _pattern(source: Source, node: Located) -> Pattern | None:
    fields = source.mapping(node, "the pattern", PATTERN_FIELDS)
    if fields is None:
        return None
    for field in REQUIRED_FIELDS:
        if field not in fields.entries:
            source.note(fields.line, f"the pattern has no `{field}`", f"Add `{field}: …`")
    entries = fields.entries
    return Pattern(
        id=_name(source, entries.get("pattern"), "`pattern`"),
        type=_name(source, entries.get("type"), "`type`"),
        summary=_text(source, fields, "summary"),
        severity=_severity(source, entries.get("severity")),
        anchor=source.texts(entries["anchor"], "`anchor`", single=True) if "anchor" in entries else (),
        roles=_roles(source, entries.get("roles")),
        exclusions=_exclusions(source, entries.get("not")),
        roots=source.texts(entries["root"], "`root`", single=True) if "root" in entries else (ANCHOR,),
        complete_at=source.number(entries["complete_at"], "`complete_at`", least=0, most=100) if "complete_at" in entries else 0.0,
        remediation=_template(source, entries.get("remediation"), TextField.PROSE),
        steps=_templates(source, fields, "steps", TextField.PROSE),
        commands=_templates(source, fields, "commands", TextField.COMMAND),
        risk=_text(source, fields, "risk"),
        tests=_tests(source, entries.get("tests")),
        file=source.file,
        line=fields.line,
    )


def _text(source: Source, fields: Fields, field: str) -> str:
    return source.text(fields.entries[field], f"`{field}`") if field in fields.entries else ""


def _name(source: Source, node: Located | None, what: str) -> str:
    name = source.text(node, what) if node is not None else ""
    if node is not None and name and not _NAME(name):
        source.note(node, f"{what} is `{shown(name)}`", "Use small letters, digits and _, beginning with a letter")
        return ""
    return name


def _severity(source: Source, node: Located | None) -> Severity:
    word = source.text(node, "`severity`") if node is not None else "warning"
    if node is not None and word not in SEVERITY_BY_WIRE:
        source.note(node, f"`severity` is `{shown(word)}`", f"Use one of {', '.join(SEVERITY_BY_WIRE)}")
    return SEVERITY_BY_WIRE.get(word, Severity.WARNING)


def _template(source: Source, node: Located | None, field: TextField) -> Template:
    if node is None:
        return Template("", field)
    text = source.text(node, "a template")
    if "\n" in text:
        source.note(node, "a template has several lines", "Write one line (`>-` folds long ones)")
    return Template(text, field, node.line)


def _templates(source: Source, fields: Fields, key: str, field: TextField) -> tuple[Template, ...]:
    items = source.items(fields.entries[key], f"`{key}`") if key in fields.entries else []
    return tuple(_template(source, item, field) for item in items)


def _roles(source: Source, node: Located | None) -> tuple[Role, ...]:
    fields = source.mapping(node, "`roles`", None) if node is not None else None
    if fields is None:
        return ()
    return tuple(role for name, body in fields.entries.items() if (role := _role(source, name, body)) is not None)


def _role(source: Source, name: str, node: Located) -> Role | None:
    if not _NAME(name) or name in (ANCHOR, SILENT):
        source.note(node, f"a role is called `{shown(name)}`", "Use small letters, digits and _, and neither `anchor` nor `silent`")
        return None
    fields = source.mapping(node, f"the role `{name}`", ROLE_FIELDS)
    if fields is None:
        return None
    is_required = "required" in fields.entries and source.claim(fields.entries["required"], "`required`")
    weight = WEIGHT_REQUIRED if is_required else WEIGHT_OPTIONAL
    if "weight" in fields.entries:
        weight = source.number(fields.entries["weight"], "`weight`", least=0, most=100)
    condition = _condition(source, fields, f"the role `{name}`")
    return Role(name=name, condition=condition, is_required=is_required, weight=weight, line=fields.line)


def _exclusions(source: Source, node: Located | None) -> tuple[Condition, ...]:
    items = source.items(node, "`not`", single=True) if node is not None else []
    read = [source.mapping(item, "an item of `not`", CONDITION_FIELDS) for item in items]
    return tuple(_condition(source, fields, "an item of `not`") for fields in read if fields is not None)


def _condition(source: Source, fields: Fields, what: str) -> Condition:
    entries = fields.entries
    if "class" not in entries:
        source.note(fields.line, f"{what} has no `class`", "Add `class: [pod.restart, …]`")

    def least(field: str) -> int:
        return source.whole(entries[field], f"`{field}`", least=1, most=THRESHOLD_MAX) if field in entries else 1

    return Condition(
        classes=source.texts(entries["class"], "`class`", single=True) if "class" in entries else (),
        at=_standings(source, entries.get("at")),
        blame=_text(source, fields, "blame"),
        blamed_by=_text(source, fields, "blamed_by"),
        follows=_text(source, fields, "follows"),
        due_to=_text(source, fields, "due_to"),
        lag=_lag(source, entries["lag"]) if "lag" in entries else None,
        within=source.duration(entries["within"], "`within`") if "within" in entries else None,
        occurrences_min=least("min"),
        entities_min=least("min_entities"),
        units_min=least("min_units"),
        count_min=least("min_count"),
        with_anchor="with_anchor" in entries and source.claim(entries["with_anchor"], "`with_anchor`"),
    )


def _standings(source: Source, node: Located | None) -> tuple[Standing, ...]:
    standings = []
    for item in source.items(node, "`at`", single=True) if node is not None else []:
        word = source.text(item, "a place of `at`")
        found = _STANDING(word)
        if found is None or found.group(1) not in _PLACES:
            source.note(item, f"`{shown(word)}` is no place", suggestion(word, _PLACES, f"Use one of {', '.join(_PLACES)}"))
        else:
            standings.append(Standing(Place(found.group(1)), found.group(2) or ANCHOR))
    return tuple(standings)


def _lag(source: Source, node: Located) -> tuple[int, int]:
    bounds = [source.duration(item, "a bound of `lag`") for item in source.items(node, "`lag`")]
    if len(bounds) != 2 or bounds[0] > bounds[1]:
        source.note(node, "`lag` is no earliest and latest", "Write `lag: [-5s, 3m]`, the earlier first")
        return (0, 0)
    return (bounds[0], bounds[1])


def _tests(source: Source, node: Located | None) -> tuple[PatternTest, ...]:
    items = source.items(node, "`tests`") if node is not None else []
    return tuple(test for item in items if (test := parse_test(source, item)) is not None)

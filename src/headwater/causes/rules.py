"""Typed causal rules, compiled from YAML: this class on a cause brings about that class on an effect, along this path, after this delay."""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from re import compile as compile_pattern
from typing import Any

import msgspec

from headwater.model.located_yaml import KnowledgeError, Located, Problem, load_located
from headwater.model.relations import Relation
from headwater.model.times import seconds

LAG_MAX = seconds(900)
"""The longest lag a rule may have: an incident stays open for that long after its last symptom (design: finality)."""

EXPECTED_FROM = 0.85
"""An effect less sure than this says nothing by its absence."""

PEER = "peer"  # the effect blames the cause's service
SERVICE = "service"  # the services of the cause: itself, or those its pods back
SERVED_BY = "^service"  # from a service to all whose service it is: itself, its pods, their workloads
ENDS = "ends"  # of a latent rule: the suspect is at either end of calls that turned bad
DNS = "dns"  # the cause is the cluster's DNS; any effect in the cluster
CLUSTER = "cluster"  # anything in the same cluster: what the control plane does for all
NAMESPACE = "namespace"  # anything in the same namespace: parts of one operator or store that work together without a call one could see
ALONE = frozenset({DNS, CLUSTER, NAMESPACE})
"""Steps that are whole paths."""

PATH_TOKENS = frozenset(
    {PEER, SERVICE, SERVED_BY, *ALONE, *(relation.value for relation in Relation), *(f"^{relation.value}" for relation in Relation)}
)

_RULE_KEYS = frozenset(
    {"id", "cause", "effect", "path", "probability", "lag", "because", "cause_blames", "effect_blames", "to_older", "expected"}
)
_LATENT_KEYS = frozenset({"class", "because_of", "through", "entities_min", "units_min", "share_min", "window"})
_DURATION = compile_pattern(r"(-?\d+(?:\.\d+)?)(ms|s|m)")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0}


class Rule(msgspec.Struct, frozen=True):
    """One causal rule. Lags are effect minus cause, in nanoseconds; `lag_min` is negative where causes are noticed late."""

    id: str
    cause: str
    effect: str
    path: tuple[str, ...]
    probability: float
    lag_min: int
    lag_typical: int
    lag_max: int
    because: str
    cause_blames: bool | None = None  # only where the cause blames somebody (or nobody)
    effect_blames: bool | None = None
    cause_kind: str = ""  # only where the cause is of this kind of its class
    effect_kind: str = ""
    to_older: float = 1.0  # what is left of the probability where the effect's entity was there before the cause
    is_expected: bool = False  # the cause is doubted where the effect does not come


class LatentRule(msgspec.Struct, frozen=True):
    """A common cause nobody reported: when enough of what hangs on one entity turns bad within the window, the entity is suspect."""

    symptom_class: str
    because_of: tuple[str, ...]
    through: Relation | None  # from the suspect to those that turned bad; None for the services at both ends of the calls that did
    entities_min: int
    units_min: int
    share_min: float
    window: int


class Walk(msgspec.Struct, frozen=True):
    """Rules of one class that take the same path, to be walked once for all of them."""

    path: tuple[str, ...]
    rules: tuple[Rule, ...]


class RuleSet(msgspec.Struct, frozen=True):
    """All rules, found by their effect and by their cause."""

    rules: tuple[Rule, ...]
    walks_to: Mapping[str, tuple[Walk, ...]]  # by effect; the rules of each ask about the same time, too
    walks_from: Mapping[str, tuple[Walk, ...]]  # by cause
    relations: frozenset[str]  # that any rule walks, either way
    by_effect: Mapping[str, tuple[Rule, ...]]
    by_cause: Mapping[str, tuple[Rule, ...]]
    latent: tuple[LatentRule, ...]
    lag_longest: int
    expected: Mapping[str, tuple[Rule, ...]]  # by cause: its sure effects

    def reads(self, relation: Relation) -> bool:
        """Whether any rule walks this relation."""
        return relation.value in self.relations

    @staticmethod
    def from_texts(texts: Mapping[str, str], *, classes: Collection[str]) -> "RuleSet":
        """
        Compile the rules of these files; a rule replaces an earlier one of its id.

        Raises KnowledgeError with every problem found.
        """
        problems: list[Problem] = []
        rules: dict[str, Rule] = {}
        latent: dict[str, LatentRule] = {}
        for file, text in texts.items():
            try:
                document = load_located(file, text)
            except KnowledgeError as error:
                problems.extend(error.problems)
                continue
            _refuse_unknown_keys(document, frozenset({"rules", "latent"}), problems)
            for entry in (document.get("rules") or Located([], file, 1)).items():
                rule = _rule(entry, classes, problems)
                if rule is not None:
                    rules[rule.id] = rule
            for entry in (document.get("latent") or Located([], file, 1)).items():
                common = _latent_rule(entry, classes, problems)
                if common is not None:
                    latent[common.symptom_class] = common
        if problems:
            raise KnowledgeError(problems)
        return compile_rules(tuple(rules[key] for key in sorted(rules)), tuple(latent[key] for key in sorted(latent)))


def compile_rules(rules: tuple[Rule, ...], latent: tuple[LatentRule, ...] = ()) -> RuleSet:
    """Index the rules."""
    by_effect: dict[str, list[Rule]] = {}
    by_cause: dict[str, list[Rule]] = {}
    for rule in rules:
        by_effect.setdefault(rule.effect, []).append(rule)
        by_cause.setdefault(rule.cause, []).append(rule)
    longest = max((max(rule.lag_max, -rule.lag_min) for rule in rules), default=0)
    return RuleSet(
        rules=rules,
        walks_to={key: _walks(found, lambda rule: (rule.path, rule.lag_min, rule.lag_max)) for key, found in by_effect.items()},
        walks_from={key: _walks(found, lambda rule: rule.path) for key, found in by_cause.items()},
        relations=frozenset(
            (
                *(step.removeprefix("^") for rule in rules for step in rule.path),
                *(rule.through.value for rule in latent if rule.through),
            )
        ),
        by_effect={key: tuple(found) for key, found in by_effect.items()},
        by_cause={key: tuple(found) for key, found in by_cause.items()},
        latent=latent,
        lag_longest=longest,
        expected={key: sure for key, found in by_cause.items() if (sure := tuple(rule for rule in found if rule.is_expected))},
    )


def _walks(rules: Iterable[Rule], alike: Callable[[Rule], Hashable]) -> tuple[Walk, ...]:
    groups: dict[Hashable, list[Rule]] = {}
    for rule in rules:
        groups.setdefault(alike(rule), []).append(rule)
    return tuple(Walk(found[0].path, tuple(found)) for found in groups.values())


def _rule(entry: Located, classes: Collection[str], problems: list[Problem]) -> Rule | None:
    count = len(problems)
    _refuse_unknown_keys(entry, _RULE_KEYS, problems)
    cause = _class(entry, "cause", classes, problems)
    effect = _class(entry, "effect", classes, problems)
    path = _path(entry, problems)
    probability = entry.get("probability")
    if probability is None or not isinstance(probability.value, float | int) or not 0 < probability.value <= 1:
        problems.append((probability or entry).problem("a rule needs a probability above 0 and at most 1", "Write e.g. `probability: 0.6`"))
    lag = entry.get("lag")
    lags = [_duration(item, problems) for item in lag.items()] if lag else []
    if len(lags) != 3 or not lags[0] <= lags[1] <= lags[2] or lags[2] > LAG_MAX or lags[0] < -LAG_MAX:
        problems.append((lag or entry).problem("a rule needs three ascending lags within 15 minutes", "Write e.g. `lag: [-5s, 10s, 60s]`"))
    if len(problems) > count or probability is None:
        return None
    identifier = entry.get("id")
    because = entry.get("because")
    return Rule(
        id=str(identifier.value) if identifier else f"{cause}>{effect}" + (f"[{','.join(path)}]" if path else ""),
        cause=cause.partition("/")[0],
        effect=effect.partition("/")[0],
        path=path,
        probability=float(probability.value),
        lag_min=lags[0],
        lag_typical=lags[1],
        lag_max=lags[2],
        because=str(because.value) if because else "",
        cause_blames=_flag(entry, "cause_blames", problems),
        effect_blames=_flag(entry, "effect_blames", problems),
        cause_kind=cause.partition("/")[2],
        effect_kind=effect.partition("/")[2],
        to_older=_factor(entry, "to_older", problems),
        is_expected=_expected(entry, float(probability.value), problems),
    )


def _latent_rule(entry: Located, classes: Collection[str], problems: list[Problem]) -> LatentRule | None:
    count = len(problems)
    _refuse_unknown_keys(entry, _LATENT_KEYS, problems)
    symptom_class = _class(entry, "class", classes, problems)
    because_of = entry.get("because_of")
    problems.extend(
        item.problem(f"there is no symptom class {item.value!r}", "Name one that `headwater rules lint` lists")
        for item in (because_of.items() if because_of else ())
        if item.value not in classes
    )
    through = entry.get("through")
    if through is None or through.value not in {ENDS, *(relation.value for relation in Relation)}:
        problems.append((through or entry).problem("`through` must be a relation, or ends", f"Use one of {', '.join(sorted(Relation))}"))
    window = entry.get("window")
    window_ns = _duration(window, problems) if window else seconds(120)
    if len(problems) > count or through is None:
        return None
    numbers: dict[str, Any] = {key: (found.value if (found := entry.get(key)) else default) for key, default in _LATENT_DEFAULTS.items()}
    return LatentRule(
        symptom_class=symptom_class,
        because_of=tuple(str(item.value) for item in because_of.items()) if because_of else (),
        through=Relation(str(through.value)) if through.value != ENDS else None,
        window=window_ns,
        **numbers,
    )


_LATENT_DEFAULTS = {"entities_min": 3, "units_min": 2, "share_min": 0.5}


def _class(entry: Located, key: str, classes: Collection[str], problems: list[Problem]) -> str:
    found = entry.get(key)
    if found is None or found.value not in classes:
        named = "nothing" if found is None else repr(found.value)
        problems.append(
            (found or entry).problem(f"`{key}` must name a symptom class, not {named}", "`headwater rules lint` lists the classes")
        )
        return ""
    return str(found.value)


def _flag(entry: Located, key: str, problems: list[Problem]) -> bool | None:
    found = entry.get(key)
    if found is None or isinstance(found.value, bool):
        return found.value if found else None
    problems.append(found.problem(f"`{key}` must be true or false", "Leave it out where it does not matter"))
    return None


def _expected(entry: Located, probability: float, problems: list[Problem]) -> bool:
    is_expected = bool(_flag(entry, "expected", problems))
    if is_expected and probability < EXPECTED_FROM:
        problems.append(entry.problem(f"an expected effect needs a probability of at least {EXPECTED_FROM}", "Leave `expected` out"))
    return is_expected


def _factor(entry: Located, key: str, problems: list[Problem]) -> float:
    found = entry.get(key)
    if found is None:
        return 1.0
    if isinstance(found.value, float | int) and not isinstance(found.value, bool) and 0 <= found.value <= 1:
        return float(found.value)
    problems.append(found.problem(f"`{key}` must be a number from 0 to 1", "Leave it out where it makes no difference"))
    return 1.0


def _path(entry: Located, problems: list[Problem]) -> tuple[str, ...]:
    found = entry.get("path")
    path = []
    for item in found.items() if found else ():
        if item.value not in PATH_TOKENS:
            problems.append(item.problem(f"{item.value!r} is no step of a path", f"Use {', '.join(sorted(PATH_TOKENS))}"))
        path.append(str(item.value))
    if PEER in path[:-1] or (len(path) > 1 and not ALONE.isdisjoint(path)):
        problems.append(entry.problem("`peer` must be the last step, and `dns`, `cluster` or `namespace` the only one", "Split the rule"))
    return tuple(path)


def _duration(item: Located, problems: list[Problem]) -> int:
    match = _DURATION.fullmatch(str(item.value))
    if match is None:
        problems.append(item.problem(f"{item.value!r} is no duration", "Write e.g. 500ms, 15s or 5m"))
        return 0
    return seconds(float(match[1]) * _UNITS[match[2]])


def _refuse_unknown_keys(entry: Located, known: frozenset[str], problems: list[Problem]) -> None:
    if not isinstance(entry.value, dict):
        problems.append(entry.problem("a mapping is expected here", f"Give {', '.join(sorted(known))}"))
        return
    problems.extend(
        member.problem(f"unknown key {key!r}", f"Use {', '.join(sorted(known))}") for key, member in entry.value.items() if key not in known
    )

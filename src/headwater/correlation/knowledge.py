"""All that is data: the signal catalogue, the causal rules and the patterns, compiled together and hashed."""

from collections.abc import Callable, Iterable, Mapping
from re import compile as compile_pattern
from typing import TypeVar

import msgspec

from headwater import __version__
from headwater.causes.rules import LAG_MAX, RuleSet
from headwater.model.identity import digest
from headwater.model.located_yaml import KnowledgeError, Problem
from headwater.patterns.pattern_library import PatternLibrary
from headwater.signals.catalogue import Catalogue
from headwater.topology.object_checks import CHECKS

SIGNALS, CAUSES, PATTERNS = "signals", "causes", "patterns"
_NAME = compile_pattern(r"[\w-]+(?:\.[\w-]+)*")
_KIND_NAME = compile_pattern(r"([\w-]+\.[\w-]+)/\w+")
_Compiled = TypeVar("_Compiled")


class Knowledge(msgspec.Struct, frozen=True, eq=False):
    """What the engine knows about failures; `reach` is the longest lag or gap of any rule, in nanoseconds."""

    catalogue: Catalogue
    rules: RuleSet
    patterns: PatternLibrary
    rules_hash: str
    reach: int
    engine_version: str = __version__


def compile_knowledge(texts: Mapping[str, Mapping[str, str]], *, spare_signals: Mapping[str, str] | None = None) -> Knowledge:
    """
    Compile the files of each section ("signals", "causes", "patterns": file name to YAML text).

    Raises KnowledgeError with every problem of every section; a problem's file is `section/file`. Where the signals cannot be read, causes
    and patterns are checked against every name that stands in them, or in `spare_signals`: too lenient rather than too strict.
    """
    problems: list[Problem] = []
    signal_texts = texts.get(SIGNALS, {})
    catalogue = _compiled(SIGNALS, problems, lambda: Catalogue.from_texts(signal_texts))
    classes = frozenset(catalogue.classes) if catalogue else _names_in((*signal_texts.values(), *(spare_signals or {}).values()))
    names = catalogue.names if catalogue else _with_kinds(classes, (*texts.get(CAUSES, {}).values(), *texts.get(PATTERNS, {}).values()))
    rules = _compiled(CAUSES, problems, lambda: RuleSet.from_texts(texts.get(CAUSES, {}), classes=names))
    patterns = _compiled(PATTERNS, problems, lambda: PatternLibrary.from_texts(texts.get(PATTERNS, {}), classes=names | _compared(classes)))
    if catalogue is None or rules is None or patterns is None:
        raise KnowledgeError(problems)
    gap_longest = max((symptom_class.gap for symptom_class in catalogue.classes.values()), default=0)
    return Knowledge(
        catalogue=catalogue,
        rules=rules,
        patterns=patterns,
        rules_hash=digest(*(part for section in sorted(texts) for file in sorted(texts[section]) for part in (file, texts[section][file]))),
        reach=min(LAG_MAX, max(rules.lag_longest, gap_longest)),
    )


def _compiled(section: str, problems: list[Problem], compile_section: Callable[[], _Compiled]) -> _Compiled | None:
    try:
        return compile_section()
    except KnowledgeError as error:
        problems += [msgspec.structs.replace(problem, file=f"{section}/{problem.file}") for problem in error.problems]
        return None


def _names_in(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(name for text in texts for name in _NAME.findall(text))


def _compared(classes: frozenset[str]) -> frozenset[str]:
    """The kinds of each class that objects tell when they are held against each other."""
    return frozenset(f"{name}/{check}" for name in classes for check in CHECKS)


def _with_kinds(classes: frozenset[str], texts: Iterable[str]) -> frozenset[str]:
    """The classes, and every kind of one that stands in these texts."""
    return classes | {found.group() for text in texts for found in _KIND_NAME.finditer(text) if found.group(1) in classes}

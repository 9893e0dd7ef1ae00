"""All that is data: the signal catalogue, the causal rules and the patterns, compiled together and hashed."""

from collections.abc import Mapping

import msgspec

from headwater import __version__
from headwater.causes.rules import LAG_MAX, RuleSet
from headwater.model.identity import digest
from headwater.model.located_yaml import KnowledgeError, Problem
from headwater.patterns.pattern_library import PatternLibrary
from headwater.signals.catalogue import Catalogue

SIGNALS, CAUSES, PATTERNS = "signals", "causes", "patterns"


class Knowledge(msgspec.Struct, frozen=True, eq=False):
    """What the engine knows about failures; `reach` is the longest lag or gap of any rule, in nanoseconds."""

    catalogue: Catalogue
    rules: RuleSet
    patterns: PatternLibrary
    rules_hash: str
    reach: int
    engine_version: str = __version__


def compile_knowledge(texts: Mapping[str, Mapping[str, str]]) -> Knowledge:
    """
    Compile the files of each section ("signals", "causes", "patterns": file name to YAML text).

    Raises KnowledgeError with every problem of every section, so far as a section can be read without the others.
    """
    problems: list[Problem] = []
    catalogue = Catalogue.from_texts(texts.get(SIGNALS, {}))
    classes = frozenset(catalogue.classes)
    rules: RuleSet | None = None
    patterns: PatternLibrary | None = None
    try:
        rules = RuleSet.from_texts(texts.get(CAUSES, {}), classes=classes)
    except KnowledgeError as error:
        problems.extend(error.problems)
    try:
        patterns = PatternLibrary.from_texts(texts.get(PATTERNS, {}), classes=classes)
    except KnowledgeError as error:
        problems.extend(error.problems)
    if rules is None or patterns is None:
        raise KnowledgeError(problems)
    gap_longest = max((symptom_class.gap for symptom_class in catalogue.classes.values()), default=0)
    return Knowledge(
        catalogue=catalogue,
        rules=rules,
        patterns=patterns,
        rules_hash=digest(*(part for section in sorted(texts) for file in sorted(texts[section]) for part in (file, texts[section][file]))),
        reach=min(LAG_MAX, max(rules.lag_longest, gap_longest)),
    )

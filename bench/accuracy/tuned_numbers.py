"""The engine's numbers that were set by hand and decide rankings, and how to set each to something else for one run of the bench."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from importlib import import_module
from math import exp, log
from random import Random

import msgspec

from headwater.correlation.knowledge import CAUSES, SIGNALS, Knowledge, compile_knowledge
from headwater.service.knowledge import rule_texts

Texts = Mapping[str, Mapping[str, str]]

PROBABILITY_MAX = 0.98
DISTURBED_BY = 3.0
"""Disturbed numbers are multiplied with what is drawn between its inverse and it, evenly by the logarithm."""

ANY = ""


class Edit(msgspec.Struct, frozen=True):
    """Which numbers of the YAML texts: the first group of `number` on every line that `line` is found in."""

    section: str
    number: str
    line: str = ANY
    file: str = ANY
    most: float = 1e9


class Number(msgspec.Struct, frozen=True):
    """One tuned number, or a group of them that say one thing."""

    name: str
    constants: tuple[str, ...] = ()  # `module:NAME`, every module of headwater that holds it
    edits: tuple[Edit, ...] = ()
    factors: tuple[float, ...] = (0.5, 2.0)  # what it is multiplied with, to see what comes of it


class Variant(msgspec.Struct, frozen=True):
    """One setting of the engine: as it is, one number multiplied, or all of them disturbed."""

    number: str = ""
    factor: float = 1.0
    seed: int | None = None


PROBABILITIES = Edit(CAUSES, r"\bprobability: ([\d.]+)", most=PROBABILITY_MAX)
SPONTANEITIES = Edit(SIGNALS, r"\bspontaneity: ([\d.]+)", most=1.0)
EVIDENCE = Edit(SIGNALS, r"\bevidence: ([\d.]+)", most=1.0)
EXPECTED_FROM = "causes.rules:EXPECTED_FROM"
"""What makes a rule's effect expected is no matter of its disturbed probability."""

_LOST = r"of: lost_ms"
_ORDINARY = tuple(f"correlation.{module}:ORDINARY_BELOW" for module in ("attribution_view", "novelty", "glance"))

NUMBERS = (
    Number("usual number of slow calls", edits=(Edit(SIGNALS, r"\busual: ([\d.]+)"),)),
    Number("`none` of lost_ms", edits=(Edit(SIGNALS, r"\bnone: ([\d.]+)", _LOST),)),
    Number("`full` of lost_ms", edits=(Edit(SIGNALS, r"\bfull: ([\d.]+)", _LOST),)),
    Number("PASSED", ("correlation.novelty:PASSED",)),
    Number("ORDINARY_BELOW", _ORDINARY, factors=(0.5, 1.5)),
    Number("_REPEATS_COUNTED_MAX", ("correlation.attribution_view:_REPEATS_COUNTED_MAX",)),
    Number("PRIOR_EVIDENCE", ("causes.support:PRIOR_EVIDENCE",)),
    Number("UNRELATED", ("correlation.anchors:UNRELATED",)),
    Number("DOUBT_MIN of parts", ("correlation.partition:DOUBT_MIN",)),
    Number("DOUBT_MIN of causes", ("correlation.expectations:DOUBT_MIN",)),
    Number("SHARES_CLOSE", ("correlation.pattern:SHARES_CLOSE",)),
    Number("lags of -30 s of services", edits=(Edit(CAUSES, r"\blag: \[-(30)s,", file="services.yaml"),)),
    Number("DECAY_MIN", ("causes.lag:DECAY_MIN",)),
    Number(
        "probability of what rollouts do",
        edits=(Edit(CAUSES, PROBABILITIES.number, r"cause: change\.rollout,", most=PROBABILITY_MAX),),
    ),
    Number("`to_older`", edits=(Edit(CAUSES, r"\bto_older: ([\d.]+)", most=1.0),)),
    Number("evidence of slow calls", edits=(Edit(SIGNALS, EVIDENCE.number, r"^  svc\.(slow|gap|latency):", most=1.0),)),
    Number("LOST", ("correlation.expectations:LOST",)),
    Number("TRACE_BOOST", ("correlation.temporal:TRACE_BOOST",), factors=(0.5, 1.5)),
)


def edited(texts: Texts, edit: Edit, changed: Callable[[float], float]) -> dict[str, dict[str, str]]:
    """The texts, where every number of an edit is changed; it stays at most what the edit allows."""

    def replaced(found: re.Match[str]) -> str:
        start, end = found.start(1) - found.start(), found.end(1) - found.start()
        return f"{found[0][:start]}{min(edit.most, changed(float(found[1]))):.6g}{found[0][end:]}"

    def rewritten(file: str, text: str) -> str:
        if edit.file not in (ANY, file):
            return text
        lines = text.splitlines(keepends=True)
        return "".join(re.sub(edit.number, replaced, line) if re.search(edit.line, line) else line for line in lines)

    return {
        section: {file: rewritten(file, text) if section == edit.section else text for file, text in files.items()}
        for section, files in texts.items()
    }


def disturbed(texts: Texts, seed: int) -> dict[str, dict[str, str]]:
    """The texts, where every probability, spontaneity and weight of evidence is multiplied with a random factor of its own."""
    random = Random(seed)
    width = log(DISTURBED_BY)

    def change(value: float) -> float:
        return value * exp(random.uniform(-width, width))

    changed = edited(edited(texts, PROBABILITIES, change), SPONTANEITIES, lambda value: max(0.001, change(value)))
    # Evidence is at most 1, and only counts beside other evidence: all of it is made less, so that none is cut off.
    return edited(changed, EVIDENCE, lambda value: change(value) / DISTURBED_BY)


def values_of(number: Number, texts: Texts) -> list[float]:
    """What it is as committed; of a group, each value once."""
    found = {float(getattr(import_module(module), name)) for module, name in map(_located, number.constants)}

    def noted(value: float) -> float:
        found.add(value)
        return value

    for edit in number.edits:
        edited(texts, edit, noted)
    return sorted(found)


@lru_cache(maxsize=2)
def knowledge_of(variant: Variant) -> Knowledge:
    """The built-in rules in this setting, compiled once per process and variant."""
    texts: Texts = rule_texts()
    if variant.seed is not None:
        with constants_set((EXPECTED_FROM,), lambda _: 0.0):
            return compile_knowledge(disturbed(texts, variant.seed))
    for edit in _number(variant).edits:
        texts = edited(texts, edit, lambda value: value * variant.factor)
    return compile_knowledge(texts)


@contextmanager
def in_force(variant: Variant) -> Iterator[None]:
    """The constants of this setting, until the end of the block."""
    with constants_set(_number(variant).constants, lambda value: value * variant.factor):
        yield


@contextmanager
def constants_set(places: Sequence[str], changed: Callable[[float], float]) -> Iterator[None]:
    """Change the constants in these places until the end of the block; whole numbers stay whole."""
    before = [(import_module(module), name, getattr(import_module(module), name)) for module, name in map(_located, places)]
    try:
        for module, name, value in before:
            setattr(module, name, type(value)(changed(value)))
        yield
    finally:
        for module, name, value in before:
            setattr(module, name, value)


def _number(variant: Variant) -> Number:
    return next((number for number in NUMBERS if number.name == variant.number), Number(""))


def _located(place: str) -> tuple[str, str]:
    module, _, name = place.partition(":")
    return f"headwater.{module}", name

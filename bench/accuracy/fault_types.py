"""From the published pattern and class to the fault types of others, through a table that is data."""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import msgspec
import yaml

from headwater.model.results import CorrelationResult

TABLE = Path(__file__).with_name("fault_types.yaml")


class FaultTypes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """
    The table.

    `vocabularies` say which words the truths of cases with such names use; of a row's words the first that the case's vocabulary has
    is predicted. Asked are, for the pattern and then for each that matches too: the row of `pattern/class`, and the pattern's own. What
    none of them knows is asked of the class alone.
    """

    vocabularies: Mapping[str, Sequence[str]]
    patterns: Mapping[str, Sequence[str]]
    patterns_by_class: Mapping[str, Sequence[str]]
    classes: Mapping[str, Sequence[str]]

    def of_result(self, case: str, result: CorrelationResult) -> str:
        """The fault type of an incident."""
        symptom_class = result.cause.symptom_class
        for pattern in (result.pattern, *result.also_matches):
            for row in (self.patterns_by_class.get(f"{pattern}/{symptom_class}"), self.patterns.get(pattern)):
                if row and (word := self._word(case, row)):
                    return word
        return self.of_class(case, symptom_class)

    def of_class(self, case: str, symptom_class: str) -> str:
        """The fault type of a suspect of which only the class is known."""
        return self._word(case, self.classes.get(symptom_class, ()))

    def _word(self, case: str, words: Sequence[str]) -> str:
        known = next((words for pattern, words in self.vocabularies.items() if fnmatchcase(case, pattern)), words)
        return next((word for word in words if word in known), "")


@cache
def packaged_types() -> FaultTypes:
    """The table beside this module."""
    return msgspec.convert(yaml.safe_load(TABLE.read_text(encoding="utf-8")), FaultTypes)

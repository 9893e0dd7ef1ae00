"""docs/reference says what the program does: its generated pages are current, and nothing that exists is missing from the others."""

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.e2e.reference_pages import FOLDER, pages

from headwater.causes.rules import PATH_TOKENS
from headwater.correlation.verdict import Reason
from headwater.edges.nats import subjects
from headwater.model.effects import RejectionReason
from headwater.model.relations import Relation
from headwater.patterns.parse import PATTERN_FIELDS, ROLE_FIELDS
from headwater.patterns.parse_tests import EXPECT_FIELDS, RELATIONS, TEST_FIELDS, TOLD_FIELDS
from headwater.patterns.scene import Place
from headwater.signals.conditions import OPERATORS
from headwater.signals.fields import FIELD_NAMES
from headwater.signals.signal import KEYS


def test_the_generated_pages_are_current(golden: Callable[[Path, str], None]) -> None:
    for name, text in pages().items():
        golden(FOLDER / name, text)


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (
            "subjects.md",
            [subjects.RESULTS, subjects.ALERTS, subjects.REJECTED, subjects.TRACES, subjects.TOPOLOGY, "Nats-Msg-Id", "traceparent"],
        ),
        ("subjects.md", [reason.value for reason in RejectionReason]),
        ("subjects.md", [reason.value for reason in Reason]),
        ("rules.md", [relation.value for relation in Relation]),
        ("rules.md", [place.value for place in Place]),
        ("rules.md", [token for token in sorted(PATH_TOKENS) if not token.startswith("^")]),
        ("rules.md", [*PATTERN_FIELDS, *ROLE_FIELDS]),
        ("rules.md", [*TEST_FIELDS, *TOLD_FIELDS, *EXPECT_FIELDS, *RELATIONS]),
        ("rules.md", [*sorted(KEYS), *sorted(OPERATORS), *sorted(FIELD_NAMES)]),
    ],
)
def test_every_word_of_the_contract_is_in_its_page(page: str, words: list[str]) -> None:
    text = (FOLDER / page).read_text(encoding="utf-8")
    assert [word for word in words if f"`{word}" not in text] == []


def test_the_index_links_every_page() -> None:
    index = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in sorted(FOLDER.glob("*.md")) if page.name != "README.md" and f"({page.name})" not in index] == []

"""The page of ten incidents shows what the engine publishes now; recorded cases where their folder is at hand."""

from collections.abc import Callable
from pathlib import Path

from bench.accuracy.incident_page import renewed
from tests.unit.bench.accuracy.recorded import DATA

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "ten-incidents.md"
FAILURES = DATA / "failures" / "nezha"


def test_the_published_results_on_the_page_are_current(golden: Callable[[Path, str], None]) -> None:
    page = renewed(PAGE.read_text(encoding="utf-8"), FAILURES)
    golden(PAGE, page)
    assert page.count("<!-- published ") >= 10

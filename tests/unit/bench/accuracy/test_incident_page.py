"""A page that shows what is published: its blocks are renewed, everything else is its author's."""

from pathlib import Path

from bench.accuracy.incident_page import renewed
from tests.unit.bench.accuracy.recorded import outage, write_case

PAGE = """# Read

Mine.

<!-- published {name} -->
```text
what was published before
```
<!-- end of {name} -->

Also mine.
"""


def test_a_block_of_a_recorded_case_holds_what_is_published_of_it_now(tmp_path: Path) -> None:
    write_case(tmp_path, "one", outage("cart"))

    page = renewed(PAGE.format(name="one"), tmp_path)

    assert page.startswith("# Read\n\nMine.\n\n<!-- published one -->\n```text\n")
    assert page.endswith("```\n<!-- end of one -->\n\nAlso mine.\n")
    assert "cart" in page
    assert "published before" not in page
    assert renewed(page, tmp_path) == page


def test_a_recorded_case_that_is_not_there_is_left_as_it_stands(tmp_path: Path) -> None:
    page = PAGE.format(name="elsewhere")
    assert renewed(page, tmp_path) == page
    assert renewed(page, None) == page


def test_a_simulated_case_needs_no_folder_and_can_be_given_as_json() -> None:
    page = renewed("<!-- published rollout/1 json -->\n<!-- end of rollout/1 -->", None)
    assert page.startswith("<!-- published rollout/1 json -->\n```json\n{\n")
    assert '"root_cause"' in page
    assert '"engine"' not in page

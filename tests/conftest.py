"""What all tests share: golden files, which `make rewrite` writes anew, and how hypothesis searches."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

Golden = Callable[[Path, str], None]

# The same examples on every run, so that a change that fails is the change that broke it; `--hypothesis-profile=fresh` looks further.
settings.register_profile("fixed", deadline=None, derandomize=True)
settings.register_profile("fresh", deadline=None, print_blob=True)
settings.load_profile("fixed")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite", action="store_true", help="write golden files instead of comparing with them; review the diff like code")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare a text with the file that holds what it should be."""
    is_rewriting = bool(request.config.getoption("--rewrite"))

    def check(path: Path, text: str) -> None:
        if is_rewriting:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.is_file(), f"{path} is missing: run `make rewrite` and review the diff"
        assert path.read_text(encoding="utf-8") == text, f"{path} is not what the code gives: run `make rewrite` and review the diff"

    return check

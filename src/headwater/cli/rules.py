"""`headwater rules lint` and `headwater rules test`."""

from typing import Annotated

from cyclopts import App, Parameter

from headwater.cli.options import flag, settings_of
from headwater.cli.terminal import FAILURE, OK, USAGE, CommandError, clean, say
from headwater.service.engine import load_knowledge, rules_folder
from headwater.service.knowledge import PATTERNS, place_of

app = App(name="rules", help="Check rules, and run the tests inside them.")


@app.command
def lint(*, rules: Annotated[str | None, flag("engine.rules")] = None) -> int:
    """
    Check the rules; every problem is told with file, line and remedy.

    Exit code 0 if all is well, 2 if not.
    """
    settings = settings_of(None, {"engine.rules": rules})
    knowledge = load_knowledge(settings.engine.rules)
    tests = sum(len(pattern.tests) for pattern in knowledge.patterns.patterns)
    say(
        f"{len(knowledge.catalogue.classes)} symptom classes, {len(knowledge.rules.rules)} causal rules, "
        f"{len(knowledge.patterns.patterns)} patterns with {tests} tests: no problems"
    )
    return OK


@app.command(name="test")
def run_tests(
    pattern: str | None = None,
    /,
    *,
    rules: Annotated[str | None, flag("engine.rules")] = None,
    verbose: Annotated[bool, Parameter(name=["--verbose", "-v"], negative="")] = False,
) -> int:
    """
    Run the tests inside the patterns through the real engine.

    Exit code 0 if all pass, 1 if one fails, 2 if the rules have problems.

    Parameters
    ----------
    pattern
        Only the tests of this pattern.
    verbose
        Name the tests that pass, too.
    """
    from headwater.testing.pattern_tests import run_pattern_tests

    settings = settings_of(None, {"engine.rules": rules})
    knowledge = load_knowledge(settings.engine.rules)
    if pattern is not None and knowledge.patterns.get(pattern) is None:
        known = ", ".join(each.id for each in knowledge.patterns.patterns)
        raise CommandError(f"there is no pattern {clean(pattern, 80)!r}", f"there are {known}", exit_code=USAGE)
    passed = failed = 0
    for outcome in run_pattern_tests(knowledge, only=[pattern] if pattern else []):
        passed += outcome.passed
        failed += not outcome.passed
        if not outcome.passed or verbose:
            place = place_of(f"{PATTERNS}/{outcome.file}", rules_folder(settings.engine.rules))
            mark = "ok  " if outcome.passed else "FAIL"
            say(f"{mark}  {clean(outcome.pattern)}: {clean(outcome.test)} ({clean(place)}:{outcome.line})")
        for failure in outcome.failures:
            say(f"        {clean(failure, 1_000)}")
    say(f"{passed} passed, {failed} failed")
    return FAILURE if failed else OK

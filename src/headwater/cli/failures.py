"""What an error means to the one who typed the command: a line, a remedy, an exit code; a traceback only for a bug, if asked for."""

import os
import traceback
from collections.abc import Sequence
from difflib import get_close_matches

from headwater.cli.terminal import FAILURE, INTERRUPTED, USAGE, CommandError, complain, note


def exit_code_of(error: BaseException, tokens: Sequence[str]) -> int:
    """Tell the error on standard error and return the exit code it stands for."""
    if isinstance(error, BaseExceptionGroup):
        return exit_code_of(error.exceptions[0], tokens)
    if isinstance(error, BrokenPipeError):
        raise error
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED
    if isinstance(error, CommandError):
        complain(str(error), error.remedy)
        return error.exit_code
    return _of_library(error, tokens)


def complain_of_command(name: str, known: Sequence[str]) -> int:
    """Tell that there is no such command."""
    close = get_close_matches(name, known, n=1)
    complain(f"there is no command {name!r}", f"did you mean {close[0]}?" if close else "headwater --help lists the commands")
    return USAGE


def _of_library(error: BaseException, tokens: Sequence[str]) -> int:
    from cyclopts import CycloptsError

    from headwater.model.located_yaml import KnowledgeError
    from headwater.service.config import ConfigurationError
    from headwater.service.knowledge import RulesFolderError
    from headwater.service.runtime import EngineCrashedError

    if isinstance(error, CycloptsError):
        verb = f"{tokens[0]} " if tokens and not tokens[0].startswith("-") else ""
        complain(str(error).strip(), f"headwater {verb}--help lists what it takes")
        return USAGE
    if isinstance(error, ConfigurationError):
        for problem in error.problems:
            complain(f"{problem.origin}: {problem.what}", problem.remedy)
        return USAGE
    if isinstance(error, RulesFolderError):
        for text in error.problems:
            what, _, remedy = text.partition("; ")
            complain(what, remedy)
        return USAGE
    if isinstance(error, KnowledgeError):
        for flaw in error.problems:
            complain(f"{flaw.file}:{flaw.line}: {flaw.message}", flaw.remedy)
        return USAGE
    if isinstance(error, EngineCrashedError):
        complain(str(error), "this is a bug; a restart repeats these inputs. The log above has the details to report")
        return FAILURE
    return _of_outside(error)


def _of_outside(error: BaseException) -> int:
    from headwater.service.config import DEBUG_VARIABLE
    from headwater.service.wiring import is_trouble_outside

    if is_trouble_outside(error):
        what, _, remedy = str(error).partition("; ")
        complain(what, remedy or "headwater doctor looks for the reason")
        return FAILURE
    if isinstance(error, OSError) and error.filename:
        complain(f"{error.filename}: {error.strerror}")
        return FAILURE
    complain(f"{type(error).__name__}: {error}", f"this is a bug in Headwater; set {DEBUG_VARIABLE}=1 to see where")
    if os.environ.get(DEBUG_VARIABLE):
        note_traceback(error)
    return FAILURE


def note_traceback(error: BaseException) -> None:
    """Print the traceback to standard error."""
    for line in "".join(traceback.format_exception(error)).splitlines():
        note(line)

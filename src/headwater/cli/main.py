"""
The entry: finds the verb, imports only that verb's module, and turns errors into one line, a remedy and an exit code.

Exit codes: 0 success, 1 failure, 2 wrong usage or configuration, 130 interrupted. The root's help needs no library, so that it is quick.
"""

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from headwater import __version__

if TYPE_CHECKING:
    from cyclopts import App


class Verb(NamedTuple):
    """One command of the root."""

    name: str
    summary: str
    target: str  # module:attribute, imported when the verb is used


VERB_GROUPS: dict[str, tuple[Verb, ...]] = {
    "Run": (
        Verb("demo", "See it work: a small shop, a failure, and the incident it becomes.", "headwater.cli.demo:demo"),
        Verb("run", "Correlate events from NATS until stopped; brings its own server if none is given.", "headwater.cli.run:run"),
    ),
    "Look": (
        Verb("incidents", "List incidents, or show one.", "headwater.cli.incidents:app"),
        Verb("explain", "Show the causal tree of an incident, with the evidence for every step.", "headwater.cli.explain:explain"),
        Verb("tail", "Follow results, alerts, events or rejected messages as they come.", "headwater.cli.tail:tail"),
        Verb("topology", "Load Kubernetes objects, or show how things are related.", "headwater.cli.topology:app"),
    ),
    "Feed and test": (
        Verb("collect", "Collect events from one source until stopped.", "headwater.cli.collect:app"),
        Verb("publish", "Publish events from a file or standard input.", "headwater.cli.publish:publish"),
        Verb("replay", "Correlate recorded events again, from a file or the stream.", "headwater.cli.replay:replay"),
        Verb("rules", "Check rules, and run the tests inside them.", "headwater.cli.rules:app"),
    ),
    "Care": (
        Verb("doctor", "Check the server, its streams, the clocks and the engine.", "headwater.cli.doctor:doctor"),
        Verb("config", "List every setting, where it can be set and what it is now.", "headwater.cli.config:config"),
        Verb("completion", "Print a shell's completion script.", "headwater.cli.completion:completion"),
        Verb("version", "Print the version.", "headwater.cli.version:version"),
    ),
}


def root_help() -> str:
    """What `headwater --help` prints."""
    width = max(len(verb.name) for verbs in VERB_GROUPS.values() for verb in verbs) + 3
    lines = ["Headwater finds where a failure began: one incident per cause, from Kubernetes events on NATS JetStream.", ""]
    for group, verbs in VERB_GROUPS.items():
        lines.append(f"{group}:")
        lines += [f"  {verb.name:<{width}}{verb.summary}" for verb in verbs]
        lines.append("")
    lines += [
        "Usage:",
        "  headwater COMMAND [OPTIONS]",
        "",
        "`headwater COMMAND --help` tells more of one command. Begin with `headwater demo`.",
    ]
    return "\n".join(lines)


def verb_names() -> list[str]:
    """The commands of the root."""
    return [verb.name for verbs in VERB_GROUPS.values() for verb in verbs]


def build_app() -> "App":
    """All commands, none imported yet."""
    from cyclopts import App

    app = App(name="headwater", version=__version__, help=root_help(), version_flags=["--version", "-V"])
    for verbs in VERB_GROUPS.values():
        for verb in verbs:
            app.command(verb.target, name=verb.name)
    return app


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit."""
    tokens = list(sys.argv[1:] if arguments is None else arguments)
    try:
        code = _run(tokens)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read us (head, less) has seen enough. Python would complain once more while it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code)


def _run(tokens: list[str]) -> int:
    if tokens in ([], ["--help"], ["-h"], ["help"]):
        print(root_help())
        return 0
    if tokens in (["--version"], ["-V"]):
        print(__version__)
        return 0
    from headwater.cli.failures import complain_of_command, exit_code_of

    if not tokens[0].startswith("-") and tokens[0] not in verb_names():
        return complain_of_command(tokens[0], verb_names())
    try:
        result = build_app()(tokens, exit_on_error=False, print_error=False, verbose=False, result_action="return_value")
    except (Exception, KeyboardInterrupt, asyncio_cancelled()) as error:
        return exit_code_of(error, tokens)
    return result if isinstance(result, int) else 0


def asyncio_cancelled() -> type[BaseException]:
    """asyncio's CancelledError, imported when it can matter."""
    from asyncio import CancelledError

    return CancelledError


if __name__ == "__main__":
    main()

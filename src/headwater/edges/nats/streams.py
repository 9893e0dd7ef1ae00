"""
The three streams. Missing ones are made; existing ones are never changed, but what we stand on is checked in what the server says it has.

A difference that would lose or twist what we keep is an error; a harmless one is a note.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from headwater.edges.nats import subjects
from headwater.edges.nats.connection import Connection
from headwater.edges.nats.errors import RequestError, StreamError

TRACES = "TRACES"
TOPOLOGY = "TOPOLOGY"
CORRELATIONS = "CORRELATIONS"

HOUR_NS = 3_600 * 1_000_000_000
MINUTE_NS = 60 * 1_000_000_000
MESSAGE_BYTES_NEEDED = 1_000_000
"""An event of 900 KiB with its headers, or a part of a checkpoint."""

_STREAM_NOT_FOUND = 10059
_SUBJECTS_OVERLAP = 10065
_NAME_IN_USE = 10058
_NO_STORAGE = (10047, 10028)


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamOptions:
    """What an operator may choose of the streams that are made; -1 is no limit."""

    traces_bytes_max: int = 8 * 1024**3
    traces_hours_max: int = 24
    topology_bytes_max: int = 1024**3
    topology_versions_max: int = 256  # of one object
    correlations_bytes_max: int = 2 * 1024**3
    correlations_days_max: int = 30
    replicas: int = 1


class StreamInfo(NamedTuple):
    """How a stream is just now."""

    first_sequence: int
    last_sequence: int
    messages: int
    config: dict[str, Any]
    bytes: int = 0


def stream_configs(options: StreamOptions) -> list[dict[str, Any]]:
    """The configuration of each stream as JetStream's API takes it."""
    common: dict[str, Any] = {
        "retention": "limits", "storage": "file", "discard": "old", "num_replicas": options.replicas, "allow_direct": True,
    }  # fmt: skip
    return [
        common
        | {
            "name": TRACES,
            "description": "Headwater: the observations, as collectors publish them",
            "subjects": [subjects.TRACES],
            "max_age": options.traces_hours_max * HOUR_NS,
            "max_bytes": options.traces_bytes_max,
            "duplicate_window": 2 * MINUTE_NS,
            "allow_atomic": True,
        },
        common
        | {
            "name": TOPOLOGY,
            "description": "Headwater: Kubernetes objects, the last per subject the present, those before it the past",
            "subjects": [subjects.TOPOLOGY],
            "max_msgs_per_subject": options.topology_versions_max,
            "max_bytes": options.topology_bytes_max,
            "duplicate_window": 2 * MINUTE_NS,
            "allow_atomic": True,
        },
        common
        | {
            "name": CORRELATIONS,
            "description": "Headwater: results, alerts, rejected messages and checkpoints",
            "subjects": [subjects.CORRELATIONS],
            "max_age": options.correlations_days_max * 24 * HOUR_NS,
            "max_bytes": options.correlations_bytes_max,
            "duplicate_window": 10 * MINUTE_NS,
            "allow_atomic": True,
        },
    ]


async def ensure_streams(connection: Connection, options: StreamOptions | None = None) -> list[str]:
    """
    Make the streams that are missing and check all of them. Returns notes on harmless differences.

    Raises StreamError with every difference that is not harmless.
    """
    errors: list[str] = []
    notes: list[str] = []
    largest = connection.client.max_payload
    if largest < MESSAGE_BYTES_NEEDED:
        errors.append(f"the server takes messages of {largest} bytes at most; set its max_payload to {MESSAGE_BYTES_NEEDED} or more")
    for config in stream_configs(options or StreamOptions()):
        actual = await _find_or_create(connection, config)
        stream_errors, stream_notes = compare(config, actual)
        errors += stream_errors
        notes += stream_notes
    if errors:
        raise StreamError("\n".join(errors))
    return notes


async def stream_info(connection: Connection, stream: str) -> StreamInfo:
    """How the stream is. Raises StreamError where there is none."""
    try:
        answer = await connection.api(f"STREAM.INFO.{stream}")
    except RequestError as error:
        if error.code == _STREAM_NOT_FOUND:
            raise StreamError(f"there is no stream {stream}: run `headwater run` once, which makes it, or check the account") from error
        raise
    return _info_of(answer)


async def _find_or_create(connection: Connection, config: dict[str, Any]) -> dict[str, Any]:
    name = config["name"]
    try:
        return (await stream_info(connection, name)).config
    except StreamError:
        pass
    try:
        return _info_of(await connection.api(f"STREAM.CREATE.{name}", config)).config
    except RequestError as error:
        if error.code == _NAME_IN_USE:  # another instance was faster
            return (await stream_info(connection, name)).config
        if error.code == _SUBJECTS_OVERLAP:
            holders = await connection.api("STREAM.NAMES", {"subject": config["subjects"][0]})
            raise StreamError(
                f"stream {name} cannot be made, since {', '.join(holders.get('streams') or ['another stream'])} already takes "
                f"{config['subjects'][0]}: take that subject off it, or delete it"
            ) from error
        if error.code in _NO_STORAGE:
            raise StreamError(
                f"stream {name} cannot be made: the server has less storage left than its limit of {config['max_bytes']} bytes; "
                "choose a smaller limit, or raise max_file_store on the server"
            ) from error
        raise StreamError(f"stream {name} cannot be made: {error}") from error


def _info_of(answer: dict[str, Any]) -> StreamInfo:
    state = answer["state"]
    return StreamInfo(state["first_seq"], state["last_seq"], state["messages"], answer["config"], state.get("bytes", 0))


class _Need(NamedTuple):
    """Something we stand on: a difference from it is an error."""

    is_met: Callable[[dict[str, Any]], bool]
    what: str
    streams: tuple[str, ...] = (TRACES, TOPOLOGY, CORRELATIONS)


_NEEDS = (
    _Need(lambda config: config.get("retention", "limits") == "limits", "retention must be limits: others delete what was read once"),
    _Need(lambda config: not config.get("mirror"), "it must not be a mirror: a mirror cannot be published to"),
    _Need(lambda config: not config.get("subject_transform"), "subject_transform must be off: the subject says the trace and the source"),
    _Need(lambda config: not config.get("sealed"), "it must not be sealed"),
    _Need(lambda config: not config.get("no_ack"), "no_ack must be off: without acknowledgements nobody knows what is stored"),
    _Need(
        lambda config: _is_unlimited(config, "max_msg_size") or config["max_msg_size"] >= MESSAGE_BYTES_NEEDED,
        f"max_msg_size must be {MESSAGE_BYTES_NEEDED} or more",
    ),
    _Need(
        lambda config: _is_unlimited(config, "max_msgs_per_subject"),
        "max_msgs_per_subject must be off: it would forget events",
        (TRACES, CORRELATIONS),
    ),
    _Need(lambda config: bool(config.get("allow_atomic")), "allow_atomic must be on: a checkpoint is one atomic batch", (CORRELATIONS,)),
    _Need(lambda config: bool(config.get("allow_direct")), "allow_direct must be on: checkpoints are read so", (CORRELATIONS,)),
    _Need(lambda config: not config.get("deny_purge"), "deny_purge must be off: old checkpoints are purged", (CORRELATIONS,)),
    _Need(
        lambda config: config.get("duplicate_window", 0) >= MINUTE_NS,
        "duplicate_window must be a minute or more: what is sent again must not be stored again",
        (TRACES, CORRELATIONS),
    ),
)

_NOTED = (
    "storage",
    "discard",
    "max_age",
    "max_bytes",
    "max_msgs_per_subject",
    "duplicate_window",
    "num_replicas",
    "allow_direct",
    "allow_atomic",
)


def compare(wanted: dict[str, Any], actual: dict[str, Any]) -> tuple[list[str], list[str]]:
    """The errors and the notes about a stream whose configuration should be `wanted`."""
    name = wanted["name"]
    errors = [
        f"stream {name}: {need.what}; change it with `nats stream edit {name}`, or delete the stream so that it is made again"
        for need in _NEEDS
        if name in need.streams and not need.is_met(actual)
    ]
    missing = [subject for subject in wanted["subjects"] if not any(_covers(held, subject) for held in actual.get("subjects") or [])]
    errors += [f"stream {name} does not take {subject}: add it with `nats stream edit {name} --subjects`" for subject in missing]
    notes = [
        f"stream {name} has {field} {_shown(actual.get(field))}; Headwater would make it {_shown(wanted[field])}"
        for field in _NOTED
        if field in wanted and _normal(actual.get(field)) != _normal(wanted[field])
    ]
    return errors, notes


def _covers(held: str, subject: str) -> bool:
    """Whether every subject that matches `subject` matches `held`; both end in `>` or are literal."""
    if held in (">", subject):
        return True
    return held.endswith(".>") and subject.startswith(held[:-1])


def _is_unlimited(config: dict[str, Any], limit: str) -> bool:
    return config.get(limit) in (None, -1, 0)


def _normal(value: Any) -> Any:
    """A value such that equal settings are equal: the server writes an absent limit as -1, 0 or not at all."""
    if value is None or isinstance(value, bool):
        return bool(value)
    return -1 if value == 0 else value


def _shown(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return "on" if value else "off"
    return "unlimited" if value == -1 else str(value)

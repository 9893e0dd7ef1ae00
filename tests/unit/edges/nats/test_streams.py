"""Which differences of a stream break us, and which do not."""

from typing import Any

import pytest

from headwater.edges.nats.streams import CORRELATIONS, TOPOLOGY, TRACES, StreamOptions, compare, stream_configs

CONFIGS = {config["name"]: config for config in stream_configs(StreamOptions())}


def test_there_are_three_streams_of_known_subjects() -> None:
    assert {name: config["subjects"] for name, config in CONFIGS.items()} == {
        TRACES: ["traces.>"],
        TOPOLOGY: ["topology.>"],
        CORRELATIONS: ["correlations.>"],
    }


@pytest.mark.parametrize("name", CONFIGS)
def test_what_we_would_make_is_what_we_need(name: str) -> None:
    assert compare(CONFIGS[name], CONFIGS[name]) == ([], [])


@pytest.mark.parametrize(
    ("name", "change", "word"),
    [
        (TRACES, {"retention": "workqueue"}, "retention"),
        (TRACES, {"mirror": {"name": "X"}}, "mirror"),
        (TRACES, {"subject_transform": {"src": "a", "dest": "b"}}, "subject_transform"),
        (TRACES, {"sealed": True}, "sealed"),
        (TRACES, {"no_ack": True}, "no_ack"),
        (TRACES, {"max_msg_size": 1_000}, "max_msg_size"),
        (TRACES, {"max_msgs_per_subject": 1}, "max_msgs_per_subject"),
        (TRACES, {"duplicate_window": 0}, "duplicate_window"),
        (TRACES, {"subjects": ["traces.*"]}, "traces.>"),
        (CORRELATIONS, {"allow_atomic": False}, "allow_atomic"),
        (CORRELATIONS, {"allow_direct": False}, "allow_direct"),
        (CORRELATIONS, {"deny_purge": True}, "deny_purge"),
    ],
)
def test_what_would_lose_or_twist_messages_is_an_error(name: str, change: dict[str, Any], word: str) -> None:
    errors, _ = compare(CONFIGS[name], CONFIGS[name] | change)
    assert len(errors) == 1
    assert word in errors[0]
    assert f"stream {name}" in errors[0]


@pytest.mark.parametrize(
    ("name", "change"),
    [
        (TRACES, {"max_age": 1}),
        (TRACES, {"discard": "new"}),
        (TRACES, {"num_replicas": 3}),
        (TRACES, {"storage": "memory"}),
        (TRACES, {"allow_atomic": False}),
        (TOPOLOGY, {"max_msgs_per_subject": 10}),
        (TOPOLOGY, {"max_msgs_per_subject": -1}),
        (CORRELATIONS, {"max_bytes": -1}),
    ],
)
def test_what_is_merely_different_is_a_note(name: str, change: dict[str, Any]) -> None:
    errors, notes = compare(CONFIGS[name], CONFIGS[name] | change)
    assert errors == []
    assert len(notes) == 1


def test_a_wider_stream_covers_our_subjects() -> None:
    assert compare(CONFIGS[TRACES], CONFIGS[TRACES] | {"subjects": ["other", ">"]})[0] == []

"""Names in camel case are read as words, so that a word is never found inside another."""

import pytest

from headwater.signals.words import spaced


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("RedisKeyEviction", "redis key eviction"),
        ("etcdGRPCRequestsSlow", "etcd grpc requests slow"),
        ("RequestLatencyP99High", "request latency p99 high"),
        ("node_disk-io saturation", "node disk io saturation"),
        ("[Triggered] API errors: 5%", "triggered api errors 5"),
        ("", ""),
    ],
)
def test_a_name_is_read_word_by_word(name: str, words: str) -> None:
    assert spaced(name) == words

"""The table of pending times: by name, by label, and with every mistake told."""

import pytest

from headwater.edges.alertmanager.pending_times import parse_pending_times, pending_of, shipped_pending_times
from headwater.model.located_yaml import KnowledgeError


def test_known_rules_wait_as_kubernetes_mixin_has_them() -> None:
    times = shipped_pending_times()
    assert pending_of(times, {"alertname": "KubePodCrashLooping"}) == "15m"
    assert pending_of(times, {"alertname": "KubeContainerWaiting"}) == "1h"
    assert pending_of(times, {"alertname": "KubePersistentVolumeFillingUp", "severity": "critical"}) == "1m"
    assert pending_of(times, {"alertname": "KubePersistentVolumeFillingUp", "severity": "warning"}) == "1h"
    assert pending_of(times, {"alertname": "KubeAPIErrorBudgetBurn", "long": "6h"}) == "15m"


def test_an_unknown_rule_waits_for_nothing() -> None:
    assert pending_of(shipped_pending_times(), {"alertname": "MysqlDown"}) == ""
    assert pending_of(shipped_pending_times(), {"alertname": "KubeAPIErrorBudgetBurn", "long": "9h"}) == ""


def test_every_mistake_of_a_table_is_told_at_once() -> None:
    text = "A: soon\nB: [{when: {severity: critical}}]\nC: [{when: {n: 3}, for: 1m}]\nD: [{wenn: {}, for: 1m}]\nE: 5m\nF: 5\n"
    with pytest.raises(KnowledgeError) as caught:
        parse_pending_times("times.yaml", text)
    assert [problem.line for problem in caught.value.problems] == [1, 2, 3, 4, 6]


def test_a_table_is_a_mapping() -> None:
    with pytest.raises(KnowledgeError, match="not a mapping"):
        parse_pending_times("times.yaml", "[A]")

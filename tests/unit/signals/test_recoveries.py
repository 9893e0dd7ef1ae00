"""Recoveries as data: which events tell one, and what is said of a wrong entry."""

import pytest

from headwater.model.heads import EventHead, KubernetesHead
from headwater.model.located_yaml import KnowledgeError
from headwater.signals.catalogue import Catalogue
from headwater.testing.playback import packaged_knowledge

KNOWN = packaged_knowledge().catalogue.recoveries


def event(reason: str, message: str = "") -> EventHead:
    return EventHead(id="e", kubernetes=KubernetesHead(reason=reason, message=message, object="pod/api-0"))


def test_an_event_tells_the_recoveries_of_its_reason() -> None:
    assert [recovery.name for recovery, _ in KNOWN.told_by(event("Scheduled"))] == ["scheduled"]
    assert KNOWN.told_by(event("Pulling")) == ()
    assert KNOWN.told_by(EventHead(id="span")) == ()


def test_a_container_that_is_stopped_for_failing_its_probe_excuses_nothing() -> None:
    assert [recovery.name for recovery, _ in KNOWN.told_by(event("Killing", "Stopping container api"))] == ["stopping"]
    assert KNOWN.told_by(event("Killing", "Container api failed liveness probe, will be restarted")) == ()


def test_a_recovery_may_be_what_a_message_says() -> None:
    quota = 'Error creating: pods "api-7d4b" is forbidden: exceeded quota: compute, requested: pods=1, used: pods=4, limited: pods=4'
    assert [recovery.name for recovery, _ in KNOWN.told_by(event("FailedCreate", quota))] == ["admitted"]
    assert KNOWN.told_by(event("FailedCreate", 'pods "api-7d4b" is forbidden: serviceaccount "api" not found')) == ()


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("{ends: []}", "lacks reasons"),
        ("{reasons: [Pulled], ends: [pod.imagepul]}", "there is no class 'pod.imagepul'"),
        ("{reasons: [Pulled], excuses: [], for: 1h}", "not a time up to 5m"),
        ("{reasons: [Pulled], heals: []}", "the key 'heals' is unknown"),
    ],
)
def test_a_wrong_entry_is_refused_with_its_remedy(entry: str, words: str) -> None:
    with pytest.raises(KnowledgeError, match=words):
        Catalogue.from_texts({"a.yaml": f"recoveries:\n  mine: {entry}"})


def test_what_befalls_a_revision_is_told_of_its_workload_too() -> None:
    told = EventHead(
        id="e", kubernetes=KubernetesHead(reason="SuccessfulCreate", object="replicaset/api-7d4b9c6f5d", object_kind="ReplicaSet")
    )
    assert [about.scheme for _, about in KNOWN.told_by(told)] == ["ReplicaSet", "Deployment"]

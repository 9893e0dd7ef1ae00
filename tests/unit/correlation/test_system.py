"""The correlation system: inputs in, effects out, and what it does when time passes, when it is full, and when it is told nonsense."""

import json

import pytest

from headwater.correlation.limits import Limits, Settings
from headwater.correlation.system import CorrelationSystem
from headwater.model.effects import PublishResult, RejectionReason
from headwater.model.inputs import EventObserved, TimePassed, TopologyObserved
from headwater.model.objects import ObjectVersion
from headwater.model.results import CorrelationResult, finding_bytes
from headwater.testing.bare_objects import deployment, instant, pod, service, version
from headwater.testing.playback import packaged_knowledge, packaged_system
from headwater.testing.story import Story, results_in


def shop() -> tuple[ObjectVersion, ...]:
    found = [version("Node", "node-1")]
    for app in ("mysql", "api", "frontend", "cart", "web"):
        labels = {"app": app}
        found += [service(f"{app}-service", labels), deployment(app, labels, labels=labels)]
        found.append(pod(f"{app}-0", node="node-1", labels=labels, owner=("Deployment", app)))
    return tuple(found)


def limited(**limits: int) -> Story:
    return Story(CorrelationSystem(packaged_knowledge(), Settings(limits=Limits(**limits)))).knows(*shop())


def finals(results: list[CorrelationResult]) -> list[bytes]:
    return sorted(finding_bytes(result) for result in results if result.final)


def story() -> Story:
    return Story().knows(*shop())


def two_that_end_together() -> Story:
    """Two faults of one service, far enough apart to be two incidents, that become final in one sweep."""
    found = story().told(0, "kernel.oom", "Pod/cart-0").told(5, "svc.timeout", "Service/web-service", "Service/cart-service")
    return found.told(400, "pod.crashloop", "Pod/cart-0").told(405, "svc.timeout", "Service/web-service", "Service/cart-service")


def test_incidents_that_become_final_together_are_each_judged_whole() -> None:
    gradually, at_once = two_that_end_together().settles(), two_that_end_together()
    told = at_once.results + results_in(at_once.system.handle(TimePassed(instant(9_000))))
    assert finals(told) == finals(gradually.results)
    assert all(result.edges for result in told if result.final)
    assert len(finals(told)) == 2


def evictions_before_and_after_a_pressure() -> Story:
    """What a pod showed before its node had a trouble ends, unexplained, long before what it showed again is final."""
    found = story().told(0, "pod.evicted", "Pod/cart-0").told(100, "node.mempressure", "Node/node-1").told(280, "pod.evicted", "Pod/cart-0")
    return found.told(285, "svc.timeout", "Service/web-service", "Service/cart-service")


def test_what_a_trouble_resumes_is_remembered_until_it_is_final() -> None:
    gradually, at_once = evictions_before_and_after_a_pressure().settles(), evictions_before_and_after_a_pressure()
    told = at_once.results + results_in(at_once.system.handle(TimePassed(instant(9_000))))
    assert finals(told) == finals(gradually.results)


def test_nothing_pending_asks_for_no_wakeup() -> None:
    assert packaged_system().next_wakeup() is None
    assert story().settles().system.next_wakeup() is None


def test_what_only_grew_is_judged_again_within_a_second() -> None:
    told = story().told(0, "svc.timeout", "Service/api-service", "Service/mysql-service")
    told.told(20, "svc.5xx", "Service/frontend-service", "Service/api-service")
    for second in (20.1, 20.15, 20.2):  # three calls make known who calls whom
        told.told(second, "svc.5xx", "Service/frontend-service", "Service/api-service")
    judged = told.system.counters["judgements"]
    told.told(20.3, "svc.5xx", "Service/frontend-service", "Service/api-service")
    assert told.system.counters["judgements"] == judged
    due = told.system.next_wakeup()
    assert due is not None
    assert instant(20.5) < due <= instant(21)
    assert results_in(told.system.handle(TimePassed(due)))
    assert told.system.counters["judgements"] == judged + 1


def test_an_event_that_shows_nothing_is_counted_and_costs_nothing_else() -> None:
    told = story().observes(0, {"source": "logs", "type": "log", "severity": "info", "application": {"level": "info", "message": "ready"}})
    assert told.effects == []
    assert (told.system.counters["events"], told.system.counters["events_healthy"], told.system.counters["symptoms"]) == (1, 1, 0)
    assert told.system.next_wakeup() is None


def test_what_is_late_is_told_as_late() -> None:
    told = story().told(0, "pod.crashloop", "Pod/cart-0").told(100, "svc.latency", "Service/web-service")
    (changed,) = told.told(-60, "change.rollout", "Deployment/cart", late=200).news
    assert (changed.reason, changed.late) == ("root_changed", True)


def test_topology_that_cannot_be_read_is_rejected_with_what_to_do() -> None:
    system = packaged_system()
    for data in (b"{", b'{"kind": 3}', b"\xff", b"[]"):
        (effect,) = system.handle(TopologyObserved(data, instant(0), 7))
        assert not isinstance(effect, PublishResult)
        assert (effect.reason, effect.sequence, effect.data) == (RejectionReason.INVALID_TOPOLOGY, 7, data)
        assert "headwater topology load" in effect.detail
    assert system.counters["events_rejected"] == system.counters["topology_versions"] == 4


def test_a_symptom_with_a_string_too_long_is_rejected_and_a_healthy_event_is_spared_the_look() -> None:
    about = {"source": "s", "type": "ebpf", "k8s_context": {"kind": "Pod", "name": "cart-0"}, "note": "x" * 70_000}
    for syscall, reasons in (("read", []), ("oom_kill", [RejectionReason.STRING_TOO_LONG])):
        told = story().observes(0, about | {"kernel": {"syscall": syscall}})
        assert [effect.reason for effect in told.rejected] == reasons


def test_every_event_is_healthy_rejected_or_a_symptom() -> None:
    told = story().told(0, "kernel.oom", "Pod/cart-0").observes(1, {"source": "s"})
    told.hears(EventObserved("none", "s", b"nonsense", instant(2), 0))
    counters = told.system.counters
    assert (counters["events"], counters["symptoms"], counters["events_healthy"], counters["events_rejected"]) == (3, 1, 1, 1)
    assert counters["rejected_not_json"] == 1
    assert counters["results"] == len(told.results)


def test_the_position_is_that_of_the_latest_message() -> None:
    told = story().told(0, "kernel.oom", "Pod/cart-0")
    assert told.system.position == 1
    assert told.results[0].engine.input == "1"


# Limits: something is left out, counted, and said.


def test_beyond_the_number_of_occurrences_those_that_ended_first_go_and_findings_say_so() -> None:
    told = limited(occurrences_max=10)
    for number in range(12):
        told.told(number, "kernel.oom", f"Pod/lone-{number}")
    assert told.system.counters["occurrences_forgotten"] == 2
    assert told.results[-1].partial == ["occurrences"]
    assert told.results[0].partial == []


def test_after_a_while_without_reaching_the_limit_findings_are_whole_again() -> None:
    told = limited(occurrences_max=3)
    for number in range(5):
        told.told(number, "kernel.oom", f"Pod/lone-{number}")
    told.passes(4_000).told(4_001, "kernel.oom", "Pod/cart-0")
    assert told.results[-1].partial == []


def test_a_rule_that_reaches_too_many_says_so() -> None:
    told = limited(candidates_per_rule_max=2)
    told.told(0, "pod.unready", "Pod/cart-0").told(1, "node.reboot", "Node/node-1")
    assert told.results[-1].partial == ["candidates"]
    assert told.system.counters["limit_candidates_reached"] > 0


def test_too_many_members_are_judged_in_part() -> None:
    told = limited(vertices_judged_max=2)
    for number in range(4):
        told.told(number, "pod.oomkilled", f"Pod/{('cart', 'web', 'api', 'mysql')[number]}-0", trace="t")
    assert told.settles().results[-1].partial == ["members"]


def test_too_many_incidents_told_are_forgotten_and_counted() -> None:
    told = limited(incidents_told_max=3)
    for number in range(5):
        told.told(number * 200, "kernel.oom", f"Pod/lone-{number}")
    told.told(1_000, "kernel.oom", "Pod/cart-0")
    assert told.system.counters["limit_incidents_reached"] == 2
    assert told.results[-1].partial == ["incidents"]


# Taking the state out and putting it back.


def test_a_restored_system_goes_on_exactly_where_it_was() -> None:
    through, restarted = two_that_end_together(), two_that_end_together().restarts()
    assert restarted.system.snapshot() == through.system.snapshot()
    assert restarted.system.counters == through.system.counters
    assert restarted.settles().effects == through.settles().effects


def a_day_of_trouble() -> Story:
    """A node that fails for longer than the topology of its beginning is kept, and a pod that went soon after."""
    told = Story().knows(
        version("Node", "node-1"),
        pod("cart-0", node="node-1", owner=("Deployment", "cart"), at=-600, created=-600),
        version("Pod", "cart-0", at=600, deleted=True),
    )
    told.told(0, "node.notready", "Node/node-1").told(5, "pod.unready", "Pod/cart-0")
    for second in range(240, 90_000, 240):
        told.told(second, "node.notready", "Node/node-1")
    return told


def test_a_trouble_that_outlives_what_it_rested_on_is_the_same_after_a_restart() -> None:
    through, restarted = a_day_of_trouble(), a_day_of_trouble().restarts()
    assert restarted.settles().effects == through.settles().effects


@pytest.mark.parametrize("data", [b"", b"nonsense", json.dumps({}).encode(), packaged_system().snapshot()[:-10]])
def test_what_is_no_snapshot_is_refused_with_what_to_do(data: bytes) -> None:
    with pytest.raises(ValueError, match="the log is replayed"):
        CorrelationSystem.restore(data, packaged_knowledge())


def test_a_snapshot_of_a_system_that_knows_nothing_is_one_too() -> None:
    again = CorrelationSystem.restore(packaged_system().snapshot(), packaged_knowledge())
    assert again.handle(TimePassed(instant(0))) == []


def test_domains_name_their_incidents_apart() -> None:
    ids = set()
    for domain in ("one", "other"):
        told = Story(CorrelationSystem(packaged_knowledge(), Settings(domain=domain))).told(0, "kernel.oom", "Pod/cart-0")
        assert told.results[0].domain == domain
        ids |= {told.results[0].id, told.results[0].fingerprint}
    assert len(ids) == 4

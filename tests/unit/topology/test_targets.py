"""Scopes of quotas, accounts and kinds."""

import pytest

from headwater.topology.targets import PodTraits, Target, fulfils_scopes, holds_of_pods, holds_of_workload

FRUGAL = PodTraits(is_best_effort=True)
URGENT = PodTraits(priority_class="high", is_terminating=True)


@pytest.mark.parametrize(
    ("scope", "of_frugal", "of_urgent"),
    [
        (("BestEffort", "Exists", ()), True, False),
        (("NotBestEffort", "Exists", ()), False, True),
        (("Terminating", "Exists", ()), False, True),
        (("NotTerminating", "Exists", ()), True, False),
        (("PriorityClass", "In", ("high", "higher")), False, True),
        (("PriorityClass", "NotIn", ("high",)), True, False),
        (("PriorityClass", "Exists", ()), False, True),
        (("PriorityClass", "DoesNotExist", ()), True, False),
        (("CrossNamespacePodAffinity", "Exists", ()), False, False),
        (("BestEffort", "Gt", ()), False, False),
    ],
)
def test_a_scope_holds_those_it_names(scope: tuple[str, str, tuple[str, ...]], of_frugal: bool, of_urgent: bool) -> None:
    assert fulfils_scopes((scope,), FRUGAL) is of_frugal
    assert fulfils_scopes((scope,), URGENT) is of_urgent


def test_of_pods_whose_specification_is_unknown_no_scope_and_no_account_is_claimed() -> None:
    assert holds_of_pods(Target(), {}, None)
    assert not holds_of_pods(Target(service_account="robot"), {}, None)
    assert not holds_of_pods(Target(scopes=(("NotTerminating", "Exists", ()),)), {}, None)
    assert holds_of_pods(Target(service_account="robot"), {}, PodTraits(service_account="robot"))
    assert not holds_of_pods(Target(service_account="robot"), {}, FRUGAL)


def test_a_target_of_kinds_asks_for_the_workloads_own_labels() -> None:
    target = Target(kinds=("Deployment",), selector=(("app", "In", ("web",)),))
    assert holds_of_workload(target, "Deployment", {"app": "web"})
    assert not holds_of_workload(target, "StatefulSet", {"app": "web"})
    assert not holds_of_workload(target, "Deployment", {})
    assert not holds_of_pods(target, {"app": "web"}, FRUGAL)

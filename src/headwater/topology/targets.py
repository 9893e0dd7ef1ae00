"""Whom an object limits, as far as its specification says: by labels, namespaces, accounts and the scopes of quotas."""

from collections.abc import Mapping

import msgspec

from headwater.topology.label_selectors import DOES_NOT_EXIST, EXISTS, IN, NOT_IN, Requirement, Selector, selects


class PodTraits(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What quotas and accounts ask of a pod's specification."""

    service_account: str = "default"
    priority_class: str = ""
    is_best_effort: bool = False  # asks for no CPU or memory
    is_terminating: bool = False  # may run only for so long


class Target(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """One group of those that are limited. Everything stated must hold."""

    kinds: tuple[str, ...] = ()  # workloads of these kinds by their own labels; none: whoever has pods, by the labels of these
    selector: Selector = ()
    namespaces: Selector | None = None  # by their labels; None: the namespace of what limits
    service_account: str = ""
    scopes: tuple[Requirement, ...] = ()


def fulfils_scopes(scopes: tuple[Requirement, ...], traits: PodTraits) -> bool:
    """Whether a pod is within every scope; a scope that cannot be judged holds nobody."""
    return all(_is_within(scope, operator, values, traits) for scope, operator, values in scopes)


def _is_within(scope: str, operator: str, values: tuple[str, ...], traits: PodTraits) -> bool:
    if scope == "PriorityClass":
        # Every pod but one without a class has a label of that name, so to say.
        return selects(((scope, operator, values),), {scope: traits.priority_class} if traits.priority_class else {})
    said = {
        "BestEffort": traits.is_best_effort,
        "NotBestEffort": not traits.is_best_effort,
        "Terminating": traits.is_terminating,
        "NotTerminating": not traits.is_terminating,
    }.get(scope)
    if said is None or operator not in (EXISTS, DOES_NOT_EXIST, IN, NOT_IN):
        return False
    return said is (operator == EXISTS)


def holds_of_pods(target: Target, labels: Mapping[str, str], traits: PodTraits | None) -> bool:
    """Whether a target means pods with these labels and traits; of unknown traits nothing holds."""
    if target.kinds or not selects(target.selector, labels):
        return False
    if target.service_account or target.scopes:
        is_account = traits is not None and target.service_account in ("", traits.service_account)
        return traits is not None and is_account and fulfils_scopes(target.scopes, traits)
    return True


def holds_of_workload(target: Target, kind: str, labels: Mapping[str, str]) -> bool:
    """Whether a target means a workload by its own kind and labels."""
    return kind in target.kinds and selects(target.selector, labels)

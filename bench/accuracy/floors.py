"""
Floors that any engine must beat; none knows a mechanism, none sees a truth.

loudest: entities by number of events that are not info
rarest:  entities by the sum, over their distinct kinds of event, of log(N / entities anywhere that show this kind) × (1 + log(count))
newest:  entities by the time of their latest rollout or new pod ("newest workload": blame the last deploy)
"""

import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from math import log
from typing import Any

import msgspec
from bench.accuracy.cases import EVENTS, CaseFolder
from bench.accuracy.ranking import RANKED_MAX, Prediction, Suspect

LOUDEST, RAREST, NEWEST = "loudest", "rarest", "newest"
ROLLOUT_REASONS = frozenset({"ScalingReplicaSet", "SuccessfulCreate"})
NAMED_KINDS = frozenset({"Pod", "ReplicaSet", "Deployment", "StatefulSet", "DaemonSet", "Service", "Endpoints", "Node"})
_HASHES = {"Pod": 2, "ReplicaSet": 1}


class Counted(msgspec.Struct):
    """What a floor knows of one case."""

    kinds: dict[str, Counter[str]]  # entity → kind of event → how many
    first: str | None = None
    rollouts: dict[str, str] = {}  # entity → time of its latest


def kind_of(event: Mapping[str, Any]) -> str:
    """What kind of event it is, without knowing what it means."""
    if reason := (event.get("kubernetes") or {}).get("reason"):
        return f"k8s.{reason}"
    if intent := (event.get("semantic") or {}).get("intent"):
        return str(intent)
    status = (event.get("network") or {}).get("status_code")
    return f"http.{status // 100}xx" if status else str(event["type"])


def entity_of(event: Mapping[str, Any]) -> str | None:
    """Whom it is about: its service, else its object's workload by the habit of generated names, else its node or namespace."""
    attributes, context = event.get("attributes") or {}, event.get("k8s_context") or {}
    if name := attributes.get("service.name"):
        return str(name)
    if context.get("kind") in NAMED_KINDS and context.get("name"):
        hashes = _HASHES.get(context["kind"], 0)
        parts = context["name"].split("-")
        return "-".join(parts[:-hashes] if hashes and len(parts) > hashes else parts)
    return context.get("node_name") or context.get("namespace")


def count(folder: CaseFolder) -> Counted:
    """Count the events of a case."""
    counted = Counted(defaultdict(Counter))
    with gzip.open(folder.path / EVENTS, "rt", encoding="utf-8") as lines:
        for line in lines:
            _count_event(counted, json.loads(line))
    return counted


def _count_event(counted: Counted, event: Mapping[str, Any]) -> None:
    entity, attributes = entity_of(event), event.get("attributes") or {}
    if (event.get("kubernetes") or {}).get("reason") in ROLLOUT_REASONS and entity:
        counted.rollouts[entity] = event["timestamp"]
    if event.get("severity") == "info":
        return
    kind = kind_of(event) + ("+self" if attributes.get("self_slow") else "")
    if entity:
        counted.kinds[entity][kind] += 1
        counted.first = counted.first or event["timestamp"]
    if kind.startswith("rpc.") and (peer := attributes.get("peer.service")):
        counted.kinds[peer][f"{kind}.peer"] += 1


def floors(folders: Sequence[CaseFolder]) -> dict[str, dict[str, Prediction]]:
    """By floor, the prediction of each case of one set."""
    cases = {folder.name: count(folder) for folder in folders}
    shown: Counter[str] = Counter()
    for counted in cases.values():
        for kinds in counted.kinds.values():
            shown.update(kinds.keys())
    total = sum(len(counted.kinds) for counted in cases.values())

    def rarity(kinds: Counter[str]) -> float:
        return sum(log(total / shown[kind]) * (1 + log(number)) for kind, number in kinds.items())

    scores: dict[str, Callable[[Counted], dict[str, float]]] = {
        LOUDEST: lambda counted: {entity: float(kinds.total()) for entity, kinds in counted.kinds.items()},
        RAREST: lambda counted: {entity: rarity(kinds) for entity, kinds in counted.kinds.items()},
        NEWEST: _newest,
    }
    return {name: {case: _ranked(case, counted, of(counted)) for case, counted in cases.items()} for name, of in scores.items()}


def _newest(counted: Counted) -> dict[str, float]:
    order = sorted(counted.rollouts, key=lambda entity: (counted.rollouts[entity], entity))
    return {entity: float(place) for place, entity in enumerate(order)}


def _ranked(case: str, counted: Counted, scores: Mapping[str, float]) -> Prediction:
    ranking = sorted(scores, key=lambda entity: (-scores[entity], entity))
    return Prediction(case, [Suspect(entity) for entity in ranking[:RANKED_MAX]], counted.first)

"""Objects as they were at an instant, for what is asked of them only when something has failed."""

from collections.abc import Callable, Sequence
from functools import partial

from headwater.model.entities import Entity
from headwater.topology.history import History
from headwater.topology.object_checks import MAKERS, Known, Object, claim_checks, maker_checks, pod_checks, service_checks
from headwater.topology.pod_specs import reads_any as reads_any_of
from headwater.topology.reading import mapping, mappings, text
from headwater.topology.structure import Structure
from headwater.topology.views import unit_of

KindListing = Callable[[str], Sequence[Entity]]
"""The entities of a kind, sorted."""


def checks_of(structure: Structure, listing: KindListing, entity: Entity, at: int) -> tuple[str, ...]:
    """What the objects around an entity tell against it; nothing of kinds that are not compared, or whose object is not known."""
    spec = _spec_of(structure, entity, at)
    if not spec:
        return ()

    def objects(kind: str, namespace: str) -> list[Known]:
        found = []
        for each in listing(kind):
            known = structure.histories.get(each) if each.namespace == namespace and each.cluster == entity.cluster else None
            facts = known.facts_at(at) if known is not None else None
            if known is not None and facts is not None and not facts.is_finished:
                found.append(Known(each, facts.labels, facts.template_labels, partial(_content_at, known, at)))
        return found

    if entity.kind == "Pod":
        return pod_checks(objects, spec)
    if entity.kind in MAKERS:
        made = [known for known in objects(entity.kind, entity.namespace) if known.entity == entity]
        return maker_checks(objects, made[0], mapping(spec, "template", "spec")) if made else ()
    if entity.kind == "Service":
        return service_checks(objects, entity, spec)
    return claim_checks(objects, entity, spec) if entity.kind == "PersistentVolumeClaim" else ()


def is_init_container(structure: Structure, pod: Entity, container: str, at: int) -> bool:
    """Whether a pod runs this container before its others, and waits for its end; a sidecar that starts first goes on."""
    containers = mappings(_spec_of(structure, pod, at), "initContainers")
    return any(text(each, "name") == container and text(each, "restartPolicy") != "Always" for each in containers)


def reads_any(structure: Structure, workload: Entity, read: Entity, keys: frozenset[str], at: int) -> bool:
    """Whether a workload's pods, or a pod without one, read one of these keys of a ConfigMap or Secret; also where that is not known."""
    history = structure.histories.get(workload)
    spec = mapping(_content_at(history, at), "spec") if history is not None else {}
    return reads_any_of(mapping(spec, "template", "spec") or spec, read.kind, read.name, keys)


def _spec_of(structure: Structure, entity: Entity, at: int) -> Object:
    """The specification of an object; of a pod that is gone, or was never seen, that of its workload's template."""
    history = structure.histories.get(entity)
    spec = mapping(_content_at(history, at), "spec") if history is not None else {}
    if spec or entity.kind != "Pod":
        return spec
    owner = structure.histories.get(unit_of(structure, entity, at))
    return mapping(_content_at(owner, at), "spec", "template", "spec") if owner is not None else {}


def _content_at(history: History, at: int) -> Object:
    """The object as its version at an instant has it, else its first one after."""
    versions = [version for version in history.versions() if not version.deleted]
    before = [version for version in versions if version.valid_from <= at]
    chosen = before[-1:] or versions[:1]
    return chosen[0].object if chosen else {}

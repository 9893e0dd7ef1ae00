"""A change of a ConfigMap counts less for who reads none of its changed keys, whenever it becomes known what he reads."""

import pytest
from tests.unit.correlation.making import vertex

from headwater.correlation.keys_read import share_of
from headwater.correlation.vertices import Edge
from headwater.model.objects import ObjectVersion
from headwater.testing.bare_objects import deployment, pod
from headwater.testing.class_examples import example, thing_of
from headwater.testing.story import Story


def reads(key: str) -> tuple[ObjectVersion, ObjectVersion]:
    source = {"configMapKeyRef": {"name": "settings", "key": key}}
    spec = {"containers": [{"env": [{"name": "SETTING", "valueFrom": source}]}]}
    return deployment("api", spec=spec), pod("api-0", owner=("Deployment", "api"), spec=spec)


def weight(story: Story) -> float:
    """How well the change explains that the pod crashes, before what came with it is weighed too."""
    edges = [edge for vertex in story.system._graph.all_vertices() for edge in vertex.causes]
    blamed = [edge for edge in edges if edge.rule.startswith("change.config>pod.crashloop")]
    return max(edge.base_weight * share_of(edge, story.system.topology) for edge in blamed)


def failing(story: Story) -> Story:
    change = example("change.config", thing_of("ConfigMap/settings"), None)
    changed = change | {"attributes": {**change.get("attributes", {}), "k8s.changed": ["banner"]}}
    return (
        story.observes(0, changed)
        .told(20, "pod.restart", "Pod/api-0")
        .told(30, "pod.crashloop", "Pod/api-0")
        .told(40, "pod.crashloop", "Pod/api-0")
    )


def test_who_does_not_read_what_was_changed_is_explained_half_as_well() -> None:
    assert weight(failing(Story().knows(*reads("dsn")))) == 0.5 * weight(failing(Story().knows(*reads("banner"))))


def test_it_does_not_matter_when_that_becomes_known() -> None:
    late = failing(Story()).knows(*reads("dsn"))
    assert weight(late) == weight(failing(Story().knows(*reads("dsn"))))
    assert weight(late.restarts()) == weight(failing(Story().knows(*reads("dsn"))))


def test_it_does_not_matter_when_he_turns_to_another_key_of_the_same_object() -> None:
    """No relation changes with it, so that no step is found anew."""
    turned = failing(Story().knows(*reads("banner"))).knows(*reads("dsn"))
    assert weight(turned) == weight(failing(Story().knows(*reads("dsn"))))


KEYED = {"containers": [{"env": [{"name": "DSN", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": "dsn"}}}]}]}


@pytest.mark.parametrize(
    ("details", "share"),
    [
        (("=dsn",), 1.0),
        (("=banner",), 0.5),
        (("=banner,dsn",), 1.0),
        (("=banner", "=dsn"), 1.0),  # changed twice
        (tuple(f"=banner{n}" for n in range(8)), 1.0),  # so many that others may have been left out
        (("=", "=banner"), 1.0),  # one of the changes did not say of what
        ((), 1.0),
        (("expired",), 1.0),  # a kind, and no key
    ],
)
def test_who_reads_no_key_that_was_changed_hardly_minds(details: tuple[str, ...], share: float) -> None:
    topology = Story().knows(deployment("api", spec=KEYED)).system.topology
    change, shown = vertex(0, "change.config", "ConfigMap/settings"), vertex(20, "svc.timeout", "Pod/api-0", unit="Deployment/api")
    change.details = details
    assert share_of(Edge(change, shown, "", ("mounted_by", "owns"), 0.6, 20), topology) == share
    assert share_of(Edge(change, shown, "", (), 0.6, 20), topology) == 1.0

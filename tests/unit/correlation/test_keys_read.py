"""A change of a ConfigMap counts less for who reads none of its changed keys, whenever it becomes known what he reads."""

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
    return max(edge.base_weight for edge in edges if edge.rule.startswith("change.config>pod.crashloop"))


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

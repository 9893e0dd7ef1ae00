"""Which version of an object held when, whatever order the versions came in."""

from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from headwater.model.objects import ObjectVersion
from headwater.model.times import NANOSECONDS_PER_SECOND
from headwater.testing.bare_objects import instant, pod, version
from headwater.topology.history import History
from headwater.topology.intervals import FOREVER
from headwater.topology.limits import CONTEXT_BUCKET, CONTEXTS_PER_ENTITY_MAX, VERSION_LATENESS_MAX, VERSIONS_PER_ENTITY_MAX
from headwater.topology.records import record_of


def history_of(*versions: ObjectVersion) -> History:
    history = History()
    for each in versions:
        history.add(record_of(each), each)
    history.refresh()
    return history


def nodes(history: History) -> list[tuple[int, int, str]]:
    """When the pod was on which node."""
    return [(start, end, facts.edges[0][1].name) for start, end, facts in history.segments]


def test_a_version_holds_until_the_next_one() -> None:
    history = history_of(pod("a", node="n1", at=10), pod("a", node="n2", at=20))
    assert nodes(history) == [(0, instant(20), "n1"), (instant(20), FOREVER, "n2")]


def test_the_first_version_holds_since_the_object_was_made() -> None:
    history = history_of(pod("a", node="n1", at=10, created=3))
    assert nodes(history) == [(instant(3), FOREVER, "n1")]
    assert not history.holds_at(instant(2))


def test_any_order_gives_the_same_history() -> None:
    versions = [
        pod("a", node="n1", at=10, created=3, uid="u1", revision=1),
        pod("a", node="n2", at=20, created=3, uid="u1", revision=2),
        version("Pod", "a", at=30, uid="u1", revision=3, deleted=True),
        pod("a", node="n3", at=40, created=35, uid="u2", revision=9),
    ]
    expected = [(instant(3), instant(20), "n1"), (instant(20), instant(30), "n2"), (instant(35), FOREVER, "n3")]
    for order in permutations(versions):
        assert nodes(history_of(*order, *order)) == expected


def test_a_later_life_begins_when_it_was_made_even_without_a_tombstone_between() -> None:
    history = history_of(pod("a", node="n1", at=10, created=3, uid="u1"), pod("a", node="n2", at=40, created=35, uid="u2"))
    assert nodes(history) == [(instant(3), instant(35), "n1"), (instant(35), FOREVER, "n2")]


def test_the_late_deletion_of_an_earlier_life_does_not_end_the_present_one() -> None:
    history = history_of(
        pod("a", node="n1", at=10, uid="u1"),
        pod("a", node="n2", at=40, uid="u2"),
        version("Pod", "a", at=50, uid="u1", deleted=True),
        pod("a", node="n3", at=60, created=35, uid="u2"),
    )
    assert nodes(history) == [(0, instant(40), "n1"), (instant(40), instant(60), "n2"), (instant(60), FOREVER, "n3")]


def test_the_same_resource_version_seen_again_holds_since_it_was_first_seen() -> None:
    early, late = pod("a", node="n1", at=10, created=3, revision=7), pod("a", node="n1", at=50, created=3, revision=7)
    for order in ((early, late), (late, early)):
        history = history_of(*order)
        assert history.versions() == [early]
    assert not history_of(early).add(record_of(late), late)


H = VERSION_LATENESS_MAX // NANOSECONDS_PER_SECOND
FIRST = pod("a", node="n1", at=10, created=3, uid="u1", revision=1)


def received(*pairs: tuple[ObjectVersion, float]) -> History:
    """The history of versions that came at these seconds."""
    history = History()
    for each, second in pairs:
        history.add(record_of(each, received_at=instant(second)), each)
    history.refresh()
    return history


def test_a_version_that_comes_too_late_holds_from_its_arrival() -> None:
    changed = pod("a", node="n2", at=20, created=3, uid="u1", revision=2)
    in_time, too_late = received((FIRST, 10), (changed, 20 + H)), received((FIRST, 10), (changed, 21 + H))
    assert nodes(in_time) == [(instant(3), instant(20), "n1"), (instant(20), FOREVER, "n2")]
    assert nodes(too_late) == [(instant(3), instant(21 + H), "n1"), (instant(21 + H), FOREVER, "n2")]


def test_a_deletion_told_too_late_ends_the_object_when_it_is_told() -> None:
    history = received((FIRST, 10), (version("Pod", "a", at=20, uid="u1", revision=2, deleted=True), 5_000))
    assert nodes(history) == [(instant(3), instant(5_000), "n1")]


def test_the_first_version_of_a_life_is_never_too_late() -> None:
    assert nodes(received((FIRST, 90_000))) == [(instant(3), FOREVER, "n1")]
    again = pod("a", node="n2", at=40, created=35, uid="u2", revision=9)
    assert nodes(received((FIRST, 10), (again, 90_000))) == [(instant(3), instant(35), "n1"), (instant(35), FOREVER, "n2")]


def test_what_is_told_together_with_the_first_version_of_a_life_is_never_too_late() -> None:
    """A collector starts and tells of a pod that it waited for its node, then had one: both long ago."""
    placed = pod("a", node="n2", at=20, created=3, uid="u1", revision=2)
    moved = pod("a", node="n3", at=30, created=3, uid="u1", revision=3)
    expected = [(instant(3), instant(20), "n1"), (instant(20), FOREVER, "n2")]
    for order in permutations([(FIRST, 90_000), (placed, 90_000 + H), (moved, 90_001 + H)]):
        assert nodes(received(*order)) == [*expected[:1], (instant(20), instant(90_001 + H), "n2"), (instant(90_001 + H), FOREVER, "n3")]
    history = received((FIRST, 90_000), (placed, 90_000 + H), (moved, 90_001 + H))
    assert history.forget(instant(90_000)) == 1
    again = History()
    kept = [(each.valid_from, each.holds_from, each.told_at, each.content.decode()) for each in history.records]
    again.restore(history.floor, history.known_since, kept, [])
    for each in (history, again):
        each.refresh()
        assert nodes(each) == [(instant(20), instant(90_001 + H), "n2"), (instant(90_001 + H), FOREVER, "n3")]


def test_an_object_without_a_known_beginning_is_never_too_late() -> None:
    assert nodes(received((pod("a", node="n1", revision=1), 50_000), (pod("a", node="n2", revision=2), 90_000))) == [(0, FOREVER, "n2")]


def test_what_is_told_together_with_an_object_without_a_known_beginning_is_not_too_late_either() -> None:
    undated, changed = pod("a", node="n1"), pod("a", node="n2", at=20)
    for order in permutations([(undated, 90_000), (changed, 90_000)]):
        assert nodes(received(*order)) == [(0, instant(20), "n1"), (instant(20), FOREVER, "n2")]
    assert nodes(received((undated, 80_000), (changed, 90_000))) == [(0, instant(90_000), "n1"), (instant(90_000), FOREVER, "n2")]


def test_undated_and_unnumbered_versions_follow_each_other_in_any_order_alike() -> None:
    seen = [(pod("a", node=f"n{number}"), 90_000) for number in range(3)]
    found = {tuple(nodes(received(*((each, 90_000 + place) for place, (each, _) in enumerate(order))))) for order in permutations(seen)}
    assert len(found) == 1


def test_objects_dumped_twice_without_times_of_their_changes_hold_from_the_second_dump() -> None:
    first, second = (pod("a", node=f"n{number}", at=3, created=3, uid="u1", revision=number) for number in (1, 2))
    for order in permutations([(first, 50_000), (second, 90_000)]):
        assert nodes(received(*order)) == [(instant(3), instant(90_000), "n1"), (instant(90_000), FOREVER, "n2")]


def test_without_resource_versions_what_came_first_goes_before() -> None:
    seen = [(pod("a", node=f"n{number}", at=3, created=3), 50_000 * (1 + number)) for number in range(4)]
    for order in permutations(seen):
        assert [node for _start, _end, node in nodes(received(*order))] == ["n0", "n1", "n2", "n3"]


def test_a_version_that_comes_after_its_successor_held_never() -> None:
    late = pod("a", node="n2", at=20, created=3, uid="u1", revision=2)
    later = pod("a", node="n3", at=30, created=3, uid="u1", revision=3)
    for order in permutations([(FIRST, 10), (late, 5_000), (later, 30)]):
        assert nodes(received(*order)) == [(instant(3), instant(30), "n1"), (instant(30), FOREVER, "n3")]
    for order in permutations([(FIRST, 90_000), (late, 5_000), (later, 30)]):
        assert nodes(received(*order)) == [(instant(3), instant(30), "n1"), (instant(30), FOREVER, "n3")]
    for order in permutations([(FIRST, 10), (late, 5_000), (later, 4_000)]):
        assert nodes(received(*order)) == [(instant(3), instant(4_000), "n1"), (instant(4_000), FOREVER, "n3")]


def test_when_versions_came_is_joined_too() -> None:
    changed = pod("a", node="n2", at=20, created=3, uid="u1", revision=2)
    seen_again = pod("a", node="n2", at=2_000, created=3, uid="u1", revision=2)
    for order in permutations([(FIRST, 10), (changed, 5_000), (changed, 4_000), (seen_again, 2_000)]):
        assert nodes(received(*order, *order)) == [(instant(3), instant(2_000), "n1"), (instant(2_000), FOREVER, "n2")]
    same = [(pod("a", node="n1", at=3), 10), (pod("a", node="n2", at=20), 5_000), (pod("a", node="n2", at=20), 4_000)]
    for unnumbered in permutations(same):
        assert nodes(received(*unnumbered))[1:] == [(instant(4_000), FOREVER, "n2")]


def test_what_came_too_late_still_holds_from_its_arrival_when_what_was_before_is_forgotten() -> None:
    changed = pod("a", node="n2", at=20, created=3, uid="u1", revision=2)
    history = received((FIRST, 10), (changed, 5_000))
    assert history.forget(instant(5_000)) == 1
    history.refresh()
    assert nodes(history) == [(instant(5_000), FOREVER, "n2")]
    seen = (pod("a", node=f"n{at}", at=at, created=0, revision=at) for at in range(VERSIONS_PER_ENTITY_MAX + 2))
    many = received(*((each, 10_000 + 1_000 * place) for place, each in enumerate(seen)))
    assert many.trim() == 2
    many.refresh()
    assert nodes(many)[0][0] == instant(12_000)


def test_equal_facts_are_one_segment() -> None:
    history = history_of(pod("a", node="n1", at=10), pod("a", node="n1", at=20))
    assert len(history.segments) == 1


def test_resource_versions_order_versions_of_one_instant_by_number() -> None:
    history = history_of(pod("a", node="n9", at=10, revision=9), pod("a", node="n10", at=10, revision=10))
    assert nodes(history) == [(0, instant(10), "n9"), (instant(10), FOREVER, "n10")]


def test_what_events_say_counts_only_until_there_is_something_better() -> None:
    said, seen = pod("a", node="n1"), pod("a", node="n2", at=10)
    history = History()
    assert history.sayings.add(said, instant(0)) == (True, 0)
    assert history.sayings.add(said, instant(0)) == (False, 0)
    history.refresh()
    assert nodes(history) == [(0, FOREVER, "n1")]
    history.add(record_of(seen), seen)
    history.refresh()
    assert nodes(history) == [(0, FOREVER, "n2")]


def test_what_events_say_is_forgotten_after_the_hour_in_which_it_was_last_said() -> None:
    old, kept = pod("a", node="n1"), pod("a", node="n2")
    hour = instant(0) // CONTEXT_BUCKET * CONTEXT_BUCKET
    for order in permutations([(old, hour), (kept, hour + 1), (kept, hour + CONTEXT_BUCKET), (kept, hour)]):
        history = History()
        for said, at in order:
            if not history.sayings.knows(said, at):
                history.sayings.add(said, at)
        history.refresh()
        assert history.forget(hour + CONTEXT_BUCKET - 1) == 0
        assert history.forget(hour + CONTEXT_BUCKET) == 1
        history.refresh()
        assert nodes(history) == [(0, FOREVER, "n2")]
        assert history.forget(hour + 2 * CONTEXT_BUCKET) == 1
        history.refresh()
        assert history.segments == []


def test_of_many_contexts_the_same_few_are_kept_in_any_order() -> None:
    said = [pod("a", node=f"n{index}") for index in range(CONTEXTS_PER_ENTITY_MAX + 4)]
    kept = []
    for order in (said, said[::-1]):
        history = History()
        dropped = sum(history.sayings.add(each, instant(0))[1] for each in order)
        history.refresh()
        assert dropped == 4
        kept.append((history.versions(), len(history.segments)))
    assert kept[0] == kept[1]


def test_beyond_the_limit_the_oldest_versions_are_forgotten_and_nothing_is_made_up_for_their_time() -> None:
    history = history_of(*(pod("a", node=f"n{index}", at=index, created=-5) for index in range(VERSIONS_PER_ENTITY_MAX + 2)))
    assert history.trim() == 2
    assert history.trim() == 0
    history.refresh()
    assert nodes(history)[0][0] == instant(2)


def test_forgetting_drops_what_had_ended_and_does_not_extend_what_remains() -> None:
    history = history_of(pod("a", node="n1", at=10), pod("a", node="n2", at=20), version("Pod", "a", at=30, deleted=True))
    assert history.forget(instant(5)) == 0
    assert history.forget(instant(20)) == 1
    history.refresh()
    assert nodes(history) == [(instant(20), instant(30), "n2")]
    assert history.forget(instant(30)) == 2
    history.refresh()
    assert history.segments == []


def test_facts_are_those_of_the_instant_else_the_nearest_before_else_the_first() -> None:
    history = history_of(
        pod("a", uid="u1", at=10, created=10), version("Pod", "a", at=20, deleted=True), pod("a", uid="u2", at=40, created=40)
    )
    found = [facts.uid for second in (0, 15, 30, 50) if (facts := history.facts_at(instant(second)))]
    assert found == ["u1", "u1", "u1", "u2"]
    assert History().facts_at(0) is None


def test_a_creation_time_that_is_none_is_no_beginning() -> None:
    broken = pod("a", node="n1", at=10)
    broken.object["metadata"]["creationTimestamp"] = "yesterday"
    assert nodes(history_of(broken)) == [(0, FOREVER, "n1")]


@settings(max_examples=200)
@given(
    told=st.lists(
        st.tuples(st.integers(0, 12), st.sampled_from("abc"), st.sampled_from(["u1", "u1", "u2", ""]), st.booleans(), st.integers(0, 3)),
        max_size=14,
    ),
    refreshes=st.lists(st.booleans(), min_size=14, max_size=14),
)
def test_versions_taken_one_by_one_hold_as_if_they_had_been_taken_at_once(
    told: list[tuple[int, str, str, bool, int]], refreshes: list[bool]
) -> None:
    """However often the segments were found in between, which is what the quick way of what simply follows is for."""
    one_by_one, at_once = History(), History()
    for index, (at, node, uid, deleted, late) in enumerate(told):
        seen = pod("p", node=node, uid=uid, at=at * 600, created=0 if uid != "u2" else 3_000, revision=index, deleted=deleted)
        record = record_of(seen, received_at=instant(at * 600 + late * 1_000))
        one_by_one.add(record, seen)
        at_once.add(record, seen)
        if refreshes[index]:
            one_by_one.refresh()
    one_by_one.refresh()
    at_once.refresh()
    assert one_by_one.segments == at_once.segments
    assert one_by_one.ends_first == at_once.ends_first
    for before in range(0, 8_000, 900):
        assert one_by_one.forget(instant(before)) == at_once.forget(instant(before))
        one_by_one.refresh()
        at_once.refresh()
        assert one_by_one.segments == at_once.segments

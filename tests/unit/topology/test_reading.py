"""Reading what nobody has checked."""

from headwater.topology.reading import mapping, mappings, text, texts

CONTENT = {"a": {"b": {"c": "here", "n": 3}, "list": [{"x": 1}, "y", {"z": 2}]}}


def test_what_is_there_is_found_by_its_path() -> None:
    assert text(CONTENT, "a", "b", "c") == "here"
    assert mapping(CONTENT, "a", "b") == {"c": "here", "n": 3}
    assert mappings(CONTENT, "a", "list") == [{"x": 1}, {"z": 2}]
    assert texts(CONTENT, "a", "b") == {"c": "here"}


def test_what_has_another_type_reads_as_absent() -> None:
    assert text(CONTENT, "a", "b", "n") == ""
    assert text(CONTENT, "a", "list", "c") == ""
    assert mapping(CONTENT, "a", "b", "c", "d") == {}
    assert mapping(CONTENT, "a", "list") == {}
    assert mappings(CONTENT, "a", "list", "x") == []
    assert mappings(CONTENT, "a", "b") == []

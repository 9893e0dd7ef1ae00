"""Knowledge files as YAML: values know their lines, and what YAML would let through silently is refused with a remedy."""

import pytest

from headwater.model.located_yaml import DEPTH_MAX, FILE_BYTES_MAX, KnowledgeError, load_located


def test_values_know_their_lines() -> None:
    located = load_located("a.yaml", "first: 1\nsecond:\n  - x\n  - y: true\n")
    assert located.plain() == {"first": 1, "second": ["x", {"y": True}]}
    second = located.get("second")
    assert second is not None
    assert [item.line for item in second.items()] == [3, 4]
    assert located.get("third") is None


def test_an_empty_text_is_an_empty_mapping() -> None:
    assert load_located("a.yaml", "# nothing\n").plain() == {}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("on: 1", "a.yaml:1: the key 'on' is not a string"),
        ("a: 1\nb: 2\na: 3", "a.yaml:3: the key 'a' is given twice"),
        ("a: &x [1]\nb: *x", "a.yaml:2: this is not YAML: the alias *x is not taken"),
        ("a: [", "a.yaml:1: this is not YAML"),
        ("a: 1\n---\nb: 2", "a.yaml:2: this is not YAML"),
        ("a: \x07", "a.yaml:1: this is not YAML"),
        ("[" * (DEPTH_MAX + 2) + "]" * (DEPTH_MAX + 2), f"nested deeper than {DEPTH_MAX} levels"),
        ("#" * (FILE_BYTES_MAX + 1), "the file is longer than"),
    ],
)
def test_what_is_refused_says_where_and_why(text: str, says: str) -> None:
    with pytest.raises(KnowledgeError) as caught:
        load_located("a.yaml", text)
    assert says in str(caught.value)

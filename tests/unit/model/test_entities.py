"""Entities and references as they are written."""

import pytest

from headwater.model.entities import SCHEME_UID, Entity, Reference, parse_entity
from headwater.model.objects import ObjectVersion, decode_object_version, encode_object_version


@pytest.mark.parametrize(
    "entity", [Entity("default", "Pod", "shop", "mysql-0"), Entity("east", "Node", "", "node-1"), Entity("c", "External", "", "a/b")]
)
def test_an_entity_survives_its_text(entity: Entity) -> None:
    assert parse_entity(str(entity)) == entity


def test_a_text_of_too_few_parts_is_no_entity() -> None:
    with pytest.raises(ValueError, match="unpack"):
        parse_entity("Pod/mysql-0")


def test_people_write_kind_and_name() -> None:
    assert Entity("default", "Pod", "shop", "mysql-0").short == "Pod/mysql-0"
    assert str(Reference("default", SCHEME_UID, "", "u-1")) == "default/uid//u-1"


def test_equal_versions_of_an_object_are_equal_bytes() -> None:
    one = ObjectVersion(kind="Pod", name="a", object={"b": 1, "a": 2})
    other = ObjectVersion(kind="Pod", name="a", object={"a": 2, "b": 1})
    assert encode_object_version(one) == encode_object_version(other)
    assert decode_object_version(encode_object_version(one)) == one
    assert one.entity == Entity("default", "Pod", "", "a")

"""
The kernel's own description of its types (BTF): where members are, so that one program fits every kernel it is loaded into.

Only what is asked for by name is kept. Offsets are in bytes.
"""

import struct
from collections.abc import Collection, Iterator
from typing import NamedTuple

from headwater.edges.kernel.errors import MalformedBtfError, MissingTypeError

MAGIC = 0xEB9F
_HEADER = struct.Struct("<HBBIIIII")
_TYPE = struct.Struct("<III")  # name, info, size or type
_MEMBER = struct.Struct("<III")  # name, type, offset in bits
_PAIR = struct.Struct("<Ii")  # name and value of an enumerator, or name and type of a parameter


class Kind:
    """The kinds of types that matter here, by their number."""

    POINTER, STRUCT, UNION, ENUM, TYPEDEF, FUNCTION_PROTOTYPE = 2, 4, 5, 6, 8, 13
    QUALIFIERS = (8, 9, 10, 11, 18)  # typedef, volatile, const, restrict, type tag


_FIXED_BYTES = {1: 4, 3: 12, 14: 4, 17: 4}
_BYTES_PER_ITEM = {4: 12, 5: 12, 6: 8, 13: 8, 15: 12, 19: 12}
_NAMED_KINDS = (Kind.STRUCT, Kind.ENUM, Kind.TYPEDEF)


class _Member(NamedTuple):
    name: str
    type_id: int
    offset: int


class Btf:
    """The types of a kernel. Raises MalformedBtfError for what is no BTF."""

    def __init__(self, data: bytes, names: Collection[str]) -> None:
        try:
            magic, _, _, header_bytes, types_at, types_bytes, strings_at, _ = _HEADER.unpack_from(data)
            if magic != MAGIC:
                raise MalformedBtfError("the kernel's types are not in BTF as this machine writes it; use the kernel's log instead")
            self._data = data
            self._strings = header_bytes + strings_at
            self._positions: list[int] = [0]  # of each type, by its id; the first is void
            self._named: dict[tuple[int, str], int] = {}
            self._read(header_bytes + types_at, types_bytes, {name.encode() for name in names})
        except (struct.error, ValueError, IndexError) as error:
            raise MalformedBtfError(f"the kernel's types cannot be read: {error}; use the kernel's log instead") from error

    def offset(self, structure: str, *members: str) -> int:
        """Of the first member that is there, whatever anonymous parts it is in. Raises MissingTypeError where none is."""
        found = self.find(structure, *members)
        if found is None:
            raise MissingTypeError(f"this kernel's {structure} has no {' or '.join(members)}; use the kernel's log instead")
        return found

    def find(self, structure: str, *members: str) -> int | None:
        """As `offset`, None where no member is there."""
        position = self._named.get((Kind.STRUCT, structure))
        if position is None:
            return None
        return next((found for name in members if (found := self._find(position, name)) is not None), None)

    def enumerator(self, enumeration: str, name: str) -> int:
        """The value of a name. Raises MissingTypeError."""
        position = self._named.get((Kind.ENUM, enumeration))
        for name_at, value in self._pairs(position) if position is not None else ():
            if self._text(name_at) == name:
                return value
        raise MissingTypeError(f"this kernel has no {name} in {enumeration}; use the kernel's log instead")

    def tracepoint_takes(self, tracepoint: str, structure: str) -> bool:
        """Whether the first argument of a tracepoint points to such a structure; false where there is no such tracepoint."""
        position = self._named.get((Kind.TYPEDEF, f"btf_trace_{tracepoint}"))
        if position is None:
            return False
        prototype = self._pointed_to(position)
        if prototype is None or self._kind(prototype) != Kind.FUNCTION_PROTOTYPE:
            return False
        parameters = list(self._pairs(prototype))
        if len(parameters) < 2:  # the first is the tracepoint's own
            return False
        pointed = self._pointed_to(self._positions[parameters[1][1]])
        return pointed is not None and self._kind(pointed) == Kind.STRUCT and self._text(self._head(pointed)[0]) == structure

    def _read(self, position: int, length: int, wanted: set[bytes]) -> None:
        data, strings, positions = self._data, self._strings, self._positions
        unpack, end = _TYPE.unpack_from, position + length
        while position < end:
            name_at, info, _ = unpack(data, position)
            kind = info >> 24 & 31
            if kind in _NAMED_KINDS and name_at:
                start = strings + name_at
                name = data[start : data.index(b"\0", start)]
                if name in wanted:
                    self._named.setdefault((kind, name.decode()), position)
            positions.append(position)
            position += 12 + _FIXED_BYTES.get(kind, 0) + _BYTES_PER_ITEM.get(kind, 0) * (info & 0xFFFF)

    def _find(self, position: int, name: str) -> int | None:
        for member in self._members(position):
            if member.name == name:
                return member.offset
            inner = self._positions[member.type_id]
            if not member.name and self._kind(inner) in (Kind.STRUCT, Kind.UNION):
                found = self._find(inner, name)
                if found is not None:
                    return member.offset + found
        return None

    def _members(self, position: int) -> Iterator[_Member]:
        _, info, _ = self._head(position)
        has_bit_fields = bool(info >> 31)
        for index in range(info & 0xFFFF):
            name_at, type_id, bits = _MEMBER.unpack_from(self._data, position + 12 + 12 * index)
            yield _Member(self._text(name_at), type_id, (bits & 0xFFFFFF if has_bit_fields else bits) // 8)

    def _pairs(self, position: int) -> Iterator[tuple[int, int]]:
        for index in range(self._head(position)[1] & 0xFFFF):
            yield _PAIR.unpack_from(self._data, position + 12 + 8 * index)

    def _pointed_to(self, position: int) -> int | None:
        """Where the type is that this one points to, through names and qualifiers on both sides."""
        position = self._bare(position)
        return self._bare(self._positions[self._head(position)[2]]) if self._kind(position) == Kind.POINTER else None

    def _bare(self, position: int) -> int:
        while self._kind(position) in Kind.QUALIFIERS:
            position = self._positions[self._head(position)[2]]
        return position

    def _kind(self, position: int) -> int:
        return self._head(position)[1] >> 24 & 31

    def _head(self, position: int) -> tuple[int, int, int]:
        return (0, 0, 0) if position == 0 else _TYPE.unpack_from(self._data, position)

    def _text(self, name_at: int) -> str:
        start = self._strings + name_at
        return self._data[start : self._data.index(b"\0", start)].decode("utf-8", "replace") if name_at else ""

"""Builds BTF for tests: structures with their members at given offsets, as a kernel's own description has them."""

import struct

INT, POINTER, STRUCT, UNION, ENUM, TYPEDEF, CONST, FUNCTION_PROTOTYPE = 1, 2, 4, 5, 6, 8, 10, 13


class TypeInformation:
    """Collects types; each method gives the id of what it adds."""

    def __init__(self) -> None:
        self._types = bytearray()
        self._strings = bytearray(b"\0")
        self._count = 0

    def number(self) -> int:
        return self._add("int", INT, 4, struct.pack("<I", 32))

    def pointer(self, to: int) -> int:
        return self._add("", POINTER, to)

    def constant(self, of: int) -> int:
        return self._add("", CONST, of)

    def name(self, name: str, of: int) -> int:
        return self._add(name, TYPEDEF, of)

    def structure(self, name: str, *members: tuple[str, int, int], kind: int = STRUCT, has_bit_fields: bool = False) -> int:
        """Members are (name, type, offset in bytes)."""
        content = b"".join(struct.pack("<III", self._text(member), of, offset * 8) for member, of, offset in members)
        return self._add(name, kind, 0, content, len(members), has_bit_fields=has_bit_fields)

    def enumeration(self, name: str, **values: int) -> int:
        content = b"".join(struct.pack("<Ii", self._text(each), value) for each, value in values.items())
        return self._add(name, ENUM, 4, content, len(values))

    def function(self, *parameters: int) -> int:
        content = b"".join(struct.pack("<II", 0, of) for of in parameters)
        return self._add("", FUNCTION_PROTOTYPE, 0, content, len(parameters))

    def data(self) -> bytes:
        header = struct.pack("<HBBIIIII", 0xEB9F, 1, 0, 24, 0, len(self._types), len(self._types), len(self._strings))
        return header + bytes(self._types) + bytes(self._strings)

    def _add(self, name: str, kind: int, size_or_type: int, more: bytes = b"", items: int = 0, *, has_bit_fields: bool = False) -> int:
        info = kind << 24 | items | (1 << 31 if has_bit_fields else 0)
        self._types += struct.pack("<III", self._text(name), info, size_or_type) + more
        self._count += 1
        return self._count

    def _text(self, text: str) -> int:
        if not text:
            return 0
        position = len(self._strings)
        self._strings += text.encode() + b"\0"
        return position


def kernel_types(*, takes_task: bool = True, has_lock: bool = True) -> bytes:
    """A kernel with what the program asks for, each member at an offset of its own."""
    types = TypeInformation()
    number = types.number()
    task_members = ("tgid", "pid", "comm", "cred", "signal", "cgroups")
    task = types.structure("task_struct", *((name, number, 100 + 8 * at) for at, name in enumerate(task_members)))
    for name, members in {
        "signal_struct": ("oom_mm",),
        "mm_struct": ("total_vm",),
        "cred": ("uid",),
        "css_set": ("subsys", "dfl_cgrp"),
        "cgroup_subsys_state": ("cgroup", "parent"),
        "cgroup": ("kn",),
        "kernfs_node": ("name",),
        "page_counter": ("usage", "max"),
        "mem_cgroup": ("css", "memory", "memsw", *(["oom_lock"] if has_lock else [])),
    }.items():
        types.structure(name, *((member, number, 8 * at) for at, member in enumerate(members)))
    types.enumeration("cgroup_subsys_id", cpuset_cgrp_id=0, memory_cgrp_id=4)
    victim = types.pointer(task) if takes_task else number
    types.name("btf_trace_mark_victim", types.pointer(types.function(types.pointer(0), victim)))
    return types.data()

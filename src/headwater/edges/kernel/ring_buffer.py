"""
Reads a BPF ring buffer: the kernel writes, we follow, and a page that both see says how far each is.

A record is taken whole or not at all; one that is still being written is left for the next time, with all after it.
"""

import mmap
import struct
from collections.abc import Iterator

_POSITION = struct.Struct("<Q")
_LENGTH = struct.Struct("<I")
_HEADER_BYTES = 8
_BUSY, _DISCARDED = 1 << 31, 1 << 30


class RingBuffer:
    """The reader's end; the descriptor stays its creator's."""

    def __init__(self, descriptor: int, size: int) -> None:
        page = mmap.PAGESIZE
        self._consumer = mmap.mmap(descriptor, page, mmap.MAP_SHARED, mmap.PROT_READ | mmap.PROT_WRITE, offset=0)
        # The kernel maps the data twice in a row, so that a record that goes over the end is still in one piece.
        self._producer = mmap.mmap(descriptor, page + 2 * size, mmap.MAP_SHARED, mmap.PROT_READ, offset=page)
        self._size = size

    def records(self) -> Iterator[bytes]:
        """What was written by now."""
        (position,) = _POSITION.unpack_from(self._consumer)
        while position < _POSITION.unpack_from(self._producer)[0]:
            base = mmap.PAGESIZE + (position & self._size - 1)
            (length,) = _LENGTH.unpack_from(self._producer, base)
            if length & _BUSY:
                return
            size = length & ~(_BUSY | _DISCARDED)
            record = b"" if length & _DISCARDED else self._producer[base + _HEADER_BYTES : base + _HEADER_BYTES + size]
            position += (size + _HEADER_BYTES + 7) // 8 * 8
            _POSITION.pack_into(self._consumer, 0, position)
            if record:
                yield record

    def close(self) -> None:
        """Let the memory go."""
        self._consumer.close()
        self._producer.close()

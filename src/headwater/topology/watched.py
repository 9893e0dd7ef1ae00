"""Which references somebody asked for, so that a change can say which of them may mean something else now."""

from collections.abc import Iterable

from headwater.model.entities import Reference
from headwater.topology.aliases import AliasKey
from headwater.topology.limits import REFERENCES_MAX
from headwater.topology.resolve import keys_for


class WatchedReferences:
    """References by the alias keys that decide their meaning."""

    def __init__(self) -> None:
        self._keys: dict[Reference, list[AliasKey]] = {}
        self._references: dict[AliasKey, dict[Reference, None]] = {}
        self._dropped: list[Reference] = []

    def __contains__(self, reference: Reference) -> bool:
        return reference in self._keys

    def add(self, reference: Reference, counters: dict[str, int]) -> None:
        """Watch a reference; at the limit the oldest is dropped, and told with the next change."""
        if len(self._keys) >= REFERENCES_MAX:
            oldest = next(iter(self._keys))
            self._remove(oldest)
            self._dropped.append(oldest)
            counters["references_dropped"] = counters.get("references_dropped", 0) + 1
        self._keys[reference] = keys_for(reference)
        for key in self._keys[reference]:
            self._references.setdefault(key, {})[reference] = None

    def _remove(self, reference: Reference) -> None:
        for key in self._keys.pop(reference):
            del self._references[key][reference]
            if not self._references[key]:
                del self._references[key]

    def concerned(self, keys: Iterable[AliasKey]) -> tuple[Reference, ...]:
        """The references that these keys may give another meaning, and those dropped since last asked; sorted."""
        if not self._keys and not self._dropped:
            return ()
        found = {reference for key in keys for reference in self._references.get(key, ())}
        found.update(self._dropped)
        self._dropped.clear()
        return tuple(sorted(found))

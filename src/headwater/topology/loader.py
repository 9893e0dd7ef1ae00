"""From Kubernetes objects as kubectl and the API give them to versions: the one place that knows lists, watch events and contexts."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from headwater.model.entities import DEFAULT_CLUSTER
from headwater.model.heads import EventHead
from headwater.model.objects import ObjectVersion
from headwater.model.times import InvalidTimeError, parse_time
from headwater.topology.contexts import versions_in_context
from headwater.topology.kinds import KINDS, is_cluster_scoped
from headwater.topology.pruning import clean, pruned
from headwater.topology.reading import mapping, mappings, text, texts

_PROBLEMS_SHOWN_MAX = 20
_KNOWN_KINDS = frozenset(KINDS)
_METADATA_ONLY_KIND = "PartialObjectMetadata"
_WATCH_TYPES = frozenset({"ADDED", "MODIFIED", "DELETED"})


class InvalidObjectsError(ValueError):
    """Some objects are not what Kubernetes would print; `problems` has a line for each."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        more = len(problems) - _PROBLEMS_SHOWN_MAX
        super().__init__("\n".join(problems[:_PROBLEMS_SHOWN_MAX]) + (f"\n… and {more} more" if more > 0 else ""))


class K8sRelationshipLoader:
    """Makes versions of objects; `counters` says how many of which kinds were skipped."""

    def __init__(self) -> None:
        self.counters: dict[str, int] = {}

    def versions(
        self, objects: Iterable[Any], *, cluster: str = DEFAULT_CLUSTER, observed_at: int | None = None, kind: str = ""
    ) -> list[ObjectVersion]:
        """
        The versions in these objects, lists of objects or watch events.

        Args:
            objects: parsed documents, as `kubectl get … -o yaml` or a watch of the API gives them.
            cluster: whose they are.
            observed_at: when they were seen; without it a version holds from the last change the object tells of.
            kind: what objects are that do not say so themselves.

        Raises InvalidObjectsError with every problem at once.

        """
        found: list[ObjectVersion] = []
        problems: list[str] = []
        for index, document in enumerate(objects):
            for where, item, is_deleted, item_kind in _flattened(document, f"document {index + 1}", kind, problems):
                self._add(found, problems, where, item, item_kind, cluster=cluster, observed_at=observed_at, is_deleted=is_deleted)
        if problems:
            raise InvalidObjectsError(problems)
        return found

    def _add(
        self,
        found: list[ObjectVersion],
        problems: list[str],
        where: str,
        item: dict[str, Any],
        kind: str,
        *,
        cluster: str,
        observed_at: int | None,
        is_deleted: bool,
    ) -> None:
        if not kind:
            problems.append(f"{where}: kind is missing; give the object as `kubectl get … -o yaml` prints it")
        elif kind not in _KNOWN_KINDS:
            self.counters[f"skipped {kind[:64]}"] = self.counters.get(f"skipped {kind[:64]}", 0) + 1
        else:
            version, problem = _version(item, kind, cluster, observed_at, is_deleted)
            if version is not None:
                found.append(version)
            else:
                problems.append(f"{where} ({kind}/{text(item, 'metadata', 'name') or '?'}): {problem}")

    @staticmethod
    def from_context(event: EventHead, occurred_at: int) -> list[ObjectVersion]:
        """The partial versions that an event's k8s_context tells of; valid always, whenever the event was."""
        del occurred_at  # what a context says has no beginning; who tells it to the graph says when it was
        return versions_in_context(event)


def _flattened(document: Any, where: str, kind: str, problems: list[str]) -> Iterator[tuple[str, dict[str, Any], bool, str]]:
    """Each object of a document with its place, whether it was deleted, and its kind."""
    if document is None:
        return  # an empty document of a YAML stream
    if not isinstance(document, dict):
        problems.append(f"{where}: expected an object, found {type(document).__name__}")
        return
    said = text(document, "kind")
    if not said and isinstance(document.get("type"), str) and isinstance(document.get("object"), dict):
        if document["type"] in _WATCH_TYPES:
            for _, item, _, item_kind in _flattened(document["object"], where, kind, problems):
                yield where, item, document["type"] == "DELETED", item_kind
        return
    if isinstance(document.get("items"), list) and (said.endswith("List") or not said):
        listed = said[: -len("List")]
        for index, item in enumerate(document["items"]):
            place = f"{where}, items[{index}]"
            yield from _flattened(item, place, listed if listed and listed != _METADATA_ONLY_KIND else kind, problems)
        return
    yield where, document, False, kind if said in ("", _METADATA_ONLY_KIND) else said


def _version(item: dict[str, Any], kind: str, cluster: str, observed_at: int | None, is_deleted: bool) -> tuple[ObjectVersion | None, str]:
    """The version, or what is wrong with the object."""
    metadata = mapping(item, "metadata")
    problem = _problem_of(metadata)
    if problem:
        return None, problem
    try:
        known_at = _instants(metadata, is_deleted)
    except InvalidTimeError as error:
        return None, str(error)
    namespace = "" if is_cluster_scoped(kind) else text(metadata, "namespace") or "default"
    version = ObjectVersion(
        kind=kind,
        name=clean(text(metadata, "name")),
        namespace=clean(namespace),
        cluster=cluster,
        uid=clean(text(metadata, "uid")),
        resource_version=clean(text(metadata, "resourceVersion")),
        valid_from=max(known_at, default=0) if observed_at is None else observed_at,
        deleted=is_deleted,
        object={} if is_deleted else pruned(kind, item),
    )
    return version, ""


def _problem_of(metadata: dict[str, Any]) -> str:
    if not metadata:
        return "metadata is missing"
    if not text(metadata, "name"):
        return "metadata.name is missing"
    if len(text(metadata, "name")) > 253 or len(text(metadata, "namespace")) > 253:
        return "metadata.name or metadata.namespace is longer than the 253 characters Kubernetes allows"
    if "/" in text(metadata, "namespace"):
        return "metadata.namespace has a slash"
    if len(mapping(metadata, "labels")) != len(texts(metadata, "labels")):
        return "metadata.labels must be texts; quote numbers and booleans"
    return ""


def _instants(metadata: dict[str, Any], is_deleted: bool) -> list[int]:
    """When the object is known to have changed."""
    times = [metadata.get("creationTimestamp"), *(field.get("time") for field in mappings(metadata, "managedFields"))]
    if is_deleted:
        times.append(metadata.get("deletionTimestamp"))
    return [_instant(each) for each in times if each is not None]


def _instant(value: object) -> int:
    if isinstance(value, datetime):
        # YAML reads an unquoted time as one, in UTC where it says nothing else.
        value = (value if value.tzinfo else value.replace(tzinfo=UTC)).isoformat()
    if not isinstance(value, str):
        raise InvalidTimeError(f"{value!r} is not an RFC 3339 time such as 2026-01-05T10:00:00Z")
    return parse_time(value)

"""
Of a Kubernetes object, what Headwater keeps: what relates and what is its state, never a secret.

Values that may be confidential are dropped, or replaced by a hash where it matters that they change.
"""

from datetime import date, datetime
from typing import Any

from headwater.model.identity import digest
from headwater.topology.reading import mapping

_ANNOTATIONS_KEPT = frozenset({"deployment.kubernetes.io/revision", "kubernetes.io/config.hash"})
_METADATA_DROPPED = frozenset({"managedFields", "selfLink"})
_CONFIDENTIAL = frozenset({"command", "args", "httpHeaders", "stringData"})
"""Fields where people write passwords, wherever they stand."""

_NAMES_OF_LABELS_TOO = frozenset({"args"})
"""Of these, what is confidential is a list; a text is a label that somebody called so."""

_DROPPED = _CONFIDENTIAL | {"annotations", "managedFields", "caBundle", "currentMetrics"}
"""An autoscaler's measurements change all the time: its versions would drive out those that mean something."""

_DEPTH_MAX = 32
_TEXT_LENGTH_MAX = 4_096


def pruned(kind: str, content: dict[str, Any]) -> dict[str, Any]:
    """The object without what Headwater must not or need not keep."""
    kept = {key: value for key, value in content.items() if key not in ("metadata", "data", "binaryData", "apiVersion", "kind")}
    if kind == "Secret":
        kept = {}
    result: dict[str, Any] = {"metadata": _metadata(mapping(content, "metadata")), **_plain(kept, _DEPTH_MAX)}
    if kind == "ConfigMap":
        for part in ("data", "binaryData"):
            values = mapping(content, part)
            if values:
                # A changed value must be visible, the value itself need not be.
                result[part] = {
                    clean(str(key)): digest(str(_plain(value, _DEPTH_MAX)) if not isinstance(value, str) else value, size=8)
                    for key, value in sorted(values.items(), key=lambda each: str(each[0]))
                }
    return result


def _is_clean(value: str) -> bool:
    return value.isascii() and len(value) <= _TEXT_LENGTH_MAX


def clean(value: str) -> str:
    """The text within bounds and as valid Unicode: YAML can write halves of characters."""
    return value[:_TEXT_LENGTH_MAX] if value.isascii() else value[:_TEXT_LENGTH_MAX].encode("utf-8", "replace").decode()


def _metadata(metadata: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in metadata.items() if key not in _METADATA_DROPPED and key != "annotations"}
    plain: dict[str, Any] = _plain(kept, _DEPTH_MAX)
    annotations = {key: value for key, value in mapping(metadata, "annotations").items() if key in _ANNOTATIONS_KEPT}
    if annotations:
        plain["annotations"] = _plain(annotations, _DEPTH_MAX)
    return plain


def _plain(value: Any, depth: int) -> Any:
    """The value in JSON's types, without annotations of templates, confidential fields and the values of variables."""
    if isinstance(value, str):
        return clean(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    if depth == 0:
        return None
    if isinstance(value, dict):
        plain: dict[str, Any] = {}
        for key, item in value.items():
            if key not in _DROPPED:
                # Nearly all there is are short texts under short keys: asked first, for every object of a cluster comes by here.
                name = key if type(key) is str and _is_clean(key) else clean(str(key))
                # A list under this name is a container's variables; a text is a label that somebody called so.
                is_variables = key == "env" and type(item) is not str
                is_plain = type(item) is str and _is_clean(item)
                plain[name] = item if is_plain else _variables(item) if is_variables else _plain(item, depth - 1)
            elif key in _NAMES_OF_LABELS_TOO and type(item) is str:
                plain[key] = clean(item)
        return plain
    if isinstance(value, list):
        return [_plain(item, depth - 1) for item in value]
    # YAML reads an unquoted time as one; its other types (a set, which has no order) no API server ever gives.
    return value.isoformat() if isinstance(value, datetime | date) else type(value).__name__


def _variables(variables: Any) -> list[Any]:
    """Names of environment variables and where they come from, without the values written out."""
    listed = variables if isinstance(variables, list) else []
    return [
        {key: _plain(item, _DEPTH_MAX) for key, item in variable.items() if key in ("name", "valueFrom")}
        for variable in listed
        if isinstance(variable, dict)
    ]

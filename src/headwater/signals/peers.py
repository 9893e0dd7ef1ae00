"""Whom an event blames or calls, as it names them: a host as people and programs write one."""

from re import compile as compile_pattern
from typing import Any

from headwater.model.entities import SCHEME_ADDRESS, SCHEME_SERVICE_NAME, Reference
from headwater.model.heads import EventHead
from headwater.signals.references import NOTHING, cluster_of, namespace_of, text_at
from headwater.signals.words import NAME_CHARACTERS_MAX, clean_name

_ADDRESS = compile_pattern(r"\d{1,3}(?:\.\d{1,3}){3}|(?=[^:]*:[^:]*:)[0-9A-Fa-f:.]{2,45}(?:%\w{1,16})?").fullmatch
_SELF = frozenset({"localhost", "127.0.0.1", "::1", "0.0.0.0", "::"})  # noqa: S104  (recognised, not bound)
_CALLED_KINDS = frozenset({"server", "consumer", "internal"})
_CALLS_CACHED_MAX = 16_384
_calls: dict[tuple[str, str, str, str], tuple[Reference, Reference] | None] = {}
"""A cache of pure results, emptied when full: every healthy span tells one of few calls."""


def peer_of(event: EventHead, about: Reference) -> Reference | None:
    """Whom an event blames: peer.service, else server.address, else the destination's address. None if nobody, or only itself."""
    name = _peer_name(event)
    return host_reference(name, about) if name else None


def call_between(event: EventHead, caller: str) -> tuple[Reference, Reference] | None:
    """The caller and whom it calls, None where that is nobody else."""
    key = (cluster_of(event), namespace_of(event), caller, _peer_name(event))
    if key in _calls:
        return _calls[key]
    reference = Reference(key[0], SCHEME_SERVICE_NAME, key[1], clean_name(caller))
    callee = host_reference(key[3], reference) if key[3] else None
    call = None if callee is None else (reference, callee)
    if len(_calls) >= _CALLS_CACHED_MAX:
        _calls.clear()
    if len(caller) + len(key[3]) <= 2 * NAME_CHARACTERS_MAX:
        _calls[key] = call
    return call


def _peer_name(event: EventHead) -> str:
    attributes = event.attributes or NOTHING
    name = text_at(attributes, "peer.service")
    if not name and not _is_called_side(attributes):
        # On the called side, server.address and the destination are the event's own.
        name = text_at(attributes, "server.address") or (event.network.dest_ip if event.network is not None else "")
    return name


def host_reference(name: str, about: Reference) -> Reference | None:
    """A reference to a host as people write one: a name, an address, with a port, a path or a scheme around it. None for oneself."""
    host = name[:1024].rpartition("://")[2].partition("/")[0].rpartition("@")[2].strip().rstrip(":,;")
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    host = clean_name(host.rstrip(".") or "localhost")
    if host.lower() in _SELF or host == about.name:
        return None
    if _ADDRESS(host):
        return Reference(about.cluster, SCHEME_ADDRESS, "", host)
    return Reference(about.cluster, SCHEME_SERVICE_NAME, about.namespace, host)


def _is_called_side(attributes: dict[str, Any]) -> bool:
    kind = text_at(attributes, "span.kind") or text_at(attributes, "span_kind") or text_at(attributes, "kind")
    return kind.lower().removeprefix("span_kind_") in _CALLED_KINDS

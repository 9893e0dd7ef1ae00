"""What a pod's specification needs: ConfigMaps, Secrets and claims, wherever it names them, and the registries of its images."""

from collections.abc import Iterator, Mapping
from typing import Any

from headwater.model.entities import Entity
from headwater.topology.reading import mapping, mappings, text

_TOKEN_VOLUME_PREFIX = "kube-api-access-"  # noqa: S105  (not a secret)
"""Kubernetes adds this volume, with the ConfigMap kube-root-ca.crt, to every pod: it would relate everything to everything."""

_CONTAINER_GROUPS = ("initContainers", "containers", "ephemeralContainers")
_HOST_LENGTH_MAX = 253
_WAYS_TO_READ = {
    "ConfigMap": ("configMap", "name", "configMapRef", "configMapKeyRef"),
    "Secret": ("secret", "secretName", "secretRef", "secretKeyRef"),
}
"""How a volume names an object of this kind, in which field, and how the environment names all of it or one key."""


def mounts_of(spec: Mapping[str, Any], cluster: str, namespace: str) -> tuple[Entity, ...]:
    """The ConfigMaps, Secrets and PersistentVolumeClaims that the pods of this specification need, sorted."""
    found = {(kind, name) for kind, name in _needs(spec) if name}
    return tuple(sorted(Entity(cluster, kind, namespace, name) for kind, name in found))


def reads_any(spec: Mapping[str, Any], kind: str, name: str, keys: frozenset[str]) -> bool:
    """
    Whether the pods of this specification read one of these keys of a ConfigMap or Secret, or all of it.

    Of what it does not name at all nothing is known, so that it may read anything.
    """
    reads = [read for read in _reads(spec, kind) if read[0] == name]
    return not reads or any(key is None or key in keys for _, key in reads)


def _reads(spec: Mapping[str, Any], kind: str) -> Iterator[tuple[str, str | None]]:
    """Names of objects of this kind and the keys of them that are read; None where all are."""
    source, named, from_all, from_key = _WAYS_TO_READ[kind]
    for volume in mappings(spec, "volumes"):
        projected = ((mapping(each, source), "name") for each in mappings(volume, "projected", "sources"))
        for holder, field in ((mapping(volume, source), named), *projected):
            items = mappings(holder, "items")
            yield from ((text(holder, field), text(item, "key")) for item in items)
            if not items:
                yield text(holder, field), None
    for container in (container for group in _CONTAINER_GROUPS for container in mappings(spec, group)):
        yield from ((text(each, from_all, "name"), None) for each in mappings(container, "envFrom"))
        read = [mapping(variable, "valueFrom", from_key) for variable in mappings(container, "env")]
        yield from ((text(each, "name"), text(each, "key")) for each in read)


def registries_of(spec: Mapping[str, Any]) -> tuple[str, ...]:
    """The registries from which the images of a specification come, sorted."""
    images = {text(container, "image") for group in _CONTAINER_GROUPS for container in mappings(spec, group)} - {""}
    return tuple(sorted({_registry_of(image) for image in images}))


def _registry_of(image: str) -> str:
    """The host an image is pulled from; a first part that is no host is a name on Docker Hub."""
    first, slash, _rest = image.partition("/")
    is_host = slash and ("." in first or ":" in first or first == "localhost")
    return first.lower()[:_HOST_LENGTH_MAX] if is_host else "docker.io"


def _needs(spec: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for volume in mappings(spec, "volumes"):
        if not text(volume, "name").startswith(_TOKEN_VOLUME_PREFIX):
            yield from _volume_needs(volume)
    for group in _CONTAINER_GROUPS:
        for container in mappings(spec, group):
            yield from _environment_needs(container)
    for secret in mappings(spec, "imagePullSecrets"):
        yield "Secret", text(secret, "name")


def _volume_needs(volume: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "ConfigMap", text(volume, "configMap", "name")
    yield "Secret", text(volume, "secret", "secretName")
    yield "PersistentVolumeClaim", text(volume, "persistentVolumeClaim", "claimName")
    for source in mappings(volume, "projected", "sources"):
        yield "ConfigMap", text(source, "configMap", "name")
        yield "Secret", text(source, "secret", "name")
    # The drivers below name their secret in one of these places.
    for driver in ("csi", "cephfs", "rbd", "flexVolume", "iscsi", "scaleIO", "storageos"):
        if driver in volume:
            yield "Secret", text(volume, driver, "secretRef", "name") or text(volume, driver, "nodePublishSecretRef", "name")
    if "azureFile" in volume:
        yield "Secret", text(volume, "azureFile", "secretName")


def _environment_needs(container: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for source in mappings(container, "envFrom"):
        yield "ConfigMap", text(source, "configMapRef", "name")
        yield "Secret", text(source, "secretRef", "name")
    for variable in mappings(container, "env"):
        source = mapping(variable, "valueFrom")
        if source:
            yield "ConfigMap", text(source, "configMapKeyRef", "name")
            yield "Secret", text(source, "secretKeyRef", "name")

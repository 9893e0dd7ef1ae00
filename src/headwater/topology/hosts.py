"""What a service name, DNS name, host or URL says: only its text is read here, nothing is looked up."""

from functools import lru_cache
from re import compile as compile_pattern
from typing import NamedTuple

_HOST_LENGTH_MAX = 1_024
_HOSTS_CACHED_MAX = 16_384
"""A cache of pure results: a cluster has few names, each said in every span."""

_IPV4 = compile_pattern(r"\d{1,3}(?:\.\d{1,3}){3}").fullmatch
_IPV6 = compile_pattern(r"[0-9a-f:]*:[0-9a-f:.]*(?:%\w+)?").fullmatch
_PORT = compile_pattern(r"(.+?):\d{0,5}").fullmatch
_IP_NAME = compile_pattern(r"(?:\d{1,3}-){3}\d{1,3}").fullmatch


class Host(NamedTuple):
    """A host as its text gives it; parts that the text does not have are empty."""

    full: str  # in lower case, without scheme, path and port
    service: str = ""
    namespace: str = ""
    pod: str = ""
    address: str = ""
    is_cluster_name: bool = False  # certainly a name of the cluster's DNS


@lru_cache(maxsize=_HOSTS_CACHED_MAX)
def parse_host(text: str) -> Host:
    """The host in `svc`, `svc.namespace.svc.cluster.local.`, `host:port`, `scheme://host:port/path` or an address."""
    host = text[:_HOST_LENGTH_MAX].strip().lower()
    if "/" in host:
        # Of gRPC's dns:///name the authority is empty and the name is the path.
        host = host.rpartition("://")[2].lstrip("/").partition("/")[0].rpartition("@")[2]
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1 and (match := _PORT(host)):
        host = match.group(1)
    host = host.rstrip(".")
    if _IPV4(host) or (":" in host and _IPV6(host)):
        return Host(host, address=host)
    return _parse_name(host)


def _parse_name(host: str) -> Host:
    labels = host.split(".")
    if len(labels) == 1:
        return Host(host, service=host)
    if len(labels) == 2:
        return Host(host, service=labels[0], namespace=labels[1])
    if labels[2] == "svc":
        return Host(host, service=labels[0], namespace=labels[1], is_cluster_name=True)
    if labels[2] == "pod" and _IP_NAME(labels[0]):
        return Host(host, address=labels[0].replace("-", "."))
    if len(labels) > 3 and labels[3] == "svc":
        return Host(host, pod=labels[0], service=labels[1], namespace=labels[2], is_cluster_name=True)
    return Host(host)

"""Bodies of UnifiedEvents as collectors publish them, without id and time, which the recorder adds."""

from typing import Any

from headwater.testing.world import Cluster, Pod, Workload

Body = dict[str, Any]

FAILURES: dict[str, tuple[str, int | None, str]] = {
    # how a call fails: the client library's words, the HTTP status if there was an answer, the OpenTelemetry error.type
    "timeout": ("context deadline exceeded after 5s calling {peer}", None, "timeout"),
    "refused": ("dial tcp {address}:80: connect: connection refused", None, "connection_refused"),
    "reset": ("read tcp {address}:80: connection reset by peer", None, "connection_reset"),
    "500": ("HTTP 500 Internal Server Error from {peer}", 500, "500"),
    "502": ("HTTP 502 Bad Gateway from {peer}", 502, "502"),
    "503": ("HTTP 503 Service Unavailable from {peer}", 503, "503"),
    "504": ("HTTP 504 Gateway Timeout from {peer}", 504, "504"),
    "dns": ("dial tcp: lookup {host} on 10.96.0.10:53: read udp 10.244.1.7:40312->10.96.0.10:53: i/o timeout", None, "dns_lookup_failed"),
    "denied": ("HTTP 401 Unauthorized from {peer}: password authentication failed", 401, "401"),
}


def object_event(kind: str, namespace: str, name: str, reason: str, message: str, *, is_warning: bool = False, node: str = "") -> Body:
    """A Kubernetes Event object about something."""
    return _kubernetes(kind, namespace, name, reason, message, "EVENT", is_warning=is_warning, node=node)


def state_change(
    kind: str, namespace: str, name: str, reason: str, message: str, *, is_warning: bool = True, node: str = "", **attributes: Any
) -> Body:
    """A transition seen by watching an object's status."""
    body = _kubernetes(kind, namespace, name, reason, message, "STATE", is_warning=is_warning, node=node)
    return body | {"attributes": attributes} if attributes else body


def object_change(kind: str, namespace: str, name: str, message: str, *, action: str = "MODIFIED", **attributes: Any) -> Body:
    """An object was added, modified or deleted."""
    body = _kubernetes(kind, namespace, name, "", message, action, is_warning=False)
    return body | {"attributes": attributes} if attributes else body


def _kubernetes(kind: str, namespace: str, name: str, reason: str, message: str, action: str, *, is_warning: bool, node: str = "") -> Body:
    context = {"kind": kind, "name": name}
    entity = {"type": kind.lower(), "name": name}
    if namespace:
        context["namespace"] = entity["namespace"] = namespace
    if node:
        context["node_name"] = node
    content = {
        "event_type": "Warning" if is_warning else "Normal",
        "reason": reason,
        "object": f"{kind.lower()}/{name}",
        "object_kind": kind,
        "message": message,
        "action": action,
    }
    return {
        "type": "kubernetes",
        "source": "kubernetes",
        "severity": "warning" if is_warning else "info",
        "message": message,
        "entity": entity,
        "kubernetes": {key: value for key, value in content.items() if value},
        "k8s_context": context,
    }


def pod_event(pod: Pod, reason: str, message: str, *, is_warning: bool = False) -> Body:
    """A Kubernetes Event about a pod."""
    return object_event("Pod", pod.namespace, pod.name, reason, message, is_warning=is_warning, node=pod.node)


def pod_state(pod: Pod, reason: str, message: str, *, is_warning: bool = True, **attributes: Any) -> Body:
    """A transition of a pod's or its container's state."""
    return state_change("Pod", pod.namespace, pod.name, reason, message, is_warning=is_warning, node=pod.node, **attributes)


def oom_kill(pod: Pod, command: str) -> Body:
    """The kernel killed a process of this pod for memory."""
    return {
        "type": "ebpf",
        "source": "ebpf",
        "severity": "critical",
        "message": f"oom_kill: {command} in memory cgroup of {pod.name}",
        "entity": {"type": "pod", "name": pod.name, "namespace": pod.namespace, "uid": pod.uid},
        "kernel": {"syscall": "oom_kill", "comm": command[:15], "pid": 1 + int(pod.uid[:3], 16)},
        "k8s_context": {"kind": "Pod", "name": pod.name, "namespace": pod.namespace, "uid": pod.uid, "node_name": pod.node},
    }


def call_span(cluster: Cluster, caller: str, callee: str, *, pod: Pod | None, failure: str | None, latency_ms: float) -> Body:
    """A client span: `caller` called `callee`; it failed so, or went well."""
    workload, peer = cluster.workloads[caller], cluster.workloads[callee]
    attributes = {"otel.status_code": "ERROR" if failure else "OK", "span.kind": "client", "op": f"GET /{callee}"}
    host = f"{peer.service}.{peer.namespace}.svc.cluster.local"
    if workload.peers_by_address:
        attributes |= {"server.address": host, "server.port": "80"}
    else:
        attributes |= {"peer.service": peer.app}
    body = _span(workload, pod, attributes, latency_ms)
    if failure is None:
        return body | {"severity": "info", "message": f"GET {host}", "network": body["network"] | {"status_code": 200}}
    words, status, error_type = FAILURES[failure]
    message = words.format(peer=peer.service, address=peer.service_address, host=host)
    body["attributes"]["error.type"] = error_type
    if status is not None:
        body["network"]["status_code"] = status
    return body | {"severity": "error", "message": message}


def server_span(workload: Workload, *, pod: Pod | None, error: str, error_type: str, status: int, latency_ms: float) -> Body:
    """A server span: the service itself answered with an error."""
    attributes = {"otel.status_code": "ERROR", "span.kind": "server", "op": "GET /", "error.type": error_type}
    body = _span(workload, pod, attributes, latency_ms)
    body["network"]["status_code"] = status
    return body | {"severity": "error", "message": error}


def slow_span(workload: Workload, *, pod: Pod | None, latency_ms: float, normal_ms: float) -> Body:
    """A detector found the service's own span slow."""
    message = f"GET / {latency_ms:.0f} ms (normal p50 {normal_ms:.0f}, p99 {normal_ms * 4:.0f})"
    body = _span(workload, pod, {"status": "slow", "span.kind": "server", "op": "GET /", "self_slow": True}, latency_ms)
    return body | {"severity": "warning", "message": message, "semantic": {"intent": "span.slow"}}


def _span(workload: Workload, pod: Pod | None, attributes: Body, latency_ms: float) -> Body:
    body: Body = {
        "type": "service",
        "source": "otel",
        "semantic": {"intent": "span"},
        "network": {"protocol": "http", "latency_ns": round(latency_ms * 1e6)},
        "attributes": {"service.name": workload.app} | attributes,
    }
    if pod is not None:
        body["entity"] = {"type": "pod", "name": pod.name, "namespace": pod.namespace}
        body["k8s_context"] = {"kind": "Pod", "name": pod.name, "namespace": pod.namespace, "node_name": pod.node}
    else:
        body["entity"] = {"type": "service", "name": workload.app, "namespace": workload.namespace}
    return body


def log_line(workload: Workload, pod: Pod, level: str, message: str, *, error_type: str = "") -> Body:
    """A line a pod logged."""
    application = {"level": level, "message": message}
    if error_type:
        application["error_type"] = error_type
    return {
        "type": "log",
        "source": "logs",
        "severity": level,
        "message": message,
        "entity": {"type": "pod", "name": pod.name, "namespace": pod.namespace},
        "application": application,
        "semantic": {"intent": {"error": "log.error", "warning": "log.warn"}.get(level, "log")},
        "attributes": {"service.name": workload.app},
        "k8s_context": {"kind": "Pod", "name": pod.name, "namespace": pod.namespace, "node_name": pod.node},
    }


def metric_sample(pod: Pod, name: str, value: float, *, severity: str = "info") -> Body:
    """A sample a scraper thought worth publishing."""
    return {
        "type": "metric",
        "source": "prometheus",
        "severity": severity,
        "message": f"{name}={value:.1f}",
        "entity": {"type": "pod", "name": pod.name, "namespace": pod.namespace},
        "metrics": {"metric_name": name, "value": round(value, 1), "unit": "percent"},
        "k8s_context": {"kind": "Pod", "name": pod.name, "namespace": pod.namespace, "node_name": pod.node},
    }


def throttling_alert(pod: Pod, percent: float) -> Body:
    """Kubernetes-mixin's CPUThrottlingHigh, as Alertmanager sends it on."""
    return {
        "type": "metric",
        "source": "alertmanager",
        "severity": "info",
        "message": f"{percent:.1f}% throttling of CPU in namespace {pod.namespace} for container in pod {pod.name}.",
        "entity": {"type": "pod", "name": pod.name, "namespace": pod.namespace},
        "semantic": {"intent": "alert.cpu_throttling_high"},
        "attributes": {"alertname": "CPUThrottlingHigh"},
        "k8s_context": {"kind": "Pod", "name": pod.name, "namespace": pod.namespace, "node_name": pod.node},
    }

"""For each symptom class a wire event that shows it, as a collector would publish it, for tests that go through the whole engine."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from headwater.model.entities import CLUSTER_SCOPED_KINDS

Body = dict[str, Any]

NAMESPACE = "shop"
"""Where things are whose shorthand does not say."""


class Thing(NamedTuple):
    """What a test calls `Kind/name`, or `Kind/name@namespace`."""

    kind: str
    name: str
    namespace: str


def thing_of(shorthand: str) -> Thing:
    """The thing this shorthand names."""
    kind, _, name = shorthand.partition("/")
    name, _, namespace = name.partition("@")
    return Thing(kind, name, "" if kind in CLUSTER_SCOPED_KINDS else namespace or NAMESPACE)


def example(symptom_class: str, about: Thing, peer: Thing | None) -> Body:
    """A wire event of this class, or of a kind of it (`class/kind`), without id, time and trace. Raises KeyError where there is none."""
    return (EXAMPLES_OF_KINDS.get(symptom_class) or EXAMPLES[symptom_class])(about, peer)


def example_of_alias(alias: str, about: Thing, peer: Thing | None) -> Body:
    """A wire event by its name in ALIASES: healthy ones, which show no class. Raises KeyError for an unknown name."""
    return ALIASES[alias](about, peer)


def kubernetes_event(about: Thing, reason: str, message: str) -> Body:
    """A Kubernetes Event of type Warning with this reason and message."""
    return _kubernetes(about, "EVENT", reason, message, is_warning=True)


def _denied(about: Thing, _: Thing | None) -> Body:
    user = f"system:serviceaccount:{about.namespace}:{about.name}"
    return kubernetes_event(
        about, "ReconcileError", f'deployments.apps "web" is forbidden: User "{user}" cannot get resource "deployments"'
    )


def call_span(caller: Thing, callee: Thing) -> Body:
    """A call that went well."""
    return _span(caller, callee, {"otel.status_code": "OK"}, "info", f"GET {callee.name}", status_code=200)


def _of_thing(about: Thing) -> Body:
    entity = {"type": about.kind.lower(), "name": about.name}
    context = {"kind": about.kind, "name": about.name}
    if about.namespace:
        entity["namespace"] = context["namespace"] = about.namespace
    # A service is what telemetry names; everything else is an object of Kubernetes.
    return {"entity": entity} if about.kind == "Service" else {"entity": entity, "k8s_context": context}


def _kubernetes(about: Thing, action: str, reason: str, message: str, *, is_warning: bool) -> Body:
    return _of_thing(about) | {
        "type": "kubernetes",
        "source": "kubernetes",
        "severity": "warning" if is_warning else "info",
        "message": message,
        "k8s_context": {"kind": about.kind, "name": about.name, "namespace": about.namespace},
        "kubernetes": {
            "event_type": "Warning" if is_warning else "Normal",
            "reason": reason,
            "object": f"{about.kind.lower()}/{about.name}",
            "object_kind": about.kind,
            "message": message,
            "action": action,
        },
    }


def _event(reason: str, message: str, *, is_warning: bool = True) -> Callable[[Thing, Thing | None], Body]:
    return lambda about, _: _kubernetes(about, "EVENT", reason, message, is_warning=is_warning)


def _state(reason: str, message: str) -> Callable[[Thing, Thing | None], Body]:
    return lambda about, _: _kubernetes(about, "STATE", reason, message, is_warning=True)


def _change(what: str) -> Callable[[Thing, Thing | None], Body]:
    return lambda about, _: _kubernetes(about, "MODIFIED", "", f"{what} changed", is_warning=False) | {"attributes": {"k8s.change": what}}


def _oom_kill(about: Thing, _: Thing | None) -> Body:
    kernel = {"syscall": "oom_kill", "comm": "main"}
    return _of_thing(about) | {"type": "ebpf", "source": "ebpf", "severity": "critical", "message": "oom_kill of main", "kernel": kernel}


def _kernel(syscall: str, message: str) -> Callable[[Thing, Thing | None], Body]:
    kernel = {"syscall": syscall, "comm": "main"}
    return lambda about, _: (
        _of_thing(about) | {"type": "ebpf", "source": "ebpf", "severity": "warning", "message": message, "kernel": kernel}
    )


def _log(level: str, message: str) -> Callable[[Thing, Thing | None], Body]:
    application = {"level": level, "message": message}
    return lambda about, _: (
        _of_thing(about) | {"type": "log", "source": "logs", "severity": level, "message": message, "application": application}
    )


def _metric(name: str) -> Callable[[Thing, Thing | None], Body]:
    def body(about: Thing, _: Thing | None) -> Body:
        metrics = {"metric_name": name, "value": 98.5, "unit": "percent"}
        return _of_thing(about) | {"type": "metric", "source": "prometheus", "severity": "warning", "metrics": metrics}

    return body


def _detector(intent: str, message: str) -> Callable[[Thing, Thing | None], Body]:
    def body(about: Thing, peer: Thing | None) -> Body:
        attributes = {"service.name": about.name} | ({"peer.service": peer.name} if peer else {})
        return _of_thing(about) | {
            "type": "service",
            "source": "otel",
            "severity": "warning",
            "message": message,
            "semantic": {"intent": intent},
            "attributes": attributes,
        }

    return body


def _failure(error_type: str, words: str, status_code: int | None = None) -> Callable[[Thing, Thing | None], Body]:
    def body(about: Thing, peer: Thing | None) -> Body:
        attributes = {"otel.status_code": "ERROR"} | ({"error.type": error_type} if error_type else {})
        return _span(about, peer, attributes, "error", words.format(peer=peer.name if peer else "itself"), status_code=status_code)

    return body


def _span(about: Thing, peer: Thing | None, attributes: Body, severity: str, message: str, *, status_code: int | None = None) -> Body:
    network: Body = {"protocol": "http"} | ({"status_code": status_code} if status_code is not None else {})
    if peer is not None:
        attributes = attributes | {"peer.service": peer.name if peer.namespace == about.namespace else f"{peer.name}.{peer.namespace}"}
    return _of_thing(about) | {
        "type": "service",
        "source": "otel",
        "severity": severity,
        "message": message,
        "semantic": {"intent": "span"},
        "network": network,
        "attributes": {"service.name": about.name} | attributes,
    }


def _unit_down(unit: str) -> Callable[[Thing, Thing | None], Body]:
    return lambda about, _: (
        _of_thing(about)
        | {
            "type": "system",
            "source": "systemd",
            "severity": "error",
            "message": f"{unit} is inactive (dead)",
            "semantic": {"intent": "host.unit.inactive"},
            "attributes": {"unit": unit},
        }
    )


def _webhook_failing(about: Thing, _: Thing | None) -> Body:
    said = f'failed calling webhook "a.b": Post "https://{about.name}.{about.namespace}.svc:443/": context deadline exceeded'
    application = {"level": "error", "message": said}
    return {"type": "log", "source": "kube-apiserver", "severity": "error", "application": application}


EXAMPLES: Mapping[str, Callable[[Thing, Thing | None], Body]] = {
    "change.rollout": _change("rollout"),
    "change.scale": _change("scale"),
    "change.config": _change("data"),
    "change.secret": _change("data"),
    "change.networkpolicy": _change("spec"),
    "change.mesh": _change("spec"),
    "change.cordon": _change("cordon"),
    "change.quota": _change("spec"),
    "change.webhook": _change("spec"),
    "change.service": _change("spec"),
    "change.ingress": _change("spec"),
    "change.hpa": _change("spec"),
    "change.rbac": lambda about, _: (
        _kubernetes(about, "DELETED", "", "deleted", is_warning=False) | {"attributes": {"k8s.change": "deleted"}}
    ),
    "node.notready": _event("NodeNotReady", "Node status is now: NodeNotReady"),
    "node.diskpressure": _event("NodeHasDiskPressure", "Node status is now: NodeHasDiskPressure"),
    "node.mempressure": _event("NodeHasInsufficientMemory", "Node status is now: NodeHasInsufficientMemory"),
    "node.pidpressure": _event("NodeHasInsufficientPID", "Node status is now: NodeHasInsufficientPID"),
    "node.netunavailable": _event("NetworkUnavailable", "RouteController failed to create a route"),
    "node.reboot": _event("Rebooted", "Node has been rebooted, boot id changed"),
    "node.kernel": _event("KernelOops", "BUG: unable to handle kernel NULL pointer dereference"),
    "node.sysoom": _event("SystemOOM", "System OOM encountered, victim process: main"),
    "node.runtime": _event("ContainerRuntimeUnhealthy", "container runtime is down"),
    "kernel.oom": _oom_kill,
    "pod.oomkilled": _state("OOMKilled", "container main was OOMKilled, exit code 137"),
    "pod.evicted": _event("Evicted", "The node was low on resource"),
    "pod.preempted": _event("Preempted", "Preempted by a pod of higher priority", is_warning=False),
    "pod.imagepull": _state("ImagePullBackOff", 'Back-off pulling image "registry.example/app:7"'),
    "pod.createconfig": _state("CreateContainerConfigError", 'configmap "settings" not found'),
    "pod.crashloop": _state("CrashLoopBackOff", "back-off restarting failed container"),
    "pod.restart": _state("ContainerRestarted", "container main was restarted"),
    "pod.unready": _state("PodNotReady", "containers with unready status: [main]"),
    "pod.unschedulable": _event("FailedScheduling", "0/3 nodes are available: 3 Insufficient memory"),
    "pod.mountfail": _event("FailedMount", "Unable to attach or mount volumes: timed out waiting for the condition"),
    "pod.sandboxfail": _event("FailedCreatePodSandBox", "Failed to create pod sandbox: no IP addresses available"),
    "pod.liveness": _event("Unhealthy", "Liveness probe failed: HTTP probe failed with statuscode: 500"),
    "pod.throttle": _event("CPUThrottling", "CPU is throttled"),
    "pod.startup": _event("Unhealthy", "Startup probe failed: HTTP probe failed with statuscode: 500"),
    "workload.failedcreate": _event("FailedCreate", "Error creating: pods is forbidden"),
    "workload.stuck": _event("ProgressDeadlineExceeded", "ReplicaSet has timed out progressing"),
    "resource.cpu": _metric("cpu_usage_percent"),
    "resource.memory": _metric("memory_usage_percent"),
    "resource.disk": _metric("disk_usage_percent"),
    "svc.timeout": _failure("timeout", "timeout after 5s calling {peer}"),
    "svc.refused": _failure("connection_refused", "connection refused by {peer}"),
    "svc.reset": _failure("connection_reset", "connection reset by {peer}"),
    "svc.dns": _failure("dns_lookup_failed", "cannot resolve a name"),
    "svc.tls": _failure("tls_handshake", "TLS handshake with {peer} failed"),
    "svc.5xx": _failure("", "503 from {peer}", 503),
    "svc.429": _failure("rate_limited", "429 from {peer}", 429),
    "svc.authz": _failure("unauthorized", "access denied by {peer}"),
    "account.denied": _denied,
    "svc.readonly": _failure("", "READONLY You can't write against a read only replica"),
    "svc.pool": _failure("pool_exhausted", "connection pool for {peer} is exhausted"),
    "svc.error": _failure("NullPointerException", "unexpected null"),
    "svc.latency": _detector("alert.latency_degradation", "far slower than usual"),
    "svc.slow": _detector("span.slow", "a call far slower than usual"),
    "svc.unanswered": _detector("span.unanswered", "a call that the callee never saw"),
    "svc.drop": _detector("metric.workload.drop", "fewer requests than usual"),
    "svc.gap": _detector("rpc.gap", "a call that lasts far longer for its client than for its server"),
    "svc.incomplete": _detector("span.missing_call", "a call that always follows did not"),
    "svc.saturation": _detector("metric.saturation.high", "as much work as it can do"),
    "resource.io": _kernel("io_latency", "a write took 900 ms"),
    "resource.handles": _log("error", "accept: too many open files"),
    "runtime.gc": _log("warning", "Full GC took 4.2 s"),
    "runtime.stuck": _log("error", "deadlock found between two workers"),
    "runtime.config": _log("error", "required environment variable PRICE_TABLE is not set"),
    "runtime.crash": _log("error", "panic: runtime error: index out of range"),
    "svc.surge": _detector("metric.workload.surge", "more requests than usual"),
    "svc.retries": _detector("rpc.retries", "three times as many calls as requests"),
    "cache.misses": _detector("metric.cache.misses", "nothing of what is asked is in the cache"),
    "net.retransmit": _kernel("tcp_retransmit_skb", "retransmit"),
    "net.errors": _detector("metric.network.errors", "packets are lost at the interface"),
    "net.latency": _detector("metric.network.latency", "packets take longer than usual"),
    "net.denied": _detector("network.policy_denied", "dropped by a policy"),
    "node.clock": _event("NTPProblem", "NTP service is not running"),
    "node.conntrack": _log("warning", "nf_conntrack: table full, dropping packet"),
    "svc.noendpoints": _event("NoEndpoints", "no endpoints available"),
    "quota.reached": _state("QuotaReached", "used up: pods"),
    "claim.unbound": _event("FailedBinding", "no persistent volumes available for this claim"),
    "budget.blocked": _event("NoControllers", "No matching pods found"),
    "scaler.limited": _state("TooManyReplicas", "the desired replica count is more than the maximum replica count"),
    "scaler.blind": _event("FailedGetResourceMetric", "failed to get cpu utilization: missing request for cpu"),
    "webhook.failing": _webhook_failing,
    "storage.denied": lambda about, _: (
        _of_thing(about)
        | {
            "type": "log",
            "source": "logs",
            "severity": "error",
            "application": {"level": "error", "message": "cannot open file /data/store: Permission denied"},
        }
    ),
    "ingress.invalid": _event("Rejected", "was rejected with error: service stock not found"),
    "namespace.stuck": _state("SomeFinalizersRemain", "Some content in the namespace has finalizers remaining"),
    "cert.expiring": _event("IssuerNotReady", "Referenced issuer does not have a Ready status condition"),
    "control.down": _unit_down("kube-scheduler"),
    "control.slow": _event("EtcdUnhealthy", "etcd member is slow"),
    "control.leaderlost": _event("LeaderElection", "node-a_0 stopped leading"),
    "node.maintenance": _event("SpotInterruption", "Spot interruption notice"),
}
"""By class. Every class that is not virtual has one."""

EXAMPLES_OF_KINDS: Mapping[str, Callable[[Thing, Thing | None], Body]] = {
    "control.leaderlost/store": _log("warning", "raft: election timeout, no leader elected"),
    "svc.authz/credentials": _log("error", 'password authentication failed for user "orders"'),
    "runtime.config/flag": _log("error", "unknown flag: --prices"),
    "runtime.stuck/lock": _log("error", "Lock wait timeout exceeded; try restarting transaction"),
    "node.runtime/kubelet": _unit_down("kubelet"),
    "node.runtime/container_runtime": _unit_down("containerd"),
    "node.netunavailable/kube_proxy": _unit_down("kube-proxy"),
    "svc.saturation/queue": lambda about, _: (
        _of_thing(about)
        | {
            "type": "metric",
            "source": "prometheus",
            "severity": "error",
            "message": "broker_queue_messages_ready=2900 above 2000",
            "semantic": {"intent": "metric.threshold"},
            "metrics": {"metric_name": "broker_queue_messages_ready", "value": 2900},
        }
    ),
    "cert.expiring/kubelet": lambda about, _: (
        _of_thing(about)
        | {
            "type": "alert",
            "source": "alertmanager",
            "severity": "warning",
            "attributes": {"alertname": "KubeletServerCertificateExpiration", "node": about.name, "status": "firing"},
        }
    ),
    "control.down/scheduler": _unit_down("kube-scheduler"),
    "control.down/controllers": _unit_down("kube-controller-manager"),
    "control.down/store": _unit_down("etcd"),
    "control.down/api": _unit_down("kube-apiserver"),
}
"""By class and kind, where no Kubernetes Event tells it; those that one tells are told by its reason and message."""

ALIASES: Mapping[str, Callable[[Thing, Thing | None], Body]] = {
    "ok_span": lambda about, peer: _span(about, peer, {"otel.status_code": "OK"}, "info", "GET", status_code=200),
    "info_log": lambda about, _: _of_thing(about) | {
        "type": "log", "source": "logs", "severity": "info", "application": {"level": "info", "message": "ready"},
    },
    "started": _event("Started", "Started container main", is_warning=False),
}  # fmt: skip
"""Healthy events by name."""

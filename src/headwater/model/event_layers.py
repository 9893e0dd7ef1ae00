"""Of a UnifiedEvent: whose trace it belongs to, what it means, what it is about, and what its layer saw."""

from typing import Any

from headwater.model.event_parts import Part


class TraceContext(Part):
    """The OpenTelemetry trace the event belongs to."""

    trace_id: str | None = None
    span_id: str | None = None
    parent_span_id: str | None = None
    trace_state: str | None = None
    baggage: dict[str, str] | None = None
    sampled: bool | None = None


class SemanticContext(Part):
    """What the event means, in its collector's words."""

    intent: str | None = None
    category: str | None = None
    tags: list[str] | None = None
    narrative: str | None = None
    confidence: float | None = None
    domain: str | None = None
    concepts: list[str] | None = None
    embedding: list[float] | None = None
    event_type: str | None = None
    intent_confidence: float | None = None
    semantic_features: dict[str, float] | None = None
    ontology_tags: list[str] | None = None
    description: str | None = None


class EntityContext(Part):
    """What the event is about: a pod, service, node, user, database."""

    type: str | None = None
    name: str | None = None
    namespace: str | None = None
    uid: str | None = None
    labels: dict[str, str] | None = None
    attributes: dict[str, str] | None = None


class KprobeDetails(Part):
    """Where in the kernel a probe sat."""

    function_name: str | None = None
    offset: int | None = None
    module: str | None = None
    arguments: dict[str, str] | None = None


class SecurityContext(Part):
    """Under which confinement a process ran."""

    selinux_context: str | None = None
    apparmor_profile: str | None = None
    capabilities: list[str] | None = None
    seccomp: str | None = None


class KernelData(Part):
    """What eBPF saw."""

    syscall: str | None = None
    pid: int | None = None
    tid: int | None = None
    uid: int | None = None
    gid: int | None = None
    comm: str | None = None
    return_code: int | None = None
    args: dict[str, str] | None = None
    stack_trace: list[str] | None = None
    cpu_core: int | None = None
    bpf_program: str | None = None
    bpf_map_stats: dict[str, int] | None = None
    kprobe_details: KprobeDetails | None = None
    security_context: SecurityContext | None = None


class PolicyRule(Part, rename={"from_peers": "from", "to_peers": "to"}):
    """One rule of a network policy."""

    type: str | None = None
    from_peers: list[str] | None = None
    to_peers: list[str] | None = None
    ports: list[int] | None = None
    protocol: str | None = None


class NetworkPolicy(Part):
    """The network policy that decided."""

    name: str | None = None
    namespace: str | None = None
    pod_selector: dict[str, str] | None = None
    policy_types: list[str] | None = None
    rules: list[PolicyRule] | None = None


class IptablesRule(Part):
    """A rule of the packet filter."""

    table: str | None = None
    chain: str | None = None
    rule: str | None = None
    target: str | None = None
    protocol: str | None = None
    source: str | None = None
    dest: str | None = None


class NetworkData(Part):
    """What went over the wire."""

    protocol: str | None = None
    source_ip: str | None = None
    source_port: int | None = None
    dest_ip: str | None = None
    dest_port: int | None = None
    direction: str | None = None
    bytes_sent: int | None = None
    bytes_recv: int | None = None
    latency_ns: int | None = None
    status_code: int | None = None
    method: str | None = None
    path: str | None = None
    headers: dict[str, str] | None = None
    network_policy: NetworkPolicy | None = None
    iptables_rules: list[IptablesRule] | None = None
    container_id: str | None = None
    interface_name: str | None = None
    virtual_network: str | None = None


class ApplicationData(Part):
    """What an application said of itself."""

    level: str | None = None
    message: str | None = None
    logger: str | None = None
    error_type: str | None = None
    stack_trace: str | None = None
    user_id: str | None = None
    session_id: str | None = None
    request_id: str | None = None
    custom: dict[str, Any] | None = None


class CustomResource(Part):
    """An object of a custom kind."""

    group: str | None = None
    version: str | None = None
    kind: str | None = None
    name: str | None = None
    spec: dict[str, Any] | None = None
    status: dict[str, Any] | None = None


class AdmissionWebhook(Part):
    """What an admission webhook decided."""

    name: str | None = None
    type: str | None = None
    decision: str | None = None
    reason: str | None = None
    patch_applied: str | None = None


class KubernetesData(Part):
    """An Event object, a change of an object, or a state it went into."""

    event_type: str | None = None
    reason: str | None = None
    object: str | None = None
    object_kind: str | None = None
    message: str | None = None
    action: str | None = None
    api_version: str | None = None
    resource_version: str | None = None
    labels: dict[str, str] | None = None
    annotations: dict[str, str] | None = None
    cluster_name: str | None = None
    custom_resource: CustomResource | None = None
    admission_webhook: AdmissionWebhook | None = None


class MetricsData(Part):
    """One value of a time series."""

    metric_name: str | None = None
    value: float | None = None
    unit: str | None = None
    labels: dict[str, str] | None = None
    aggregation: str | None = None
    period_ms: int | None = None

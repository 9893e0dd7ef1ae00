"""Of a UnifiedEvent: the Kubernetes object it concerns, with its owners, placement, state and recent behaviour."""

from typing import Any

from headwater.model.event_parts import Instant, Nanoseconds, Part


class OwnerReference(Part, rename="camel"):
    """An owner as Kubernetes writes it."""

    api_version: str | None = None
    kind: str | None = None
    name: str | None = None
    uid: str | None = None
    controller: bool | None = None
    block_owner_deletion: bool | None = None


class ManagedField(Part, rename="camel"):
    """Who manages which fields."""

    manager: str | None = None
    operation: str | None = None
    api_version: str | None = None
    time: Instant | None = None
    fields_type: str | None = None


class Dependency(Part):
    """Something the object needs: config, storage, network or service; satisfied, missing or in error."""

    kind: str | None = None
    name: str | None = None
    namespace: str | None = None
    type: str | None = None
    required: bool | None = None
    status: str | None = None


class Consumer(Part, rename="camel"):
    """An object that needs this one."""

    api_version: str | None = None
    kind: str | None = None
    name: str | None = None
    namespace: str | None = None
    uid: str | None = None


class Condition(Part):
    """A condition of the object's status."""

    type: str | None = None
    status: str | None = None
    last_transition_time: Instant | None = None
    reason: str | None = None
    message: str | None = None


class KubernetesContext(Part):
    """The object the event concerns (`k8s_context` on the wire)."""

    api_version: str | None = None
    kind: str | None = None
    uid: str | None = None
    name: str | None = None
    namespace: str | None = None
    owner_references: list[OwnerReference] | None = None
    controller: OwnerReference | None = None
    managed_fields: list[ManagedField] | None = None
    labels: dict[str, str] | None = None
    annotations: dict[str, str] | None = None
    generation: int | None = None
    resource_version: str | None = None
    selectors: dict[str, str] | None = None
    dependencies: list[Dependency] | None = None
    consumers: list[Consumer] | None = None
    node_name: str | None = None
    zone: str | None = None
    region: str | None = None
    cluster_name: str | None = None
    workload_kind: str | None = None
    workload_name: str | None = None
    replica_index: int | None = None
    phase: str | None = None
    conditions: list[Condition] | None = None
    resource_requests: dict[str, str] | None = None
    resource_limits: dict[str, str] | None = None
    qos_class: str | None = None


class Replicas(Part):
    """How many replicas, in each respect."""

    desired: int | None = None
    current: int | None = None
    ready: int | None = None
    updated: int | None = None
    available: int | None = None


class ContainerState(Part):
    """One container."""

    name: str | None = None
    ready: bool | None = None
    restart_count: int | None = None
    image: str | None = None
    image_id: str | None = None
    container_id: str | None = None
    started: bool | None = None


class VolumeState(Part):
    """One volume."""

    name: str | None = None
    type: str | None = None
    ready: bool | None = None
    mount_path: str | None = None
    source_ref: str | None = None


class Port(Part):
    """One port."""

    name: str | None = None
    protocol: str | None = None
    container_port: int | None = None
    host_port: int | None = None


class NetworkState(Part):
    """Addresses and ports."""

    pod_ip: str | None = None
    pod_ips: list[str] | None = None
    host_ip: str | None = None
    ports: list[Port] | None = None


class ResourceState(Part):
    """The object's state at one time."""

    replicas: Replicas | None = None
    container_states: list[ContainerState] | None = None
    volume_states: list[VolumeState] | None = None
    network_state: NetworkState | None = None
    custom: Any = None


class Divergence(Part):
    """A field that is not as desired; `desired` and `actual` are older names of the values."""

    field: str | None = None
    desired_value: Any = None
    actual_value: Any = None
    desired: Any = None
    actual: Any = None
    reason: str | None = None
    impact: str | None = None
    since: Instant | None = None


class StateTransition(Part, rename={"from_state": "from", "to_state": "to"}):
    """From which state to which."""

    from_state: str | None = None
    to_state: str | None = None
    reason: str | None = None
    timestamp: Instant | None = None


class UpdateRecord(Part):
    """One change of the object: a scaling, an image, a configuration."""

    timestamp: Instant | None = None
    type: str | None = None
    field: str | None = None
    old_value: str | None = None
    new_value: str | None = None
    updated_by: str | None = None


class ResourceContext(Part):
    """What the object should be, and is."""

    desired_state: ResourceState | None = None
    actual_state: ResourceState | None = None
    previous_state: ResourceState | None = None
    divergences: list[Divergence] | None = None
    reconcile_status: str | None = None
    state_transition: StateTransition | None = None
    update_history: list[UpdateRecord] | None = None


class ResourceMetric(Part):
    """One resource's use."""

    current: float | None = None
    average: float | None = None
    peak: float | None = None
    trend: str | None = None
    percentile: dict[str, float] | None = None


class NetworkMetric(Part):
    """The network's use."""

    bytes_in: int | None = None
    bytes_out: int | None = None
    packets_in: int | None = None
    packets_out: int | None = None
    error_rate: float | None = None
    latency_ms: float | None = None


class ResourceUtilization(Part):
    """What the object uses."""

    cpu: ResourceMetric | None = None
    memory: ResourceMetric | None = None
    disk: ResourceMetric | None = None
    network: NetworkMetric | None = None


class LatencyProfile(Part):
    """How long answers take."""

    p50_ms: float | None = None
    p90_ms: float | None = None
    p95_ms: float | None = None
    p99_ms: float | None = None
    mean_ms: float | None = None
    std_dev_ms: float | None = None


class Throughput(Part):
    """How much is asked."""

    requests_per_second: float | None = None
    bytes_per_second: float | None = None
    active_connections: int | None = None


class Availability(Part):
    """How much of the time it answers."""

    uptime_percent: float | None = None
    last_downtime: Instant | None = None
    downtime_duration: Nanoseconds | None = None
    restart_count: int | None = None


class ErrorMetrics(Part):
    """How often it fails."""

    error_rate: float | None = None
    error_count: int | None = None
    error_types: dict[str, int] | None = None
    last_error: Instant | None = None


class ScalingBehavior(Part):
    """How it scales."""

    scale_up_count: int | None = None
    scale_down_count: int | None = None
    last_scale_event: Instant | None = None
    average_replicas: float | None = None
    scaling_velocity: float | None = None


class RestartPatterns(Part):
    """How it restarts."""

    total_restarts: int | None = None
    recent_restarts: int | None = None
    restart_rate: float | None = None
    last_restart: Instant | None = None
    restart_reasons: dict[str, int] | None = None


class TrafficPatterns(Part):
    """How its traffic comes."""

    pattern: str | None = None
    peak_hour: int | None = None
    baseline_traffic: float | None = None
    peak_traffic: float | None = None
    seasonality: str | None = None


class OperationalContext(Part):
    """How the object has behaved lately."""

    resource_utilization: ResourceUtilization | None = None
    latency_profile: LatencyProfile | None = None
    throughput_metrics: Throughput | None = None
    health_status: str | None = None
    availability_metrics: Availability | None = None
    error_metrics: ErrorMetrics | None = None
    scaling_behavior: ScalingBehavior | None = None
    restart_patterns: RestartPatterns | None = None
    traffic_patterns: TrafficPatterns | None = None

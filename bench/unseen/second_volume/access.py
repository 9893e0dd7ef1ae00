"""Operators that are no longer allowed to do their work."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import old_crash_loop, scaled_elsewhere
from bench.unseen.events import every
from bench.unseen.second_volume.freight import FREIGHT
from bench.unseen.second_volume.hearth import HEARTH
from bench.unseen.second_volume.telling import held_up, second
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


@second(FREIGHT, "access", Truth("strimzi-cluster-operator", "access_denied"), decoy=True)
def role_of_the_broker_operator_was_trimmed(r: Recording) -> None:
    scaled_elsewhere(r, "route-planner", 3, at=-60)
    r.change(0, r.of("RoleBinding", "strimzi-cluster-operator", "kafka"), "deleted", "deleted", action="DELETED")
    denied = 'Failure executing: GET at: https://10.96.0.1:443/apis/kafka.strimzi.io/v1beta2/namespaces/kafka/kafkas/freight. Message: kafkas.kafka.strimzi.io "freight" is forbidden: User "system:serviceaccount:kafka:strimzi-cluster-operator" cannot get resource "kafkas" in API group "kafka.strimzi.io" in the namespace "kafka".'
    r.logs(
        every(4, 300, 11),
        "strimzi-cluster-operator",
        "WARN  AbstractOperator:557 - Reconciliation #{n}(timer) Kafka(kafka/freight): Failed to reconcile io.fabric8.kubernetes.client.KubernetesClientException: "
        + denied,
    )
    r.logs(
        every(9, 300, 29),
        "strimzi-cluster-operator",
        'ERROR ReflectorWatcher: Watch for resource Pod was closed with an exception: pods is forbidden: User "system:serviceaccount:kafka:strimzi-cluster-operator" cannot watch resource "pods" in API group "" in the namespace "kafka" ({n})',
    )
    r.alert(200, "StrimziReconciliationsFailed", "11 reconciliations of kind Kafka failed in 3 minutes", namespace="kafka", kind="Kafka")


@second(HEARTH, "access", Truth("keda-operator", "access_denied"), decoy=True)
def scaler_may_not_read_its_objects(r: Recording) -> None:
    old_crash_loop(r, "eval-notebook")
    r.change(0, r.of("ClusterRole", "keda-operator"), "rules changed: scaledobjects, deployments/scale", "rules", ("rules",))
    denied = 'deployments.apps "prompt-gateway" is forbidden: User "system:serviceaccount:keda:keda-operator" cannot get resource "deployments/scale" in API group "apps" in the namespace "hearth"'
    r.logs(
        every(3, 320, 12),
        "keda-operator",
        '2026-07-21T10:00:00Z\tERROR\tReconciler error\t{"controller": "scaledobject", "ScaledObject": {"name":"prompt-gateway","namespace":"hearth"}, "reconcileID": "{n}", "error": "'
        + denied.replace('"', '\\"')
        + '"}',
    )
    scaler = r.of("HorizontalPodAutoscaler", "prompt-gateway")
    for times, at in enumerate((14.0, 75.0, 150.0, 260.0), start=1):
        r.event(at, scaler, "FailedGetScale", denied, component="horizontal-pod-autoscaler", count=times * 4, since=14)
    held_up(r, ("istio-ingressgateway", "prompt-gateway"), 4_200, since=130, until=320, step=12)
    r.alert(
        240,
        "KedaScaledObjectErrors",
        "ScaledObject hearth/prompt-gateway cannot be reconciled",
        namespace="hearth",
        scaledObject="prompt-gateway",
    )

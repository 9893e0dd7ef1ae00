"""Workloads of other teams that live on every cluster."""

from bench.unseen.clusters import Workload

NAMESPACE = "shared-tools"

NEIGHBOURS = (
    Workload("report-viewer", namespace=NAMESPACE, image="ghcr.io/shared-tools/report-viewer:2.4.0", has_autoscaler=True),
    Workload("cost-exporter", namespace=NAMESPACE, replicas=1, image="ghcr.io/shared-tools/cost-exporter:0.8.2"),
    Workload("log-router", kind="DaemonSet", namespace=NAMESPACE, image="cr.example/fluent/fluent-bit:3.2.4", port=0, probe_path=""),
    Workload("queue-janitor", kind="CronJob", namespace=NAMESPACE, image="ghcr.io/shared-tools/queue-janitor:1.1.0", port=0, probe_path=""),
)

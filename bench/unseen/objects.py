"""The objects of one case: as an API server would list them, and as the story changes them."""

from collections.abc import Mapping
from typing import Any

from bench.unseen.clusters import Application, Workload
from bench.unseen.names import address, letters, uid
from bench.unseen.object_parts import (
    API_VERSIONS,
    CLUSTER_WIDE,
    LONG_AGO,
    Content,
    Thing,
    containers_of,
    labels_of,
    node_labels_of,
    node_status_of,
    owner_of,
    pod_spec_of,
)


class Objects:
    """All objects of a case, by kind and name."""

    def __init__(self, application: Application, seed: str) -> None:
        self._seed = seed
        self._application = application
        self._found: dict[tuple[str, str, str], Content] = {}
        self._pods: dict[str, list[Thing]] = {}
        self._ever: dict[str, list[Thing]] = {}
        self._placed = 0
        self._build()

    def add(self, kind: str, name: str, namespace: str = "", created: str = LONG_AGO, **content: Any) -> Content:
        """An object with a uid of its own."""
        namespace = "" if kind in CLUSTER_WIDE else namespace or self._application.namespace
        metadata: Content = {"name": name, "uid": uid(self._seed, kind, namespace, name), "creationTimestamp": created}
        if namespace:
            metadata["namespace"] = namespace
        metadata.update(content.pop("metadata", {}))
        found: Content = {"apiVersion": API_VERSIONS.get(kind, "v1"), "kind": kind, "metadata": metadata, **content}
        self._found[kind, namespace, name] = found
        return found

    def get(self, kind: str, name: str, namespace: str = "") -> Content:
        """The object as it stands, to read and to change."""
        return self._found[kind, "" if kind in CLUSTER_WIDE else namespace or self._application.namespace_of(name), name]

    def remove(self, kind: str, name: str, namespace: str = "") -> None:
        """Take an object away."""
        del self._found[kind, "" if kind in CLUSTER_WIDE else namespace or self._application.namespace_of(name), name]

    def thing(self, kind: str, name: str, namespace: str = "") -> Thing:
        """What events about an object name."""
        namespace = "" if kind in CLUSTER_WIDE else namespace or self._application.namespace_of(name)
        return Thing(kind, name, namespace, uid(self._seed, kind, namespace, name), name if kind == "Node" else "", name)

    def pods(self, app: str) -> list[Thing]:
        """Those of an app that stand, in order."""
        return self._pods[app]

    def pods_ever(self, app: str) -> list[Thing]:
        """Those of an app that stand or stood."""
        return self._ever.get(app, [])

    def apps_on(self, node: str) -> list[Thing]:
        """The pods on a node."""
        return [pod for pods in self._pods.values() for pod in pods if pod.node == node]

    def listed(self) -> list[Content]:
        """All, sorted by kind and name."""
        self._build_endpoints()
        return [content for _, content in sorted(self._found.items())]

    def forget_pod(self, pod: Thing) -> None:
        """A pod is gone."""
        self._pods[pod.app].remove(pod)
        self.remove("Pod", pod.name, pod.namespace)

    def new_pod(
        self, workload: Workload, owner: Thing, name: str, created: str, *, node: str | None = None, labels: Mapping[str, str] | None = None
    ) -> Thing:
        """A pod of a workload, on the next node unless one is given; "" stands for none."""
        nodes = sorted(self._application.nodes)
        if node is None:
            node, self._placed = nodes[self._placed % len(nodes)], self._placed + 1
        pod = Thing(
            "Pod",
            name,
            owner.namespace,
            uid(self._seed, "Pod", owner.namespace, name, created),
            node,
            workload.name,
            address(self._seed, name),
        )
        self._pods.setdefault(workload.name, []).append(pod)
        self._ever.setdefault(workload.name, []).append(pod)
        conditions = ("PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled")
        containers = [each["name"] for each in containers_of(workload)]
        self.add(
            "Pod",
            name,
            owner.namespace,
            created,
            metadata={"uid": pod.uid, "labels": {**labels_of(workload), **(labels or {})}, "ownerReferences": [owner_of(owner)]},
            spec={"nodeName": node, **pod_spec_of(workload, name)},
            status={
                "phase": "Running",
                "podIP": pod.address,
                "startTime": created,
                "conditions": [{"type": kind, "status": "True", "lastTransitionTime": created} for kind in conditions],
                "containerStatuses": [
                    {
                        "name": each,
                        "ready": True,
                        "started": True,
                        "restartCount": 0,
                        "image": workload.image,
                        "state": {"running": {"startedAt": created}},
                    }
                    for each in containers
                ],
            },
        )
        if workload.claim and workload.kind == "StatefulSet":
            self._claim(workload, f"data-{name}", owner.namespace)
        return pod

    def new_revision(self, workload: Workload, hash_of: str, created: str, replicas: int) -> Thing:
        """A ReplicaSet."""
        name = f"{workload.name}-{letters(self._seed, 10, workload.name, hash_of)}"
        owner = self.thing("Deployment", workload.name)
        labels = {**labels_of(workload), "pod-template-hash": name.rpartition("-")[2]}
        self.add(
            "ReplicaSet",
            name,
            owner.namespace,
            created,
            metadata={"labels": labels, "ownerReferences": [owner_of(owner)]},
            spec={"replicas": replicas, "selector": {"matchLabels": labels}},
            status={"replicas": replicas, "readyReplicas": replicas},
        )
        return self.thing("ReplicaSet", name, owner.namespace)

    def _build(self) -> None:
        application = self._application
        for namespace in sorted(
            {application.namespace, "kube-system", *(each.namespace for each in application.all_workloads if each.namespace)}
        ):
            self.add("Namespace", namespace, metadata={"labels": {"kubernetes.io/metadata.name": namespace}})
        self.add("StorageClass", "fast-ssd", provisioner="ebs.csi.aws.com", volumeBindingMode="WaitForFirstConsumer")
        for place, (node, zone) in enumerate(sorted(application.nodes.items())):
            self.add(
                "Node",
                node,
                metadata={"labels": node_labels_of(node, zone)},
                spec={"providerID": f"aws:///{zone}/{node}"},
                status=node_status_of(place),
            )
        for workload in application.all_workloads:
            self._build_workload(workload)

    def _build_workload(self, workload: Workload) -> None:
        namespace = self._application.namespace_of(workload.name)
        labels = labels_of(workload)
        for kind, names in (("ConfigMap", workload.configs), ("Secret", workload.secrets)):
            for name in names:
                self.add(kind, name, namespace)
        if workload.service_name and workload.port:
            ports = [{"name": "main", "port": workload.port, "targetPort": workload.port, "protocol": "TCP"}]
            address_of = f"10.96.{int(uid(self._seed, workload.name)[:2], 16)}.{int(uid(self._seed, workload.name)[2:4], 16)}"
            spec: Content = {"type": "ClusterIP", "clusterIP": address_of, "selector": labels, "ports": ports}
            self.add("Service", workload.service_name, namespace, metadata={"labels": labels}, spec=spec)
        template: Content = {"metadata": {"labels": labels}, "spec": pod_spec_of(workload, "")}
        spec = {"replicas": workload.replicas, "selector": {"matchLabels": labels}, "template": template}
        if workload.kind == "CronJob":
            self._pods[workload.name] = []
            self.add(
                "CronJob",
                workload.name,
                namespace,
                metadata={"labels": labels},
                spec={"schedule": "*/5 * * * *", "jobTemplate": {"spec": {"template": template}}},
            )
            return
        status: Content = {
            "replicas": workload.replicas,
            "readyReplicas": workload.replicas,
            "availableReplicas": workload.replicas,
            "updatedReplicas": workload.replicas,
        }
        self.add(workload.kind, workload.name, namespace, metadata={"labels": labels}, spec=spec, status=status)
        owner = self.thing(workload.kind, workload.name)
        if workload.kind == "Deployment":
            owner = self.new_revision(workload, "first", LONG_AGO, workload.replicas)
        extra = {"pod-template-hash": owner.name.rpartition("-")[2]} if owner.kind == "ReplicaSet" else {}
        nodes = sorted(self._application.nodes)
        for number in range(len(nodes) if workload.kind == "DaemonSet" else workload.replicas):
            suffix = str(number) if workload.kind == "StatefulSet" else letters(self._seed, 5, owner.name, str(number))
            node = nodes[number] if workload.kind == "DaemonSet" else None
            self.new_pod(workload, owner, f"{owner.name}-{suffix}", LONG_AGO, node=node, labels=extra)
        if workload.has_autoscaler:
            target = {"apiVersion": "apps/v1", "kind": workload.kind, "name": workload.name}
            self.add(
                "HorizontalPodAutoscaler",
                workload.name,
                namespace,
                spec={"scaleTargetRef": target, "minReplicas": workload.replicas, "maxReplicas": 6},
            )

    def _claim(self, workload: Workload, name: str, namespace: str) -> None:
        volume = f"pvc-{uid(self._seed, 'volume', name)}"
        claimed = {"kind": "PersistentVolumeClaim", "namespace": namespace, "name": name}
        size = {"storage": workload.claim}
        spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": size}, "storageClassName": "fast-ssd", "volumeName": volume}
        self.add("PersistentVolumeClaim", name, namespace, spec=spec, status={"phase": "Bound", "capacity": size})
        self.add(
            "PersistentVolume",
            volume,
            spec={"capacity": size, "claimRef": claimed, "storageClassName": "fast-ssd", "accessModes": ["ReadWriteOnce"]},
            status={"phase": "Bound"},
        )

    def _build_endpoints(self) -> None:
        for kind, namespace, name in sorted(self._found):
            if kind != "Service":
                continue
            selector = self._found[kind, namespace, name].get("spec", {}).get("selector") or {}
            chosen = [
                pod
                for key, pod in sorted(self._found.items())
                if key[0] == "Pod" and key[1] == namespace and selector.items() <= pod["metadata"]["labels"].items()
            ]
            endpoints = [
                {
                    "addresses": [pod["status"]["podIP"]],
                    "conditions": {
                        "ready": any(each["type"] == "Ready" and each["status"] == "True" for each in pod["status"]["conditions"])
                    },
                    "nodeName": pod["spec"].get("nodeName", ""),
                    "targetRef": {"kind": "Pod", "namespace": namespace, "name": pod["metadata"]["name"], "uid": pod["metadata"]["uid"]},
                }
                for pod in chosen
                if pod["status"].get("podIP")
            ]
            labels = {"kubernetes.io/service-name": name}
            self.add(
                "EndpointSlice",
                f"{name}-{letters(self._seed, 5, 'slice', name)}",
                namespace,
                metadata={"labels": labels},
                addressType="IPv4",
                endpoints=endpoints,
            )

"""The objects of a cluster as `kubectl get -o json` prints them: dictionaries with metadata, spec and status."""

from random import Random
from typing import Any

from headwater.model.times import format_time
from headwater.testing.world import BIRTH, Cluster, Pod, Workload, suffix, uid

Object = dict[str, Any]


def cluster_objects(cluster: Cluster) -> list[Object]:
    """Every object of the cluster, owners before what they own."""
    rng = Random(f"objects/{cluster.seed}")
    objects = [_namespace(rng, name) for name in sorted({workload.namespace for workload in cluster.workloads.values()})]
    objects += [_node(rng, name, index) for index, name in enumerate(cluster.nodes)]
    for workload in cluster.workloads.values():
        objects += workload_objects(rng, workload)
    objects += [_ingress(rng, name, cluster.workloads[app]) for name, app in cluster.edge]
    return objects


def workload_objects(rng: Random, workload: Workload) -> list[Object]:
    """The workload and all that hangs on it."""
    controller = workload_object(rng, workload)
    owner = controller
    objects = [controller]
    if workload.kind == "Deployment":
        owner = replica_set_object(rng, workload, controller["metadata"]["uid"])
        objects.append(owner)
    service = _service(rng, workload)
    objects += [service, _endpoint_slice(rng, workload, service["metadata"]["uid"]), _config_map(rng, workload)]
    if workload.secret:
        objects.append(_secret(rng, workload))
    objects += [pod_object(workload, pod, owner) for pod in workload.pods]
    if workload.kind == "StatefulSet":
        objects += [_claim(rng, workload, pod) for pod in workload.pods]
    return objects


def metadata(name: str, namespace: str, identifier: str, created: int, labels: dict[str, str] | None = None) -> Object:
    """Object metadata with the fields the API always fills."""
    content: Object = {
        "name": name,
        "uid": identifier,
        "creationTimestamp": _second(created),
        "resourceVersion": str(created // 10**9 % 10**7),
    }
    if namespace:
        content["namespace"] = namespace
    if labels:
        content["labels"] = dict(labels)
    return content


def labels_of(workload: Workload) -> dict[str, str]:
    """The labels that select the workload's pods."""
    return {workload.label: "kube-dns" if workload.label == "k8s-app" else workload.app}


def workload_object(rng: Random, workload: Workload) -> Object:
    """The Deployment or StatefulSet."""
    labels = labels_of(workload)
    replicas = len(workload.pods)
    return {
        "apiVersion": "apps/v1",
        "kind": workload.kind,
        "metadata": {**metadata(workload.name, workload.namespace, uid(rng), workload.created, labels), "generation": 3},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": _pod_spec(workload)},
        },
        "status": {"observedGeneration": 3, "replicas": replicas, "readyReplicas": replicas, "updatedReplicas": replicas},
    }


def replica_set_object(rng: Random, workload: Workload, deployment_uid: str, *, created: int | None = None) -> Object:
    """The ReplicaSet of the workload's present revision."""
    labels = labels_of(workload) | {"pod-template-hash": workload.template_hash}
    content = metadata(workload.replica_set, workload.namespace, uid(rng), workload.created if created is None else created, labels)
    content["ownerReferences"] = [_owner("apps/v1", "Deployment", workload.name, deployment_uid)]
    return {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": content,
        "spec": {"replicas": len(workload.pods), "selector": {"matchLabels": labels}},
        "status": {"replicas": len(workload.pods), "readyReplicas": len(workload.pods)},
    }


def pod_object(workload: Workload, pod: Pod, owner: Object, *, created: int | None = None, is_ready: bool = True) -> Object:
    """A pod, owned by its ReplicaSet or StatefulSet."""
    labels = labels_of(workload)
    if owner["kind"] == "ReplicaSet":
        labels = labels | {"pod-template-hash": owner["metadata"]["labels"]["pod-template-hash"]}
    content = metadata(pod.name, pod.namespace, pod.uid, workload.created if created is None else created, labels)
    content["ownerReferences"] = [_owner("apps/v1", owner["kind"], owner["metadata"]["name"], owner["metadata"]["uid"])]
    spec = {**_pod_spec(workload), "nodeName": pod.node}
    if workload.kind == "StatefulSet":
        spec["volumes"] = [*spec["volumes"], {"name": "data", "persistentVolumeClaim": {"claimName": f"data-{pod.name}"}}]
    container = {
        "name": workload.app,
        "ready": is_ready,
        "restartCount": 0,
        "image": workload.image,
        "containerID": f"containerd://{pod.container_id}",
        "state": {"running": {"startedAt": content["creationTimestamp"]}},
    }
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": content,
        "spec": spec,
        "status": {
            "phase": "Running",
            "podIP": pod.address,
            "podIPs": [{"ip": pod.address}],
            "conditions": [{"type": "Ready", "status": "True" if is_ready else "False"}],
            "containerStatuses": [container],
        },
    }


def _pod_spec(workload: Workload) -> Object:
    container: Object = {
        "name": workload.app,
        "image": workload.image,
        "ports": [{"name": "http", "containerPort": 8080}],
        "envFrom": [{"configMapRef": {"name": workload.config_map}}],
        "resources": {"limits": {"memory": "512Mi"}, "requests": {"cpu": "200m", "memory": "256Mi"}},
        "readinessProbe": {"httpGet": {"path": "/healthz", "port": "http"}, "periodSeconds": 10, "failureThreshold": 3},
    }
    volumes: list[Object] = [{"name": "config", "configMap": {"name": workload.config_map}}]
    if workload.secret:
        container["env"] = [{"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"name": workload.secret, "key": "password"}}}]
    return {"containers": [container], "volumes": volumes, "serviceAccountName": workload.app}


def _service(rng: Random, workload: Workload) -> Object:
    labels = labels_of(workload)
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata(workload.service, workload.namespace, uid(rng), workload.created, labels),
        "spec": {
            "type": "ClusterIP",
            "clusterIP": workload.service_address,
            "selector": labels,
            "ports": [{"name": "http", "port": 80, "targetPort": "http"}],
        },
    }


def _endpoint_slice(rng: Random, workload: Workload, service_uid: str) -> Object:
    labels = {"kubernetes.io/service-name": workload.service, "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io"}
    content = metadata(f"{workload.service}-{suffix(rng)}", workload.namespace, uid(rng), workload.created, labels)
    content["ownerReferences"] = [_owner("v1", "Service", workload.service, service_uid)]
    endpoints = [
        {
            "addresses": [pod.address],
            "conditions": {"ready": True, "serving": True, "terminating": False},
            "nodeName": pod.node,
            "targetRef": {"kind": "Pod", "name": pod.name, "namespace": pod.namespace, "uid": pod.uid},
        }
        for pod in workload.pods
    ]
    return {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": content,
        "addressType": "IPv4",
        "endpoints": endpoints,
        "ports": [{"name": "http", "port": 8080, "protocol": "TCP"}],
    }


def _config_map(rng: Random, workload: Workload) -> Object:
    data = {"LOG_LEVEL": "info", "TIMEOUT_SECONDS": "5"}
    content = metadata(workload.config_map, workload.namespace, uid(rng), workload.created)
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": content, "data": data}


def _secret(rng: Random, workload: Workload) -> Object:
    content = metadata(workload.secret, workload.namespace, uid(rng), workload.created)
    return {"apiVersion": "v1", "kind": "Secret", "metadata": content, "type": "Opaque"}


def _claim(rng: Random, workload: Workload, pod: Pod) -> Object:
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": metadata(f"data-{pod.name}", pod.namespace, uid(rng), workload.created, labels_of(workload)),
        "spec": {"accessModes": ["ReadWriteOnce"], "volumeName": f"pvc-{pod.uid}", "resources": {"requests": {"storage": "10Gi"}}},
        "status": {"phase": "Bound"},
    }


def _namespace(rng: Random, name: str) -> Object:
    content = metadata(name, "", uid(rng), BIRTH, {"kubernetes.io/metadata.name": name})
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": content, "status": {"phase": "Active"}}


def _node(rng: Random, name: str, index: int) -> Object:
    labels = {"kubernetes.io/hostname": name, "topology.kubernetes.io/zone": f"zone-{'abc'[index % 3]}"}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": metadata(name, "", uid(rng), BIRTH, labels),
        "spec": {"podCIDR": f"10.244.{index + 1}.0/24"},
        "status": {
            "addresses": [{"type": "InternalIP", "address": f"192.168.10.{index + 11}"}, {"type": "Hostname", "address": name}],
            "allocatable": {"cpu": "8", "memory": "32Gi", "pods": "110"},
            "conditions": [{"type": "Ready", "status": "True", "reason": "KubeletReady"}],
        },
    }


def _ingress(rng: Random, name: str, workload: Workload) -> Object:
    backend = {"service": {"name": workload.service, "port": {"number": 80}}}
    rule = {"host": f"{workload.namespace}.example", "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": backend}]}}
    content = metadata(name, workload.namespace, uid(rng), workload.created)
    return {"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": content, "spec": {"rules": [rule]}}


def _owner(version: str, kind: str, name: str, identifier: str) -> Object:
    return {"apiVersion": version, "kind": kind, "name": name, "uid": identifier, "controller": True, "blockOwnerDeletion": True}


def _second(instant: int) -> str:
    return format_time(instant)[:19] + "Z"

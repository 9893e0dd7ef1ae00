"""What a cluster tells while workloads are rolled out and scaled."""

from collections.abc import Sequence

from bench.unseen.cluster_events import ClusterEvents
from bench.unseen.clusters import Workload
from bench.unseen.names import letters
from bench.unseen.object_parts import Thing


class Rollouts(ClusterEvents):
    """Of one cluster."""

    def rollout(
        self,
        at: float,
        app: str,
        *,
        image: str = "",
        what: str = "rollout",
        names: Sequence[str] = ("image",),
        keeps_old: bool = False,
        starts: bool = True,
        told: bool = True,
    ) -> list[Thing]:
        """A Deployment's template changed and new pods come; with `keeps_old` the old ones stay until those are ready, which never is."""
        workload = self.application.workload(app)
        deployment, old = self.of("Deployment", app), self.pods(app)
        if told:
            words = {"environment": "environment changed: ", "resources": "resources changed: "}.get(what, "template changed: ")
            message = f"image changed from {workload.image} to {image}" if image else words + ", ".join(names)
            self.change(at, deployment, message, what, names)
        created = 1 if keeps_old else workload.replicas
        revision = self.objects.new_revision(workload, f"second-{at}", self.second(at), created)
        self.normal(
            at + 0.3, deployment, "ScalingReplicaSet", f"Scaled up replica set {revision.name} from 0 to {created}", "deployment-controller"
        )
        pods = [
            self.new_replica(at + 0.5 + 2 * number, workload, revision, number, image=image, starts=starts) for number in range(created)
        ]
        if not keeps_old:
            self._retire(at + 4, app, old)
        return pods

    def new_replica(
        self, at: float, workload: Workload, revision: Thing, number: int, *, image: str = "", starts: bool = True, node: str | None = None
    ) -> Thing:
        """One pod of a ReplicaSet or another owner; without `starts` it only has a node."""
        suffix = letters(revision.uid, 5, str(number))
        labels = {"pod-template-hash": revision.name.rpartition("-")[2]} if revision.kind == "ReplicaSet" else {}
        pod = self.objects.new_pod(workload, revision, f"{revision.name}-{suffix}", self.second(at), node=node, labels=labels)
        self.born[pod.uid] = at + 3.1 if starts else 1e9
        controller = {"ReplicaSet": "replicaset-controller", "Job": "job-controller"}.get(revision.kind, "statefulset-controller")
        self.normal(at, revision, "SuccessfulCreate", f"Created pod: {pod.name}", controller)
        if pod.node:
            self.normal(at + 0.1, pod, "Scheduled", f"Successfully assigned {pod.namespace}/{pod.name} to {pod.node}", "default-scheduler")
        if image:
            self.objects.get("Pod", pod.name, pod.namespace)["spec"]["containers"][0]["image"] = image
        if starts:
            self.started(at + 1.0, pod, image or workload.image)
        return pod

    def started(self, at: float, pod: Thing, image: str) -> None:
        """The kubelet starts the container of a pod."""
        self.normal(at, pod, "Pulling", f'Pulling image "{image}"')
        self.normal(
            at + 1.7,
            pod,
            "Pulled",
            f'Successfully pulled image "{image}" in 1.688s (1.688s including waiting). Image size: 94371840 bytes.',
        )
        self.normal(at + 1.9, pod, "Created", f"Created container: {pod.app}")
        self.normal(at + 2.1, pod, "Started", f"Started container {pod.app}")

    def _retire(self, at: float, app: str, pods: Sequence[Thing]) -> None:
        deployment = self.of("Deployment", app)
        by_revision: dict[str, list[Thing]] = {}
        for pod in pods:
            by_revision.setdefault(pod.name.rpartition("-")[0], []).append(pod)
        for revision, members in sorted(by_revision.items()):
            message = f"Scaled down replica set {revision} from {len(members)} to 0"
            self.normal(at, deployment, "ScalingReplicaSet", message, "deployment-controller")
            for pod in members:
                self.gone(at + 0.4, pod, self.of("ReplicaSet", revision, pod.namespace))
            found = self.objects.get("ReplicaSet", revision, deployment.namespace)
            found["spec"]["replicas"] = found["status"]["replicas"] = found["status"]["readyReplicas"] = 0

    def gone(self, at: float, pod: Thing, owner: Thing | None = None) -> None:
        """A pod is deleted in good order."""
        self.normal(at, pod, "Killing", f"Stopping container {pod.app}")
        if owner is not None:
            self.normal(at, owner, "SuccessfulDelete", f"Deleted pod: {pod.name}", "replicaset-controller")
        self.forget(at, pod)

    def forget(self, at: float, pod: Thing) -> None:
        """A pod is there no longer."""
        self.died[pod.uid] = at
        self.objects.forget_pod(pod)

    def scale(self, at: float, app: str, replicas: int, *, told: bool = True, starts: bool = True) -> list[Thing]:
        """A Deployment is scaled; the pods that are new."""
        workload, deployment, old = self.application.workload(app), self.of("Deployment", app), self.pods(app)
        revision = self.of("ReplicaSet", old[0].name.rpartition("-")[0], old[0].namespace)
        if told:
            self.change(at, deployment, f"scaled from {len(old)} to {replicas}", "scale", ["replicas"], replicas=replicas)
        direction = "up" if replicas > len(old) else "down"
        message = f"Scaled {direction} replica set {revision.name} from {len(old)} to {replicas}"
        self.normal(at + 0.3, deployment, "ScalingReplicaSet", message, "deployment-controller")
        for content in (self.objects.get("Deployment", app), self.objects.get("ReplicaSet", revision.name, revision.namespace)):
            content["spec"]["replicas"] = content["status"]["replicas"] = content["status"]["readyReplicas"] = replicas
        for pod in old[replicas:]:
            self.gone(at + 0.6, pod, revision)
        new = range(max(0, replicas - len(old)))
        first = 10 + len(self.objects.pods_ever(app))
        return [self.new_replica(at + 0.5 + number, workload, revision, first + number, starts=starts) for number in new]

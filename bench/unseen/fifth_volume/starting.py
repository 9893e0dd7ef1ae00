"""Pods that are killed before they are ready, cannot be wired up, or miss a file."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import scaled_elsewhere, unrelated_alert
from bench.unseen.events import every
from bench.unseen.fifth_volume.quarry import QUARRY
from bench.unseen.fifth_volume.telling import fifth, monitor, refused
from bench.unseen.fifth_volume.wander import WANDER
from bench.unseen.fourth_volume.telling import failing, grafana, unusual
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


@fifth(WANDER, "starting", Truth("booking", "probe_misconfigured"))
def liveness_asks_with_a_second_of_patience(r: Recording) -> None:
    r.change(-40, r.of("Deployment", "booking"), "template changed: livenessProbe", "rollout", ["livenessProbe"])
    pods = r.rollout(-39, "booking", told=False)
    for number, pod in enumerate(pods):
        r.ready(-25.0 + number, pod)
        for count, at in enumerate((6.0, 64.0, 125.0, 190.0, 262.0), start=1):
            at += 13 * number
            said = f'Liveness probe failed: Get "http://{pod.address}:9000/up": context deadline exceeded (Client.Timeout exceeded while awaiting headers)'
            r.event(at, pod, "Unhealthy", said, count=3 * count, since=6.0 + 13 * number)
            r.normal(at + 0.3, pod, "Killing", "Container booking failed liveness probe, will be restarted")
            r.ended(at + 2, pod, "Completed", 0, restarts=count)
            r.log(at + 1, pod, "[12-Oct-2026 02:00:00] NOTICE: Finishing ... FPM received SIGQUIT, terminating", "info")
    failing(r, ("web", "booking"), "socket hang up", since=8, step=19, share=0.3, slower=3, error_type="ECONNRESET", milliseconds=44)
    monitor(r, 120, "Bookings per minute below forecast", "sum(last_5m) = 71, forecast 104..131", priority=1, service="booking", env="prod")


@fifth(QUARRY, "starting", Truth("fold-server", "startup_too_slow"), decoy=True)
def larger_model_is_never_loaded_in_time(r: Recording) -> None:
    scaled_elsewhere(r, "results-api", 3, at=-70)
    (pod,) = r.rollout(-6, "fold-server", image=QUARRY.workload("fold-server").image.replace("26.11.0", "26.11.4"))
    r.mark_unready(-5, pod)
    r.no_endpoints(-1, "fold-server")
    for count, at in enumerate((85.0, 178.0, 271.0), start=1):
        r.log(at - 80, pod, "INFO fold.weights: loading /models/fold-xl-7b/shard-1-of-14.safetensors", "info")
        r.log(at - 20, pod, "INFO fold.weights: loading /models/fold-xl-7b/shard-9-of-14.safetensors", "info")
        r.event(
            at - 6,
            pod,
            "Unhealthy",
            f'Startup probe failed: Get "http://{pod.address}:8085/healthz": dial tcp {pod.address}:8085: connect: connection refused',
            count=9 * count,
            since=10,
        )
        r.normal(at, pod, "Killing", "Container fold-server failed startup probe, will be restarted")
        r.ended(at + 2, pod, "Error", 143, restarts=count)
    refused(r, ("batch-runner", "fold-server"), "fold-server", 8085, since=3, step=16, error_type="requests.exceptions.ConnectionError")
    unusual(r, 130, r.of("Service", "rabbitmq"), "rabbitmq_queue_messages_ready{queue=fold}", 640, 0, 60)
    grafana(r, 220, "No structure was folded", "0 folds in 3m (usually 11)", folder="science", team="structures")


@fifth(WANDER, "missing parts", Truth("loyalty", "missing_config"), decoy=True)
def secret_is_deleted_with_the_object_that_made_it(r: Recording) -> None:
    unrelated_alert(r, "fares")
    r.change(-90, r.of("ExternalSecret", "loyalty-db", "booking"), "deleted", "spec", action="DELETED")
    r.change(-89, r.of("Secret", "loyalty-db", "booking"), "deleted", "secret", action="DELETED")
    r.objects.remove("Secret", "loyalty-db", "booking")
    workload, old = WANDER.workload("loyalty"), list(r.pods("loyalty"))
    revision = r.of("ReplicaSet", old[0].name.rpartition("-")[0], "booking")
    for number, pod in enumerate(old):
        r.normal(1.0 + number, pod, "Evicted", "Evicted pod: Drifted", "karpenter")
        r.gone(1.5 + number, pod, revision)
        new = r.new_replica(2.0 + number, workload, revision, 50 + number, starts=False)
        r.waits(5.0 + number, new, "CreateContainerConfigError", 'secret "loyalty-db" not found')
        for count, at in enumerate((5.0, 31.0, 90.0, 171.0, 280.0), start=1):
            r.event(at + number, new, "Failed", 'Error: secret "loyalty-db" not found', count=3 * count, since=5.0 + number)
    r.silent["loyalty"] = 2
    r.no_endpoints(4, "loyalty")
    refused(r, ("web", "booking", "loyalty"), "loyalty", 8091, since=6, step=15)
    r.logs(
        every(8, 300, 18),
        "booking",
        '[2026-10-12T02:00:08.000000+00:00] production.ERROR: no member data, selling without points {"member":{n},"exception":"cURL error 7: Failed to connect to loyalty port 8091"}',
    )
    monitor(r, 150, "Bookings without points", "avg(last_5m) = 100% > 2%", priority=3, service="booking", env="prod")


@fifth(QUARRY, "missing parts", Truth("cilium", "pod_network_failure"))
def agent_of_one_machine_cannot_give_addresses(r: Recording) -> None:
    agent = next(pod for pod in r.pods("cilium") if pod.node == "cmp-r1-02")
    workload, old = QUARRY.workload("batch-runner"), r.pods("batch-runner")[1]
    for number, at in enumerate((2.0, 17.0, 40.0, 85.0, 172.0)):
        r.log(
            at,
            agent,
            'time="2026-12-02T02:00:02.000Z" level=fatal msg="failed to start: unable to initialize BPF masquerade: map cilium_ipv4_frag_datagrams: create: cannot allocate memory" subsys=daemon',
            "fatal",
        )
        r.ended(at + 1, agent, "Error", 1, restarts=number + 1)
    revision = r.of("ReplicaSet", old.name.rpartition("-")[0], "lab")
    r.gone(4, old, revision)
    stuck = [r.new_replica(5, workload, revision, 70, starts=False, node="cmp-r1-02")]
    stuck += r.scale(20, "submit-api", 4, told=False, starts=False)
    for number, pod in enumerate(stuck):
        for count, at in enumerate((24.0, 60.0, 118.0, 214.0), start=1):
            said = f'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "81fa0c{number}": plugin type="cilium-cni" failed (add): unable to connect to Cilium agent: failed to create cilium agent client after 30.000000 seconds timeout: Get "http://localhost/v1/config": dial unix /var/run/cilium/cilium.sock: connect: no such file or directory'
            r.event(at + number, pod, "FailedCreatePodSandBox", said, count=count, since=24.0 + number)
        r.mark_unready(22, pod)
    unusual(r, 100, r.of("Service", "rabbitmq"), "rabbitmq_queue_messages_ready{queue=jobs}", 2_610, 0, 420)
    grafana(r, 150, "Jobs do not start", "oldest queued job is 88s old (limit 45s)", folder="platform", severity="critical", team="compute")
    r.alert(
        200,
        "KubeDaemonSetRolloutStuck",
        "DaemonSet kube-system/cilium has not finished or progressed.",
        namespace="kube-system",
        daemonset="cilium",
        pending="3m",
    )

"""Images that nobody can pull any more."""
# ruff: noqa: E501  (what programs write is as long as it is)

from collections.abc import Sequence

from bench.unseen.decoys import nightly_job, old_crash_loop
from bench.unseen.events import every
from bench.unseen.object_parts import Thing
from bench.unseen.second_volume.gable import GABLE
from bench.unseen.second_volume.hearth import HEARTH
from bench.unseen.second_volume.telling import broken, second
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


def _not_pulled(r: Recording, at: float, pods: Sequence[Thing], image: str, why: str) -> None:
    for number, pod in enumerate(pods):
        for times, after in enumerate((2.0, 17.0, 45.0, 92.0, 178.0), start=1):
            moment = at + after + number
            r.normal(moment - 0.6, pod, "Pulling", f'Pulling image "{image}"')
            r.event(moment, pod, "Failed", f'Failed to pull image "{image}": {why}', count=times, since=at + 2)
            r.event(moment + 0.1, pod, "Failed", "Error: ErrImagePull", count=times, since=at + 2)
            if times > 1:
                r.event(moment + 13, pod, "BackOff", f'Back-off pulling image "{image}"', count=times, since=at + 15)
        r.waits(at + 15 + number, pod, "ImagePullBackOff", f'Back-off pulling image "{image}"')


@second(GABLE, "image", Truth("invoices", "image_not_found"), decoy=True)
def tag_that_the_pipeline_never_pushed(r: Recording) -> None:
    nightly_job(r, "nightly-export", at=-45)
    image = GABLE.workload("invoices").image.replace("31.0", "32.0-rc")
    pods = r.rollout(0, "invoices", image=image, starts=False)
    _not_pulled(
        r,
        1,
        pods,
        image,
        f'rpc error: code = NotFound desc = failed to pull and unpack image "{image}": failed to resolve reference "{image}": {image}: not found',
    )
    r.no_endpoints(7, "invoices")
    r.unavailable(8, "invoices")
    r.silent["invoices"] = 5
    broken(
        r,
        ("traefik", "portal", "invoices"),
        "the server responded with status 504",
        since=8,
        error_type="Faraday::TimeoutError",
        status=504,
        step=12,
        milliseconds=3_000,
        outer=500,
    )
    r.logs(
        every(9, 240, 17),
        "portal",
        "[ {n}.500031s]  WARN ThreadId(01) outbound:proxy{addr=10.96.14.3:8080}:service{ns=gable name=invoices port=8080}: linkerd_stack::failfast: Service entering failfast after 3s",
        "warning",
        container="linkerd-proxy",
    )
    r.alert(
        200,
        "KubeDeploymentReplicasMismatch",
        "Deployment gable/invoices has not matched the expected number of replicas",
        deployment="invoices",
        namespace="gable",
        pending="3m",
    )


@second(HEARTH, "image", Truth("tokenizer", "image_not_found"), decoy=True)
def registry_threw_the_old_tag_away(r: Recording) -> None:
    old_crash_loop(r, "eval-notebook")
    image = HEARTH.workload("tokenizer").image
    old, revision = r.pods("tokenizer"), r.of("ReplicaSet", r.pod("tokenizer").name.rpartition("-")[0])
    for number, pod in enumerate(old):
        r.normal(0.1 + number, pod, "Evicted", "pod evicted by descheduler from hearth-cpu: LowNodeUtilization", "descheduler")
        r.gone(0.4 + number, pod, revision)
    new = [
        r.new_replica(1.0 + number, HEARTH.workload("tokenizer"), revision, 7 + number, starts=False, node="hearth-cpu-w2bn")
        for number in range(2)
    ]
    _not_pulled(
        r,
        2,
        new,
        image,
        f'failed to pull and unpack image "{image}": failed to resolve reference "{image}": unexpected status from HEAD request to https://us-east4-docker.pkg.example/v2/hearth/serving/tokenizer/manifests/r204: 404 Not Found',
    )
    r.no_endpoints(3, "tokenizer")
    r.unavailable(3.5, "tokenizer")
    broken(
        r,
        ("istio-ingressgateway", "prompt-gateway", "chat-api", "tokenizer"),
        "grpc.aio._call.AioRpcError: StatusCode.UNAVAILABLE: no healthy upstream",
        since=4,
        error_type="UNAVAILABLE",
        step=10,
        milliseconds=2,
        more={"rpc.system": "grpc", "rpc.grpc.status_code": 14},
    )
    line = '[2026-07-21T10:00:00.000Z] "POST /tokenizer.v1.Tokenizer/Encode HTTP/2" 200 UH no_healthy_upstream - "-" 412 0 0 - "-" "grpc-python-asyncio/1.68.1" "{n}" "tokenizer:50051" "-" outbound|50051||tokenizer.hearth.svc.cluster.local - 10.96.33.1:50051'
    r.logs(every(5, 240, 15), "chat-api", line, "warning", container="istio-proxy")
    r.burn(140, "chat-api")

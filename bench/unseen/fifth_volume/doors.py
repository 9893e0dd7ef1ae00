"""Doors that a rule, a name or a permission shuts."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import recent_rollout, scaled_elsewhere
from bench.unseen.events import every
from bench.unseen.fifth_volume.quarry import QUARRY
from bench.unseen.fifth_volume.telling import alarm, fifth, monitor, not_pulled, refused
from bench.unseen.fifth_volume.wander import FARES, WANDER
from bench.unseen.fourth_volume.telling import failing, flow_dropped, grafana, unusual
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


@fifth(WANDER, "shut doors", Truth("fares", "mesh_policy"))
def first_policy_that_allows_somebody_denies_the_rest(r: Recording) -> None:
    policy = r.of("AuthorizationPolicy", "fares-callers", "booking")
    r.objects.add(
        "AuthorizationPolicy",
        "fares-callers",
        "booking",
        r.second(-12),
        spec={
            "action": "ALLOW",
            "selector": {"matchLabels": {"app.kubernetes.io/name": "fares"}},
            "rules": [{"from": [{"source": {"principals": ["cluster.local/ns/booking/sa/price-experiments"]}}]}],
        },
    )
    r.change(-12, policy, "created", "policy", action="ADDED")
    failing(r, ("web", "trip-search", "fares"), "read ECONNRESET", since=2, step=13, error_type="ECONNRESET", milliseconds=2, outer=502)
    r.logs(
        every(3, 300, 15),
        "trip-search",
        '{"level":50,"time":"-","name":"trip-search","err":{"type":"SocketError","message":"other side closed","code":"UND_ERR_SOCKET"},"offer":{n},"msg":"no quote"}',
        error_type="UND_ERR_SOCKET",
    )
    r.logs(
        every(5, 300, 22),
        "ztunnel",
        '{"level":"error","time":"-","scope":"access","message":"connection complete","src.workload":"trip-search-6f9c","dst.service":"fares.booking.svc.cluster.local","dst.workload":"fares-5d7b","direction":"inbound","bytes_sent":0,"duration":"0ms","error":"connection closed due to policy rejection: allow policies exist, but none allowed","id":{n}}',
    )
    monitor(r, 90, "Search without prices", "avg(last_2m) = 97.8% > 10%", priority=1, service="trip-search", env="prod")
    r.burn(165, "web")


@fifth(QUARRY, "shut doors", Truth("vault", "network_policy"), decoy=True)
def default_deny_forgets_who_needs_the_keys(r: Recording) -> None:
    recent_rollout(r, "portal", "26.11.1", at=-150)
    r.change(-30, r.of("CiliumNetworkPolicy", "vault-ingress", "vault"), "created", "policy", action="ADDED")
    failing(
        r,
        ("lab-gateway-nginx", "submit-api", "vault"),
        'Get "https://vault.vault:8200/v1/database/creds/submit": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
        since=20,
        step=18,
        share=0.6,
        slower=60,
        error_type="timeout",
        milliseconds=10_000,
        outer=503,
    )
    r.logs(
        every(24, 300, 19),
        "submit-api",
        '{"level":"error","ts":"2026-12-02T02:00:24.000Z","caller":"creds/renew.go:61","msg":"lease not renewed","lease":"database/creds/submit/{n}","error":"context deadline exceeded"}',
    )
    for at in every(70, 300, 38):
        flow_dropped(r, at, r.pods("submit-api")[int(at) % 3], "vault/vault-0", 8200, "Policy denied", peer=r.pods("vault")[0])
    grafana(r, 110, "Jobs refused", "38% of POST /v1/jobs answered 503", folder="platform", severity="critical", team="compute")
    r.burn(200, "submit-api")


@fifth(WANDER, "nobody behind the door", Truth("availability", "image_not_found"), decoy=True)
def lifecycle_rule_removed_an_image_that_still_runs(r: Recording) -> None:
    scaled_elsewhere(r, "reviews", 3, at=-60)
    workload, old = WANDER.workload("availability"), list(r.pods("availability"))
    revision = r.of("ReplicaSet", old[0].name.rpartition("-")[0], "booking")
    for number, pod in enumerate(old):
        at = 1.0 + 4 * number
        r.state(at, pod, "EvictionByEvictionAPI", "Eviction API: evicting")
        r.normal(at, pod, "Evicted", "Evicted pod: Underutilized", "karpenter")
        r.gone(at + 0.5, pod, revision)
        new = r.new_replica(at + 1, workload, revision, 30 + number, starts=False)
        why = f'rpc error: code = NotFound desc = failed to pull and unpack image "{workload.image}": failed to resolve reference "{workload.image}": {workload.image}: not found'
        not_pulled(r, new, at + 2, workload.image, why, (at + 17, at + 45, at + 91, at + 180))
    r.silent["availability"] = 6
    r.no_endpoints(7, "availability")
    r.unavailable(8, "availability")
    refused(r, ("web", "trip-search", "availability"), "availability", 8090, since=8, step=15)
    r.logs(
        every(9, 300, 17),
        "trip-search",
        '{"level":50,"time":"-","name":"trip-search","err":{"code":14,"details":"No connection established. Last error: connect ECONNREFUSED 10.100.12.90:8090","message":"14 UNAVAILABLE"},"hotel":{n},"msg":"rooms unknown"}',
        error_type="UNAVAILABLE",
    )
    monitor(r, 80, "Trips found", "avg(last_2m) = 0.4 trips per search, below 11", priority=1, service="trip-search", env="prod")
    r.burn(170, "web")


@fifth(QUARRY, "nobody behind the door", Truth("dataset-index", "service_selector"))
def common_label_is_added_to_a_service_alone(r: Recording) -> None:
    service = r.of("Service", "dataset-index", "lab")
    r.objects.get("Service", "dataset-index")["spec"]["selector"]["app.kubernetes.io/part-of"] = "catalogue"
    r.change(-5, service, "spec changed: selector", "spec", ["selector"])
    r.no_endpoints(-4, "dataset-index")
    refused(
        r,
        ("lab-gateway-nginx", "portal", "dataset-index"),
        "dataset-index",
        8084,
        since=3,
        step=21,
        error_type="httpx.ConnectError",
        outer=502,
    )
    failing(
        r,
        ("batch-runner", "dataset-index"),
        "[Errno 111] Connection refused",
        since=2,
        step=17,
        error_type="httpx.ConnectError",
        milliseconds=2,
    )
    r.logs(
        every(4, 300, 16),
        "batch-runner",
        "[2026-12-02 02:00:04,000: WARNING/ForkPoolWorker-2] Task lab.align[{n}] retry: Retry in 30s: ConnectError('[Errno 111] Connection refused')",
        "warning",
        error_type="httpx.ConnectError",
    )
    unusual(r, 120, r.of("Service", "rabbitmq"), "rabbitmq_queue_messages_unacked{queue=jobs}", 2_911, 40, 320)
    grafana(
        r, 180, "Jobs do not start", "oldest queued job is 171s old (limit 45s)", folder="platform", severity="critical", team="compute"
    )


@fifth(WANDER, "far away", Truth(FARES, "external_outage", "host"))
def supplier_lets_every_second_question_wait(r: Recording) -> None:
    failing(
        r,
        ("web", "trip-search", "fares", FARES),
        "execution expired",
        since=3,
        step=17,
        share=0.5,
        slower=9,
        error_type="Net::ReadTimeout",
        milliseconds=8_002,
        outer=504,
    )
    r.logs(
        every(6, 300, 18),
        "fares",
        "E, [2026-10-12T02:00:06.000000 #7] ERROR -- : quote {n} failed: Net::ReadTimeout with #<TCPSocket:(closed)> (gds.skylane.example:443)",
        error_type="Net::ReadTimeout",
    )
    r.logs(
        every(11, 300, 25),
        "trip-search",
        '{"level":40,"time":"-","name":"trip-search","msg":"quotes incomplete","search":"{n}","after_ms":8000}',
        "warning",
    )
    alarm(
        r,
        140,
        "web-alb-TargetResponseTime",
        "3 datapoints [6.1, 7.0, 7.2] were greater than the threshold (2.0).",
        LoadBalancer="app/web/81fa0c",
        Namespace="AWS/ApplicationELB",
    )
    monitor(r, 95, "Search p95", "7.9s > 2s", service="trip-search", env="prod")


@fifth(QUARRY, "far away", Truth("data.seqbank.example", "external_outage", "host"))
def archive_answers_with_a_page_for_maintenance(r: Recording) -> None:
    failing(
        r,
        ("batch-runner", "data.seqbank.example"),
        "503 Server Error: Service Unavailable for url: https://data.seqbank.example/ena/vol1/fastq/ERR811/ERR811204_1.fastq.gz",
        since=2,
        step=11,
        error_type="requests.exceptions.HTTPError",
        status=503,
        milliseconds=190,
    )
    r.logs(
        every(5, 300, 14),
        "batch-runner",
        "[2026-12-02 02:00:05,000: ERROR/ForkPoolWorker-1] Task lab.fetch[{n}] raised unexpected: HTTPError('503 Server Error: Service Unavailable for url: https://data.seqbank.example/ena/vol1/fastq/ERR811/ERR811204_1.fastq.gz')",
        error_type="requests.exceptions.HTTPError",
    )
    r.logs(
        every(40, 300, 36),
        "workflow-controller",
        'time="2026-12-02T02:00:40.000Z" level=info msg="node align-{n}.fetch phase Running -> Failed" namespace=lab',
        "info",
    )
    grafana(r, 150, "Alignments failed", "44 of 51 workflows failed in 5m", folder="science", severity="critical", team="genomics")

"""Programs that grow too large, were released with a mistake, or were told the wrong thing."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import nightly_job, recent_rollout
from bench.unseen.events import every
from bench.unseen.fifth_volume.quarry import QUARRY
from bench.unseen.fifth_volume.telling import alarm, fifth, monitor
from bench.unseen.fifth_volume.wander import QUEUES, WANDER
from bench.unseen.fourth_volume.telling import failing, grafana, slow_calls, unusual
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


@fifth(WANDER, "too large", Truth("itinerary-worker", "out_of_memory"), decoy=True)
def one_itinerary_of_a_choir_fills_every_worker_in_turn(r: Recording) -> None:
    nightly_job(r, "hotel-feed")
    for number, pod in enumerate(r.pods("itinerary-worker")):
        ends = (8.0 + 21 * number, 66.0 + 21 * number, 150.0 + 21 * number, 244.0 + 21 * number)
        for at in ends:
            r.oom_kill(at - 0.2, pod, "ruby", 1_024)
        r.crash_loop(0, pod, ends, 137, reason="OOMKilled")
    r.logs(
        (5.0, 26.0, 63.0, 84.0, 147.0, 168.0),
        "itinerary-worker",
        "2026-10-12T02:00:05.000Z 7 TID-{n} INFO: ItineraryWorker rendering WM881204 (412 travellers)",
        "info",
    )
    alarm(
        r,
        130,
        "itineraries-ApproximateAgeOfOldestMessage",
        "1 datapoint [131.0] was greater than the threshold (90.0).",
        QueueName="itineraries",
        Namespace="AWS/SQS",
    )
    monitor(r, 200, "Confirmation mails per minute", "sum(last_5m) = 4, forecast 96..140", service="itinerary-worker", env="prod")


@fifth(QUARRY, "too large", Truth("results-api", "out_of_memory"))
def table_is_read_whole_for_every_download(r: Recording) -> None:
    failing(
        r,
        ("lab-gateway-nginx", "results-api"),
        "upstream prematurely closed connection while reading response header from upstream",
        since=4,
        step=18,
        share=0.4,
        slower=9,
        error_type="502",
        status=502,
        milliseconds=6_400,
    )
    for number, pod in enumerate(r.pods("results-api")):
        for at in every(6 + 19 * number, 290, 58):
            r.oom_kill(at, pod, "gunicorn", 1_024)
            r.log(
                at + 0.5,
                pod,
                f"[2026-12-02 02:00:06 +0000] [1] [ERROR] Worker (pid:{int(at) + 70}) was sent SIGKILL! Perhaps out of memory?",
            )
        r.metric(60.0 + number, pod, "container_memory_working_set_ratio", 0.985, 0.9, intent="metric.memory.high")
    r.logs(
        every(5, 300, 25),
        "lab-gateway-nginx",
        '2026/12/02 02:00:05 [error] 41#41: *{n} upstream prematurely closed connection while reading response header from upstream, client: 10.70.2.14, server: quarry.basalt.example, request: "GET /results/J-81120 HTTP/2.0"',
    )
    grafana(r, 120, "Downloads fail", "37% of GET /results answered 502", folder="platform", severity="critical", team="data")


@fifth(WANDER, "releases", Truth("fares", "bad_rollout"))
def new_currency_has_no_rounding(r: Recording) -> None:
    image = WANDER.workload("fares").image.replace(".3", ".4")
    for number, pod in enumerate(r.rollout(-35, "fares", image=image)):
        r.ready(-21.0 + number, pod)
    failing(
        r,
        ("web", "trip-search", "fares"),
        "undefined method 'round' for nil",
        since=2,
        step=14,
        share=0.4,
        error_type="NoMethodError",
        status=500,
        milliseconds=31,
        outer=502,
    )
    r.logs(
        every(3, 300, 13),
        "fares",
        "E, [2026-10-12T02:00:03.000000 #7] ERROR -- : NoMethodError: undefined method 'round' for nil (quote {n}) /app/lib/fares/money.rb:44:in 'Fares::Money#display'",
        error_type="NoMethodError",
    )
    monitor(r, 110, "Search without prices", "avg(last_2m) = 39.1% > 10%", service="trip-search", env="prod")
    r.burn(180, "web")


@fifth(QUARRY, "releases", Truth("dataset-index", "bad_rollout"), decoy=True)
def parser_meets_a_part_without_a_size(r: Recording) -> None:
    recent_rollout(r, "portal", "26.11.1", at=-140)
    image = QUARRY.workload("dataset-index").image.replace("26.11.0", "26.11.2")
    pods = r.rollout(-22, "dataset-index", image=image)
    for number, pod in enumerate(pods):
        r.ready(-9.0 + number, pod)
        for at in every(5 + 11 * number, 280, 62):
            r.log(at, pod, "thread 'tokio-runtime-worker' panicked at src/parts.rs:118:44: called `Option::unwrap()` on a `None` value")
    failing(
        r,
        ("batch-runner", "dataset-index"),
        "Server disconnected without sending a response.",
        since=4,
        step=18,
        share=0.5,
        error_type="httpx.RemoteProtocolError",
        milliseconds=9,
    )
    r.logs(
        every(8, 300, 20),
        "batch-runner",
        "[2026-12-02 02:00:08,000: ERROR/ForkPoolWorker-2] Task lab.align[{n}] raised unexpected: RemoteProtocolError('Server disconnected without sending a response.')",
        error_type="httpx.RemoteProtocolError",
    )
    grafana(r, 160, "Alignments failed", "21 of 49 workflows failed in 5m", folder="science", severity="critical", team="genomics")


@fifth(WANDER, "crowds", Truth("fare-cache", "thundering_herd"), decoy=True)
def emptied_cache_sends_every_quote_to_the_calculation(r: Recording) -> None:
    r.change(-55, r.of("ConfigMap", "web-flags", "booking"), "data changed: deals.banner", "config", ["deals.banner"])
    r.log(-1, "fare-cache", "1:M 12 Oct 2026 02:00:00.000 * DB saved on disk", "info")
    r.metric(6, r.pods("fare-cache")[0], "redis_keyspace_hit_ratio", 0.03, 0.85, above=False)
    unusual(r, 14, r.pods("fare-cache")[0], "redis_db_keys{db=db0}", 1_911, 4_100_000, 4_900_000)
    slow_calls(r, "trip-search", "fares", 4_100, since=3, step=15, errors=0.3)
    failing(
        r,
        ("web", "trip-search", "fares"),
        "timeout of 5000ms exceeded",
        since=16,
        step=16,
        share=0.4,
        slower=50,
        error_type="ECONNABORTED",
        milliseconds=5_001,
        outer=504,
    )
    for number, pod in enumerate(r.pods("fares")):
        r.metric(40.0 + number, pod, "container_cpu_usage_ratio", 0.99, 0.8, intent="metric.cpu.high")
    r.logs(
        every(12, 300, 19),
        "fares",
        "W, [2026-10-12T02:00:12.000000 #7]  WARN -- : cache miss for route {n}, pricing from rules took 3902 ms",
        "warning",
    )
    monitor(r, 80, "Search p95", "6.2s > 2s", priority=1, service="trip-search", env="prod")


@fifth(QUARRY, "crowds", Truth("genome-align", "noisy_neighbour"))
def alignment_without_limits_takes_a_whole_machine(r: Recording) -> None:
    node = r.pods("job-planner")[0].node
    owner, job = r.of("CronJob", "genome-align", "lab"), r.of("Job", "genome-align-29411040", "lab")
    r.objects.add("Job", job.name, "lab", r.second(-7), spec={"parallelism": 1})
    r.normal(-7, owner, "SuccessfulCreate", f"Created job {job.name}", "cronjob-controller")
    aligner = r.new_replica(-6, QUARRY.workload("genome-align"), job, 0, node=node)
    r.objects.get("Pod", aligner.name, "lab")["spec"]["containers"][0]["resources"] = {}
    slow_calls(r, "submit-api", "job-planner", 910, since=4, step=17)
    for number, pod in enumerate(each for each in r.objects.apps_on(node) if each.app in ("job-planner", "rabbitmq", "portal", "jobs-db")):
        unusual(r, 50.0 + 9 * number, pod, "container_pressure_cpu_waiting_seconds_rate", 0.79, 0, 0.07)
    r.log(3, aligner, "[M::mem_process_seqs] Processed 811204 reads in 411.204 CPU sec, 6.611 real sec", "info")
    r.metric(90, aligner, "container_cpu_usage_cores", 7.6, 4, intent="metric.cpu.high")
    grafana(r, 130, "Jobs are accepted slowly", "p95 of POST /v1/jobs is 1.4s (limit 500ms)", folder="platform", team="compute")
    r.alert(
        230,
        "NodeSystemSaturation",
        f"System load per core at {node}:9100 has been above 2, is currently at 8.81.",
        instance=f"{node}:9100",
        pending="3m",
    )


@fifth(WANDER, "rights and names", Truth("booking", "access_denied"))
def role_may_no_longer_send_to_the_queue(r: Recording) -> None:
    # A controller of AWS's own objects writes the policy through: whoever has the role feels it within seconds.
    r.change(-28, r.of("Policy", "wander-booking", "booking"), "spec changed: policyDocument", "spec", ["policyDocument"])
    said = "AccessDenied (client): User: arn:aws:sts::418200771935:assumed-role/wander-booking/1770000 is not authorized to perform: sqs:sendmessage on resource: arn:aws:sqs:eu-central-1:418200771935:itineraries because no identity-based policy allows the sqs:sendmessage action"
    failing(
        r, ("web", "booking", QUEUES), said, since=2, step=14, error_type="Aws\\Sqs\\Exception\\SqsException", status=403, milliseconds=22
    )
    r.logs(
        every(3, 300, 16),
        "booking",
        '[2026-10-12T02:00:03.000000+00:00] production.ERROR: Error executing "SendMessage" on "https://sqs.eu-central-1.amazonaws.com"; AWS HTTP error: 403 AccessDenied {"reference":"WM{n}"}',
        error_type="Aws\\Sqs\\Exception\\SqsException",
    )
    monitor(r, 90, "Confirmation mails per minute", "sum(last_5m) = 0, forecast 96..140", service="itinerary-worker", env="prod")


@fifth(QUARRY, "rights and names", Truth("coredns", "dns_failure"))
def forwarder_is_edited_to_an_address_nobody_answers_on(r: Recording) -> None:
    r.change(-18, r.of("ConfigMap", "coredns", "kube-system"), "data changed: Corefile", "config", ["Corefile"])
    name = "[Errno -3] Temporary failure in name resolution"
    failing(r, ("batch-runner", "data.seqbank.example"), name, since=3, step=14, error_type="socket.gaierror", milliseconds=20_010)
    r.logs(
        every(6, 300, 16),
        "batch-runner",
        "[2026-12-02 02:00:06,000: ERROR/ForkPoolWorker-1] Task lab.fetch[{n}] raised unexpected: ConnectionError(MaxRetryError(\"HTTPSConnectionPool(host='data.seqbank.example', port=443): Max retries exceeded (Caused by NameResolutionError: Failed to resolve 'data.seqbank.example' ([Errno -3] Temporary failure in name resolution))\"))",
        error_type="requests.exceptions.ConnectionError",
    )
    r.logs(
        every(50, 300, 22),
        "coredns",
        "[ERROR] plugin/errors: 2 data.seqbank.example. AAAA: read udp 10.244.1.9:{n}->10.70.0.35:53: i/o timeout",
    )
    r.alert(
        200,
        "CoreDNSForwardErrorsHigh",
        "CoreDNS is returning SERVFAIL for 94% of forward requests to 10.70.0.35:53.",
        severity="critical",
        to="10.70.0.35:53",
    )
    grafana(r, 150, "Alignments failed", "39 of 44 workflows failed in 5m", folder="science", severity="critical", team="genomics")

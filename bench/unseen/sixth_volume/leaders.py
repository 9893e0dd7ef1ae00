"""Who leads, and who no longer does."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.decoys import recent_rollout
from bench.unseen.events import every
from bench.unseen.sixth_volume.cards import CARDS
from bench.unseen.sixth_volume.telling import END, access, quarkus, readings_are_stale, sixth, traces_fail
from bench.unseen.sixth_volume.water import WATER
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth


@sixth(WATER, "leaders", Truth("timescale", "database_failover"), decoy=True)
def clients_hold_on_to_the_former_leader(r: Recording) -> None:
    """The leader of the database cannot renew its lock and steps down; what is connected to it can only read from then on."""
    recent_rollout(r, "customer-portal", "0.61.1", at=-140)
    first, other = r.pods("timescale")
    r.log(
        -11,
        first,
        "2026-12-08 10:00:00,000 ERROR: Request to server https://10.0.0.1:443 failed: ReadTimeoutError(\"HTTPSConnectionPool(host='10.0.0.1', port=443): Read timed out. (read timeout=3.3)\")",
    )
    r.log(0, first, "2026-12-08 10:00:00,000 INFO: demoted self because failed to update leader lock in DCS", "info")
    r.log(1.8, other, "2026-12-08 10:00:00,000 INFO: promoted self to leader by acquiring session lock", "info")
    r.log(2.6, other, "2026-12-08 10:00:00.000 UTC [21] LOG:  received promote request", "info")
    r.log(4.4, other, "2026-12-08 10:00:00.000 UTC [19] LOG:  database system is ready to accept connections", "info")
    for at in every(12, END, 20):
        r.log(at, other, "2026-12-08 10:00:00,000 INFO: no action. I am (timescale-1), the leader with the lock", "info")
        r.log(
            at + 2,
            first,
            "2026-12-08 10:00:00,000 INFO: no action. I am (timescale-0), a secondary, and following a leader (timescale-1)",
            "info",
        )
    denied = "ERROR: cannot execute COPY FROM in a read-only transaction"
    traces_fail(
        r,
        ("flink-taskmanager", "timescale"),
        denied,
        since=7,
        step=10,
        share=0.95,
        kind="25006",
        more={"db.system.name": "postgresql", "server.address": "timescale-0.timescale"},
    )
    traces_fail(
        r,
        ("kong", "device-twin", "timescale"),
        "** (Postgrex.Error) ERROR 25006 (read_only_sql_transaction) cannot execute UPDATE in a read-only transaction",
        since=9,
        step=16,
        share=0.4,
        kind="Postgrex.Error",
    )
    r.logs(
        every(8, END, 19),
        "flink-taskmanager",
        "2026-12-08 10:00:00,000 ERROR net.rill.jobs.TimescaleSink [] - flush of {n} readings failed: org.postgresql.util.PSQLException: "
        + denied,
    )
    r.logs(
        every(10, END, 27),
        "device-twin",
        "[error] GenServer Twin.Meter terminating\n** (Postgrex.Error) ERROR 25006 (read_only_sql_transaction) cannot execute UPDATE in a read-only transaction ({n})",
    )
    readings_are_stale(r, every(85, END, 41), 6, 232)


@sixth(CARDS, "leaders", Truth("limit-keeper", "leader_lost"))
def lease_is_lost_and_nobody_takes_it(r: Recording) -> None:
    """The one keeper of limits that may decide loses its lease; the other waits until a lease of many minutes has run out."""
    first, other = r.pods("limit-keeper")
    put = 'Failed to update lock optimistically: Put "https://10.96.0.1:443/apis/coordination.k8s.io/v1/namespaces/acquiring/leases/limit-keeper": context deadline exceeded, falling back to slow path'
    r.log(-9, first, "E1013 10:00:00.000000       1 leaderelection.go:436] " + put)
    r.log(-4, first, "E1013 10:00:00.000000       1 leaderelection.go:436] " + put)
    r.log(
        0,
        first,
        "I1013 10:00:00.000000       1 leaderelection.go:297] failed to renew lease acquiring/limit-keeper: context deadline exceeded",
        "info",
    )
    r.normal(0.2, r.of("Lease", "limit-keeper", "acquiring"), "LeaderElection", f"{first.name} stopped leading", "limit-keeper")
    r.log(0.3, first, '{"time":"-","level":"ERROR","msg":"leader election lost, serving reads only"}')
    for at in every(6, END, 31):
        r.log(
            at,
            other,
            "I1013 10:00:00.000000       1 leaderelection.go:257] attempting to acquire leader lease acquiring/limit-keeper...",
            "info",
        )
        r.log(
            at + 0.5,
            first,
            "I1013 10:00:00.000000       1 leaderelection.go:257] attempting to acquire leader lease acquiring/limit-keeper...",
            "info",
        )
    traces_fail(
        r,
        ("terminal-gateway", "auth-router", "limit-keeper"),
        "HTTP 503: no leader",
        since=2,
        step=8,
        status=503,
        kind="WebApplicationException",
        outer=200,
        milliseconds=3,
    )
    access(r, every(3, END, 18), "auth-router", "limit-keeper", status=503, flags="-", details="via_upstream")
    r.logs(
        every(4, END, 16),
        "auth-router",
        quarkus(
            "net.tollgate.auth.Limits",
            "limit of card could not be reserved, declined 61, trace {n}",
            "jakarta.ws.rs.ServiceUnavailableException: HTTP 503 Service Unavailable\n\tat net.tollgate.auth.LimitClient.reserve(LimitClient.java:48)",
        ),
    )
    r.alert(
        68,
        "AuthorisationApprovalRateLow",
        "Approval rate is 6% over 5m (usual 91%)",
        severity="critical",
        service="auth-router",
        namespace="acquiring",
        pending="1m",
    )

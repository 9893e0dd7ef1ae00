"""Ensembles that have no leader, or another than their clients believe."""
# ruff: noqa: E501  (what programs write is as long as it is)

from bench.unseen.events import every
from bench.unseen.fourth_volume.grid import GRID
from bench.unseen.fourth_volume.telling import failing, fourth, grafana, slow_calls
from bench.unseen.telemetry import Recording
from bench.unseen.truths import Truth

CLICKHOUSE = {"db.system.name": "clickhouse", "db.namespace": "grid", "db.operation.name": "INSERT"}
POSTGRES = {"db.system.name": "postgresql", "db.namespace": "grid"}


@fourth(GRID, "leaders", Truth("ch-keeper", "leader_lost"))
def tables_are_read_only_since_keepers_cannot_agree(r: Recording) -> None:
    read_only = "code: 242, message: Table is in readonly mode (replica path: /clickhouse/tables/01/readings_raw/replicas/telemetry-ch-0)"
    slow_calls(r, "rollup-worker", "telemetry-ch", 9_800, since=3, until=40, step=12)
    failing(r, ("rollup-worker", "telemetry-ch"), read_only, since=22, step=12, error_type="242", more=CLICKHOUSE, milliseconds=31)
    r.logs(
        every(23, 300, 13),
        "rollup-worker",
        '{"level":"ERROR","msg":"insert failed","table":"readings_raw","rows":{n},"err":"code: 242, message: Table is in readonly mode (replica path: /clickhouse/tables/01/readings_raw/replicas/telemetry-ch-0)"}',
    )
    for number, pod in enumerate(r.pods("telemetry-ch")):
        for at in every(12 + 3 * number, 300, 27):
            line = "2026.11.08 02:11:31.004119 [ 611 ] {} <Error> grid.readings_raw (ReplicatedMergeTreeRestartingThread): Couldn't start replication (table will be in readonly mode): Code: 999. Coordination::Exception: Coordination error: Connection loss, path /clickhouse/tables/01/readings_raw. (KEEPER_EXCEPTION)"
            r.log(r.nearly(at, 4), pod, line)
    r.disturb("telemetry-ch", "ch-keeper", 2, errors=0.95, slower=900)
    r.alert(
        95,
        "ClickHouseReadonlyReplica",
        "telemetry-ch-0 has 11 tables in readonly mode",
        namespace="grid",
        pod="telemetry-ch-0",
        severity="critical",
        pending="1m",
    )
    for number, pod in enumerate(r.pods("ch-keeper")):
        for at in every(118 + 2 * number, 300, 38):
            r.log(
                at,
                pod,
                f"2026.11.08 02:13:28.551203 [ 32 ] {{}} <Warning> RaftInstance: Election timeout, initiate leader election, my id {number}, term {411 + int(at)}",
                "warning",
            )
            r.log(
                at + 1,
                pod,
                "2026.11.08 02:13:29.560041 [ 33 ] {} <Information> RaftInstance: [VOTE INIT] pre-vote rejected by quorum, live 1, dead 2, abstained 0",
                "info",
            )
    r.logs(
        every(140, 300, 40),
        "ch-keeper",
        "2026.11.08 02:13:50.000000 [ 44 ] {} <Warning> KeeperTCPHandler: Ignoring user request, because no alive leader exists (session {n})",
        "warning",
    )
    grafana(
        r, 200, "Nobody leads the keepers", "zk_server_state leader: 0 of 3", folder="clickhouse", severity="critical", namespace="grid"
    )
    r.alert(250, "RawReadingsBacklog", "4.1 million raw readings wait for ClickHouse", namespace="grid", dataset="readings_raw")


@fourth(GRID, "leaders", Truth("grid-tsdb", "database_failover"))
def pooler_keeps_connections_to_the_demoted_database(r: Recording) -> None:
    first, other = r.pods("grid-tsdb")
    gone = "FATAL: terminating connection due to administrator command (SQLSTATE 57P01)"
    refused = "ERROR: cannot execute INSERT in a read-only transaction (SQLSTATE 25006)"
    failing(r, ("rollup-worker", "grid-pooler"), gone, since=2, until=20, step=6, error_type="57P01", more=POSTGRES, milliseconds=40)
    failing(
        r,
        ("rollup-worker", "grid-pooler"),
        refused,
        since=24,
        until=260,
        step=15,
        share=0.8,
        error_type="25006",
        more=POSTGRES,
        milliseconds=8,
    )
    failing(
        r,
        ("emqx", "device-auth", "grid-pooler"),
        refused.replace("INSERT", "UPDATE"),
        since=30,
        until=250,
        step=37,
        share=0.3,
        error_type="25006",
        more=POSTGRES,
        milliseconds=6,
    )
    r.logs(
        every(25, 260, 14),
        "rollup-worker",
        '{"level":"ERROR","msg":"copy failed, batch goes back to the stream","err":"ERROR: cannot execute COPY FROM in a read-only transaction (SQLSTATE 25006)","batch":{n}}',
    )
    lines = (
        (0.0, first, "2026-11-08 02:11:00,118 ERROR: Error communicating with DCS", "error"),
        (0.4, first, "2026-11-08 02:11:00,520 INFO: demoting self because DCS is not accessible and I was a leader", "warning"),
        (2.0, first, "2026-11-08 02:11:02.114 UTC [1] LOG:  received fast shutdown request", "info"),
        (14.0, other, "2026-11-08 02:11:14,301 INFO: promoted self to leader by acquiring session lock", "info"),
        (15.2, other, "2026-11-08 02:11:15.490 UTC [88] LOG:  selected new timeline ID: 19", "info"),
        (
            21.0,
            first,
            "2026-11-08 02:11:21,703 INFO: no action. I am (grid-tsdb-0), a secondary, and following a leader (grid-tsdb-1)",
            "info",
        ),
    )
    for at, pod, line, level in lines:
        r.log(at, pod, line, level)
    r.change(14.5, r.of("Endpoints", "grid-tsdb", "grid"), "subsets changed: addresses", "endpoints", ["subsets"])
    r.logs(
        every(3, 20, 5),
        "grid-pooler",
        "2026-11-08 02:11:03.118 UTC [1] WARNING S-0x7f{n}: grid/rollup@10.244.3.8:5432 pooler error: server conn crashed?",
        "warning",
    )
    r.alert(
        80,
        "PatroniTimelineChanged",
        "Timeline of cluster grid-tsdb went from 18 to 19",
        scope="grid-tsdb",
        namespace="grid",
        severity="info",
    )
    grafana(
        r,
        135,
        "Readings are late",
        "newest reading in TimescaleDB is 119s old (limit 90s)",
        folder="data-freshness",
        severity="critical",
        dataset="readings",
    )
    r.log(262, r.pod("grid-pooler"), "2026-11-08 02:15:22.004 UTC [1] LOG RECONNECT command issued", "info")

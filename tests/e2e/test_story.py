"""The story through the real program and a real server: published, correlated, read, explained, replayed, and the same after a restart."""

import json
import signal
from pathlib import Path
from typing import Any

import nats
import pytest
from tests.e2e.program import SECONDS_MAX, STORY, TRACE, Headwater, RunningEngine

pytestmark = pytest.mark.nats


def is_the_story(result: dict[str, Any]) -> bool:
    """Whether this is the result that the contract promises."""
    assert result["type"] == "cascading_failure"
    assert result["severity"] == "critical"
    assert result["root_cause"] == "mysql-pod-abc OOM at 10:00:00"
    assert result["cause"]["entity"] == "default/Pod/production/mysql-pod-abc"
    assert result["cause"]["owner"] == "default/StatefulSet/production/mysql-statefulset"
    assert result["related_events"] == ["mysql-pod-abc OOM", "api timeout to mysql-service", "frontend 503 from api-service"]
    assert result["impact"]["services"] == ["mysql", "api", "frontend"]
    assert result["impact"]["pods"] == 15
    assert result["remediation"] == "increase mysql memory limits"
    assert result["trace_ids"] == [TRACE]
    return True


def wait_for_story(headwater: Headwater) -> dict[str, Any]:
    """The incident, once all three events are in it."""
    for _ in range(20):
        for incident in headwater.json("incidents", "list"):
            if len(incident["related_events"]) == 3:
                return dict(incident)
    raise AssertionError("no incident with three events was told")


def test_the_story_is_published_correlated_and_explained(
    headwater: Headwater, engine: RunningEngine, story_file: Path, objects_file: Path
) -> None:
    assert headwater.json("topology", "load", str(objects_file))["stored"] > 30
    assert headwater.json("topology", "load", str(objects_file))["stored"] == 0
    assert headwater.json("publish", str(story_file)) == {"lines": 3, "accepted": 3, "duplicate": 0, "invalid": 0, "interrupted": False}
    assert headwater.json("publish", str(story_file))["duplicate"] == 3

    incident = wait_for_story(headwater)
    assert is_the_story(incident)
    assert len(headwater.json("incidents", "list")) == 1
    prefix = incident["id"][:6]

    table = headwater("incidents", "list").stdout.splitlines()
    assert table[0].split()[:3] == ["ID", "SEVERITY", "TYPE"]
    assert "mysql-pod-abc OOM at 10:00:00" in table[1]
    assert incident["id"] in headwater("incidents", "list", "-o", "name").stdout

    assert headwater.json("incidents") == headwater.json("incidents", "list")
    store = engine.wait_for("embedded server started")["store"]
    assert headwater("incidents", "--store", store).stdout.splitlines()[1].split()[0] == table[1].split()[0]

    page = headwater("incidents", "show", prefix).stdout
    for words in ("mysql-pod-abc OOM", "increase mysql memory limits", "15 pods", "10:00:15", "kubectl"):
        assert words in page

    explanation = headwater.json("explain", prefix)
    assert {edge["effect"].split()[0] for edge in explanation["edges"]} >= {
        "default/Service/production/api-service",
        "default/Service/production/frontend-service",
    }
    assert all(edge["evidence"] and edge["correlators"] for edge in explanation["edges"])
    tree = headwater("explain", prefix).stdout
    assert tree.index("mysql-pod-abc OOM  10:00:00") < tree.index("timeout to mysql-service") < tree.index("503 from api-service")
    assert "because" in tree
    assert headwater("explain", prefix, "-o", "dot").stdout.startswith("digraph")
    assert headwater("explain", "latest", "-o", "mermaid").stdout.startswith("flowchart")

    assert "cascading_failure" in headwater("tail", "results", "--no-follow").stdout
    alerts = [json.loads(line) for line in headwater("tail", "alerts", "--no-follow", "-o", "json").stdout.splitlines()]
    assert any(is_the_story(alert) for alert in alerts if len(alert["related_events"]) == 3)
    assert headwater("tail", "events", "--since", "1h", "--no-follow", "-o", "json").stdout.count("\n") == 3

    pod = headwater.json("topology", "show", "Pod/mysql-pod-abc")
    assert {"relation": "owned by", "entity": "default/StatefulSet/production/mysql-statefulset"} in pod["relations"]
    assert "StatefulSet/mysql-statefulset in production" in headwater("topology", "show", "mysql").stdout
    assert "frontend" in headwater("topology", "show", "--kind", "Deployment").stdout

    replayed = headwater.json("replay")
    assert [each["fingerprint"] for each in replayed] == [incident["fingerprint"]]
    assert is_the_story(replayed[0])

    checks = {check["name"]: check for check in headwater.json("doctor")}
    assert {check["state"] for check in checks.values()} <= {"ok", "warning"}
    assert checks["stream TRACES"]["detail"].startswith("3 messages")
    assert engine.stop() == 0


def test_an_engine_that_was_killed_goes_on_with_the_same_ids(headwater: Headwater, story_file: Path, objects_file: Path) -> None:
    first = RunningEngine(headwater)
    headwater("topology", "load", str(objects_file))
    headwater("publish", "-", stdin="".join(json.dumps(event) + "\n" for event in STORY[:2]))
    for _ in range(20):
        before = headwater.json("incidents", "list")
        if before:
            break
    first.stop(signal.SIGKILL)

    second = RunningEngine(headwater)
    headwater("publish", "-", stdin=json.dumps(STORY[2]) + "\n")
    after = wait_for_story(headwater)
    assert is_the_story(after)
    assert after["id"] == before[0]["id"]
    assert after["revision"] > before[0]["revision"]
    assert len(headwater.json("incidents", "list")) == 1
    assert second.stop(signal.SIGINT) == 0
    assert second.wait_for("stopped")["position"] == 3


async def test_a_client_that_is_not_ours_can_publish_and_follow(headwater: Headwater, engine: RunningEngine, objects_file: Path) -> None:
    headwater("topology", "load", str(objects_file))
    started = engine.wait_for("embedded server started")
    known = json.loads((Path(started["store"]) / "connection.json").read_text())
    client = await nats.connect(known["url"], token=known["token"])
    try:
        results = await client.subscribe("correlations.results")
        alerts = await client.subscribe("correlations.alerts")
        await client.flush()
        for event in STORY:
            await client.publish(f"traces.{TRACE}.{event['source']}", json.dumps(event).encode())
        while True:
            message = await results.next_msg(timeout=SECONDS_MAX)
            if len(json.loads(message.data)["related_events"]) == 3:
                break
        assert is_the_story(json.loads(message.data))
        while True:
            alert = await alerts.next_msg(timeout=SECONDS_MAX)
            if len(json.loads(alert.data)["related_events"]) == 3:
                break
        assert alert.data == message.data
        assert message.headers is not None
        assert alert.headers is not None
        assert message.headers["Nats-Msg-Id"] != alert.headers["Nats-Msg-Id"]
    finally:
        await client.close()

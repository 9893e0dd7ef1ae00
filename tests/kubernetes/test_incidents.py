"""
What goes wrong in a real cluster, through the whole chain: real API, our collector, a real nats-server, the engine, and what it tells.

The faults happen side by side, each in a namespace with a chain of its own, since they wait more than they work; a lost node is everyone's,
and comes after the others. One chain more looks at the whole cluster all the time.
"""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.kubernetes import scenarios
from tests.kubernetes.admin_api import AdminApi
from tests.kubernetes.control_plane import ControlPlane
from tests.kubernetes.correlating import Correlator, correlating, in_short
from tests.kubernetes.deployed import collector_kubeconfig
from tests.kubernetes.played_nodes import PlayedNodes
from tests.kubernetes.scenarios import Damage
from tests.kubernetes.shop import Shop
from tests.kubernetes.telemetry import Call, tell_calls

from headwater.model.results import CorrelationResult

pytestmark = pytest.mark.kubernetes

WATCHED_ON_SECONDS = 20.0
"""After the incident was told: that nothing else is told cannot be waited for."""


class Fault(NamedTuple):
    """What is done to a shop, and the type of its incident."""

    happens: scenarios.Fault
    type: str
    pods_per_node: int = 110
    is_of_all: bool = False  # what happens is seen in every namespace
    calls: tuple[Call, ...] = ()  # how callers notice; they are told of the other calls of the shop, too


FAULTS = {
    "memory": Fault(scenarios.memory_runs_out, "oom_loop"),
    "cascade": Fault(scenarios.memory_runs_out, "cascading_failure", calls=(("api", "mysql", "timeout"), ("frontend", "api", "503"))),
    "image": Fault(scenarios.image_is_not_there, "image_pull_failure"),
    "configuration": Fault(scenarios.configuration_is_changed, "config_change_failure"),
    "room": Fault(scenarios.nothing_is_large_enough, "scheduling_failure"),
    "volume": Fault(scenarios.volume_names_no_config_map, "missing_config"),
    "environment": Fault(scenarios.environment_names_no_config_map, "missing_config"),
    "quota": Fault(scenarios.quota_is_used_up, "quota_exceeded"),
    "drain": Fault(scenarios.drain_is_blocked, "node_drain", pods_per_node=4),
    "machine": Fault(scenarios.node_is_lost, "node_failure", is_of_all=True),
}


class Outcome(NamedTuple):
    """What became of one fault: the incidents that were told, and those that are left to tell of the same events in the end."""

    damage: Damage
    told: list[CorrelationResult]
    left: list[CorrelationResult]


class Outcomes(NamedTuple):
    """Of each fault in the eyes of a chain that sees its namespace alone, and of all in the eyes of one that sees the whole cluster."""

    of: Mapping[str, Outcome | BaseException]
    of_all: list[CorrelationResult]


@pytest.fixture(scope="module")
def outcomes(control_plane: ControlPlane, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Outcomes:
    """Of the faults that the selected tests ask about; the test about all of them asks about those, or about all."""
    asked = {item.name.partition("[")[2].rstrip("]") for item in request.session.items if item.path == request.path}
    chosen = [name for name in FAULTS if name in asked] or list(FAULTS)
    return asyncio.run(play(control_plane, tmp_path_factory.mktemp("incidents"), chosen))


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_one_incident_with_its_type_its_root_and_whom_it_concerns(outcomes: Outcomes, name: str) -> None:
    outcome = outcomes.of[name]
    if isinstance(outcome, BaseException):
        raise outcome
    for incidents in (outcome.told, outcome.left):
        assert len(incidents) == 1, in_lines(incidents)
        (incident,) = incidents
        assert incident.type == FAULTS[name].type
        assert incident.root_cause.startswith(outcome.damage.root)
        assert sorted(incident.impact.services) == sorted(outcome.damage.services)
        assert incident.impact.namespaces == [name]
        assert outcome.damage.pods in (0, incident.impact.pods)


def test_faults_that_happen_at_once_in_one_cluster_are_an_incident_each(outcomes: Outcomes) -> None:
    for name, outcome in outcomes.of.items():
        assert isinstance(outcome, Outcome), f"{name}: {outcome}"
        found = [incident for incident in outcomes.of_all if incident.impact.namespaces == [name]]
        assert len(found) == 1, in_lines(outcomes.of_all)
        assert found[0].root_cause.startswith(outcome.damage.root)
    assert len(outcomes.of_all) == len(outcomes.of), in_lines(outcomes.of_all)


def in_lines(incidents: list[CorrelationResult]) -> str:
    """Incidents, one below the other."""
    return "\n".join(map(in_short, incidents)) or "nothing was told"


async def play(plane: ControlPlane, folder: Path, names: list[str]) -> Outcomes:
    """Let the faults happen, and watch."""
    found: dict[str, Outcome | BaseException] = {}
    async with AdminApi(plane) as api, PlayedNodes(api) as nodes:
        shops = {name: Shop(api, nodes, name) for name in names}
        await asyncio.gather(*(shop.open(pods_per_node=FAULTS[name].pods_per_node) for name, shop in shops.items()))
        kubeconfig = await collector_kubeconfig(plane, api, folder / "kubeconfig")
        async with correlating(folder / "all", kubeconfig) as correlator:
            for is_of_all in (False, True):
                chosen = [name for name in names if FAULTS[name].is_of_all is is_of_all]
                playing = [_play_one(folder / name, kubeconfig, shops[name], FAULTS[name]) for name in chosen]
                found.update(zip(chosen, await asyncio.gather(*playing, return_exceptions=True), strict=True))
            return Outcomes(found, await correlator.settled())


async def _play_one(folder: Path, kubeconfig: Path, shop: Shop, fault: Fault) -> Outcome:
    async with correlating(folder, kubeconfig, namespaces=shop.namespace) as correlator:
        healthy = [(caller, callee, "") for caller, callee, _ in fault.calls]
        await tell_calls(correlator.client, shop.namespace, healthy, times=5)
        damage = await fault.happens(shop)
        if fault.calls:
            damage = damage._replace(services=(*damage.services, *(caller for caller, _, _ in fault.calls)), pods=0)
            await _is_bad(correlator, damage)
            await tell_calls(correlator.client, shop.namespace, list(fault.calls), times=4)
        await _told(correlator, damage, fault.type)
        await asyncio.sleep(WATCHED_ON_SECONDS)
        told = [result for result in await correlator.client.latest_results() if result.status not in ("merged", "retracted")]
        return Outcome(damage, told, await correlator.settled())


async def _is_bad(correlator: Correlator, damage: Damage) -> None:
    """Wait until callers would notice."""
    await correlator.told(f"{damage.root!r}", lambda result: result.root_cause.startswith(damage.root))


async def _told(correlator: Correlator, damage: Damage, kind: str) -> CorrelationResult:
    def is_whole(result: CorrelationResult) -> bool:
        is_it = result.type == kind and result.root_cause.startswith(damage.root)
        return is_it and set(damage.services) <= set(result.impact.services)

    return await correlator.told(f"{kind} of {damage.services} by {damage.root!r}", is_whole)

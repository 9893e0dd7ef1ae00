"""The floors, by hand and beside the other implementation where it is at hand."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from bench.accuracy.cases import find_sets
from bench.accuracy.floors import LOUDEST, NEWEST, RAREST, floors
from tests.unit.bench.accuracy.recorded import DATA, at, failed_call, kernel_kill, outage, write_case

OTHER_FLOORS = DATA.parent / "tools" / "floors.py"


def rollout(name: str, second: int) -> dict[str, object]:
    return {
        "id": f"rollout-{name}",
        "timestamp": at(second),
        "type": "kubernetes",
        "source": "kubernetes",
        "severity": "info",
        "kubernetes": {"reason": "ScalingReplicaSet", "action": "EVENT", "object_kind": "Deployment"},
        "k8s_context": {"kind": "Deployment", "name": name, "namespace": "shop"},
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_case(tmp_path, "one", [rollout("orders", 0), *outage("cart"), rollout("cart", 50)])
    write_case(tmp_path, "two", [failed_call(1, "cart", "orders", 1), kernel_kill(1, "orders", 2), failed_call(2, "cart", "orders", 3)])
    return tmp_path


def test_each_floor_orders_by_its_own_count(folder: Path) -> None:
    (found,) = find_sets(folder)

    ranked = {name: [suspect.object for suspect in predictions["one"].ranking] for name, predictions in floors(found.cases).items()}

    # Six failed calls are orders', three kills are cart's; both kinds are as rare.
    assert ranked == {LOUDEST: ["orders", "cart"], RAREST: ["orders", "cart"], NEWEST: ["cart", "orders"]}


@pytest.mark.skipif(not OTHER_FLOORS.is_file(), reason=f"the floors to compare with are not at {OTHER_FLOORS}")
@pytest.mark.parametrize("name", [LOUDEST, RAREST, NEWEST])
def test_the_floors_are_those_of_the_other_implementation(folder: Path, name: str) -> None:
    (found,) = find_sets(folder)

    printed = subprocess.run([sys.executable, OTHER_FLOORS, folder, name], check=True, capture_output=True, text=True).stdout

    theirs = {line["case"]: line for line in map(json.loads, printed.splitlines())}
    ours = {
        case: {"case": case, "ranking": [{"service": suspect.object} for suspect in each.ranking], "detected_at": each.detected_at}
        for case, each in floors(found.cases)[name].items()
    }
    assert ours == theirs

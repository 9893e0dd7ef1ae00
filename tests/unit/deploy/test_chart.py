"""The chart: its values and their schema, what its templates use, and, where helm is there, what it makes."""

import json
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
import yaml
from tests.conftest import Golden
from tests.unit.deploy.cluster_objects_read import CHART, DEPLOY, MANIFESTS, ROOT, containers, environment_of, objects_in, of_kind
from tests.unit.deploy.manifest_rules import complaints_of

from headwater.service.settings import setting_keys

VALUES = yaml.safe_load((CHART / "values.yaml").read_text(encoding="utf-8"))
SCHEMA = json.loads((CHART / "values.schema.json").read_text(encoding="utf-8"))
TEMPLATES = {path.name: path.read_text(encoding="utf-8") for path in sorted((CHART / "templates").iterdir())}
ALL_TEXT = "\n".join(TEMPLATES.values())

_ACTION = re.compile(r"\{\{-?\s*(.*?)\s*-?\}\}", re.DOTALL)
_VALUE = re.compile(r"\.Values((?:\.\w+)+)")
_OPENING = ("if", "with", "range", "define")
# A component's own values reach the shared parts as `.values`, and the names of files as the context of a `with`.
_REACHED_OTHERWISE = re.compile(r"^(\w+\.(nodeSelector|tolerations|affinity)|nats\.files\.\w+)$")

helm = shutil.which("helm")
needs_helm = pytest.mark.skipif(helm is None, reason="helm is not installed, so templates are checked but not rendered")


def leaves(values: Any, path: str = "") -> Iterator[str]:
    if isinstance(values, dict) and values and not path.endswith((".resources", ".nodeSelector", ".affinity")):
        for name, below in values.items():
            yield from leaves(below, f"{path}.{name}".removeprefix("."))
    else:
        yield path


def is_value(path: str) -> bool:
    content: Any = VALUES
    for name in path.split("."):
        if not isinstance(content, dict) or name not in content:
            return False
        content = content[name]
    return True


def test_the_values_keep_to_their_schema() -> None:
    jsonschema.Draft7Validator.check_schema(SCHEMA)
    jsonschema.validate(VALUES, SCHEMA)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("kernel.sorce", "ebpf"),
        ("kernel.source", "kprobe"),
        ("nats.url", "nats://user:password@nats"),
        ("nats.files.creds", "../creds"),
        ("engine.domain", "a b"),
        ("engine.enabled", "yes"),
        ("image.tag", "a b"),
        ("kubernetes.namespaces", "shop"),
        ("log.level", "loud"),
        ("more", {}),
    ],
)
def test_a_value_that_means_nothing_is_refused(path: str, value: Any) -> None:
    values = json.loads(json.dumps(VALUES))
    place = values
    *parents, last = path.split(".")
    for name in parents:
        place = place[name]
    place[last] = value
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(values, SCHEMA)


def test_what_the_templates_use_is_a_value_and_every_value_is_used() -> None:
    used = {found.removeprefix(".") for found in _VALUE.findall(ALL_TEXT)}
    assert sorted(path for path in used if not is_value(path)) == []
    unused = [path for path in leaves(VALUES) if path not in used and not _REACHED_OTHERWISE.match(path)]
    assert unused == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_block_of_a_template_is_closed(name: str) -> None:
    depth = 0
    for action in _ACTION.findall(TEMPLATES[name]):
        word = action.split()[0]
        depth += word in _OPENING
        depth -= word == "end"
        assert depth >= 0, action
    assert depth == 0
    assert TEMPLATES[name].count("{{") == len(_ACTION.findall(TEMPLATES[name]))


def test_every_part_that_is_included_is_defined() -> None:
    defined = set(re.findall(r'define "([^"]+)"', ALL_TEXT))
    assert set(re.findall(r'include "([^"]+)"', ALL_TEXT)) == defined


def test_every_variable_in_the_templates_is_a_setting() -> None:
    known = {key.environment for key in setting_keys()}
    assert sorted(set(re.findall(r"HEADWATER_[A-Z_]+", ALL_TEXT)) - known) == []


def test_the_chart_has_the_version_of_the_program() -> None:
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert chart["appVersion"] == project["version"]


def test_the_image_is_made_of_what_is_there() -> None:
    lines = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").splitlines()
    copied = [name for line in lines if line.startswith("COPY ") and "--from" not in line for name in line.split()[1:-1]]
    assert [name for name in copied if not (ROOT / name).exists()] == []
    kept = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert [name for name in copied if f"!{name}" not in kept] == []
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (entry,) = (json.loads(line.removeprefix("ENTRYPOINT ")) for line in lines if line.startswith("ENTRYPOINT "))
    assert set(entry) <= set(project["scripts"])


def rendered(**values: Any) -> str:
    assert helm is not None
    sets = [part for name, value in values.items() for part in ("--set-json", f"{name}={json.dumps(value)}")]
    command = [helm, "template", "headwater", str(CHART), "--namespace", "headwater", *sets]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


@needs_helm
def test_the_manifests_are_what_the_chart_makes(golden: Golden) -> None:
    head = "# Made from deploy/chart by `make rewrite` where helm is installed; change the chart.\n"
    golden(MANIFESTS / "headwater.yaml", head + rendered())


VARIANTS: dict[str, dict[str, Any]] = {
    "with files": {"nats.files": {"creds": "engine.creds", "nkey": "", "tlsCa": "ca.pem", "tlsCert": "", "tlsKey": ""}},
    "from the log": {"kernel.source": "kmsg"},
    "from the log with files": {"kernel.source": "auto", "nats.files.creds": "engine.creds"},
    "of two namespaces": {"kubernetes.namespaces": ["shop", "pay"], "kubernetes.selector": "team=shop", "kubernetes.readSecrets": True},
    "with webhooks": {"alertmanager.enabled": True, "alertmanager.tokenSecret": "webhook"},
    "with nothing else": {"engine.enabled": False, "kubernetes.enabled": False},
    "on chosen nodes": {
        "image.pullSecrets": ["registry"],
        "engine.nodeSelector": {"a": "b"},
        "engine.tolerations": [{"operator": "Exists"}],
        "engine.affinity": {"podAffinity": {}},
        "kernel.priorityClassName": "system-node-critical",
    },
}


@needs_helm
@pytest.mark.parametrize("name", VARIANTS)
def test_whatever_the_values_the_rules_hold(name: str) -> None:
    objects = objects_in(rendered(**VARIANTS[name]))
    assert complaints_of(objects) == []
    if name == "of two namespaces":
        assert [role["metadata"]["namespace"] for role in of_kind(objects, "Role")] == ["shop", "pay"]
        environments = [environment_of(container.content) for container in containers(objects)]
        assert any(variables.get("HEADWATER_KUBERNETES_NAMESPACES") == "shop,pay" for variables in environments)
    if name == "from the log":
        (kernel,) = containers(of_kind(objects, "DaemonSet"))
        assert kernel.content["securityContext"]["privileged"]
        assert [volume["hostPath"]["path"] for volume in kernel.pod["volumes"]] == ["/dev/kmsg"]


@needs_helm
def test_helm_itself_finds_nothing_wrong() -> None:
    assert helm is not None
    done = subprocess.run([helm, "lint", "--strict", str(CHART)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout

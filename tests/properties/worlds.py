"""Hand-made worlds that no cluster would show: everything that could make an answer depend on the order, crowded into a few minutes."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.properties.orders import Happening, World

from headwater.model.identity import trace_token
from headwater.model.inputs import EventObserved
from headwater.model.objects import ObjectVersion
from headwater.model.times import format_time, seconds
from headwater.testing.bare_objects import deployment, instant, pod, service, version
from headwater.testing.class_examples import Body, Thing, call_span, example, thing_of

APPS = ("cart", "web", "search")
NODES = ("node-1", "node-2")
CONTAINER = "c0ffee"
POD_CLASSES = (
    "kernel.oom", "pod.oomkilled", "pod.restart", "pod.unready", "pod.crashloop", "pod.evicted", "pod.liveness", "pod.imagepull",
    "resource.memory", "resource.cpu", "pod.throttle", "pod.sandboxfail", "pod.mountfail", "control.leaderlost", "control.leaderlost/store",
)  # fmt: skip
SERVICE_CLASSES = (
    "svc.timeout",
    "svc.refused",
    "svc.5xx",
    "svc.error",
    "svc.latency",
    "svc.dns",
    "svc.pool",
    "svc.429",
    "svc.reset",
    "svc.authz",
    "svc.readonly",
)
NODE_CLASSES = ("node.notready", "node.diskpressure", "node.mempressure", "node.reboot", "node.runtime", "node.kernel")
WORKLOAD_CLASSES = ("change.rollout", "change.scale", "workload.failedcreate", "workload.stuck")
MOUNTED = (("change.config", "ConfigMap/settings"), ("change.secret", "Secret/password"))
LIMITING = (
    ("change.networkpolicy", "NetworkPolicy/deny"), ("change.quota", "ResourceQuota/compute"), ("quota.reached", "ResourceQuota/compute"),
    ("change.webhook", "ValidatingWebhookConfiguration/guard"), ("change.rbac", "ServiceAccount/robot"),
    ("change.service", "Service/cart-service"), ("change.hpa", "HorizontalPodAutoscaler/cart"),
)  # fmt: skip
GAPS = (8, 15, 30, 45, 60, 120, 330)
"""Seconds between symptoms that are just, or just no longer, one occurrence."""


def happening(second: float, body: Mapping[str, Any], *, identity: str, trace: str = "") -> Happening:
    """An event of a body so many seconds after a morning that tests agree on."""
    occurred_at = instant(second)
    content = {"id": identity, "timestamp": format_time(occurred_at), **body}
    if trace:
        content["trace_context"] = {"trace_id": trace, "span_id": identity}
    message = EventObserved(
        trace_token=trace_token(trace), source_token=str(body["source"]), data=json.dumps(content).encode(), received_at=0, sequence=0
    )
    return Happening(occurred_at, message)


def told(*events: tuple[float, str, str, str]) -> tuple[Happening, ...]:
    """Events as (second, class, about, peer), the last two in shorthand."""
    return tuple(
        happening(second, example(name, thing_of(about), thing_of(peer) if peer else None), identity=f"event-{number}")
        for number, (second, name, about, peer) in enumerate(events)
    )


def uid_of(app: str, index: int, life: int = 1) -> str:
    return f"uid-{app}-{index}-{life}"


def cluster_objects(rng: Random, span: float) -> tuple[ObjectVersion, ...]:
    """
    Three workloads of two pods behind services, a DNS, two nodes.

    Halfway a pod of each is replaced, and its address goes to a pod of another workload; one service comes to select nobody.
    """
    half = span / 2
    zone = {"topology.kubernetes.io/zone": "zone-a"}
    found: list[ObjectVersion] = [version("Node", NODES[0], labels=zone), version("Node", NODES[1])]
    found.append(version("Node", NODES[1], labels=zone, at=half + 40))
    for place, app in enumerate(APPS):
        labels = {"app": app}
        volumes = {"volumes": [{"name": "v", "configMap": {"name": "settings"}}, {"name": "s", "secret": {"secretName": "password"}}]}
        spec: dict[str, Any] = volumes if place == 0 else {}
        spec = spec | {"containers": [{"image": f"registry-{place % 2}.example.com/{app}:1"}], "serviceAccountName": "robot"}
        if place == 1:
            spec = spec | reading("dsn")
            # Later it reads another key of the same object, and runs no container before the others.
            found.append(deployment(app, labels, spec=spec | reading("banner"), labels=labels, at=half))
            spec = spec | {"initContainers": [{"name": "migrate"}]}
        found.append(deployment(app, labels, spec=spec, labels=labels, at=-1_000))
        found.append(version("ReplicaSet", f"{app}-5d9f7c", owner=("Deployment", app), labels=labels))
        found.append(service(f"{app}-service", labels))
        owner = ("ReplicaSet", f"{app}-5d9f7c")
        for index in range(2):
            address = f"10.0.{place}.{index}"
            name = f"{app}-5d9f7c-{index}"
            found.append(
                pod(
                    name, node=NODES[(place + index) % 2], address=address, labels=labels, owner=owner, spec=spec, at=-1_000,
                    uid=uid_of(app, index), containers=(f"{CONTAINER}{place}{index}",),
                )
            )  # fmt: skip
            if index == 1:
                found.append(version("Pod", name, at=half, uid=uid_of(app, index), deleted=True))
                taken = f"10.0.{(place + 1) % len(APPS)}.1"
                found.append(
                    pod(
                        f"{app}-5d9f7c-2", node=rng.choice(NODES), address=taken, labels=labels, owner=owner, spec=spec, at=half + 5,
                        uid=uid_of(app, 2), containers=(f"{CONTAINER}{place}2",),
                    )
                )  # fmt: skip
    found.append(service("kube-dns", {"k8s-app": "kube-dns"}, namespace="kube-system", labels={"k8s-app": "kube-dns"}))
    found.append(deployment("coredns", {"k8s-app": "kube-dns"}, namespace="kube-system", labels={"k8s-app": "kube-dns"}))
    found.append(pod("coredns-1", namespace="kube-system", labels={"k8s-app": "kube-dns"}, owner=("Deployment", "coredns"), node="node-1"))
    if rng.random() < 0.5:
        found.append(service(f"{APPS[2]}-service", {"app": "nobody"}, at=half + 20))
    return (*found, *limiting_objects(half))


def reading(key: str) -> dict[str, Any]:
    """Part of a specification: containers that read one key of the settings."""
    return {"containers": [{"env": [{"name": "SETTING", "valueFrom": {"configMapKeyRef": {"name": "settings", "key": key}}}]}]}


def limiting_objects(half: float) -> Iterable[ObjectVersion]:
    """What limits the workloads: some of it comes, changes or goes halfway."""
    everything: dict[str, Any] = {"podSelector": {}}
    first = {"podSelector": {"matchLabels": {"app": APPS[0]}}}
    yield version("NetworkPolicy", "deny", spec=first, at=-1_000)
    yield version("NetworkPolicy", "deny", spec=everything, at=half)
    yield version("ResourceQuota", "compute", spec={"hard": {"pods": "4"}}, at=half - 60, created=half - 60)
    rule = {"operations": ["CREATE"], "apiGroups": [""], "resources": ["pods"]}
    selector = {"matchLabels": {"guarded": "yes"}}
    yield version("ValidatingWebhookConfiguration", "guard", webhooks=[{"rules": [rule], "namespaceSelector": selector}])
    yield version("Namespace", "shop", at=-1_000)
    yield version("Namespace", "shop", labels={"guarded": "yes"}, at=half - 30)
    yield version("ServiceAccount", "robot", at=-1_000)
    yield version("ServiceAccount", "robot", at=half + 30, deleted=True)
    yield version("HorizontalPodAutoscaler", "cart", spec={"scaleTargetRef": {"kind": "Deployment", "name": "cart"}})


@dataclass(frozen=True, slots=True)
class Chaos:
    """How a world of chance is made."""

    events: int = 40
    span: float = 600.0
    classes: tuple[str, ...] = ()  # only these, if any
    traces: int = 4
    trace_share: float = 0.4
    recoveries: int = 0  # Normal Events of Kubernetes: scheduled, started, created, stopping
    chronic: int = 0  # troubles that come back every few minutes all the time
    chatter: int = 0  # log lines of errors that are written all the time, each with other values, and now and then a new one


def chaos(seed: int | str, recipe: Chaos = Chaos()) -> World:
    """Symptoms of every class about everything by all its names, at times just within and just beyond the gaps of sessions."""
    rng = Random(f"chaos/{seed}")
    moments = _moments(rng, recipe)
    happenings = []
    for number, second in enumerate(moments):
        body = _body(rng, recipe)
        trace = f"trace-{rng.randrange(recipe.traces)}" if rng.random() < recipe.trace_share else ""
        if rng.random() < 0.1:
            body = _with_onset(rng, body, second)
        elif rng.random() < 0.1:
            body = body | {"attributes": dict(body.get("attributes", {})) | {"snapshot": True}}
        happenings.append(happening(second, body, identity=f"event-{number}", trace=trace))
    happenings += [_recovery(rng, rng.choice(moments) + rng.uniform(-70, 70), number) for number in range(recipe.recoveries)]
    for number in range(recipe.chronic):
        happenings += _chronic(rng, recipe, number)
    for number in range(recipe.chatter):
        happenings += _chatter(rng, recipe, number)
    return World(tuple(happenings), cluster_objects(rng, recipe.span))


def _recovery(rng: Random, second: float, number: int) -> Happening:
    app, reason = rng.choice(APPS), rng.choice(("Scheduled", "Started", "Pulled", "Killing", "SuccessfulCreate"))
    kind, name = ("ReplicaSet", f"{app}-5d9f7c") if reason == "SuccessfulCreate" else ("Pod", f"{app}-5d9f7c-{rng.randrange(3)}")
    kubernetes = {"event_type": "Normal", "reason": reason, "object": f"{kind.lower()}/{name}", "object_kind": kind, "action": "EVENT"}
    body = {"type": "kubernetes", "source": "kubernetes", "kubernetes": kubernetes}
    return happening(second, body | {"k8s_context": {"kind": kind, "name": name, "namespace": "shop"}}, identity=f"recovery-{number}")


def _chronic(rng: Random, recipe: Chaos, number: int) -> Iterable[Happening]:
    body = _body(rng, recipe)
    second, repeat = rng.uniform(0, 300), 0
    while second < recipe.span:
        yield happening(second, body, identity=f"chronic-{number}-{repeat}")
        second, repeat = second + rng.uniform(100, 400), repeat + 1


LINES = (
    "no cached price for item {n}",
    "retrying to reach http://stock/{n}",
    "cannot pack order {n}: no box of {m} cm",
    "user {name} has no basket",
)
NEW_LINES = ("decimal overflow of {n}", "panic: index {n} out of range", "dial tcp 10.0.0.1:{n}: connection refused")


def _chatter(rng: Random, recipe: Chaos, number: int) -> Iterable[Happening]:
    """One workload's usual line, at distances around the gap of a session, from the beginning or from some time on."""
    app, line = rng.choice(APPS), rng.choice(LINES)
    second, repeat = rng.choice((0.0, rng.uniform(0, recipe.span / 2))), 0
    step = rng.choice((29, 31, 75, 290))
    while second < recipe.span:
        is_new = rng.random() < 2 / (recipe.span / step)
        yield happening(second, _line(rng, app, rng.choice(NEW_LINES) if is_new else line), identity=f"chatter-{number}-{repeat}")
        burst = rng.random() < 1 / 60
        second, repeat = second + (0.5 if burst else rng.uniform(0.9, 1.1) * step), repeat + 1


def _line(rng: Random, app: str, line: str) -> Body:
    text = line.format(n=rng.randrange(10_000), m=rng.randrange(100), name="".join(rng.choices("abcdefgh", k=5)))
    who = {"kind": "Pod", "name": f"{app}-5d9f7c-{rng.randrange(3)}", "namespace": "shop"}
    attributes = {"service.name": app}
    said = {"level": "error", "message": text}
    return {"type": "log", "source": "logs", "severity": "error", "application": said, "k8s_context": who, "attributes": attributes}


def with_calls(world: World, seed: int | str, *, spans: int = 40) -> World:
    """The world and healthy spans beside it: calls that name their peer, and spans that are joined with their parents."""
    rng = Random(f"calls/{seed}")
    found = list(world.happenings)
    lasts = (world.end - world.start) / seconds(1)
    for number in range(spans):
        second = rng.uniform(0, lasts)
        caller, callee = (Thing("Service", f"{app}-service", "shop") for app in rng.sample(APPS, 2))
        if rng.random() < 0.5:
            found.append(_at(world.start + seconds(second), call_span(caller, callee), identity=f"call-{number}"))
            continue
        context = {"trace_id": f"request-{number}", "span_id": "above"}
        for thing, more in ((caller, {}), (callee, {"span_id": "below", "parent_span_id": "above"})):
            body = {"type": "service", "source": "otel", "semantic": {"intent": "span"}, "trace_context": context | more}
            body |= {"attributes": {"service.name": thing.name, "otel.status_code": "OK"}}
            instant_of = world.start + seconds(rng.uniform(0, lasts))
            found.append(_at(instant_of, body, identity=f"span-{number}-{thing.name}"))
    return World(tuple(found), world.versions)


def _at(occurred_at: int, body: Mapping[str, Any], *, identity: str) -> Happening:
    content = {"id": identity, "timestamp": format_time(occurred_at), **body}
    return Happening(occurred_at, EventObserved("none", str(body["source"]), json.dumps(content).encode(), 0, 0))


def _moments(rng: Random, recipe: Chaos) -> list[float]:
    moments = [rng.uniform(0, recipe.span)]
    while len(moments) < recipe.events:
        if rng.random() < 0.5:
            step = rng.choice(GAPS) + rng.choice((-0.000001, 0.0, 0.000001, 0.5, -0.5))
            moments.append((rng.choice(moments) + step) % recipe.span)
        else:
            moments.append(rng.uniform(0, recipe.span))
    return moments


def _body(rng: Random, recipe: Chaos) -> Body:
    kinds: list[tuple[Callable[[Random, str], Body], tuple[str, ...]]] = [
        (_about_pod, POD_CLASSES),
        (_about_service, SERVICE_CLASSES),
        (_about_service, SERVICE_CLASSES),
        (_about_node, NODE_CLASSES),
        (_about_workload, WORKLOAD_CLASSES),
        (_about_mounted, tuple(name for name, _ in MOUNTED)),
        (_about_limiting, tuple(name for name, _ in LIMITING)),
    ]
    if recipe.classes:
        kinds = [(make, tuple(name for name in names if name in recipe.classes)) for make, names in kinds]
    make, names = rng.choice([(make, names) for make, names in kinds if names])
    return make(rng, rng.choice(names))


def _about_pod(rng: Random, name: str) -> Body:
    place, index = rng.randrange(len(APPS)), rng.randrange(3)
    app = APPS[place]
    body = example(name, Thing("Pod", f"{app}-5d9f7c-{index}", "shop"), None)
    if name == "pod.crashloop" and rng.random() < 0.5:
        message = f"back-off 20s restarting failed container={rng.choice(('migrate', app))} pod={app}-5d9f7c-{index}_shop(1)"
        body = body | {"kubernetes": dict(body["kubernetes"]) | {"message": message}}
    way = rng.randrange(4)
    if way == 0:
        return _without(body, "entity") | {"k8s_context": {"uid": uid_of(app, index)}}
    if way == 1 and "kubernetes" not in body:
        return _without(body, "k8s_context") | {"entity": {"type": "container", "name": f"containerd://{CONTAINER}{place}{index}"}}
    if way == 2:
        return _without(body, "k8s_context") | {"entity": {"type": "pod", "name": f"{app}-5d9f7c-{index}"}}
    return body


def _about_service(rng: Random, name: str) -> Body:
    place, blamed = rng.randrange(len(APPS)), rng.randrange(len(APPS))
    app, other = APPS[place], APPS[blamed]
    body = example(name, Thing("Service", f"{app}-service", "shop"), None)
    attributes = dict(body["attributes"])
    way = rng.randrange(5)
    if way == 0:
        body = _without(body, "entity")
        attributes["service.name"] = app
    elif way == 1:
        index = rng.randrange(3)
        body = body | {"k8s_context": {"kind": "Pod", "name": f"{app}-5d9f7c-{index}", "namespace": "shop"}}
    elif way == 2:
        body = body | {"entity": {"type": "container", "name": f"{CONTAINER}{place}{rng.randrange(3)}"}}
    peer = rng.randrange(6)
    if peer == 0:
        attributes["peer.service"] = other
    elif peer == 1:
        attributes["server.address"] = f"{other}-service.shop.svc.cluster.local"
    elif peer == 2:
        attributes["server.address"] = f"10.0.{blamed}.{rng.randrange(2)}"
    elif peer == 3:
        body = body | {"network": dict(body.get("network", {})) | {"dest_ip": f"10.0.{blamed}.1"}}
    elif peer == 4:
        attributes["peer.service"] = f"{other}-service"
    return body | {"attributes": attributes}


def _about_limiting(_rng: Random, name: str) -> Body:
    return example(name, thing_of(dict(LIMITING)[name]), None)


def _about_node(rng: Random, name: str) -> Body:
    return example(name, Thing("Node", rng.choice(NODES), ""), None)


def _about_workload(rng: Random, name: str) -> Body:
    return example(name, Thing("Deployment", rng.choice(APPS), "shop"), None)


def _about_mounted(rng: Random, name: str) -> Body:
    body = example(name, thing_of(dict(MOUNTED)[name]), None)
    keys = rng.choice((None, ["dsn"], ["banner"], ["banner", "dsn"], ["other"]))
    return body | {"attributes": dict(body.get("attributes", {})) | {"k8s.changed": keys}}


def _with_onset(rng: Random, body: Body, second: float) -> Body:
    began = format_time(instant(second) - seconds(rng.choice((10, 100, 800, 1_000))))
    return body | {"attributes": dict(body.get("attributes", {})) | {"firstTimestamp": began}}


def _without(body: Body, *names: str) -> Body:
    return {name: value for name, value in body.items() if name not in names}


def _repeated(name: str, about: str, peer: str, moments: Iterable[float], *, trace: Callable[[int], str] = lambda _: "") -> list[Happening]:
    body = example(name, thing_of(about), thing_of(peer) if peer else None)
    return [
        happening(second, body, identity=f"{name}-{about}-{number}-{second}", trace=trace(number)) for number, second in enumerate(moments)
    ]


def bridged_sessions() -> World:
    """One symptom again and again, at and around the gap that makes two occurrences of it, under three names of one service."""
    gap, hair = 30, 0.000001
    moments = (0, gap, 2 * gap + hair, 3 * gap, 4 * gap + hair, 5 * gap + 2 * hair, 5.5 * gap, 7 * gap, 8 * gap)
    found = _repeated("svc.timeout", "Service/web-service", "Service/cart-service", moments)
    found += _repeated("svc.timeout", "Service/web", "Service/cart", (moment + 15 for moment in moments[:5]))
    found += _repeated("svc.timeout", "Service/web-service", "Service/cart", (moment + gap for moment in moments[3:]))
    found += _repeated("kernel.oom", "Pod/cart-5d9f7c-0", "", (0, 60 + hair, 120))
    return World(tuple(found), cluster_objects(Random("bridged"), 300))


def storm() -> World:
    """More observations than are counted exactly, and more traces than are kept, for several keys that mean one thing."""
    rng = Random("storm")
    found = _repeated("kernel.oom", "Pod/cart-5d9f7c-0", "", (10,), trace=lambda _: "trace-7")
    for about in ("Service/web-service", "Service/web"):
        moments = [15 + rng.random() * 60 for _ in range(100)]
        found += _repeated("svc.timeout", about, "Service/cart-service", moments, trace=lambda number: f"trace-{number % 40}")
    moments = [20 + rng.random() * 60 for _ in range(65)]
    found += _repeated("svc.5xx", "Service/search-service", "Service/web-service", moments, trace=lambda number: f"trace-{number}")
    return World(tuple(found), cluster_objects(Random("storm"), 300))


def crowded_windows() -> World:
    """Failed resolutions and unready pods at the very edges of the windows in which enough of them make an inferred cause."""
    hair = 0.000001
    found = _repeated("svc.dns", "Service/cart-service", "", (0, 200, 320))
    found += _repeated("svc.dns", "Service/web-service", "", (60, 260 + hair, 440 + hair))
    found += _repeated("svc.dns", "Service/search-service", "", (120, 320 + hair, 321))
    pods = [f"Pod/{app}-5d9f7c-{index}" for app in APPS for index in (0, 1)]
    for place, pod_name in enumerate(pods):
        found += _repeated("pod.unready", pod_name, "", (500 + 10 * place, 620 + place * (7.5 + hair)))
    found += _repeated("node.notready", "Node/node-1", "", (545,))
    return World(tuple(found), cluster_objects(Random("windows"), 3_000))


def chronic() -> World:
    """Symptoms without end, longer than it takes to be final, with faults that come, go and become final beside them."""
    found = _repeated("svc.timeout", "Service/web-service", "Service/cart-service", range(0, 2_700, 25))
    found += _repeated("pod.crashloop", "Pod/search-5d9f7c-0", "", range(40, 2_700, 300))
    for second in (100, 1_000, 1_900, 2_600):
        found += _repeated("kernel.oom", "Pod/cart-5d9f7c-0", "", (second,))
        found += _repeated("svc.5xx", "Service/search-service", "Service/web-service", (second + 20,))
        found += _repeated("node.diskpressure", "Node/node-2", "", (second + 120,))
    return World(tuple(found), cluster_objects(Random("chronic"), 6_000))


def long_apart() -> World:
    """The same faults again and again, at distances just within and just beyond what may still belong together or is final."""
    found: list[Happening] = []
    second = 0.0
    for step in (899, 900, 901, 1_799, 1_800, 1_801, 330, 120.000001, 2_700):
        second += step
        found += _repeated("kernel.oom", "Pod/cart-5d9f7c-0", "", (second,))
        found += _repeated("svc.timeout", "Service/web-service", "Service/cart-service", (second + 5, second + 890))
        found += _repeated("change.rollout", "Deployment/cart", "", (second - 500,))
    return World(tuple(found), cluster_objects(Random("apart"), 20_000))


def always_written() -> World:
    """Error logs that are written for hours, also with a name in each, and at last without a pause; then new ones, and far more of one."""
    rng = Random("always written")
    found: list[Happening] = []
    for app, line in (("cart", LINES[0]), ("web", LINES[3])):
        moments = [290 * number + rng.uniform(-60, 60) for number in range(62)] + [18_000 + 24 * number for number in range(70)]
        found += [happening(max(0.0, at), _line(rng, app, line), identity=f"{app}-{number}") for number, at in enumerate(moments)]
    found += [happening(18_910 + number, _line(rng, "cart", NEW_LINES[number % 2]), identity=f"new-{number}") for number in range(3)]
    found += [happening(19_300 + number / 5, _line(rng, "search", LINES[1]), identity=f"search-{number}") for number in range(40)]
    found += [happening(20_000 + number / 5, _line(rng, "cart", LINES[0]), identity=f"more-{number}") for number in range(90)]
    found += _repeated("svc.5xx", "Service/web-service", "Service/cart-service", (18_915, 18_920, 18_925, 20_010, 20_011))
    return World(tuple(found), cluster_objects(Random("written"), 30_000))


def recycled_addresses() -> World:
    """Calls that blame an address while it is one pod's, nobody's, and another pod's."""
    found: list[Happening] = []
    for number, second in enumerate((100, 250, 280, 299, 301, 304, 306, 330, 360, 400)):
        for place, app in enumerate(APPS):
            body = example("svc.refused", Thing("Service", f"{app}-service", "shop"), None)
            address = {"server.address": f"10.0.{(place + 1) % len(APPS)}.1"}
            body = body | {"attributes": body["attributes"] | address}
            found.append(happening(second + place, body, identity=f"refused-{app}-{number}"))
    found += _repeated("pod.oomkilled", "Pod/cart-5d9f7c-1", "", (290,))
    found += _repeated("pod.restart", "Pod/web-5d9f7c-2", "", (310,))
    return World(tuple(found), cluster_objects(Random("recycled"), 600))


STRESS: Mapping[str, Callable[[], World]] = {
    "bridged sessions": bridged_sessions,
    "storm": storm,
    "crowded windows": crowded_windows,
    "chronic": chronic,
    "long apart": long_apart,
    "recycled addresses": recycled_addresses,
    "always written": always_written,
}

"""
Every setting of Headwater, with its type, default and meaning: the one list that configuration, flags and documentation are made from.

Settings are values; where they come from is config.py's business.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta

Text = Annotated[str, Meta(max_length=4_096)]


class ConnectionSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How to reach NATS."""

    url: Annotated[
        Text, Meta(description="URL of the NATS server, or several with commas between. Without it an embedded server is used.")
    ] = ""
    creds: Annotated[Text, Meta(description="Path of a .creds file (JWT and key).")] = ""
    nkey: Annotated[Text, Meta(description="Path of a file with an NKey seed.")] = ""
    user: Annotated[Text, Meta(description="User name.")] = ""
    password: Annotated[Text, Meta(description="Password of the user.")] = ""
    token: Annotated[Text, Meta(description="Token.")] = ""
    tls_ca: Annotated[Text, Meta(description="Path of the certificate authority's certificate (PEM).")] = ""
    tls_cert: Annotated[Text, Meta(description="Path of the client certificate (PEM).")] = ""
    tls_key: Annotated[Text, Meta(description="Path of the client certificate's key (PEM).")] = ""


class EmbeddedSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The server that Headwater starts where none is given."""

    store: Annotated[
        Text, Meta(description="Folder of the embedded server's data; by default `headwater` in the state folder ($XDG_STATE_HOME).")
    ] = ""
    port: Annotated[int, Meta(ge=0, le=65_535, description="Loopback port of the embedded server; 0 takes a free one.")] = 0


class EngineSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How events are correlated."""

    rules: Annotated[
        Text, Meta(description="Folder with `signals`, `causes` and `patterns` that adds to, or by file name replaces, the built-in rules.")
    ] = ""
    domain: Annotated[
        Text, Meta(min_length=1, pattern="^[A-Za-z0-9_-]{1,64}$", description="Name of what is correlated together: a cluster, as a rule.")
    ] = "default"
    alert_confidence_min: Annotated[
        float, Meta(ge=0, le=1, description="An incident below this confidence is published, but alerts nobody.")
    ] = 0.6
    batch_max: Annotated[int, Meta(ge=1, le=10_000, description="The most events that are judged at once.")] = 500
    checkpoint_seconds: Annotated[float, Meta(ge=0.1, le=3_600, description="Seconds between two checkpoints, at least.")] = 5.0
    topology_wait_seconds: Annotated[
        float, Meta(ge=0, le=600, description="At a start, the longest wait for the topology before events are judged without it.")
    ] = 10.0


class AlertmanagerSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where Alertmanager's webhook is taken."""

    listen: Annotated[Text, Meta(description="HOST:PORT where `headwater collect alertmanager` takes webhooks.")] = "127.0.0.1:9193"
    token: Annotated[Text, Meta(description="Token that Alertmanager must send (http_config.authorization); none is asked if empty.")] = ""
    cluster: Annotated[Text, Meta(description="Name of the cluster, where the engine knows several.")] = ""


class OtlpSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where OpenTelemetry's spans and logs are taken."""

    listen: Annotated[Text, Meta(description="HOST:PORT of OTLP over HTTP; empty for none.")] = "127.0.0.1:4318"
    grpc_listen: Annotated[Text, Meta(description="HOST:PORT of OTLP over gRPC, which needs `headwater[otlp]`; empty for none.")] = (
        "127.0.0.1:4317"
    )
    token: Annotated[Text, Meta(description="Token that senders must give as `Authorization: Bearer`; none is asked if empty.")] = ""
    interval_seconds: Annotated[float, Meta(ge=1, le=300, description="Seconds between two reports of who calls whom.")] = 10.0
    cluster: Annotated[Text, Meta(description="Name of the cluster, where the engine knows several.")] = ""


class JournalSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Which journal of systemd is read."""

    file: Annotated[Text, Meta(description="File of `journalctl -o json` lines instead of the journal itself; - for standard input.")] = ""
    node: Annotated[Text, Meta(description="Name of the node; by default what each line says its host is.")] = ""
    units: Annotated[Text, Meta(description="Units to watch beside those Kubernetes stands on, with commas between.")] = ""
    cluster: Annotated[Text, Meta(description="Name of the cluster, where the engine knows several.")] = ""


class KubernetesSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Which cluster is watched, and what of it."""

    kubeconfig: Annotated[
        Text, Meta(description="Kubeconfig file; by default as kubectl finds it, or the pod's own account inside a cluster.")
    ] = ""
    context: Annotated[Text, Meta(description="Context of the kubeconfig; by default its current one.")] = ""
    server: Annotated[Text, Meta(description="URL of an API server that asks for no credentials, such as that of `kubectl proxy`.")] = ""
    cluster: Annotated[
        str, Meta(min_length=1, max_length=253, description="What the cluster is called in everything that is told of it.")
    ] = "default"
    namespaces: Annotated[Text, Meta(description="Only these namespaces, with commas between; by default all.")] = ""
    selector: Annotated[Text, Meta(description="Only objects with these labels, such as `team=shop`; Events are read whole.")] = ""


class KernelSettings(msgspec.Struct, frozen=True, kw_only=True):
    """How the kernel of this machine is watched."""

    source: Annotated[
        Literal["auto", "ebpf", "kmsg"],
        Meta(description="How kills for memory are seen: `ebpf`, `kmsg` (the kernel's log), or `auto`: the first of them that is allowed."),
    ] = "auto"
    node: Annotated[Text, Meta(description="Name of the node, as Kubernetes calls it; by default the host's name.")] = ""
    cluster: Annotated[Text, Meta(description="Name of the cluster, where the engine knows several.")] = ""


class LogSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What is written to standard error."""

    level: Annotated[Literal["debug", "info", "warning", "error"], Meta(description="The least severe level that is logged.")] = "info"
    format: Annotated[
        Literal["auto", "json", "text"],
        Meta(description="`json`, one object a line; `text` for people; `auto`: text on a terminal, else json."),
    ] = "auto"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """All settings."""

    nats: ConnectionSettings = ConnectionSettings()
    embedded: EmbeddedSettings = EmbeddedSettings()
    engine: EngineSettings = EngineSettings()
    alertmanager: AlertmanagerSettings = AlertmanagerSettings()
    otlp: OtlpSettings = OtlpSettings()
    journal: JournalSettings = JournalSettings()
    kubernetes: KubernetesSettings = KubernetesSettings()
    kernel: KernelSettings = KernelSettings()
    log: LogSettings = LogSettings()


class SettingKey(msgspec.Struct, frozen=True):
    """One setting, as documentation and error messages show it."""

    key: str  # `section.name`, as in the file
    environment: str
    flag: str  # "" where there is none
    type: Any
    default: Any
    description: str

    @property
    def type_name(self) -> str:
        """The type in words."""
        if get_origin(self.type) is Literal:
            return " | ".join(get_args(self.type))
        return {str: "text", int: "whole number", float: "number"}[type(self.default)]


FLAGS = {
    "kubernetes.kubeconfig": "--kubeconfig", "kubernetes.context": "--context", "kubernetes.server": "--kubernetes-server",
    "kubernetes.cluster": "--cluster", "kubernetes.namespaces": "--namespaces", "kubernetes.selector": "--selector",
    "nats.url": "--nats", "nats.creds": "--creds", "nats.nkey": "--nkey", "nats.user": "--user", "nats.password": "--password",
    "nats.token": "--token", "nats.tls_ca": "--tls-ca", "nats.tls_cert": "--tls-cert", "nats.tls_key": "--tls-key",
    "embedded.store": "--store", "embedded.port": "--port", "engine.rules": "--rules", "engine.domain": "--domain",
    "alertmanager.listen": "--listen", "alertmanager.cluster": "--cluster", "otlp.cluster": "--cluster", "journal.cluster": "--cluster",
    "otlp.listen": "--listen", "otlp.grpc_listen": "--grpc-listen",
    "journal.file": "--file", "journal.node": "--node", "kernel.source": "--source", "kernel.node": "--node", "kernel.cluster": "--cluster",
    "log.level": "--log-level", "log.format": "--log-format",
}  # fmt: skip
"""The flags that set a key; the rest are set by file or environment."""

_ENVIRONMENT_SPECIAL = {"nats.url": "HEADWATER_NATS"}


def setting_keys() -> tuple[SettingKey, ...]:
    """Every setting, in the order of the file."""
    keys: list[SettingKey] = []
    for section, section_type in get_type_hints(Settings).items():
        defaults = section_type()
        for name, annotated in get_type_hints(section_type, include_extras=True).items():
            key = f"{section}.{name}"
            environment = _ENVIRONMENT_SPECIAL.get(key, f"HEADWATER_{section}_{name}".upper())
            description = next(meta.description for meta in reversed(annotated.__metadata__) if meta.description)
            keys.append(SettingKey(key, environment, FLAGS.get(key, ""), _plain(annotated), getattr(defaults, name), description))
    return tuple(keys)


def checked_type(key: str) -> Any:
    """The type of a setting with its limits, for msgspec.convert."""
    section, name = key.split(".")
    return get_type_hints(get_type_hints(Settings)[section], include_extras=True)[name]


def _plain(annotated: Any) -> Any:
    return annotated.__origin__ if hasattr(annotated, "__metadata__") else annotated


def state_folder(environment: Mapping[str, str]) -> Path:
    """Where Headwater keeps state of its own: `$XDG_STATE_HOME/headwater`, else `~/.local/state/headwater`."""
    base = environment.get("XDG_STATE_HOME", "")
    # The specification says that a relative path is to be ignored.
    return (Path(base) if base.startswith("/") else Path(environment.get("HOME", "/")) / ".local" / "state") / "headwater"

"""What must hold for everything that is deployed, whatever values it was made with; each rule yields its complaints."""

from collections.abc import Iterator

from tests.unit.deploy.cluster_objects_read import Container, Object, containers, environment_of, label, of_kind

from headwater.cli.main import build_app, verb_names
from headwater.service.config import ConfigurationError, load_settings
from headwater.service.settings import setting_keys

READING = {"get", "list", "watch"}
KERNEL_CAPABILITIES = {"BPF", "PERFMON"}
OPTIONAL_SECRETS = {"HEADWATER_NATS_USER", "HEADWATER_NATS_PASSWORD", "HEADWATER_NATS_TOKEN"}
FILES = {"HEADWATER_NATS_CREDS", "HEADWATER_NATS_NKEY", "HEADWATER_NATS_TLS_CA", "HEADWATER_NATS_TLS_CERT", "HEADWATER_NATS_TLS_KEY"}


def complaints_of(objects: list[Object]) -> list[str]:
    """Everything wrong with these objects."""
    found = [*_identities(objects), *_rights(objects), *_selectors(objects)]
    for container in containers(objects):
        rules = (_command, _environment, _probes, _confinement, _mounts)
        found += [f"{container.workload}: {complaint}" for rule in rules for complaint in rule(container)]
    return found


def _identities(objects: list[Object]) -> Iterator[str]:
    seen = set()
    accounts = {(account["metadata"]["namespace"], account["metadata"]["name"]) for account in of_kind(objects, "ServiceAccount")}
    for content in objects:
        identity = (content["apiVersion"], label(content), content["metadata"].get("namespace"))
        if identity in seen:
            yield f"{label(content)} is there twice"
        seen.add(identity)
        is_cluster_wide = content["kind"] in {"Namespace", "ClusterRole", "ClusterRoleBinding"}
        if is_cluster_wide == bool(content["metadata"].get("namespace")):
            yield f"{label(content)} has a namespace where it should not, or none where it should"
    for workload in of_kind(objects, "Deployment", "DaemonSet"):
        if (workload["metadata"]["namespace"], workload["spec"]["template"]["spec"]["serviceAccountName"]) not in accounts:
            yield f"{label(workload)} runs as an account that is not there"


def _rights(objects: list[Object]) -> Iterator[str]:
    roles = {label(role): role for role in of_kind(objects, "Role", "ClusterRole")}
    for name, role in roles.items():
        for rule in role["rules"]:
            if set(rule["verbs"]) - READING:
                yield f"{name} may do more than read: {rule['verbs']}"
            if "*" in [*rule["verbs"], *rule["resources"], *rule["apiGroups"]] or "nonResourceURLs" in rule:
                yield f"{name} has a right without a bound: {rule}"
    for binding in of_kind(objects, "RoleBinding", "ClusterRoleBinding"):
        if f"{binding['roleRef']['kind']}/{binding['roleRef']['name']}" not in roles:
            yield f"{label(binding)} binds a role that is not there"
        for subject in binding["subjects"]:
            if subject["kind"] != "ServiceAccount" or not subject["name"].endswith("-kubernetes"):
                yield f"{label(binding)} gives rights to {subject['name']}"


def _selectors(objects: list[Object]) -> Iterator[str]:
    templates = []
    for workload in of_kind(objects, "Deployment", "DaemonSet"):
        labels = workload["spec"]["template"]["metadata"]["labels"]
        templates.append(labels)
        if not workload["spec"]["selector"]["matchLabels"].items() <= labels.items():
            yield f"{label(workload)} does not select its own pods"
    for service in of_kind(objects, "Service"):
        if sum(service["spec"]["selector"].items() <= labels.items() for labels in templates) != 1:
            yield f"{label(service)} does not select the pods of one workload"


def _command(container: Container) -> Iterator[str]:
    arguments = container.content["args"]
    if arguments[0] not in verb_names():
        yield f"there is no command {arguments[0]}"
    else:
        # Raises where a subcommand or flag is unknown.
        command, _, _ = build_app().parse_args(arguments, exit_on_error=False, print_error=False)
        if command.__name__ != arguments[-1]:
            yield f"{arguments} is not a command of its own, but {command.__name__}"


def _environment(container: Container) -> Iterator[str]:
    known = {key.environment for key in setting_keys()}
    environment = environment_of(container.content)
    if len(environment) != len(container.content.get("env", ())):
        yield "a variable is there twice"
    yield from (f"{name} is no setting" for name in environment if name not in known)
    if "HEADWATER_NATS" not in environment:
        yield "where NATS is, is not said"
    for entry in container.content.get("env", ()):
        secret = entry.get("valueFrom", {}).get("secretKeyRef")
        if (entry["name"] == "HEADWATER_NATS" or entry["name"].endswith(("_TOKEN", "_PASSWORD"))) and secret is None:
            yield f"{entry['name']} is not taken from a Secret"
        if secret is not None and bool(secret.get("optional")) != (entry["name"] in OPTIONAL_SECRETS):
            yield f"{entry['name']} is optional where it should not be, or the other way round"
    try:
        load_settings(environment={name: value for name, value in environment.items() if name not in OPTIONAL_SECRETS | FILES})
    except ConfigurationError as error:
        yield str(error)


def _probes(container: Container) -> Iterator[str]:
    ports = {port["name"] for port in container.content.get("ports", ())}
    for kind in ("livenessProbe", "readinessProbe", "startupProbe"):
        probe = container.content.get(kind, {})
        if "exec" in probe and (probe["exec"]["command"] != ["headwater", "doctor"] or probe.get("timeoutSeconds", 1) < 10):
            yield f"{kind} runs {probe['exec']['command']} with {probe.get('timeoutSeconds', 1)} s"
        if "exec" in probe and kind != "readinessProbe":
            yield f"{kind} would restart the container for what is wrong elsewhere"
        # Only the receivers serve HTTP (edges/http).
        if "httpGet" in probe and (probe["httpGet"]["path"] != "/healthz" or probe["httpGet"]["port"] not in ports):
            yield f"{kind} asks an endpoint that is not there"


def _confinement(container: Container) -> Iterator[str]:
    pod, security = container.pod, container.content["securityContext"]
    component = container.content["name"]
    if any(pod.get(name) for name in ("hostPID", "hostNetwork", "hostIPC")):
        yield "shares a namespace with the host"
    if pod.get("automountServiceAccountToken", True) != (component == "kubernetes"):
        yield "has a token for the API without need, or needs one and has none"
    if pod["securityContext"].get("seccompProfile") != {"type": "RuntimeDefault"} or not security["readOnlyRootFilesystem"]:
        yield "is not confined"
    if "limits" not in container.content["resources"] or "memory" not in container.content["resources"]["limits"]:
        yield "has no memory limit"
    if component == "kernel" and security.get("privileged"):
        return
    if security.get("privileged") or security["allowPrivilegeEscalation"] or security["capabilities"]["drop"] != ["ALL"]:
        yield "has more privileges than it needs"
    if set(security["capabilities"].get("add", ())) != (KERNEL_CAPABILITIES if component == "kernel" else set()):
        yield f"adds {security['capabilities'].get('add')}"
    if (component != "kernel") != bool(pod["securityContext"].get("runAsNonRoot")):
        yield "runs as root without need, or cannot be given capabilities"


def _mounts(container: Container) -> Iterator[str]:
    volumes = {volume["name"]: volume for volume in container.pod.get("volumes", ())}
    mounts = container.content.get("volumeMounts", ())
    if {mount["name"] for mount in mounts} != set(volumes):
        yield "volumes and mounts are not the same"
    for name, volume in volumes.items():
        if "hostPath" in volume and (container.content["name"] != "kernel" or volume["hostPath"]["path"] != "/dev/kmsg"):
            yield f"volume {name} is the host's"
    for name, value in environment_of(container.content).items():
        if name in FILES and not any(value.startswith(f"{mount['mountPath']}/") for mount in mounts):
            yield f"{name} names a file that is not mounted"

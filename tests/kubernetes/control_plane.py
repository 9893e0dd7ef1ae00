"""
A real control plane on loopback: etcd, kube-apiserver, kube-controller-manager and kube-scheduler, as processes that end with ours.

Everything it writes is in one folder. Nodes are declared lost after seconds instead of 40 s; else it behaves as in a cluster.
"""

import ctypes
import os
import secrets
import shutil
import signal
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

import yaml

PROGRAMS = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler")
NODE_LOST_AFTER_SECONDS = 15
_VERSION = "v1.36.3"
_START_SECONDS = 90.0
_STOP_SECONDS = 10.0
_POLL_SECONDS = 0.05
_PARENT_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG
_libc = ctypes.CDLL(None, use_errno=True)

ADMIN, CONTROLLERS, SCHEDULER = "admin", "controllers", "scheduler"
_USERS = {
    ADMIN: "admin,admin,system:masters",
    CONTROLLERS: "system:kube-controller-manager,controllers",
    SCHEDULER: "system:kube-scheduler,scheduler",
}


def binaries() -> Path:
    """The folder that has the four programs, or would have."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("HEADWATER_CONTROL_PLANE") or cache / "headwater" / "control-plane" / _VERSION)


def reason_to_skip() -> str:
    """Why no control plane can run here, and what to do; empty where one can."""
    folder = binaries()
    missing = [name for name in PROGRAMS if not os.access(folder / name, os.X_OK)]
    if missing:
        return f"{folder} has no {', '.join(missing)}: run tests/kubernetes/build-control-plane, which builds them with Go"
    return "" if shutil.which("openssl") else "openssl is not installed, which makes the control plane's certificates"


class ControlPlane:
    """The four processes; use it in a `with`. Raises RuntimeError where one does not come up."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._tokens = {user: secrets.token_hex(16) for user in _USERS}
        self._etcd_port, self._peer_port, self._api_port = _free_ports(3)
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> "ControlPlane":
        self._folder.mkdir(parents=True, exist_ok=True)
        try:
            _make_certificates(self._folder)
            tokens = "".join(f"{self._tokens[user]},{said}\n" for user, said in _USERS.items())
            (self._folder / "tokens.csv").write_text(tokens, encoding="utf-8")
            for user in _USERS:
                self.write_kubeconfig(self.kubeconfig(user), self._tokens[user])
            self.start_etcd()
            self.start_api()
            self.wait_for_api()
            for name in ("kube-controller-manager", "kube-scheduler"):
                self._start(name, _FLAGS[name](self))
            # The controllers end for good if the API server goes before they have begun; this is the first thing that they make.
            self._wait("kube-controller-manager", f"{self.server}/api/v1/namespaces/default/serviceaccounts/default")
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    @property
    def server(self) -> str:
        """The API server's URL."""
        return f"https://127.0.0.1:{self._api_port}"

    @property
    def api_port(self) -> int:
        """Where it listens."""
        return self._api_port

    @property
    def etcd_url(self) -> str:
        """Where etcd answers, in JSON too."""
        return f"http://127.0.0.1:{self._etcd_port}"

    @property
    def authority(self) -> Path:
        """The certificate to check the server with."""
        return self._folder / "ca.crt"

    @property
    def admin_token(self) -> str:
        """What opens everything."""
        return self._tokens[ADMIN]

    def kubeconfig(self, user: str) -> Path:
        """Of one of the users of the control plane."""
        return self._folder / f"{user}.kubeconfig"

    def write_kubeconfig(self, path: Path, token: str, *, server: str = "") -> None:
        """A kubeconfig for the holder of a token."""
        content = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "test",
            "clusters": [{"name": "test", "cluster": {"server": server or self.server, "certificate-authority": str(self.authority)}}],
            "users": [{"name": "test", "user": {"token": token}}],
            "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test"}}],
        }
        path.write_text(yaml.safe_dump(content), encoding="utf-8")

    def start_etcd(self) -> None:
        """Start etcd and wait until it serves."""
        self._start("etcd", _FLAGS["etcd"](self))
        self._wait("etcd", f"{self.etcd_url}/health")

    def start_api(self) -> None:
        """Start the API server, with what it had before. It ends with the thread that started it."""
        self._start("kube-apiserver", _FLAGS["kube-apiserver"](self))

    def wait_for_api(self) -> None:
        """Until the API server is ready."""
        self._wait("kube-apiserver", f"{self.server}/readyz")

    def kill_api(self) -> None:
        """Have the API server die."""
        process = self._processes.pop("kube-apiserver")
        process.kill()
        process.wait(_STOP_SECONDS)

    def stop(self) -> None:
        """End what runs, the last that was started first."""
        running = list(reversed(self._processes.values()))
        self._processes.clear()
        for process in running:
            process.terminate()
        deadline = time.monotonic() + _STOP_SECONDS
        for process in running:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(_STOP_SECONDS)

    def _start(self, name: str, flags: list[str]) -> None:
        with (self._folder / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [binaries() / name, *flags], stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self._folder, preexec_fn=_end_with_parent
            )
        self._processes[name] = process

    def _wait(self, name: str, url: str) -> None:
        deadline = time.monotonic() + _START_SECONDS
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {self.admin_token}"})
        trusted = ssl.create_default_context(cafile=str(self.authority))
        while True:
            if self._processes[name].poll() is not None or time.monotonic() > deadline:
                end = (self._folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")[-2_000:]
                raise RuntimeError(f"{name} did not come up; the end of its log:\n{end}")
            try:
                with urllib.request.urlopen(request, timeout=5, context=trusted if url.startswith("https") else None):
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(_POLL_SECONDS)


def _etcd_flags(plane: ControlPlane) -> list[str]:
    peers = f"http://127.0.0.1:{plane._peer_port}"
    return [
        f"--data-dir={plane._folder / 'etcd'}",
        f"--listen-client-urls={plane.etcd_url}",
        f"--advertise-client-urls={plane.etcd_url}",
        f"--listen-peer-urls={peers}",
        f"--initial-advertise-peer-urls={peers}",
        f"--initial-cluster=default={peers}",
        "--unsafe-no-fsync",
        "--log-level=error",
    ]


def _api_flags(plane: ControlPlane) -> list[str]:
    folder = plane._folder
    return [
        f"--etcd-servers={plane.etcd_url}",
        "--bind-address=127.0.0.1",
        f"--secure-port={plane.api_port}",
        f"--tls-cert-file={folder / 'server.crt'}",
        f"--tls-private-key-file={folder / 'server.key'}",
        f"--client-ca-file={folder / 'ca.crt'}",
        f"--cert-dir={folder}",
        f"--token-auth-file={folder / 'tokens.csv'}",
        "--authorization-mode=RBAC",
        "--allow-privileged=true",
        "--service-cluster-ip-range=10.96.0.0/16",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={folder / 'accounts.pub'}",
        f"--service-account-signing-key-file={folder / 'accounts.key'}",
        # The address is loopback, which may not be an endpoint.
        "--endpoint-reconciler-type=none",
        "--profiling=false",
    ]


def _controller_flags(plane: ControlPlane) -> list[str]:
    return [
        f"--kubeconfig={plane.kubeconfig(CONTROLLERS)}",
        "--leader-elect=false",
        "--secure-port=0",
        # With one identity for all, that has no right to make pods, nothing is made and only the log says so.
        "--use-service-account-credentials=true",
        f"--service-account-private-key-file={plane._folder / 'accounts.key'}",
        f"--root-ca-file={plane.authority}",
        "--node-monitor-period=1s",
        f"--node-monitor-grace-period={NODE_LOST_AFTER_SECONDS}s",
        "--profiling=false",
    ]


def _scheduler_flags(plane: ControlPlane) -> list[str]:
    return [f"--kubeconfig={plane.kubeconfig(SCHEDULER)}", "--leader-elect=false", "--secure-port=0", "--profiling=false"]


_FLAGS: dict[str, Callable[[ControlPlane], list[str]]] = {
    "etcd": _etcd_flags,
    "kube-apiserver": _api_flags,
    "kube-controller-manager": _controller_flags,
    "kube-scheduler": _scheduler_flags,
}


def _end_with_parent() -> None:
    _libc.prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL)


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def _make_certificates(folder: Path) -> None:
    """An authority, the server's certificate, and the key that service accounts' tokens are signed with."""
    elliptic = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    server = ["-subj", "/CN=kube-apiserver", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost", "-addext", "basicConstraints=CA:FALSE"]
    for command in (
        ["req", "-x509", *elliptic, "-keyout", "ca.key", "-out", "ca.crt", "-subj", "/CN=headwater-tests"],
        ["req", "-x509", *elliptic, "-CA", "ca.crt", "-CAkey", "ca.key", *server, "-keyout", "server.key", "-out", "server.crt"],
        ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", "accounts.key"],
        ["pkey", "-in", "accounts.key", "-pubout", "-out", "accounts.pub"],
    ):
        done = subprocess.run(["openssl", *command], cwd=folder, capture_output=True, text=True, timeout=60, check=False)
        if done.returncode:
            raise RuntimeError(f"openssl {command[0]}: {done.stderr[-500:]}")

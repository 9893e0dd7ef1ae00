"""Who we are to an API server: a kubeconfig as kubectl reads it, or the account that a pod was given; read again as it expires."""

import asyncio
import os
import ssl
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from headwater.edges.kubernetes.errors import CredentialsError

ACCOUNT_FOLDER = Path("/var/run/secrets/kubernetes.io/serviceaccount")
_REFRESH_SECONDS = 60.0
"""A mounted token is replaced long before it expires; kubectl's own clients look as often."""


class Credentials(Protocol):
    """Where the server is, and what to show it."""

    @property
    def server(self) -> str:
        """Its base URL."""

    @property
    def tls(self) -> ssl.SSLContext | None:
        """How to check it, and our certificate; None for plain HTTP."""

    @property
    def server_name(self) -> str | None:
        """The name its certificate must have, None for that of the URL."""

    @property
    def proxy(self) -> str | None:
        """The proxy in between."""

    async def headers(self) -> Mapping[str, str]:
        """What to send with a request now."""

    def expire(self) -> None:
        """The server refused what we showed: read it again."""


class PodAccount:
    """The service account of the pod we run in; its token is read again every minute, since the kubelet rotates it."""

    def __init__(self, environment: Mapping[str, str], folder: Path = ACCOUNT_FOLDER) -> None:
        host, port = environment.get("KUBERNETES_SERVICE_HOST", ""), environment.get("KUBERNETES_SERVICE_PORT", "443")
        self.server = f"https://[{host}]:{port}" if ":" in host else f"https://{host}:{port}"
        self.server_name: str | None = None
        self.proxy: str | None = None
        self._token_file = folder / "token"
        self._headers: dict[str, str] = {}
        self._read_at = 0.0
        try:
            self.tls: ssl.SSLContext | None = ssl.create_default_context(cafile=str(folder / "ca.crt"))
        except (OSError, ssl.SSLError) as error:
            raise CredentialsError(f"{folder / 'ca.crt'} cannot be used: {error}; mount a service account into the pod") from error

    async def headers(self) -> Mapping[str, str]:
        """The token as it is mounted now."""
        if not self._headers or time.monotonic() - self._read_at > _REFRESH_SECONDS:
            try:
                token = (await asyncio.to_thread(self._token_file.read_text)).strip()
            except OSError as error:
                raise CredentialsError(f"{self._token_file}: {error.strerror}; mount a service account into the pod") from error
            self._headers, self._read_at = {"Authorization": f"Bearer {token}"}, time.monotonic()
        return self._headers

    def expire(self) -> None:
        """Read the token again with the next request."""
        self._headers = {}


class KubeConfig:
    """A context of a kubeconfig, with certificates, tokens, exec plug-ins and cloud providers as kubectl knows them."""

    def __init__(self, file: str = "", context: str = "") -> None:
        self._file = file
        self._context = context
        self._is_loaded = False
        self._loaded_at = 0.0
        self._authorization = ""
        self.server = ""
        self.tls: ssl.SSLContext | None = None
        self.server_name: str | None = None
        self.proxy: str | None = None

    async def load(self) -> None:
        """Read the file. Raises CredentialsError."""
        # Imported here: it costs half a second and 40 MB, and a pod's own account needs none of it.
        from kubernetes_asyncio.client import Configuration
        from kubernetes_asyncio.config import ConfigException, load_kube_config

        configuration = Configuration()
        name = self._file or os.environ.get("KUBECONFIG") or "~/.kube/config"
        if not await asyncio.to_thread(_has_file, name):
            raise CredentialsError(f"there is no kubeconfig {name}; name one with --kubeconfig, or set KUBECONFIG")
        try:
            await load_kube_config(
                config_file=name, context=self._context or None, client_configuration=configuration, persist_config=False
            )
            self.tls = _tls_of(configuration) if configuration.host.startswith("https") else None
        except (ConfigException, OSError, ssl.SSLError, ValueError, TypeError, AttributeError, KeyError) as error:
            raise CredentialsError(f"kubeconfig {name} cannot be used: {error}; does kubectl work with it?") from error
        self.server = configuration.host.rstrip("/")
        self.server_name = configuration.tls_server_name or None
        self.proxy = configuration.proxy or None
        self._authorization = configuration.api_key.get("BearerToken", "") or configuration.get_basic_auth_token() or ""
        self._is_loaded, self._loaded_at = True, time.monotonic()

    async def headers(self) -> Mapping[str, str]:
        """The authorization, from the file or the plug-in it names, at most a minute old."""
        if not self._is_loaded or time.monotonic() - self._loaded_at > _REFRESH_SECONDS:
            await self.load()
        return {"Authorization": self._authorization} if self._authorization else {}

    def expire(self) -> None:
        """Load everything again with the next request."""
        self._is_loaded = False


class Plain:
    """A server without credentials, such as `kubectl proxy`."""

    def __init__(self, server: str) -> None:
        self.server = server.rstrip("/")
        self.tls: ssl.SSLContext | None = None
        self.server_name: str | None = None
        self.proxy: str | None = None

    async def headers(self) -> Mapping[str, str]:
        """Nothing."""
        return {}

    def expire(self) -> None:
        """Nothing can."""


async def find_credentials(kubeconfig: str, context: str, environment: Mapping[str, str]) -> Credentials:
    """
    What kubectl would use: the file that is named, else the pod's account inside a cluster, else the default file.

    Raises CredentialsError where there is none that can be used.
    """
    is_named = bool(kubeconfig or context or environment.get("KUBECONFIG"))
    if not is_named and environment.get("KUBERNETES_SERVICE_HOST") and (ACCOUNT_FOLDER / "token").is_file():
        return PodAccount(environment)
    config = KubeConfig(kubeconfig, context)
    await config.load()
    return config


def _has_file(paths: str) -> bool:
    return any(Path(part).expanduser().is_file() for part in paths.split(os.pathsep) if part)


def _tls_of(configuration: object) -> ssl.SSLContext:
    """The library's settings as a TLS context."""
    authority, certificate = getattr(configuration, "ssl_ca_cert", None), getattr(configuration, "cert_file", None)
    tls = ssl.create_default_context(cafile=authority)
    if certificate:
        tls.load_cert_chain(certificate, keyfile=getattr(configuration, "key_file", None))
    if not getattr(configuration, "verify_ssl", True):
        tls.check_hostname = False
        tls.verify_mode = ssl.CERT_NONE
    return tls

"""What tests do to a cluster, as its administrator: raw JSON, and errors that name the request."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any

import aiohttp
import msgspec
from tests.kubernetes.control_plane import ControlPlane

Document = dict[str, Any]
MERGE = "application/merge-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"
APPLY = "application/apply-patch+yaml"
_POLL_SECONDS = 0.1
_AWAY_SECONDS_MAX = 60.0
_GOODBYE_SECONDS = 0.1

_PATHS = {
    "Namespace": ("/api/v1", "namespaces"),
    "Node": ("/api/v1", "nodes"),
    "Pod": ("/api/v1", "pods"),
    "Service": ("/api/v1", "services"),
    "ServiceAccount": ("/api/v1", "serviceaccounts"),
    "ConfigMap": ("/api/v1", "configmaps"),
    "Secret": ("/api/v1", "secrets"),
    "Event": ("/api/v1", "events"),
    "ResourceQuota": ("/api/v1", "resourcequotas"),
    "Deployment": ("/apis/apps/v1", "deployments"),
    "StatefulSet": ("/apis/apps/v1", "statefulsets"),
    "DaemonSet": ("/apis/apps/v1", "daemonsets"),
    "ReplicaSet": ("/apis/apps/v1", "replicasets"),
    "EndpointSlice": ("/apis/discovery.k8s.io/v1", "endpointslices"),
    "PodDisruptionBudget": ("/apis/policy/v1", "poddisruptionbudgets"),
    "NetworkPolicy": ("/apis/networking.k8s.io/v1", "networkpolicies"),
    "Ingress": ("/apis/networking.k8s.io/v1", "ingresses"),
    "Role": ("/apis/rbac.authorization.k8s.io/v1", "roles"),
    "RoleBinding": ("/apis/rbac.authorization.k8s.io/v1", "rolebindings"),
    "ClusterRole": ("/apis/rbac.authorization.k8s.io/v1", "clusterroles"),
    "ClusterRoleBinding": ("/apis/rbac.authorization.k8s.io/v1", "clusterrolebindings"),
    "Lease": ("/apis/coordination.k8s.io/v1", "leases"),
}


class RefusedError(Exception):
    """The API server's answer was no; `code` is its status."""

    def __init__(self, request: str, code: int, message: str) -> None:
        super().__init__(f"{request}: {code} {message}")
        self.code = code


class AdminApi:
    """Requests with all rights; use it in an `async with`."""

    def __init__(self, plane: ControlPlane) -> None:
        self._server = plane.server
        self._token = plane.admin_token
        self._tls = ssl.create_default_context(cafile=str(plane.authority))

    async def __aenter__(self) -> "AdminApi":
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, ssl=self._tls),
            headers={"Authorization": f"Bearer {self._token}"},
            read_bufsize=1 << 20,
            timeout=aiohttp.ClientTimeout(total=60),
        )
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._session.close()
        # A connection with TLS says goodbye after that.
        await asyncio.sleep(_GOODBYE_SECONDS)

    async def request(
        self, method: str, path: str, body: Document | None = None, *, content: str = "application/json", **query: str
    ) -> Document:
        """One request, made again while the server is away. Raises RefusedError."""
        data = None if body is None else msgspec.json.encode(body)
        headers = {"Content-Type": content}
        deadline = asyncio.get_running_loop().time() + _AWAY_SECONDS_MAX
        while True:
            try:
                async with self._session.request(method, self._server + path, data=data, params=query, headers=headers) as answer:
                    found: Document = await answer.json(content_type=None)
                break
            except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError):
                if asyncio.get_running_loop().time() > deadline:
                    raise
                await asyncio.sleep(_POLL_SECONDS)
        if answer.status >= 300:
            raise RefusedError(f"{method} {path}", answer.status, str(found.get("message")))
        return found

    async def create(self, content: Document, *, namespace: str = "") -> Document:
        """Make an object."""
        return await self.request("POST", path_of(content["kind"], namespace), content)

    async def apply(self, content: Document, **query: str) -> Document:
        """Make an object or change it, as `kubectl apply --server-side` does."""
        metadata = content["metadata"]
        path = path_of(content["kind"], metadata.get("namespace", ""), metadata["name"])
        return await self.request("PATCH", path, content, content=APPLY, fieldManager="tests", force="true", **query)

    async def patch(self, kind: str, namespace: str, name: str, change: Document, *, part: str = "", content: str = MERGE) -> Document:
        """Change an object, or a part of it such as its status."""
        return await self.request("PATCH", path_of(kind, namespace, name) + (f"/{part}" if part else ""), change, content=content)

    async def get(self, kind: str, namespace: str, name: str) -> Document:
        """One object."""
        return await self.request("GET", path_of(kind, namespace, name))

    async def list(self, kind: str, namespace: str = "", **query: str) -> list[Document]:
        """The objects of a kind."""
        found: list[Document] = (await self.request("GET", path_of(kind, namespace), None, **query))["items"]
        return found

    async def delete(self, kind: str, namespace: str, name: str, body: Document | None = None) -> None:
        """Delete an object; one that is not there is no trouble."""
        try:
            await self.request("DELETE", path_of(kind, namespace, name), body)
        except RefusedError as error:
            if error.code not in (404, 409):
                raise

    @asynccontextmanager
    async def watch(self, path: str, **query: str) -> AsyncIterator[AsyncIterator[Document]]:
        """The events of a watch until the server ends it."""
        timeout = aiohttp.ClientTimeout(total=None)
        async with self._session.get(self._server + path, params={"watch": "1", **query}, timeout=timeout) as answer:
            yield _lines(answer)


async def _lines(answer: aiohttp.ClientResponse) -> AsyncIterator[Document]:
    async for line in answer.content:
        yield msgspec.json.decode(line)


def path_of(kind: str, namespace: str = "", name: str = "") -> str:
    """Where the API has an object, or the objects of a kind."""
    group, plural = _PATHS[kind]
    place = f"{group}/namespaces/{namespace}" if namespace else group
    return f"{place}/{plural}/{name}".rstrip("/")


async def until(what: str, holds: Callable[[], Awaitable[bool]], *, within: float = 90.0) -> None:
    """Wait for a condition. Raises TimeoutError that says which did not come to hold."""
    try:
        async with asyncio.timeout(within):
            while not await holds():  # noqa: ASYNC110  (what is waited for is in another process)
                await asyncio.sleep(_POLL_SECONDS)
    except TimeoutError as error:
        raise TimeoutError(f"after {within:g} s it does not hold that {what}") from error

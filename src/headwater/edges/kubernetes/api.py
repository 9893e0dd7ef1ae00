"""Raw requests to an API server over one pool of connections: pages of a list, and the lines of a watch. Bodies are bounded."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import msgspec

from headwater.edges.kubernetes.credentials import Credentials
from headwater.edges.kubernetes.errors import (
    ApiUnavailableError,
    ForbiddenError,
    KindAbsentError,
    KubernetesEdgeError,
    UnauthorizedError,
    VersionExpiredError,
)

_METADATA_LIST = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
_METADATA = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1"
_CONNECT_SECONDS = 10.0
_ANSWER_SECONDS = 60.0
_PAGE_BYTES_MAX = 512 << 20
LINE_BYTES_MAX = 8 << 20
"""An object has at most 1.5 MB in etcd; its JSON with managed fields may be some times that."""

_AWAY = (aiohttp.ClientError, asyncio.TimeoutError, OSError)


class KubernetesApi:
    """Requests under one account; use it in an `async with`."""

    def __init__(self, credentials: Credentials, *, agent: str = "headwater") -> None:
        self._credentials = credentials
        self._agent = agent
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "KubernetesApi":
        # Each watch holds a connection (HTTP/1.1), so the pool has no limit of its own: there are as many as kinds.
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0),
            headers={"User-Agent": self._agent},
            read_bufsize=1 << 20,
            timeout=aiohttp.ClientTimeout(total=None, connect=_CONNECT_SECONDS, sock_read=_ANSWER_SECONDS),
        )
        return self

    async def __aexit__(self, *_error: object) -> None:
        if self._session is not None:
            await self._session.close()

    @property
    def server(self) -> str:
        """Where the server is."""
        return self._credentials.server

    async def page(self, path: str, parameters: Mapping[str, str], *, is_metadata_only: bool = False) -> dict[str, Any]:
        """One page of a list. Raises KubernetesEdgeError."""
        async with self._answer(path, parameters, accept=_METADATA_LIST if is_metadata_only else "application/json") as answer:
            body = await answer.content.read(-1) if answer.content_length is None or answer.content_length <= _PAGE_BYTES_MAX else b""
        content = _decoded(body, path)
        if is_metadata_only and content.get("kind") != "PartialObjectMetadataList":
            raise KindAbsentError(f"the server does not serve {path} without its content, which is not read")
        return content

    async def watch(
        self,
        path: str,
        parameters: Mapping[str, str],
        *,
        silence_seconds: float,
        is_metadata_only: bool = False,
        accepted: Callable[[], None] | None = None,
    ) -> AsyncIterator[dict[str, Any]]:
        """
        The events of a watch until the server ends it; `accepted` is called when it begins, which may be long before the first event.

        Raises KubernetesEdgeError, also after a silence.
        """
        accept = _METADATA if is_metadata_only else "application/json"
        async with self._answer(path, parameters, accept=accept, silence_seconds=silence_seconds) as answer:
            if accepted is not None:
                accepted()
            buffer = bytearray()
            async for chunk in answer.content.iter_any():
                buffer += chunk
                if b"\n" not in chunk:
                    if len(buffer) > LINE_BYTES_MAX:
                        raise ApiUnavailableError(f"{path}: a line of the watch has more than {LINE_BYTES_MAX} bytes")
                    continue
                lines = buffer.split(b"\n")
                buffer = lines.pop()
                for line in lines:
                    if line.strip():
                        yield _decoded(bytes(line), path)

    @asynccontextmanager
    async def _answer(
        self, path: str, parameters: Mapping[str, str], *, accept: str, silence_seconds: float = _ANSWER_SECONDS
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        assert self._session is not None, "use the API in an `async with`"
        headers = {"Accept": accept, **await self._credentials.headers()}
        credentials = self._credentials
        timeout = aiohttp.ClientTimeout(total=None, connect=_CONNECT_SECONDS, sock_read=silence_seconds)
        try:
            async with self._session.get(
                credentials.server + path,
                params=dict(parameters),
                headers=headers,
                timeout=timeout,
                ssl=credentials.tls if credentials.tls is not None else True,
                server_hostname=credentials.server_name,
                proxy=credentials.proxy,
            ) as answer:
                if answer.status != 200:
                    raise await self._refusal(answer, path)
                yield answer
        except _AWAY as error:
            if isinstance(error, KubernetesEdgeError):
                raise
            raise ApiUnavailableError(f"{credentials.server}{path}: {str(error) or type(error).__name__}") from error

    async def _refusal(self, answer: aiohttp.ClientResponse, path: str) -> KubernetesEdgeError:
        text = (await answer.content.read(4_096)).decode("utf-8", "replace")
        message = f"{path}: {answer.status} {_message_in(text)}"
        if answer.status == 401:
            self._credentials.expire()
            return UnauthorizedError(message)
        kind = {403: ForbiddenError, 404: KindAbsentError, 406: KindAbsentError, 410: VersionExpiredError}.get(answer.status)
        if kind is not None:
            return kind(message)
        asked = answer.headers.get("Retry-After", "")
        return ApiUnavailableError(message, retry_after=min(float(asked), 300.0) if asked.isdecimal() else 0.0)


def refusal_in_watch(status: Mapping[str, Any], path: str) -> KubernetesEdgeError:
    """What an ERROR event of a watch means."""
    message = f"{path}: {status.get('code')} {str(status.get('message'))[:300]}"
    return VersionExpiredError(message) if status.get("code") == 410 else ApiUnavailableError(message)


def _decoded(body: bytes, path: str) -> dict[str, Any]:
    try:
        content = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise ApiUnavailableError(f"{path}: the answer is not JSON: {error}") from error
    if not isinstance(content, dict):
        raise ApiUnavailableError(f"{path}: the answer is no object")
    return content


def _message_in(text: str) -> str:
    """The message of a Status, else the beginning of the text."""
    try:
        status = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return text[:300]
    return str(status.get("message", ""))[:300] if isinstance(status, dict) else text[:300]

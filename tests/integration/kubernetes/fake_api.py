"""An API server on loopback that lists, watches, pages and refuses as the real one does, and misbehaves when told to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import msgspec
from aiohttp import web

from headwater.edges.kubernetes.resources import RESOURCES

Document = dict[str, Any]
PLURAL_BY_KIND = {resource.kind: resource.plural for resource in RESOURCES}
GROUP_BY_KIND = {resource.kind: resource.groups[0] for resource in RESOURCES}


class FakeKind:
    """The objects of one kind and what happened to them."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.objects: dict[str, Document] = {}
        self.log: list[tuple[int, Document]] = []
        self.version = 1
        self.oldest = 0  # changes up to this version are forgotten


class FakeApi:
    """The server. `put` and `remove` are what somebody does to the cluster."""

    def __init__(self) -> None:
        self.kinds = {resource.kind: FakeKind(resource.kind) for resource in RESOURCES}
        self.by_path = {f"/{resource.groups[0]}/{resource.plural}": resource.kind for resource in RESOURCES}
        self.version = 1
        self.forbidden: set[str] = set()
        self.is_away = False
        self.ends_watches = ""  # how each watch ends as it begins: "expired", "closed", or not
        self.token = ""
        self.requests: list[tuple[str, dict[str, str], str]] = []
        self.url = ""
        self._changed = asyncio.Event()
        self._transports: set[Any] = set()

    def load(self, kind: str, listed: Document) -> None:
        """Have the objects of a list, at its version."""
        store = self.kinds[kind]
        for item in listed["items"]:
            store.objects[item["metadata"]["uid"]] = item
        store.version = max(store.version, int(listed["metadata"]["resourceVersion"]))
        self.version = max(self.version, store.version)

    def apply(self, kind: str, event: Document) -> None:
        """Have happened what a recorded line of a watch tells."""
        store, content = self.kinds[kind], event["object"]
        version = int(content["metadata"]["resourceVersion"])
        if event["type"] == "DELETED":
            store.objects.pop(content["metadata"]["uid"], None)
        elif event["type"] != "BOOKMARK":
            store.objects[content["metadata"]["uid"]] = content
        store.version = max(store.version, version)
        self.version = max(self.version, version)
        store.log.append((version, event))
        self._wake()

    def put(self, kind: str, content: Document) -> Document:
        """Make or change an object; gives it its version."""
        store = self.kinds[kind]
        self.version += 1
        metadata = {**content["metadata"], "resourceVersion": str(self.version)}
        content = {"kind": kind, "apiVersion": GROUP_BY_KIND[kind].split("/", 1)[1], **content, "metadata": metadata}
        kind_of_change = "MODIFIED" if metadata["uid"] in store.objects else "ADDED"
        self.apply(kind, {"type": kind_of_change, "object": content})
        return content

    def remove(self, kind: str, uid: str) -> None:
        """Delete an object."""
        content = self.kinds[kind].objects[uid]
        self.version += 1
        metadata = {**content["metadata"], "resourceVersion": str(self.version)}
        self.apply(kind, {"type": "DELETED", "object": {**content, "metadata": metadata}})

    def expire(self, kind: str) -> None:
        """Forget all that happened to a kind: who resumes from before is told 410."""
        store = self.kinds[kind]
        self.version += 1
        store.version = store.oldest = self.version
        store.log.clear()

    def drop_connections(self) -> None:
        """Break every connection."""
        for transport in list(self._transports):
            transport.abort()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Any GET."""
        assert request.transport is not None
        self._transports.add(request.transport)
        query = dict(request.query)
        self.requests.append((request.path, query, request.headers.get("Accept", "")))
        if self.is_away:
            return refusal(503, "the server is currently unable to handle the request")
        if self.token and request.headers.get("Authorization") != f"Bearer {self.token}":
            return refusal(401, "Unauthorized")
        kind = self.by_path.get(request.path)
        if kind is None:
            return refusal(404, "the server could not find the requested resource")
        if kind in self.forbidden:
            return refusal(403, f"{PLURAL_BY_KIND[kind]} is forbidden")
        is_partial = "as=PartialObjectMetadata" in request.headers.get("Accept", "")
        store = self.kinds[kind]
        return await self._watch(request, store, query, is_partial) if "watch" in query else self._list(store, query, is_partial)

    def _list(self, store: FakeKind, query: dict[str, str], is_partial: bool) -> web.Response:
        items = [shown(item, is_partial) for _uid, item in sorted(store.objects.items())]
        first, limit = int(query.get("continue", "0")), int(query["limit"])
        metadata = {"resourceVersion": str(max(store.version, self.version))}
        if first + limit < len(items):
            metadata["continue"] = str(first + limit)
        kind = "PartialObjectMetadataList" if is_partial else f"{store.kind}List"
        return json_answer({"kind": kind, "apiVersion": "v1", "metadata": metadata, "items": items[first : first + limit]})

    async def _watch(self, request: web.Request, store: FakeKind, query: dict[str, str], is_partial: bool) -> web.StreamResponse:
        told = int(query["resourceVersion"])
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        try:
            await response.prepare(request)
        except ConnectionResetError:
            return response
        if self.ends_watches == "closed":
            return response
        if told < store.oldest or self.ends_watches == "expired":
            error = {"kind": "Status", "code": 410, "reason": "Expired", "message": f"too old resource version: {told} ({store.oldest})"}
            await response.write(msgspec.json.encode({"type": "ERROR", "object": error}) + b"\n")
            return response
        with suppress(ConnectionResetError):  # whoever watched has gone
            await self._tell(store, response, told, is_partial)
        return response

    async def _tell(self, store: FakeKind, response: web.StreamResponse, told: int, is_partial: bool) -> None:
        position = 0
        while True:
            changed = self._changed
            if position > len(store.log):
                position = 0
            for version, event in store.log[position:]:
                position += 1
                if version > told or event["type"] == "BOOKMARK":
                    told = max(told, version)
                    await response.write(msgspec.json.encode({**event, "object": shown(event["object"], is_partial)}) + b"\n")
            await changed.wait()


def shown(content: Document, is_partial: bool) -> Document:
    """An object, or only its metadata."""
    return {"kind": "PartialObjectMetadata", "metadata": content["metadata"]} if is_partial else content


def json_answer(content: Document, status: int = 200) -> web.Response:
    """An answer."""
    return web.Response(body=msgspec.json.encode(content), content_type="application/json", status=status)


def refusal(code: int, message: str) -> web.Response:
    """A Status."""
    return json_answer({"kind": "Status", "status": "Failure", "code": code, "message": message}, code)


@asynccontextmanager
async def running_api() -> AsyncIterator[FakeApi]:
    """A server on a free port of loopback."""
    api = FakeApi()
    application = web.Application()
    application.router.add_get("/{path:.*}", api.handle)
    runner = web.AppRunner(application, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    assert site._server is not None
    api.url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}"  # type: ignore[attr-defined]
    try:
        yield api
    finally:
        api.drop_connections()
        await runner.cleanup()

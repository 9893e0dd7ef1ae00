"""
An HTTP server for senders that push to us: a few POST routes, bodies and requests bounded, loopback unless told otherwise.

A request is answered once its content is stored, or turned away with an answer that tells the sender what to do.
"""

import asyncio
import logging
import zlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from hmac import compare_digest
from types import MappingProxyType, TracebackType
from typing import NamedTuple

from aiohttp import web

LOGGER = logging.getLogger("headwater.http")
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_RETRY_SECONDS = 5
_SHUTDOWN_SECONDS = 3.0


class ReceivedRequest(NamedTuple):
    """A request with its whole body, unpacked."""

    path: str
    content_type: str  # without parameters, lower case
    body: bytes


class Answer(NamedTuple):
    """What the sender is told."""

    status: int
    body: bytes = b""
    content_type: str = "text/plain"
    headers: Mapping[str, str] = MappingProxyType({})


Handler = Callable[[ReceivedRequest], Awaitable[Answer]]


class ListenError(ConnectionError):
    """The address cannot be listened on."""


class RefusedRequestError(Exception):
    """The request cannot be taken; holds the answer that says why."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.body.decode())
        self.answer = answer


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenOptions:
    """Where to listen, to whom, and how much is taken at once."""

    host: str = "127.0.0.1"
    port: int = 0
    token: str = field(default="", repr=False)  # asked of each request as `Authorization: Bearer`; "" asks for none
    body_bytes_max: int = 4 * 1024 * 1024  # packed and unpacked; a larger one is refused with 413
    requests_max: int = 64  # at once; more are turned away with 503
    read_seconds: float = 10.0  # a sender that takes longer to send a body is refused with 408

    @property
    def is_open_to_all(self) -> bool:
        """Whether anybody who reaches the port from another machine may send."""
        return self.host not in LOOPBACK and not self.token


def refusal(status: int, text: str, **headers: str) -> Answer:
    """An answer for people: one line that says what is wrong and what to do."""
    return Answer(status, f"{text}\n".encode(), headers={name.replace("_", "-"): value for name, value in headers.items()})


def come_back_later(text: str) -> Answer:
    """The answer of a receiver that cannot store anything just now."""
    return refusal(503, text, Retry_After=str(_RETRY_SECONDS))


class HttpReceiver:
    """Serves routes (path → handler of a POST) and `/healthz`; use it in an `async with`."""

    def __init__(self, options: ListenOptions, routes: Mapping[str, Handler]) -> None:
        self._options = options
        self._routes = dict(routes)
        self._runner: web.AppRunner | None = None
        self._open_requests = 0
        self.port = 0
        self.counters: dict[str, int] = {}

    @property
    def url(self) -> str:
        """Where it listens."""
        host = f"[{self._options.host}]" if ":" in self._options.host else self._options.host
        return f"http://{host}:{self.port}"

    async def __aenter__(self) -> "HttpReceiver":
        server = web.Application(client_max_size=self._options.body_bytes_max)
        server.router.add_route("*", "/{path:.*}", self._serve)
        # Bodies are unpacked here, where their size is bounded, and not by the parser.
        runner = web.AppRunner(server, access_log=None, auto_decompress=False, shutdown_timeout=_SHUTDOWN_SECONDS)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._options.host, self._options.port).start()
        except OSError as error:
            await runner.cleanup()
            where = f"{self._options.host}:{self._options.port}"
            raise ListenError(f"cannot listen on {where}: {error.strerror}; stop what listens there, or give another address") from error
        self._runner = runner
        self.port = runner.addresses[0][1]
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _serve(self, request: web.Request) -> web.Response:
        self._open_requests += 1
        try:
            answer = await self._answer(request)
        except RefusedRequestError as error:
            answer = error.answer
        finally:
            self._open_requests -= 1
        self.counters[f"answered_{answer.status}"] = self.counters.get(f"answered_{answer.status}", 0) + 1
        return web.Response(status=answer.status, body=answer.body, content_type=answer.content_type, headers=dict(answer.headers))

    async def _answer(self, request: web.Request) -> Answer:
        if request.path == "/healthz" and request.method in ("GET", "HEAD"):
            return Answer(200, b"ok\n")
        handler = self._routes.get(request.path)
        if handler is None:
            return refusal(404, f"nothing is here; post to {' or '.join(sorted(self._routes))}")
        if request.method != "POST":
            return refusal(405, f"post to {request.path}", Allow="POST")
        if self._options.token and not self._is_allowed(request.headers.get("Authorization", "")):
            return refusal(401, "send the receiver's token as `Authorization: Bearer TOKEN`", WWW_Authenticate="Bearer")
        if self._open_requests > self._options.requests_max:
            return come_back_later("too many requests at once")
        body = unpacked(await self._read(request), request.headers.get("Content-Encoding", ""), self._options.body_bytes_max)
        return await handler(ReceivedRequest(request.path, request.content_type.lower(), body))

    def _is_allowed(self, authorization: str) -> bool:
        scheme, _, token = authorization.partition(" ")
        return scheme.lower() == "bearer" and compare_digest(token.strip().encode(), self._options.token.encode())

    async def _read(self, request: web.Request) -> bytes:
        try:
            async with asyncio.timeout(self._options.read_seconds):
                return await request.read()
        except web.HTTPRequestEntityTooLarge as error:
            raise RefusedRequestError(_too_large(self._options.body_bytes_max)) from error
        except TimeoutError as error:
            raise RefusedRequestError(refusal(408, f"the body did not come in {self._options.read_seconds:g} s")) from error


def unpacked(body: bytes, encoding: str, bytes_max: int) -> bytes:
    """The body as it was before it was packed. Raises RefusedRequestError where it cannot be, or would be too large."""
    encoding = encoding.strip().lower()
    if encoding in ("", "identity"):
        return body
    if encoding not in ("gzip", "deflate"):
        raise RefusedRequestError(refusal(415, "only gzip and deflate are understood as Content-Encoding", Accept_Encoding="gzip, deflate"))
    unpacker = zlib.decompressobj(zlib.MAX_WBITS + (16 if encoding == "gzip" else 0))
    try:
        content = unpacker.decompress(body, bytes_max + 1)
    except zlib.error as error:
        raise RefusedRequestError(refusal(400, f"the body is not {encoding}: {error}")) from error
    if len(content) > bytes_max:
        raise RefusedRequestError(_too_large(bytes_max))
    if not unpacker.eof:
        raise RefusedRequestError(refusal(400, f"the body is cut short: its {encoding} stream does not end"))
    return content


def _too_large(bytes_max: int) -> Answer:
    return refusal(413, f"the body is larger than {bytes_max} bytes: send less at once")

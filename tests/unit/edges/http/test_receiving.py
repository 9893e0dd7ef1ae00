"""The HTTP server of receivers: what it refuses, with which answer, before anything reads a body."""

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from headwater.edges.http.receiving import Answer, HttpReceiver, ListenError, ListenOptions, ReceivedRequest, RefusedRequestError, unpacked

LIMIT = 1_000


async def echo(request: ReceivedRequest) -> Answer:
    return Answer(200, request.body)


@asynccontextmanager
async def serving(options: ListenOptions | None = None) -> AsyncIterator[tuple[HttpReceiver, aiohttp.ClientSession]]:
    async with HttpReceiver(options or ListenOptions(body_bytes_max=LIMIT), {"/in": echo}) as receiver, aiohttp.ClientSession() as session:
        yield receiver, session


async def test_a_body_is_handed_on_whole_packed_or_not() -> None:
    async with serving() as (receiver, session):
        for body, encoding in ((b"hello", ""), (gzip.compress(b"hello"), "gzip"), (zlib.compress(b"hello"), "deflate")):
            headers = {"Content-Encoding": encoding} if encoding else {}
            async with session.post(f"{receiver.url}/in", data=body, headers=headers) as response:
                assert (response.status, await response.read()) == (200, b"hello")


async def test_wrong_paths_and_methods_are_told_what_is_right() -> None:
    async with serving() as (receiver, session):
        async with session.post(f"{receiver.url}/other") as response:
            assert (response.status, "/in" in await response.text()) == (404, True)
        async with session.get(f"{receiver.url}/in") as response:
            assert (response.status, response.headers["Allow"]) == (405, "POST")
        async with session.get(f"{receiver.url}/healthz") as response:
            assert response.status == 200


async def test_bodies_are_bounded_packed_and_unpacked() -> None:
    async with serving() as (receiver, session):
        async with session.post(f"{receiver.url}/in", data=b"x" * (LIMIT + 1)) as response:
            assert response.status == 413
        bomb = gzip.compress(b"x" * 10_000_000)
        assert len(bomb) < 20_000
    with pytest.raises(RefusedRequestError) as caught:
        unpacked(bomb, "gzip", LIMIT)
    assert caught.value.answer.status == 413


@pytest.mark.parametrize(
    ("body", "encoding", "status"),
    [(b"plain", "gzip", 400), (gzip.compress(b"hello")[:-12], "gzip", 400), (b"x", "br", 415)],
)
def test_a_body_that_cannot_be_unpacked_is_refused(body: bytes, encoding: str, status: int) -> None:
    with pytest.raises(RefusedRequestError) as caught:
        unpacked(body, encoding, LIMIT)
    assert caught.value.answer.status == status


async def test_the_token_is_asked_of_every_request_and_never_shown() -> None:
    options = ListenOptions(token="a secret", body_bytes_max=LIMIT)
    assert "a secret" not in repr(options)
    async with serving(options) as (receiver, session):
        for authorization, status in (
            ("", 401),
            ("Bearer wrong", 401),
            ("Basic a secret", 401),
            ("Bearer a secret", 200),
            ("Bearer ä", 401),
        ):
            async with session.post(f"{receiver.url}/in", data=b"x", headers={"Authorization": authorization}) as response:
                assert response.status == status
        async with session.get(f"{receiver.url}/healthz") as response:
            assert response.status == 200


def test_only_an_address_without_token_that_others_reach_is_open_to_all() -> None:
    assert not ListenOptions().is_open_to_all
    assert ListenOptions(host="0.0.0.0").is_open_to_all
    assert not ListenOptions(host="0.0.0.0", token="t").is_open_to_all


async def test_a_sender_that_never_ends_its_body_is_cut_off() -> None:
    async with serving(ListenOptions(read_seconds=0.05)) as (receiver, _session):
        reader, writer = await asyncio.open_connection("127.0.0.1", receiver.port)
        writer.write(b"POST /in HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
        assert b" 408 " in await reader.readline()
        writer.close()
        await writer.wait_closed()


async def test_more_requests_at_once_than_allowed_are_turned_away() -> None:
    release = asyncio.Event()

    async def slow(request: ReceivedRequest) -> Answer:
        await release.wait()
        return Answer(200)

    async with HttpReceiver(ListenOptions(requests_max=1), {"/in": slow}) as receiver, aiohttp.ClientSession() as session:
        async with asyncio.TaskGroup() as tasks:
            posts = [tasks.create_task(session.post(f"{receiver.url}/in", data=b"x")) for _ in range(2)]
            done, _waiting = await asyncio.wait(posts, return_when=asyncio.FIRST_COMPLETED)
            (turned_away,) = (task.result() for task in done)
            assert (turned_away.status, turned_away.headers["Retry-After"]) == (503, "5")
            release.set()
        assert sorted(task.result().status for task in posts) == [200, 503]
        for task in posts:
            task.result().close()


async def test_a_taken_port_is_told_with_what_to_do() -> None:
    async with serving() as (receiver, _session):
        with pytest.raises(ListenError, match=r"cannot listen on 127\.0\.0\.1"):
            async with HttpReceiver(ListenOptions(port=receiver.port), {}):
                pass

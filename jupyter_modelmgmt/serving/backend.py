"""One worker as the router sees it: pooled HTTP/1.1 connections to its unix socket or its port.

Built on h11 alone: httpcore's pool costs 5 to 10 times its CPU per request (bench, `router`).
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

import h11

Headers = Sequence[tuple[bytes, bytes]]
Address = str | tuple[str, int]


class Unreachable(Exception):
    """No connection: the worker has seen nothing of the request."""


class Cut(Exception):
    """The connection ended before the answer did: the worker may have begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forward:
    """A request on its way to a worker."""

    method: str
    path: str
    headers: Headers = ()
    body: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a worker answered."""

    status: int
    headers: Headers
    body: bytes


class Backend:
    """A worker that listens at `address`, a unix socket or (host, port), and serves `version`.

    `target` tells what it calls the path of a request. It is `suspected` from a request that took
    too long or was cut until it shows that it lives.
    """

    def __init__(self, address: Address, version: str, target: Callable[[str], str] = str) -> None:
        self.address = address
        self.version = version
        self.target = target
        self.suspected = False
        self._inflight = 0
        self._empty = asyncio.Event()
        self._empty.set()
        self._idle: list[_Connection] = []

    async def send(self, forward: Forward) -> Answer:
        """Return the worker's answer. Raises Unreachable, Cut."""
        self._inflight += 1
        self._empty.clear()
        connection = None
        try:
            connection = await self._connection()
            answer = await connection.send(forward, self.target(forward.path))
            self._idle.append(connection)
        except BaseException:
            if connection:
                connection.close()
            raise
        else:
            return answer
        finally:
            self._inflight -= 1
            if not self._inflight:
                self._empty.set()

    async def drained(self, within_s: float) -> None:
        """Return when no request is in the worker, or after `within_s`."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._empty.wait(), within_s)

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    async def _connection(self) -> "_Connection":
        while self._idle:
            connection = self._idle.pop()
            if connection.is_open:
                return connection
        loop = asyncio.get_running_loop()
        try:
            if isinstance(self.address, str):
                _, connection = await loop.create_unix_connection(_Connection, self.address)
            else:
                _, connection = await loop.create_connection(_Connection, *self.address)
        except OSError as error:
            raise Unreachable from error
        return connection


class _Connection(asyncio.Protocol):
    """Carries one request at a time."""

    def __init__(self) -> None:
        self.is_open = True
        self._http = h11.Connection(h11.CLIENT)
        self._answer: asyncio.Future[Answer] | None = None
        self._response: h11.Response | None = None
        self._body: list[bytes] = []

    async def send(self, forward: Forward, target: str) -> Answer:
        self._answer = asyncio.get_running_loop().create_future()
        headers = [(b"Host", b"worker"), *forward.headers, (b"Content-Length", b"%d" % len(forward.body))]
        events = [
            h11.Request(method=forward.method, target=target, headers=headers),
            h11.Data(data=forward.body),
            h11.EndOfMessage(),
        ]
        self._transport.writelines([part for event in events if (part := self._http.send(event))])
        return await self._answer

    def close(self) -> None:
        self.is_open = False
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._http.receive_data(data)
        try:
            while (event := self._http.next_event()) is not h11.NEED_DATA:
                self._take(event)
                if self._http.our_state is h11.IDLE:
                    break
        except h11.RemoteProtocolError:
            self.close()

    def _take(self, event: object) -> None:
        if isinstance(event, h11.Response):
            self._response, self._body = event, []
        elif isinstance(event, h11.Data):
            self._body.append(event.data)
        elif isinstance(event, h11.EndOfMessage):
            self._finish()

    def _finish(self) -> None:
        if self._http.our_state is h11.MUST_CLOSE:
            self.close()
        else:
            self._http.start_next_cycle()
        if self._response and self._answer and not self._answer.done():
            status, headers = self._response.status_code, self._response.headers.raw_items()
            self._answer.set_result(Answer(status=status, headers=headers, body=b"".join(self._body)))

    def connection_lost(self, _: Exception | None) -> None:
        self.is_open = False
        if self._answer and not self._answer.done():
            self._answer.set_exception(Cut())

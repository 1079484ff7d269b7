"""One worker as the router sees it: pooled HTTP/1.1 connections to its unix socket or its port.

Built on httptools alone, which parses an answer in a tenth of the time that h11 takes; the pool of a general
HTTP client costs several times more.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import cast

import httptools

Headers = Sequence[tuple[bytes, bytes]]
Address = str | tuple[str, int]
_SMALL = 2**16  # up to here, a copy costs less than a second write
_BOUNDS = (b"content-length", b"transfer-encoding")


class Unreachable(Exception):
    """No connection: the worker has seen nothing of the request."""


class Cut(Exception):
    """The connection ended before the answer did: the worker may have begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forward:
    """A request on its way to a worker; `path` and `headers` are as a parser of HTTP gave them. HEAD is none."""

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
        self._parser = httptools.HttpResponseParser(self)
        self._answer: asyncio.Future[Answer] | None = None
        self._headers: list[tuple[bytes, bytes]] = []
        self._body: list[bytes] = []
        self._is_bounded = True

    async def send(self, forward: Forward, target: str) -> Answer:
        self._answer = asyncio.get_running_loop().create_future()
        head = _head(forward, target)
        if len(forward.body) <= _SMALL:
            self._transport.write(head + forward.body)
        else:
            self._transport.write(head)
            self._transport.write(memoryview(forward.body))  # asyncio copies the rest of bytes, not of a view
        return await self._answer

    def close(self) -> None:
        self.is_open = False
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self.close()

    def connection_lost(self, error: Exception | None) -> None:
        self.is_open = False
        if not self._answer or self._answer.done():
            return
        if error or self._is_bounded:
            self._answer.set_exception(Cut())
        else:  # the end of the connection is that of the answer
            self._finish()

    def on_message_begin(self) -> None:
        self._headers, self._body = [], []

    def on_headers_complete(self) -> None:
        self._is_bounded = any(name.lower() in _BOUNDS for name, _ in self._headers)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers.append((name, value))

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        if self._parser.get_status_code() < HTTPStatus.OK:  # 100 Continue and its like come before the answer
            self._is_bounded = True
            return
        if not self._parser.should_keep_alive() or not self._answer or self._answer.done():
            self.close()
        self._finish()

    def _finish(self) -> None:
        if self._answer and not self._answer.done():
            status = self._parser.get_status_code()
            self._answer.set_result(Answer(status=status, headers=self._headers, body=b"".join(self._body)))


def _head(forward: Forward, target: str) -> bytes:
    lines = [f"{forward.method} {target} HTTP/1.1\r\nHost: worker\r\n".encode("ascii")]
    lines += [b"%b: %b\r\n" % header for header in forward.headers]
    lines.append(b"Content-Length: %d\r\n\r\n" % len(forward.body))
    return b"".join(lines)

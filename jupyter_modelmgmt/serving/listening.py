"""How host and workers listen: uvicorn with httptools, an answer's head and body in one write."""

import asyncio
from typing import Any, cast

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


def server(app: ASGIApp, *, keep_alive_s: int, grace_s: int, **options: Any) -> uvicorn.Server:
    """Return a server of `app`; it keeps idle connections for `keep_alive_s` and ends within `grace_s`."""
    config = uvicorn.Config(
        app, http=_OneWrite, ws="none", access_log=False, proxy_headers=False, server_header=False,
        timeout_keep_alive=keep_alive_s, timeout_graceful_shutdown=grace_s, **options,
    )  # fmt: skip
    return uvicorn.Server(config)


class _OneWrite(HttpToolsProtocol):
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        super().connection_made(cast("asyncio.Transport", _Gathering(transport)))


class _Gathering:
    """A transport that writes at once what comes in one turn of the loop.

    uvicorn writes head and body apart: two system calls, and a reader that wakes twice.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._parts: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        if not self._parts:
            self._loop.call_soon(self._flush)
        self._parts.append(data)

    def close(self) -> None:
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        if self._parts:
            self._transport.write(b"".join(self._parts))
            self._parts.clear()

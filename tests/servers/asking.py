"""Requests to the server extension that runs in the process of a test."""

import json
from collections.abc import Awaitable, Callable
from typing import Any


async def response_of(
    fetch: Callable[..., Awaitable[Any]], method: str, *path: str, body: Any = None,
    headers: dict[str, str] | None = None, params: dict[str, str] | None = None,
) -> Any:  # fmt: skip
    """Return what a route of the API answers, whatever its status is; a `body` that is not bytes is sent as JSON."""
    if body is None and method in ("POST", "PUT", "PATCH"):
        body = {}
    data = body if isinstance(body, bytes) or body is None else json.dumps(body)
    return await fetch(
        "modelmgmt", "api", "v1", *path, method=method, body=data, headers={**(headers or {})}, params=params or {},
        raise_error=False, allow_nonstandard_methods=True,
    )  # fmt: skip


def read(response: Any) -> tuple[int, Any]:
    """Return the status of a response and its JSON, None for an empty one."""
    return response.code, json.loads(response.body) if response.body else None

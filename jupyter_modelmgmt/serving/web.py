"""What host and workers have in common as web applications: errors and bodies."""

import math
from collections.abc import Sequence
from http import HTTPStatus
from importlib import metadata

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from jupyter_modelmgmt.domain.errors import ModelManagementError, Overloaded, TooLarge
from jupyter_modelmgmt.serving.answers import error_body

JSON = "application/json"
_DISCARDED = 2**30  # a refused body up to this size is read to its end: many clients read no answer before
_CODES = {401: "unauthenticated", 404: "not_found", 405: "bad_method", 400: "bad_input"}


def application(routes: Sequence[BaseRoute], **options: object) -> Starlette:
    """Return an application that answers every error as JSON."""
    handlers = {ModelManagementError: _told, HTTPException: _http, Exception: _unexpected}
    return Starlette(routes=routes, exception_handlers=handlers, **options)  # type: ignore[arg-type]  # starlette types handlers by Exception


async def body_of(request: Request, limit: int) -> bytes:
    """Return the body. Raises TooLarge above `limit` bytes, as soon as that is known."""
    refused = TooLarge(f"The body is above the limit of {limit / 2**20:g} MiB. Send a smaller input.")
    if limit < _announced(request) < math.inf:
        raise refused
    chunks, size = [], 0
    async for chunk in request.stream():
        chunks.append(chunk)
        size += len(chunk)
        if size > limit:
            raise refused
    return b"".join(chunks)


async def server_metadata(_: Request) -> Response:
    return JSONResponse(
        {
            "name": "jupyter_modelmgmt",
            "version": metadata.version("jupyter_modelmgmt"),
            "extensions": ["binary_tensor_data"],
        }
    )


async def _told(request: Request, error: ModelManagementError) -> Response:
    headers = {}
    if isinstance(error, Overloaded):
        headers["Retry-After"] = "1"
    if isinstance(error, TooLarge) and _announced(request) > _DISCARDED:
        headers["Connection"] = "close"
    return Response(error_body(error.code, str(error)), error.status, headers, JSON)


def _announced(request: Request) -> float:
    """Return the length that the body is said to have, infinite when nothing is said."""
    length = request.headers.get("content-length", "")
    return int(length) if length.isdecimal() else math.inf


async def _http(_: Request, error: HTTPException) -> Response:
    code = _CODES.get(error.status_code, "error")
    return Response(error_body(code, error.detail), error.status_code, error.headers, JSON)


async def _unexpected(_: Request, error: Exception) -> Response:
    message = f"{type(error).__name__}: {error}. See the log of this deployment."
    return Response(error_body("error", message), HTTPStatus.INTERNAL_SERVER_ERROR, media_type=JSON)

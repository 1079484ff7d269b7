"""What host and workers have in common as web applications: errors, bodies, metrics."""

import math
from collections.abc import Sequence
from http import HTTPStatus
from importlib import metadata

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from jupyter_modelmgmt.domain.errors import ModelManagementError, Overloaded, TooLarge
from jupyter_modelmgmt.serving.answers import error_body

JSON = "application/json"
_DISCARDED = 2**30  # a refused body up to this size is read to its end: many clients read no answer before
_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_CODES = {401: "unauthenticated", 404: "not_found", 405: "bad_method", 400: "bad_input"}


class Meter:
    """Counts requests, errors and seconds of each deployment and version, as Prometheus reads them."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        names = ("deployment", "version")
        self._requests = Counter("modelmgmt_requests", "Answered requests", names, registry=self._registry)
        self._errors = Counter("modelmgmt_errors", "Error answers", (*names, "status"), registry=self._registry)
        self._seconds = Histogram(
            "modelmgmt_request_seconds", "Time to answer", names, registry=self._registry, buckets=_BUCKETS
        )

    def count(self, deployment: str, version: str, status: int, seconds: float) -> None:
        self._requests.labels(deployment, version).inc()
        self._seconds.labels(deployment, version).observe(seconds)
        if status >= HTTPStatus.BAD_REQUEST:
            self._errors.labels(deployment, version, str(status)).inc()

    def page(self) -> Response:
        return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)


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

"""What host and workers have in common as web applications: inference requests, bodies and errors."""

import logging
import math
import re
from collections.abc import Awaitable, Callable, Sequence
from http import HTTPStatus
from importlib import metadata

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute
from starlette.types import Receive, Scope, Send

from jupyter_modelmgmt.domain.errors import ModelManagementError, Overloaded, TooLarge
from jupyter_modelmgmt.serving.answers import error_body
from jupyter_modelmgmt.serving.backend import Answer, Headers

JSON = "application/json"
JSON_HEADERS: Headers = ((b"content-type", b"application/json"),)
_DISCARDED = 2**30  # a refused body up to this size is read to its end: many clients read no answer before
_CODES = {401: "unauthenticated", 404: "not_found", 405: "not_allowed", 400: "bad_input"}
_MODEL = re.compile(r"/v2/models/([^/]+)(?:/versions/([^/]+))?(/infer)?")
_METHODS = {False: ("GET", "HEAD"), True: ("POST",)}  # of metadata, of inference
_log = logging.getLogger(__name__)


class Asked:
    """A request for an inference, or for the metadata of a model, whose body was not read yet."""

    __slots__ = ("infers", "name", "receive", "scope", "version")

    def __init__(self, name: str, version: str | None, *, infers: bool, scope: Scope, receive: Receive) -> None:
        self.name = name
        self.version = version
        self.infers = infers
        self.scope = scope
        self.receive = receive

    @property
    def headers(self) -> Headers:
        """The names are in lower case."""
        headers: Headers = self.scope["headers"]
        return headers

    def header(self, name: bytes) -> str | None:
        return next((value.decode("latin-1") for key, value in self.headers if key == name), None)

    @property
    def announced(self) -> float:
        """The length that the body is said to have, infinite when nothing is said."""
        return _length(self.header(b"content-length"))

    async def body(self, limit: float = math.inf) -> bytes:
        """Return the body. Raises TooLarge above `limit` bytes, as soon as that is known."""
        refused = TooLarge(f"The body is above the limit of {limit / 2**20:g} MiB. Send a smaller input.")
        if limit < self.announced < math.inf:
            raise refused
        chunks, size, more = [], 0, True
        while more:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            chunks.append(message.get("body", b""))
            size += len(chunks[-1])
            more = message.get("more_body", False)
            if size > limit:
                raise refused
        return b"".join(chunks)


class Application(Starlette):
    """Answers every error as JSON.

    What is asked of a model goes to `answer` directly: the layers of Starlette cost as much as a small model.
    """

    def __init__(
        self, answer: Callable[[Asked], Awaitable[Answer]], routes: Sequence[BaseRoute], **options: object
    ) -> None:
        handlers = {ModelManagementError: _told, HTTPException: _http, Exception: _unexpected}
        super().__init__(routes=routes, exception_handlers=handlers, **options)  # type: ignore[arg-type]  # starlette types handlers by Exception
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_http = scope["type"] == "http"
        found = _MODEL.fullmatch(scope["path"].removeprefix(scope.get("root_path", ""))) if is_http else None
        if not found:
            await super().__call__(scope, receive, send)
        elif scope["method"] not in (allowed := _METHODS[infers := bool(found[3])]):
            await _response(_wrong_method(allowed))(scope, receive, send)
        else:
            await self._reply(Asked(found[1], found[2], infers=infers, scope=scope, receive=receive), send)

    async def _reply(self, asked: Asked, send: Send) -> None:
        try:
            answer = await self._answer(asked)
        except ModelManagementError as error:
            answer = _refusal(error, asked.announced)
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001  # a border: whatever goes wrong is told as JSON
            _log.error("A request failed", exc_info=error)
            answer = _failure(error)
        headers = [*answer.headers, (b"content-length", b"%d" % len(answer.body))]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})


async def server_metadata(_: Request) -> Response:
    return JSONResponse(
        {
            "name": "jupyter_modelmgmt",
            "version": metadata.version("jupyter_modelmgmt"),
            "extensions": ["binary_tensor_data"],
        }
    )


def _refusal(error: ModelManagementError, announced: float) -> Answer:
    headers = [*JSON_HEADERS]
    if isinstance(error, Overloaded):
        headers.append((b"retry-after", b"1"))
    if isinstance(error, TooLarge) and announced > _DISCARDED:
        headers.append((b"connection", b"close"))
    return Answer(status=error.status, headers=headers, body=error_body(error.code, str(error)))


def _failure(error: Exception) -> Answer:
    message = f"{type(error).__name__}: {error}. See the log of this deployment."
    return Answer(status=HTTPStatus.INTERNAL_SERVER_ERROR, headers=JSON_HEADERS, body=error_body("error", message))


def _wrong_method(allowed: Sequence[str]) -> Answer:
    code = HTTPStatus.METHOD_NOT_ALLOWED
    headers = [*JSON_HEADERS, (b"allow", ", ".join(allowed).encode())]
    return Answer(status=code, headers=headers, body=error_body(_CODES[code], f"Use {' or '.join(allowed)} here."))


async def _told(request: Request, error: ModelManagementError) -> Response:
    return _response(_refusal(error, _length(request.headers.get("content-length"))))


async def _http(_: Request, error: HTTPException) -> Response:
    code = _CODES.get(error.status_code, "error")
    return Response(error_body(code, error.detail), error.status_code, error.headers, JSON)


async def _unexpected(_: Request, error: Exception) -> Response:
    return _response(_failure(error))


def _response(answer: Answer) -> Response:
    response = Response(answer.body, answer.status)
    response.raw_headers += answer.headers
    return response


def _length(said: str | None) -> float:
    return int(said) if said and said.isdecimal() else math.inf

"""What every handler stands on; the only file that knows how errors become HTTP."""

import asyncio
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, ParamSpec, Protocol, TypeVar, cast

import msgspec
from jupyter_server.auth.identity import User
from jupyter_server.base.handlers import APIHandler, JupyterHandler
from tornado import web

from jupyter_modelmgmt.artifacts import Uploads
from jupyter_modelmgmt.domain.errors import (
    BadField,
    Conflict,
    Forbidden,
    ModelManagementError,
    NotFound,
    TooLarge,
    Unauthenticated,
)
from jupyter_modelmgmt.registry import Registry
from jupyter_modelmgmt.server import wire
from jupyter_modelmgmt.serving.trials import Trials

P = ParamSpec("P")
T = TypeVar("T")
Method = TypeVar("Method", bound=Callable[..., Any])

BODY_LIMIT = 16 * 2**20
_DIGITS = 10
_MAX_NUMBER = 2**31 - 1  # what an id's column holds
_RANDOM = re.compile("[0-9a-f]{32}")
_ACTIONS = {"GET": "read", "HEAD": "read"}


class Extension(Protocol):
    """What handlers need of the extension."""

    registry: Registry
    threads: ThreadPoolExecutor
    image_limit: int
    upload_limit: int
    uploads: Uploads
    trials: Trials
    openapi: Mapping[str, Any]

    def emit_progress(self, action: str, entry: str, done: int, total: int) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the OpenAPI document says of a verb."""

    summary: str
    answer: Any = None
    body: Any = None
    query: Any = None
    status: int = 200
    media: str = "application/json"
    or_text: bool = False


def answers(summary: str, **said: Any) -> Callable[[Method], Method]:
    """Let nobody in unauthenticated, and describe a verb for the OpenAPI document."""

    def mark(method: Method) -> Method:
        guarded = web.authenticated(method)
        guarded.answer = Answer(summary=summary, **said)  # type: ignore[attr-defined]  # functions carry attributes
        return cast("Method", guarded)

    return mark


class RegistryHandler(APIHandler):
    """Authenticated, authorised, JSON in and out, no work on the event loop."""

    auth_resource = "modelmgmt"
    auth_action = ""  # what is asked of the authorizer where the method does not say it
    gone = False  # whether the client has closed the connection

    async def prepare(self, **_options: Any) -> None:
        # Not @authorized: it remembers the resource of its first caller for all of them.
        # Not APIHandler.prepare: it sends whoever has no token to a login page.
        await JupyterHandler.prepare(self, _redirect_to_login=False)
        if not self.check_origin():
            raise web.HTTPError(404)
        if self.current_user is None:
            raise Unauthenticated("Log in first, or send the server's token.")
        action = self.auth_action or _ACTIONS.get(self.request.method or "", "write")
        if not self.authorizer.is_authorized(self, self.current_user, action, self.auth_resource):
            raise Forbidden(
                f"{self.current_user.username} may not {action} {self.auth_resource}. Ask whoever runs this server."
            )

    def set_cors_headers(self) -> None:
        """Send none: no other origin reads the registry."""

    @web.authenticated
    def options(self, *_args: Any, **_kwargs: Any) -> None:  # type: ignore[override]  # the decorator widens it
        raise web.HTTPError(405)

    @property
    def extension(self) -> Extension:
        return cast("Extension", self.settings["jupyter_modelmgmt"])

    @property
    def registry(self) -> Registry:
        registry = self.extension.registry
        return registry.acting_as(actor_of(self.current_user, registry.actor))

    async def call(self, verb: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a verb of the registry on a thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.extension.threads, lambda: verb(*args, **kwargs))

    def progress(self, action: str, entry: str) -> Callable[[int, int], None]:
        """Return what tells browsers how far work on a thread is, and ends it once the client has gone."""
        loop = asyncio.get_running_loop()

        def told(done: int, total: int) -> None:
            if self.gone:
                raise Conflict("It was cancelled; nothing was registered. Send it again if it is wanted after all.")
            loop.call_soon_threadsafe(self.extension.emit_progress, action, entry, done, total)

        return told

    def on_connection_close(self) -> None:
        self.gone = True
        super().on_connection_close()

    def body(self, kind: type[T]) -> T:
        """Return the JSON body as a record. Raises BadField naming the field, TooLarge."""
        if len(self.request.body) > BODY_LIMIT:
            raise TooLarge(f"The body is larger than the limit of {BODY_LIMIT} bytes. Send files as uploads.")
        return wire.decode(self.request.body or b"{}", kind)

    def given(self, *but: str) -> dict[str, Any]:
        """Return the fields of a body that was read, as they were sent: null is not the same as nothing."""
        sent = wire.decode(self.request.body or b"{}", dict[str, Any])
        return {name: value for name, value in sent.items() if name not in but}

    def query(self, kind: type[T]) -> T:
        """Return the query of the URL as a record. Raises BadField."""
        given = {name: self.get_query_argument(name) for name in self.request.query_arguments}
        try:
            return msgspec.convert(given, kind, strict=False)
        except msgspec.ValidationError as error:
            raise BadField(f"The query is not what this route takes: {error}.") from None

    def number(self, text: str) -> int:
        """Return the number of a record that stands in a path. Raises NotFound for what can be none."""
        if not text.isascii() or not text.isdigit() or int(text[:_DIGITS]) > _MAX_NUMBER or len(text) > _DIGITS:
            raise NotFound(f"There is nothing with the number {text[:40]!r}. Give a whole number from a list.")
        return int(text)

    def send(self, record: Any, status: int = 200) -> None:
        self.set_status(status)
        self.set_header("Cache-Control", "no-store")
        self.finish(wire.encode(record))

    def send_nothing(self) -> None:
        self.set_status(204)
        self.finish()

    def send_error(self, status_code: int = 500, **kwargs: Any) -> None:
        error = kwargs.get("exc_info", (None, None))[1]
        super().send_error(error.status if isinstance(error, ModelManagementError) else status_code, **kwargs)

    def write_error(self, status_code: int, **kwargs: Any) -> None:
        """Write `{code, message}`, for tornado's own errors too."""
        error = kwargs.get("exc_info", (None, None))[1]
        if isinstance(error, ModelManagementError):
            reply = {"code": error.code, "message": str(error)}
        else:
            code = _CODES.get(status_code, "error")
            reply = {"code": code, "message": _message(status_code, error)}
        self.finish(msgspec.json.encode(reply))

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        # A user's mistake is no news for the server's log.
        if not isinstance(value, ModelManagementError) or value.status >= 500:  # noqa: PLR2004 - HTTP
            super().log_exception(typ, value, tb)


def actor_of(user: User, owner: str) -> str:
    """Return the name that goes into events: `owner`, who runs the server, for one whom a token let in without a name.

    Jupyter gives such a person a random one that changes with each browser.
    """
    if not _RANDOM.fullmatch(user.username):
        return user.username
    return user.name if user.name and not user.name.startswith("Anonymous ") else owner


class NotFoundHandler(RegistryHandler):
    """Any other path below ours: JSON, and only for those who may ask."""

    async def prepare(self, **_options: Any) -> None:
        await super().prepare()
        raise web.HTTPError(404)


_CODES = {
    400: "bad_input",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "not_allowed",
    413: "too_large",
}
_MESSAGES = {
    401: "Log in first, or send the server's token.",
    403: "This request is not allowed. Log in, send the token, and send the XSRF header from a browser.",
    404: "There is no such route. See openapi.json.",
    405: "This route does not know that verb. See openapi.json.",
    500: "Something broke inside the server; its log says more.",
}


def _message(status: int, error: object) -> str:
    said = getattr(error, "log_message", None)
    return said or _MESSAGES.get(status, "The request failed.")

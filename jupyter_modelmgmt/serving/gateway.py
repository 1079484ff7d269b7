"""The routes of the host: Open Inference Protocol v2 for every deployment, and its own below /control."""

import asyncio
import hmac
import re
from collections.abc import Callable, Sequence
from http import HTTPStatus

import msgspec
import psutil  # type: ignore[import-untyped]  # it has no types of its own
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from jupyter_modelmgmt.domain.errors import Unauthenticated
from jupyter_modelmgmt.serving.answers import error_body
from jupyter_modelmgmt.serving.backend import Answer, Forward, Headers
from jupyter_modelmgmt.serving.doors import is_client
from jupyter_modelmgmt.serving.order import Site
from jupyter_modelmgmt.serving.reconcile import Reconciler
from jupyter_modelmgmt.serving.router import Router
from jupyter_modelmgmt.serving.usage import Usage, rss
from jupyter_modelmgmt.serving.web import JSON, Application, Asked, server_metadata
from jupyter_modelmgmt.store.deployments import Key

_LOCKED = "Send the token of the serving host, or of a client of this deployment: `Authorization: Bearer TOKEN`."
_ASKED = re.compile(r"/v2/models/([^/]+)(?:/|$)")
_THERE = frozenset({b"content-type", b"accept", b"inference-header-content-length"})
_BACK = frozenset({b"content-type", b"inference-header-content-length", b"retry-after"})


class TokenCheck:
    """Lets a request pass that carries the host's bearer token, or that of a client of the deployment it asks.

    A client sends its token alone as bearer, or its name and token as curl's `-u` does.
    """

    def __init__(self, app: ASGIApp, token: str, keys: Callable[[str], Sequence[Key]]) -> None:
        self._app = app
        self._wanted = f"Bearer {token}".encode()
        self._keys = keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._allows(scope):
            return await self._app(scope, receive, send)
        body = error_body(Unauthenticated.code, _LOCKED)
        headers = {"WWW-Authenticate": "Bearer"}
        return await Response(body, HTTPStatus.UNAUTHORIZED, headers, JSON)(scope, receive, send)

    def _allows(self, scope: Scope) -> bool:
        given = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
        if hmac.compare_digest(given, self._wanted):
            return True
        asked = _ASKED.match(scope["path"])
        return bool(asked and given and is_client(given, self._keys(asked[1])))


class Gateway:
    """Answers for one host; `leave` is called when it shall end."""

    def __init__(self, router: Router, reconciler: Reconciler, site: Site, leave: asyncio.Event) -> None:
        self._router = router
        self._reconciler = reconciler
        self._site = site
        self._leave = leave
        self._usage = Usage()

    def app(self, token: str, **options: object) -> ASGIApp:
        at = ("/v2/models/{name}", "/v2/models/{name}/versions/{version}")
        routes = [
            *(Route(f"{path}/ready", self._model_ready) for path in at),
            Route("/v2/health/live", self._live),
            Route("/v2/health/ready", self._live),
            Route("/v2", server_metadata),
            Route("/metrics", self._metrics),
            Route("/control/reconcile", self._reconcile, methods=["POST"]),
            Route("/control/shutdown", self._shutdown, methods=["POST"]),
            Route("/control/status", self._status),
            Route("/control/metrics/{name}", self._figures),
        ]
        return TokenCheck(Application(self._pass_on, routes, **options), token, self._router.keys)

    async def _pass_on(self, asked: Asked) -> Answer:
        body = await asked.body(self._router.line(asked.name).limits.max_body)
        path: str = asked.scope["raw_path"].decode("ascii")
        method = "POST" if asked.infers else "GET"
        forward = Forward(method=method, path=path, headers=_kept(asked.headers, _THERE), body=body)
        answer = await self._router.send(asked.name, asked.version, forward)
        return Answer(status=answer.status, headers=_kept(answer.headers, _BACK), body=answer.body)

    async def _model_ready(self, request: Request) -> Response:
        params = request.path_params
        ready = self._router.line(params["name"]).serves(params.get("version"))
        status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
        return JSONResponse({"name": params["name"], "ready": ready}, status)

    async def _live(self, _: Request) -> Response:
        return JSONResponse({"live": True, "ready": True})

    async def _metrics(self, _: Request) -> Response:
        return self._router.meter.page(self._usage.workers(self._reconciler.rollouts))

    async def _figures(self, request: Request) -> Response:
        """Answer what one deployment did, as JSON or, with `?format=prometheus`, as Prometheus reads it."""
        name = request.path_params["name"]
        line, rollouts = self._router.line(name), self._reconciler.rollouts
        of_one = {name: rollouts[name]} if name in rollouts else {}
        if request.query_params.get("format") == "prometheus":
            return self._router.meter.page(self._usage.workers(of_one), only=name)
        found = self._usage.metrics(name, of_one.get(name), self._router.meter, waiting=line.load)
        return Response(msgspec.json.encode(found), media_type=JSON)

    async def _reconcile(self, _: Request) -> Response:
        await self._reconciler.look()
        return JSONResponse({})

    async def _shutdown(self, _: Request) -> Response:
        self._leave.set()
        return JSONResponse({}, HTTPStatus.ACCEPTED)

    async def _status(self, _: Request) -> Response:
        own = psutil.Process()
        return JSONResponse({"pid": own.pid, "rss": own.memory_info().rss, "workers": self._workers()})

    def _workers(self) -> list[dict[str, object]]:
        """Return one row a replica, `rss` in bytes."""
        return [
            {
                "deployment": name, "version": generation.version, "replica": replica.index,
                "pid": replica.pid, "state": replica.state, "restarts": replica.restarts, "rss": rss(replica.pid),
            }
            for name, rollout in self._reconciler.rollouts.items()
            for generation in rollout.generations.values()
            for replica in generation.replicas
        ]  # fmt: skip


def _kept(headers: Headers, names: frozenset[bytes]) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, value in headers if name.lower() in names]

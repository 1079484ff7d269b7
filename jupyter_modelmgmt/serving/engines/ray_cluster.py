"""A Ray cluster as its REST API shows it. Source: Ray Serve's REST API, "PUT /api/serve/applications/".

One PUT says all that the cluster shall run, so each write reads first, keeps the applications of
other people and changes ours alone. Writes of this machine's hosts wait for one another.
"""

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

import requests
from platformdirs import user_cache_path

from jupyter_modelmgmt.domain.errors import ServingFailed

Json = Mapping[str, Any]
_APPLICATIONS = "/api/serve/applications/"
_KEPT = ("proxy_location", "http_options", "grpc_options", "target_capacity")
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_TIMEOUT_S = 60  # the first write starts Serve itself
_REASON = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the cluster says of one application: `status` is NOT_STARTED, DEPLOYING, RUNNING, DEPLOY_FAILED and the like."""

    status: str = ""
    message: str = ""
    replicas: tuple[Json, ...] = ()
    port: int = 0


class Cluster:
    """The cluster whose dashboard answers at `address`. All methods block; they raise ServingFailed.

    `is_left` tells of the name of an application whether a killed host of ours left it; the next write ends it.
    """

    def __init__(self, address: str, is_left: Callable[[str], bool]) -> None:
        self._is_left = is_left
        self.address = address.rstrip("/")
        self.host = urlsplit(self.address).hostname or ""
        token = os.environ.get("RAY_AUTH_TOKEN", "")
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def put(self, application: Json) -> None:
        """Run `application`, in the place of one with its name."""
        self._change(application["name"], [application])

    def remove(self, name: str) -> None:
        """Run the application `name` no longer."""
        self._change(name, [])

    def told(self, name: str) -> Told:
        """Return what the cluster says of the application `name`."""
        found = self._details()
        application = found["applications"].get(name)
        if not application:
            return Told()
        deployments = application.get("deployments", {}).values()
        messages = [application.get("message", ""), *(each.get("message", "") for each in deployments)]
        return Told(
            status=application["status"],
            message="\n".join(filter(None, messages)),
            replicas=tuple(replica for each in deployments for replica in each.get("replicas", ())),
            port=(found.get("http_options") or {}).get("port", 0),
        )

    def log(self, replica: Json, lines: int) -> list[str]:
        """Return the last lines of a replica's log."""
        query = {
            "node_id": replica["node_id"], "filename": replica["log_file_path"].lstrip("/"), "lines": lines, "timeout": 5
        }  # fmt: skip
        return self._asked("GET", "/api/v0/logs/file", query=query).text.splitlines()

    def _change(self, name: str, ours: list[Json]) -> None:
        with _alone(self.address):
            found = self._details()
            others = [
                application["deployed_app_config"]
                for other, application in found["applications"].items()
                if other != name
                and not self._is_left(other)
                and application.get("deployed_app_config")
                and application["status"] != "DELETING"
            ]
            kept = {key: found[key] for key in _KEPT if found.get(key) is not None}
            if "http_options" not in kept:
                kept["http_options"] = {"host": "127.0.0.1" if self.host in _LOOPBACK else "0.0.0.0"}  # noqa: S104  # Ray's proxies, on the cluster
            self._asked("PUT", _APPLICATIONS, {**kept, "applications": [*others, *ours]})

    def _details(self) -> dict[str, Any]:
        return cast("dict[str, Any]", self._asked("GET", _APPLICATIONS).json())

    def _asked(self, method: str, path: str, body: Json | None = None, query: Json | None = None) -> requests.Response:
        try:
            answer = requests.request(
                method, self.address + path, json=body, params=query, headers=self._headers, timeout=_TIMEOUT_S
            )
        except requests.RequestException as error:
            raise ServingFailed(
                f"The Ray cluster at {self.address} did not answer: {type(error).__name__}. "
                "Give the address of its dashboard, for example http://head:8265."
            ) from error
        if answer.status_code in (401, 403):
            raise ServingFailed(
                f"The Ray cluster at {self.address} wants a token. Set RAY_AUTH_TOKEN and deploy again."
            )
        if not answer.ok:
            raise ServingFailed(f"The Ray cluster answered {answer.status_code}: {answer.text.strip()[:_REASON]}")
        return answer


@contextmanager
def _alone(address: str) -> Iterator[None]:
    """Let one process of this user write to the cluster at a time."""
    folder = user_cache_path("jupyter_modelmgmt")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"ray-{hashlib.sha256(address.encode()).hexdigest()[:16]}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield

"""Routes of what hangs on deployments: history, clients, metrics, examples."""

from dataclasses import dataclass
from functools import partial
from typing import Literal

from jupyter_modelmgmt.domain.deployments import (
    AddedClient,
    Client,
    Deployment,
    DeploymentMetrics,
    Difference,
    Revision,
)
from jupyter_modelmgmt.registry.examples import Example
from jupyter_modelmgmt.server import wire
from jupyter_modelmgmt.server.base import RegistryHandler, answers
from jupyter_modelmgmt.server.deployments import RollbackBody


@dataclass(frozen=True, slots=True, kw_only=True)
class DiffQuery:
    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsQuery:
    """With `prometheus`, the text that Prometheus reads."""

    format: Literal["json", "prometheus"] = "json"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientBody:
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleQuery:
    """For a client of a private deployment; `TOKEN` stands for its token, which nobody can read again."""

    client: str = ""


class RevisionsHandler(RegistryHandler):
    auth_resource = "deployments"

    @answers("Read the history of a deployment, the last change first", answer=wire.Items[Revision])
    async def get(self, name: str) -> None:
        self.send(wire.Items(items=tuple(await self.call(self.registry.deployment_history, name))))


class DiffHandler(RegistryHandler):
    auth_resource = "deployments"

    @answers("Read what differs between two revisions", query=DiffQuery, answer=wire.Items[Difference])
    async def get(self, name: str) -> None:
        q = self.query(DiffQuery)
        found = await self.call(self.registry.deployment_diff, name, q.before, q.after)
        self.send(wire.Items(items=tuple(found)))


class RollbackHandler(RegistryHandler):
    auth_resource = "deployments"

    @answers("Go back to what was deployed before, or to a revision", body=RollbackBody, answer=Deployment)
    async def post(self, name: str) -> None:
        b = self.body(RollbackBody)
        self.send(await self.call(self.registry.rollback, name, b.to, message=b.message, wait=False))


class ClientsHandler(RegistryHandler):
    auth_resource = "deployments"

    @answers("List the clients of a private deployment", answer=wire.Items[Client])
    async def get(self, name: str) -> None:
        self.send(wire.Items(items=tuple(await self.call(self.registry.clients, name))))

    @answers(
        "Add a client; its token is answered here and never again", body=ClientBody, answer=AddedClient, status=201
    )
    async def post(self, name: str) -> None:
        self.send(await self.call(self.registry.add_client, name, self.body(ClientBody).name), 201)


class ClientHandler(RegistryHandler):
    auth_resource = "deployments"

    @answers("Let a client ask no more", status=204)
    async def delete(self, name: str, client: str) -> None:
        await self.call(self.registry.remove_client, name, client)
        self.send_nothing()


class MetricsHandler(RegistryHandler):
    auth_resource = "deployments"

    @answers(
        "Read calls, failures, times and what is used, by version",
        query=MetricsQuery,
        answer=DeploymentMetrics,
        or_text=True,
    )
    async def get(self, name: str) -> None:
        if self.query(MetricsQuery).format == "json":
            self.send(await self.call(self.registry.deployment_metrics, name))
            return
        page = await self.call(self.registry.deployment_metrics_page, name)
        self.finish(page, set_content_type="text/plain; version=0.0.4; charset=utf-8")


class ExampleHandler(RegistryHandler):
    auth_resource = "deployments"

    @answers("Read how to ask a deployment with curl and from Python", query=ExampleQuery, answer=Example)
    async def get(self, name: str) -> None:
        client = self.query(ExampleQuery).client
        asked = partial(self.registry.deployment_example, name, client=client, token="TOKEN" if client else "")
        self.send(await self.call(asked))

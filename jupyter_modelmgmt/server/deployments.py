"""Routes of deployments."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from jupyter_modelmgmt.domain.deployments import Autoscale, Deployment, DeploymentLimits, Resources, Share
from jupyter_modelmgmt.server import wire
from jupyter_modelmgmt.server.base import RegistryHandler, answers


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentsQuery:
    """Of one model; with a text in name or title; made by who asks."""

    model: str = ""
    search: str = ""
    mine: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentFields:
    """What can be said of a deployment; a field left out stays as it is. See `Deployment` for the fields.

    Variables, secrets and metadata are merged; a value of null takes one away.
    """

    message: str = ""
    engine: str | None = None
    engine_address: str | None = None
    replicas: int | None = None
    resources: Resources | None = None
    limits: DeploymentLimits | None = None
    max_batch: int | None = None
    environment: str | None = None
    variables: Mapping[str, str | None] | None = None
    secrets: Mapping[str, str | None] | None = None
    metadata: Mapping[str, str | None] | None = None
    description: str | None = None
    private: bool | None = None
    auto_stop_s: int | None = None
    autoscale: Autoscale | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployBody(DeploymentFields):
    """What to deploy; without a name one is made up. `versions`, which have the selector's, split the requests."""

    selector: str
    name: str | None = None
    title: str = ""
    versions: tuple[Share, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RedeployBody(DeploymentFields):
    """What changes; with `selector` the deployment moves to that version and runs."""

    selector: str | None = None
    versions: tuple[Share, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyBody:
    """Why, for the history."""

    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RollbackBody:
    """The revision to go back to; left out, the last that was deployed and differs."""

    to: int | None = None
    message: str = ""


class DeploymentsHandler(RegistryHandler):
    auth_resource = "deployments"

    @answers("List deployments", query=DeploymentsQuery, answer=wire.Items[Deployment])
    async def get(self) -> None:
        q = self.query(DeploymentsQuery)
        found = await self.call(self.registry.deployments, q.model, search=q.search, mine=q.mine)
        self.send(wire.Items(items=tuple(found)))

    @answers("Deploy a version", body=DeployBody, answer=Deployment, status=201)
    async def post(self) -> None:
        body = self.body(DeployBody)
        given = self.given("selector")
        self.send(await self.call(partial(self.registry.deploy, body.selector, wait=False, **given)), 201)


class DeploymentHandler(RegistryHandler):
    auth_resource = "deployments"

    @answers("Read a deployment", answer=Deployment)
    async def get(self, name: str) -> None:
        self.send(await self.call(self.registry.deployment, name))

    @answers("Change a deployment, or move it to another version", body=RedeployBody, answer=Deployment)
    async def patch(self, name: str) -> None:
        body = self.body(RedeployBody)
        given = self.given("selector")
        await self.call(self.registry.deployment, name)
        verb: Any = partial(self.registry.update_deployment, name)
        if body.selector is not None:
            verb = partial(self.registry.deploy, body.selector, name=name)
        self.send(await self.call(partial(verb, wait=False, **given)))

    @answers("Forget a stopped deployment; `confirm` repeats its name", query=wire.ConfirmQuery, status=204)
    async def delete(self, name: str) -> None:
        confirm = self.query(wire.ConfirmQuery).confirm
        await self.call(self.registry.delete_deployment, name, confirm=confirm)
        self.send_nothing()


class StartHandler(RegistryHandler):
    auth_resource = "deployments"

    @answers("Start a stopped deployment", body=WhyBody, answer=Deployment)
    async def post(self, name: str) -> None:
        self.send(await self.call(self.registry.start, name, message=self.body(WhyBody).message, wait=False))


class StopHandler(RegistryHandler):
    auth_resource = "deployments"

    @answers("Stop a deployment", body=WhyBody, answer=Deployment)
    async def post(self, name: str) -> None:
        self.send(await self.call(self.registry.stop, name, message=self.body(WhyBody).message, wait=False))

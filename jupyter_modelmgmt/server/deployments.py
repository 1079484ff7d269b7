"""Routes of deployments."""

from jupyter_modelmgmt.domain.records import Deployment
from jupyter_modelmgmt.server import wire
from jupyter_modelmgmt.server.base import RegistryHandler, answers


class DeploymentsHandler(RegistryHandler):
    auth_resource = "deployments"

    @answers("List deployments", query=wire.DeploymentsQuery, answer=wire.Items[Deployment])
    async def get(self) -> None:
        found = await self.call(self.registry.deployments, self.query(wire.DeploymentsQuery).model)
        self.send(wire.Items(items=tuple(found)))

    @answers("Deploy a version", body=wire.DeployBody, answer=Deployment, status=201)
    async def post(self) -> None:
        body = self.body(wire.DeployBody)
        deploy = self.registry.deploy
        self.send(await self.call(deploy, body.selector, name=body.name, replicas=body.replicas, wait=False), 201)


class DeploymentHandler(RegistryHandler):
    auth_resource = "deployments"

    @answers("Read a deployment", answer=Deployment)
    async def get(self, name: str) -> None:
        self.send(await self.call(self.registry.deployment, name))

    @answers("Move a deployment to another version", body=wire.RedeployBody, answer=Deployment)
    async def patch(self, name: str) -> None:
        body = self.body(wire.RedeployBody)
        await self.call(self.registry.deployment, name)
        deploy = self.registry.deploy
        self.send(await self.call(deploy, body.selector, name=name, replicas=body.replicas, wait=False))

    @answers("Forget a stopped deployment", status=204)
    async def delete(self, name: str) -> None:
        await self.call(self.registry.delete_deployment, name)
        self.send_nothing()


class StartHandler(RegistryHandler):
    auth_resource = "deployments"

    @answers("Start a stopped deployment", answer=Deployment)
    async def post(self, name: str) -> None:
        self.send(await self.call(self.registry.start, name, wait=False))


class StopHandler(RegistryHandler):
    auth_resource = "deployments"

    @answers("Stop a deployment", answer=Deployment)
    async def post(self, name: str) -> None:
        self.send(await self.call(self.registry.stop, name, wait=False))


class LogsHandler(RegistryHandler):
    auth_resource = "deployments"

    @answers("Read the last lines of a deployment's workers", query=wire.LogsQuery, answer=wire.Logs)
    async def get(self, name: str) -> None:
        lines = self.query(wire.LogsQuery).lines
        self.send(wire.Logs(text=await self.call(self.registry.logs, name, lines)))

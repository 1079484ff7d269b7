"""Verbs on deployments: deploy, start, stop, predict, read logs."""

import secrets
import time

from jupyter_modelmgmt.domain import fields
from jupyter_modelmgmt.domain.errors import BadField, Conflict, NotDeployed, NotFound, NotLoadable, ServingFailed
from jupyter_modelmgmt.domain.predictions import Prediction
from jupyter_modelmgmt.domain.records import Deployment, DeploymentState
from jupyter_modelmgmt.registry.handles import Listing, RunningDeployment
from jupyter_modelmgmt.registry.inputs import ImageInput, TensorInput, read_input, read_table
from jupyter_modelmgmt.registry.registration import Registration
from jupyter_modelmgmt.registry.shown import ShownPrediction
from jupyter_modelmgmt.serving.client import Host
from jupyter_modelmgmt.store import deployments, versions

WAIT_S = 180
_POLL_S = 0.05
_SUFFIX_LENGTH = 5
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


class Deployments(Registration):
    """Everything about deployments."""

    def deploy(
        self,
        selector: object,
        *,
        name: str | None = None,
        replicas: int = 1,
        wait: bool = True,
        timeout_s: float = WAIT_S,
    ) -> RunningDeployment:
        """Make a version answer predictions and return its deployment.

        A model in memory instead of a selector is registered under `name` first, as a version that
        may be deployed and not downloaded (S10).

        `name` of an existing deployment moves that one to the version, without a gap; without a
        name a new one is made up. Raises NotLoadable for a version no flavor serves, ServingFailed
        with the reason when no worker comes up.
        """
        if not isinstance(selector, str):
            selector = self._registered(selector, name)
        version = versions.get(self.store, selector)
        if not version.flavor:
            raise NotLoadable(
                f"No flavor serves {version.selector}: its files are kept as they are. Get them with download()."
            )
        name = name or fields.deployment_name(version.model, _suffix())
        deployments.put(self.store, name, version.selector, replicas=replicas, actor=self.actor)
        self.host().wake()
        return self._waited(name, timeout_s) if wait else self.deployment(name)

    def start(self, name: str, *, wait: bool = True, timeout_s: float = WAIT_S) -> RunningDeployment:
        """Start a deployment that was stopped or failed."""
        deployments.start(self.store, name, actor=self.actor)
        self.host().wake()
        return self._waited(name, timeout_s) if wait else self.deployment(name)

    def stop(self, name: str, *, wait: bool = True, timeout_s: float = WAIT_S) -> RunningDeployment:
        """Stop a deployment; its workers are gone when it is Stopped."""
        deployments.stop(self.store, name, actor=self.actor)
        self.host().wake()
        return self._waited(name, timeout_s) if wait else self.deployment(name)

    def delete_deployment(self, name: str) -> None:
        """Forget a stopped deployment. Raises ModelDeployed while it runs."""
        deployments.remove(self.store, name, actor=self.actor)

    def deployments(self, model: str = "") -> Listing[Deployment]:
        """Return all deployments, or those of one model."""
        return Listing(deployments.every(self.store, model=model))

    def deployment(self, name: str) -> RunningDeployment:
        """Return one deployment. Raises NotFound."""
        return RunningDeployment.of(deployments.get(self.store, name), self)

    def predict(self, target: str, data: object) -> Prediction:
        """Return the prediction of `target`, a deployment or a selector whose version is deployed.

        `data` is an image (path, bytes, PIL image, uint8 array) or tensors (array, DataFrame,
        mapping of names to arrays). Raises NotDeployed, BadImage, BadTensor.
        """
        deployment = self.answering(target)
        image = bool(deployment.adapter)
        given = self._columns(deployment, data) or read_input(data, image=image)
        host = self.host()
        if isinstance(given, ImageInput):
            return ShownPrediction.of(host.predict_image(deployment.name, given.data, given.content_type), given.data)
        started = time.perf_counter()
        outputs = host.predict_tensors(deployment.name, given)
        took = (time.perf_counter() - started) * 1000
        return ShownPrediction.of(
            Prediction(task=deployment.task, version=deployment.version, latency_ms=took, outputs=outputs)
        )

    def _columns(self, deployment: Deployment, data: object) -> TensorInput | None:
        """Return a DataFrame as the columns that the deployed version takes."""
        if not hasattr(data, "columns"):
            return None
        return read_table(data, versions.get(self.store, f"{deployment.model}@{deployment.version}").signature)

    def answering(self, target: str) -> Deployment:
        """Return the running deployment called `target`, or the only one of that selector's version.

        Raises NotDeployed when there is none, Conflict when there are several.
        """
        if "@" not in target:
            try:
                return self._running(deployments.get(self.store, target))
            except NotFound:
                pass
        version = versions.get(self.store, target)
        found = [d for d in version.deployments if d.state in (DeploymentState.DEPLOYED, DeploymentState.DEPLOYING)]
        if not found:
            raise NotDeployed(version.selector)
        if len(found) > 1:
            raise Conflict(f"{version.selector} is deployed as {', '.join(d.name for d in found)}. Name one of them.")
        return deployments.get(self.store, found[0].name)

    def logs(self, name: str, lines: int = 200) -> str:
        """Return the last lines that the workers of a deployment wrote."""
        deployments.get(self.store, name)
        return self.host().logs(name, lines=lines)

    def resume_deployments(self) -> None:
        """Start a host if some deployment should run and none does. Raises ServingFailed."""
        if any(wanted.running for wanted in deployments.wanted(self.store)):
            self.host()

    def running_host(self) -> Host | None:
        """Return the host that serves this registry, None when none runs."""
        return Host.find(self.store.url)

    def host(self) -> Host:
        """Return the host that serves this registry, started when none runs."""
        return Host.ensure(self.store.url, self.artifacts.location)

    def _registered(self, model: object, name: str | None) -> str:
        if not name:
            raise BadField("Give a name: the model is registered and deployed under it.")
        fields.checked_deployment_name(name)
        return self.register(model, name, downloadable=False).selector

    def _running(self, deployment: Deployment) -> Deployment:
        if deployment.state not in (DeploymentState.DEPLOYED, DeploymentState.DEPLOYING):
            raise NotDeployed(deployment.name)
        return deployment

    def _waited(self, name: str, timeout_s: float) -> RunningDeployment:
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            deployment = self.deployment(name)
            if deployment.state is DeploymentState.FAILED:
                raise ServingFailed(f"{name} failed: {deployment.message}")
            if deployment.state in (DeploymentState.DEPLOYED, DeploymentState.STOPPED):
                return deployment
            time.sleep(_POLL_S)
        raise ServingFailed(
            f"{name} is still {deployment.state.value} after {timeout_s:g} s. It goes on; read its logs."
        )


def _suffix() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(_SUFFIX_LENGTH))

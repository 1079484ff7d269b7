"""Verbs on deployments: deploy, start, stop, predict."""

import secrets
import time
from collections.abc import Sequence
from typing import Any, cast

from jupyter_modelmgmt.adapters import kinds
from jupyter_modelmgmt.domain import deploying
from jupyter_modelmgmt.domain.containers import CONTAINER
from jupyter_modelmgmt.domain.deployments import Deployment, DeploymentMetrics, Outcome
from jupyter_modelmgmt.domain.errors import BadField, Conflict, NotDeployed, NotFound, NotLoadable, ServingFailed
from jupyter_modelmgmt.domain.failures import ItemsFailed
from jupyter_modelmgmt.domain.interfaces import Service, refuse_service
from jupyter_modelmgmt.domain.predictions import Prediction
from jupyter_modelmgmt.domain.records import DeploymentState, ModelVersion
from jupyter_modelmgmt.places import host_name
from jupyter_modelmgmt.registry.examples import Example, example
from jupyter_modelmgmt.registry.handles import Listing, RunningDeployment
from jupyter_modelmgmt.registry.inputs import (
    ImageInput,
    TensorInput,
    TextInput,
    as_table,
    read_input,
    read_items,
    read_table,
)
from jupyter_modelmgmt.registry.logs import Logs
from jupyter_modelmgmt.registry.shown import ShownPrediction
from jupyter_modelmgmt.store import deployments, revisions, versions

WAIT_S = 180
_POLL_S = 0.05
_SUFFIX_LENGTH = 5
_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


class Deployments(Logs):
    """Everything about deployments."""

    def deploy(
        self,
        selector: object,
        *,
        name: str | None = None,
        wait: bool = True,
        timeout_s: float = WAIT_S,
        title: str = "",
        message: str = "",
        **changes: Any,
    ) -> RunningDeployment:
        """Make a version answer predictions and return its deployment.

        A model in memory instead of a selector is registered under `name` first, as a version that
        may be deployed and not downloaded (S10).

        `name` of an existing deployment moves that one to the version, without a gap; without a
        name one is made from `title` or the model's name. `changes` are the fields of a `DeploymentSpec`:
        replicas, resources, limits, variables, secrets and so on; what is not said stays as it is. `versions`,
        `{"1.0.0": 90, "1.1.0": 10}`, lets several answer from the start.
        Raises NotLoadable for a version no flavor serves, BadField, ServingFailed with the reason when no
        worker comes up.
        """
        if not isinstance(selector, str):
            selector = self._registered(selector, name)
        version = versions.get(self.store, selector)
        refuse_service(version.selector, version.interface, Service.REAL_TIME)
        if not version.flavor and not version.adapter:
            raise NotLoadable(
                f"No flavor serves {version.selector}: its files are kept as they are. Get them with download()."
            )
        if version.flavor == CONTAINER:
            changes.setdefault("engine", CONTAINER)
        name = name or deploying.made_name(title or version.model, _suffix())
        done = revisions.put(
            self.store, name, version.selector,
            actor=self.actor, host=host_name(), title=title, message=message, **changes,
        )  # fmt: skip
        return self._done(done, wait=wait, timeout_s=timeout_s)

    def update_deployment(
        self, name: str, *, message: str = "", wait: bool = True, timeout_s: float = WAIT_S, **changes: Any
    ) -> RunningDeployment:
        """Change what a deployment is, `message` saying why; one that is stopped stays so. Source: P8, T7.

        Variables, secrets and metadata are merged; a value of None takes one away.
        """
        done = revisions.change(self.store, name, actor=self.actor, message=message, **changes)
        return self._done(done, wait=wait, timeout_s=timeout_s)

    def shadow(
        self, name: str, version: str, *, message: str = "", wait: bool = True, timeout_s: float = WAIT_S
    ) -> RunningDeployment:
        """Let a version get a copy of every request, whose answers are compared and never given; "" ends that."""
        done = revisions.shadow(self.store, name, version, actor=self.actor, message=message)
        return self._done(done, wait=wait, timeout_s=timeout_s)

    def rollback(
        self, name: str, to: int | None = None, *, message: str = "", wait: bool = True, timeout_s: float = WAIT_S
    ) -> RunningDeployment:
        """Go back to the revision `to`, or to the last one that was deployed and differs. Source: N15."""
        done = revisions.rollback(self.store, name, to, actor=self.actor, message=message)
        return self._done(done, wait=wait, timeout_s=timeout_s)

    def start(self, name: str, *, message: str = "", wait: bool = True, timeout_s: float = WAIT_S) -> RunningDeployment:
        """Start a deployment that was stopped or failed, on this machine from now on."""
        done = revisions.start(self.store, name, actor=self.actor, host=host_name(), message=message)
        return self._done(done, wait=wait, timeout_s=timeout_s)

    def stop(self, name: str, *, message: str = "", wait: bool = True, timeout_s: float = WAIT_S) -> RunningDeployment:
        """Stop a deployment; its workers are gone when it is Stopped."""
        done = revisions.stop(self.store, name, actor=self.actor, message=message)
        return self._done(done, wait=wait, timeout_s=timeout_s)

    def delete_deployment(self, name: str, *, confirm: str = "") -> None:
        """Forget a stopped deployment, its history and its logs; `confirm` repeats its name. Source: P16.

        Raises ModelDeployed while it runs, NotConfirmed.
        """
        deployments.remove(self.store, name, confirm=confirm, actor=self.actor)
        self._forget_logs(name)

    def deployments(self, model: str = "", *, search: str = "", mine: bool = False) -> Listing[Deployment]:
        """Return all deployments: those of one model, with `search` in their names, made by this user. Source: P11."""
        of = self.actor if mine else ""
        found = deployments.every(self.store, model=model, search=search, mine=of)
        asked = "is like that" if model or search or mine else "yet"
        return Listing(found, f"No deployment {asked}. Deploy a version: `%model deploy {model or 'NAME'}@VERSION`.")

    def deployment(self, name: str) -> RunningDeployment:
        """Return one deployment. Raises NotFound."""
        return RunningDeployment.of(deployments.get(self.store, name), self)

    def predict(self, target: str, data: object, *, version: str | None = None) -> Prediction:
        """Return the prediction of `target`, a deployment or a selector whose version is deployed.

        `version` chooses one of several, a shadow too. `data` is an image (path, bytes, PIL image, uint8 array) or
        tensors (array, DataFrame, mapping of names to arrays). Raises NotDeployed, BadImage, BadTensor.
        """
        deployment = self.answering(target)
        takes = self._takes(deployment)
        given = self._columns(deployment, data) or read_input(data, takes=takes)
        host = self.host()
        if isinstance(given, ImageInput):
            return ShownPrediction.of(
                host.predict_image(deployment.name, given.data, given.content_type, version=version), given.data
            )
        if isinstance(given, TextInput):
            return ShownPrediction.of(host.predict_text(deployment.name, given.text, version=version))
        started = time.perf_counter()
        answer = host.infer(deployment.name, given, version=version)
        took = (time.perf_counter() - started) * 1000
        outputs = as_table(answer.outputs, data) if takes == "table" else answer.outputs
        answered = answer.version or version or deployment.version
        return ShownPrediction.of(Prediction(task=deployment.task, version=answered, latency_ms=took, outputs=outputs))

    def predict_items(self, target: str, items: Sequence[object]) -> list[Prediction]:
        """Return one prediction for each of several images or texts, computed in batches. Source: D6.

        One that fails stops no other: ItemsFailed lists them and has the others' predictions.
        """
        deployment = self.answering(target)
        given = [*items]
        if not given:
            return []
        sent = read_items(given, takes=self._takes(deployment))
        try:
            found = self.host().predict_items(deployment.name, sent)
        except ItemsFailed as error:
            pictures = [data for array in sent.values() for data in array]
            shown = {place: _shown(found, pictures[place]) for place, found in error.results.items()}
            raise ItemsFailed(error.failed, shown) from None
        return [_shown(one, data) for one, data in zip(found, next(iter(sent.values())), strict=True)]

    def _takes(self, deployment: Deployment) -> str:
        """Return what a deployment takes: image, text, table or tensor."""
        if not deployment.adapter:
            return "tensor"
        config = self._version(deployment).config if ":" in deployment.adapter else {}
        return kinds.input_type(deployment.adapter, config)

    def _version(self, deployment: Deployment) -> ModelVersion:
        return versions.get(self.store, f"{deployment.model}@{deployment.version}")

    def _columns(self, deployment: Deployment, data: object) -> TensorInput | None:
        """Return a DataFrame as the columns that the deployed version takes."""
        if not hasattr(data, "columns"):
            return None
        return read_table(data, self._version(deployment).signature)

    def answering(self, target: str) -> Deployment:
        """Return the running deployment called `target`, or the only one of that selector's version.

        Raises NotDeployed when there is none, Conflict when there are several.
        """
        if "@" not in target:
            try:
                return self._running(deployments.get(self.store, target))
            except NotFound:
                pass
        try:
            of = versions.get(self.store, target)
        except NotFound as error:
            if "@" in target:
                raise
            raise NotFound(
                f"There is no deployment and no model called {target[:80]!r}. See `%model deployments`, or deploy a "
                "version: `%model deploy NAME@VERSION`."
            ) from error
        found = [d for d in of.deployments if d.state in (DeploymentState.DEPLOYED, DeploymentState.DEPLOYING)]
        if not found:
            raise NotDeployed(of.selector)
        if len(found) > 1:
            raise Conflict(f"{of.selector} is deployed as {', '.join(d.name for d in found)}. Name one of them.")
        return self._running(deployments.get(self.store, found[0].name))

    def deployment_metrics(self, name: str) -> DeploymentMetrics:
        """Return what the versions of a deployment did since its host began, and what they use. Raises NotFound."""
        deployments.get(self.store, name)
        host = self.running_host()
        return host.metrics(name) if host else DeploymentMetrics(name=name)

    def deployment_metrics_page(self, name: str) -> str:
        """Return the same as Prometheus reads it; nothing while no host runs. Raises NotFound."""
        deployments.get(self.store, name)
        host = self.running_host()
        return host.metrics_page(name) if host else ""

    def deployment_example(self, name: str, *, client: str = "", token: str = "") -> Example:
        """Return how to ask a deployment with curl and from Python, as a client with its token or as oneself.

        Raises NotDeployed while it does not answer.
        """
        deployment = self._running(deployments.get(self.store, name))
        if not deployment.endpoint:
            raise NotDeployed(name)
        version = versions.get(self.store, f"{deployment.model}@{deployment.version}")
        signature = self.host().signature(name) if not version.adapter else version.signature
        return example(deployment, signature, self.host().header_file, client=client, token=token)

    def _registered(self, model: object, name: str | None) -> str:
        if not name:
            raise BadField("Give a name: the model is registered and deployed under it.")
        deploying.checked_name(name)
        return self.register(model, name, downloadable=False).selector

    def _running(self, deployment: Deployment) -> Deployment:
        if deployment.state not in (DeploymentState.DEPLOYED, DeploymentState.DEPLOYING):
            raise NotDeployed(deployment.name)
        self._here(deployment, "Ask it there")
        return deployment

    def _done(self, deployment: Deployment, *, wait: bool, timeout_s: float) -> RunningDeployment:
        """Wake the host and wait for what becomes of a change. Raises ServingFailed with the reason."""
        self.host().wake()
        if not wait:
            return self.deployment(deployment.name)
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            now = self.deployment(deployment.name)
            made = revisions.revision(self.store, now.name, deployment.revision)
            if made.outcome is Outcome.FAILED:
                raise ServingFailed(f"{now.name} failed: {made.reason}")
            if now.state in (DeploymentState.DEPLOYED, DeploymentState.STOPPED, DeploymentState.FAILED):
                return now
            time.sleep(_POLL_S)
        raise ServingFailed(f"{deployment.name} is not yet as wanted after {timeout_s:g} s. It goes on; read its logs.")


def _shown(record: object, data: bytes) -> ShownPrediction:
    prediction = cast("Prediction", record)
    return ShownPrediction.of(prediction, data if prediction.width else b"")


def _suffix() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(_SUFFIX_LENGTH))

"""The host of this registry's deployments, as the verbs reach it."""

from jupyter_modelmgmt.domain.deployments import Deployment
from jupyter_modelmgmt.domain.errors import Conflict
from jupyter_modelmgmt.places import host_name
from jupyter_modelmgmt.registry.registration import Registration
from jupyter_modelmgmt.serving.client import Host
from jupyter_modelmgmt.store import deployments


class Hosts(Registration):
    """Finding and starting the host."""

    def resume_deployments(self) -> None:
        """Start a host if some deployment should run and none does. Raises ServingFailed."""
        if any(wanted.running for wanted in deployments.wanted(self.store, host=host_name())):
            self.host()

    def running_host(self) -> Host | None:
        """Return the host that serves this registry, None when none runs."""
        return Host.find(self.store.url)

    def host(self) -> Host:
        """Return the host that serves this registry, started when none runs."""
        return Host.ensure(self.store.url, self.artifacts.location)

    def _here(self, deployment: Deployment, otherwise: str) -> None:
        """Raise Conflict for a deployment of another machine."""
        if not self._is_here(deployment):
            raise Conflict(
                f"{deployment.name} runs on {deployment.host}. {otherwise}, or start it here: it moves to you."
            )

    def _is_here(self, deployment: Deployment) -> bool:
        """Tell whether a deployment is of this machine."""
        return deployment.host in ("", host_name()) or self.store.engine.dialect.name == "sqlite"

"""A deployment on its way from what runs to what is wanted."""

import asyncio
from collections.abc import Callable

from jupyter_modelmgmt.domain.errors import ModelManagementError, NotDeployed, ServingFailed
from jupyter_modelmgmt.domain.records import DeploymentState
from jupyter_modelmgmt.serving.generation import Generation, Site
from jupyter_modelmgmt.serving.router import Line
from jupyter_modelmgmt.store.deployments import WantedDeployment

Status = tuple[DeploymentState, str, int]
Report = Callable[[WantedDeployment, Status], None]

DONE = "Deployment completed"  # source: P12
PAUSED = "Waits for a serving host: the last one was shut down."
_BEFORE = "It failed before this host started. Start the deployment to try again."


class Rollout:
    """Drives one deployment.

    `advance` is called after every change of what is wanted or of what runs. It never waits: it
    starts generations, retires them in the background, and points the line at those that answer.
    """

    def __init__(self, wanted: WantedDeployment, site: Site, line: Line, report: Report) -> None:
        self.serving: Generation | None = None
        self.coming: Generation | None = None
        self._wanted = wanted
        self._failure = _BEFORE if wanted.running and wanted.state is DeploymentState.FAILED else ""
        self._site = site
        self._line = line
        self._report = report
        self._retiring: set[asyncio.Task[None]] = set()
        self.advance()

    @property
    def is_active(self) -> bool:
        """Whether a worker runs or will."""
        return bool(self.serving or self.coming or self._retiring)

    def want(self, wanted: WantedDeployment) -> None:
        """Go for another state from now on."""
        if wanted.revision != self._wanted.revision:
            self._wanted, self._failure = wanted, ""
            if self.serving:
                self.serving.renew()
            self.advance()

    async def close(self) -> None:
        """Stop all workers of a deployment that may still be wanted."""
        if self._wanted.running and not self._failure:
            self._report(self._wanted, (DeploymentState.DEPLOYING, PAUSED, 0))
        self._report = _untold
        self._retire_all()
        await asyncio.gather(*self._retiring)

    def advance(self) -> None:
        if not self._wanted.running:
            self._retire_all()
        self._judge()
        if self._wanted.running and not self._failure:
            self._roll(self._wanted)
        self._line.put(self.serving.backends if self.serving else [], self._problem())
        if self._failure != _BEFORE:
            self._report(self._wanted, self.status())

    def status(self) -> Status:
        """Return state, message and available replicas. Source: P9."""
        available = len(self.serving.backends) if self.serving else 0
        if not self._wanted.running:
            return (DeploymentState.STOPPING if self._retiring else DeploymentState.STOPPED, "", 0)
        if self._failure:
            return DeploymentState.FAILED, self._failure, available
        if self.serving and not self.coming and self.serving.is_ready:
            return DeploymentState.DEPLOYED, DONE, available
        newest = self.coming or self.serving
        return DeploymentState.DEPLOYING, newest.message if newest else "", available

    def _roll(self, wanted: WantedDeployment) -> None:
        """Start what is wanted and does not run yet; what answers stays until that is ready."""
        if self.serving and self.serving.version_id == wanted.version_id:
            self._retire(self.coming)
            self.coming = None
            self.serving.scale(wanted.replicas)
            return
        if self.coming and self.coming.version_id != wanted.version_id:
            self._retire(self.coming)
            self.coming = None
        if self.coming:
            self.coming.scale(wanted.replicas)
        else:
            self.coming = Generation(wanted, self._site, self.advance)
        if not (self.serving and self.serving.backends):
            self._shift()

    def _judge(self) -> None:
        """Shift to a generation that is ready; give up one that does not come up."""
        if self.coming and self.coming.failure:
            kept = self.serving.version if self.serving else ""
            self._failure = f"{self.coming.version} did not come up, {kept} still answers. {self.coming.failure}"
            self._retire(self.coming)
            self.coming = None
        elif self.coming and self.coming.is_ready:
            self._shift()
        elif self.serving and self.serving.failure and not self.coming:
            self._failure = self.serving.failure
            if not self.serving.backends:
                self._retire(self.serving)
                self.serving = None

    def _shift(self) -> None:
        self._retire(self.serving)
        self.serving, self.coming = self.coming, None

    def _problem(self) -> ModelManagementError | None:
        if not self._wanted.running:
            return NotDeployed(self._wanted.name)
        if self._failure:
            return ServingFailed(f"{self._wanted.name!r} failed: {self._failure.splitlines()[0]}")
        return None

    def _retire_all(self) -> None:
        self._retire(self.serving)
        self._retire(self.coming)
        self.serving = self.coming = None

    def _retire(self, generation: Generation | None) -> None:
        if generation:
            task = asyncio.create_task(generation.retire())
            self._retiring.add(task)
            task.add_done_callback(self._retired)

    def _retired(self, task: asyncio.Task[None]) -> None:
        self._retiring.discard(task)
        self.advance()


def _untold(_wanted: WantedDeployment, _status: Status) -> None:
    """Take the reports of a deployment whose host ends."""

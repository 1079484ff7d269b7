"""A deployment on its way from what runs to what is wanted."""

import asyncio
from collections.abc import Callable, Hashable, Sequence
from dataclasses import astuple, replace

from jupyter_modelmgmt.domain.errors import ModelManagementError, NotDeployed, ServingFailed
from jupyter_modelmgmt.domain.records import DeploymentState
from jupyter_modelmgmt.serving import engines, logs
from jupyter_modelmgmt.serving.generation import Running
from jupyter_modelmgmt.serving.limits import Limits
from jupyter_modelmgmt.serving.order import Site
from jupyter_modelmgmt.serving.router import Line, Pool
from jupyter_modelmgmt.store.deployments import WantedDeployment, WantedVersion

Status = tuple[DeploymentState, str, int]
Report = Callable[[WantedDeployment, Status], None]
GiveUp = Callable[[WantedDeployment, str], None]

DONE = "Deployment completed"  # source: P12
PAUSED = "Waits for a serving host: the last one was shut down."
_BEFORE = "It failed before this host started. Start the deployment to try again."


class Rollout:
    """Drives one deployment.

    `advance` is called after every change of what is wanted or of what runs. It never waits: it
    starts a generation for each wanted version, points the line at them once all are ready, and
    retires the others in the background. When one never gets ready while others answer,
    `give_up` is told: the store goes back, and the others go on.
    """

    def __init__(self, wanted: WantedDeployment, site: Site, line: Line, report: Report, give_up: GiveUp) -> None:
        self.generations: dict[Hashable, Running] = {}
        self._serving: list[tuple[Hashable, WantedVersion]] = []
        self._wanted = wanted
        self._failure = _BEFORE if wanted.running and wanted.state is DeploymentState.FAILED else ""
        self._arrived = wanted.deployed
        self._before = self._leaving = False
        self._site = site
        self._line = line
        self._report = report
        self._give_up = give_up
        self._retiring: set[asyncio.Task[None]] = set()
        self._closed = False
        self.advance()

    @property
    def is_active(self) -> bool:
        """Whether a worker runs or will."""
        return bool(self.generations or self._retiring)

    @property
    def wanted(self) -> WantedDeployment:
        return self._wanted

    def want(self, wanted: WantedDeployment) -> None:
        """Go for another state from now on."""
        if wanted.revision != self._wanted.revision:
            self._wanted, self._failure = wanted, ""
            self._arrived = self._leaving = False
            self._before = self._available() > 0
            for generation in self.generations.values():
                generation.renew()
            self.advance()
        elif wanted.clients != self._wanted.clients:
            self._wanted = wanted
            self.advance()

    def stay(self) -> None:
        """Stay failed: there is nothing to go back to."""
        self._leaving = False
        self.advance()

    async def close(self) -> None:
        """Stop all workers of a deployment that may still be wanted."""
        if self._wanted.running and not self._failure:
            self._report(self._wanted, (DeploymentState.DEPLOYING, PAUSED, 0))
        self._report = _untold
        self._closed = True
        self._keep([])
        await asyncio.gather(*self._retiring)

    def advance(self) -> None:
        if self._closed:
            return  # else what is retired would begin anew, on a cluster for good
        goal = [(_key(self._wanted, version), version) for version in self._wanted.versions]
        if not self._wanted.running:
            self._serving = []
            self._keep([])
        elif not self._failure:
            self._roll(goal)
            self._judge(goal)
        if self._failure:
            self._keep([key for key, _ in self._serving])
        self._open(goal)
        if self._failure != _BEFORE and not self._leaving:
            self._report(self._wanted, self.status())

    def status(self) -> Status:
        """Return state, message and available replicas of the main version. Source: P9."""
        if not self._wanted.running:
            return (DeploymentState.STOPPING if self._retiring else DeploymentState.STOPPED, "", 0)
        available = self._available()
        if self._failure:
            return DeploymentState.FAILED, self._failure, available
        running = [self._generation(version) for version in self._wanted.versions]
        waits = [generation for generation in running if not (generation and generation.is_ready)]
        if not waits:
            return DeploymentState.DEPLOYED, self._wanted.note or DONE, available
        return DeploymentState.DEPLOYING, next((g.message for g in waits if g and g.message), ""), available

    def _available(self) -> int:
        main = [key for key, version in self._serving if not version.shadow][:1]
        running = [self.generations[key] for key in main if key in self.generations]
        return sum(generation.available for generation in running)

    def _roll(self, goal: Sequence[tuple[Hashable, WantedVersion]]) -> None:
        """Start what is wanted and does not run yet; what answers stays until all of it is ready."""
        for key, version in goal:
            if key in self.generations:
                self.generations[key].scale(self._wanted.spec.replicas)
            else:
                self.generations[key] = engines.run(self._wanted, version, self._own_site(), self.advance)
                running = {generation.version for generation in self.generations.values()}
                logs.thin(self._site.logs, self._wanted.name, running)
        if all(self.generations[key].is_ready for key, _ in goal):
            self._serving, self._arrived = list(goal), True
        if not self._serving:
            self._serving = list(goal)
        self._keep([key for key, _ in (*self._serving, *goal)])

    def _own_site(self) -> Site:
        return replace(self._site, limits=limits_of(self._wanted, self._site.limits))

    def _judge(self, goal: Sequence[tuple[Hashable, WantedVersion]]) -> None:
        """Give up a goal of which something does not come up."""
        failed = next(((key, v) for key, v in goal if self.generations[key].failure), None)
        if failed is None:
            return
        key, version = failed
        generation = self.generations[key]
        self._failure = generation.failure
        if self._arrived or not self._before:
            if not generation.backends:
                self._serving = [pair for pair in self._serving if pair[0] != key]
            return
        kept = ", ".join(v.version for other, v in self._serving if self.generations[other].backends)
        self._failure = f"{version.version} did not come up, {kept or 'nothing'} still answers. {self._failure}"
        self._leaving = True
        self._give_up(self._wanted, self._failure)

    def _open(self, goal: Sequence[tuple[Hashable, WantedVersion]]) -> None:
        """Point the line at what answers: what is serving, or, when nothing of that does, what is wanted."""
        self._line.limits = limits_of(self._wanted, self._site.limits)
        self._line.keys = self._wanted.clients if self._wanted.spec.private else ()
        pools = self._pools(self._serving)
        if not any(pool.backends for pool in pools) and self._wanted.running:
            pools = self._pools(goal)
        self._line.put(pools, self._problem())

    def _pools(self, serving: Sequence[tuple[Hashable, WantedVersion]]) -> list[Pool]:
        return [
            Pool(version.version, version.weight, self.generations[key].backends, shadow=version.shadow)
            for key, version in serving
            if key in self.generations
        ]

    def _problem(self) -> ModelManagementError | None:
        if not self._wanted.running:
            return NotDeployed(self._wanted.name)
        if self._failure:
            return ServingFailed(f"{self._wanted.name!r} failed: {self._failure.splitlines()[0]}")
        return None

    def _generation(self, version: WantedVersion) -> Running | None:
        return self.generations.get(_key(self._wanted, version))

    def _keep(self, keys: Sequence[Hashable]) -> None:
        """Retire all generations but those of `keys`."""
        for key in self.generations.keys() - set(keys):
            task = asyncio.create_task(self.generations.pop(key).retire())
            self._retiring.add(task)
            task.add_done_callback(self._retired)

    def _retired(self, task: asyncio.Task[None]) -> None:
        self._retiring.discard(task)
        self.advance()


def limits_of(wanted: WantedDeployment, limits: Limits) -> Limits:
    """Return the host's limits, with those that the deployment has for itself."""
    own = wanted.spec.limits
    asked = {"answer_s": own.answer_s, "max_queue": own.max_queue, "max_body": own.max_body}
    return replace(limits, **{name: value for name, value in asked.items() if value is not None})  # type: ignore[arg-type]  # by its own field


def _key(wanted: WantedDeployment, version: WantedVersion) -> Hashable:
    """Return what makes a worker another one: when it stays, an update leaves the workers alone."""
    spec = wanted.spec
    return (
        version.version_id, spec.engine, spec.engine_address, spec.environment, spec.max_batch, spec.limits.answer_s,
        astuple(spec.resources), frozenset(spec.variables.items()), frozenset(spec.secrets.items()),
        spec.autoscale,
    )  # fmt: skip


def _untold(_wanted: WantedDeployment, _status: Status) -> None:
    """Take the reports of a deployment whose host ends."""

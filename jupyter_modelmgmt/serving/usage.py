"""What workers use of the machine, beside what was counted of their answers."""

from collections.abc import Iterator, Mapping

import psutil  # type: ignore[import-untyped]  # it has no types of its own

from jupyter_modelmgmt.domain.deployments import DeploymentMetrics, VersionMetrics
from jupyter_modelmgmt.serving.metering import Meter
from jupyter_modelmgmt.serving.rollout import Rollout


class Usage:
    """Reads processes; a process that is asked again tells its CPU share since the time before."""

    def __init__(self) -> None:
        self._known: dict[int, psutil.Process] = {}

    def workers(self, rollouts: Mapping[str, Rollout]) -> Iterator[tuple[str, str, int, float, int]]:
        """Give deployment, version, replica, CPU time in s and bytes of every worker."""
        for name, rollout in rollouts.items():
            for generation in rollout.generations.values():
                for replica in generation.replicas:
                    seconds, _, size = self._of(replica.pid)
                    yield name, generation.version, replica.index, seconds, size

    def metrics(self, name: str, rollout: Rollout | None, meter: Meter, *, waiting: int) -> DeploymentMetrics:
        """Return what the versions of one deployment did and use; those that ran before come last."""
        running = {version.version: version for version in rollout.wanted.versions} if rollout else {}
        names = [*running, *(version for version in meter.versions(name) if version not in running)]
        return DeploymentMetrics(
            name=name, waiting=waiting, versions=tuple(self._version(name, v, rollout, meter) for v in names)
        )

    def _version(self, name: str, version: str, rollout: Rollout | None, meter: Meter) -> VersionMetrics:
        wanted = next((v for v in rollout.wanted.versions if v.version == version), None) if rollout else None
        generations = [g for g in rollout.generations.values() if g.version == version] if rollout else []
        used = [self._of(replica.pid) for generation in generations for replica in generation.replicas]
        figures = meter.figures(name, version)
        return VersionMetrics(
            version=version,
            weight=wanted.weight if wanted else 0,
            shadow=wanted.shadow if wanted else False,
            replicas=sum(generation.available for generation in generations),
            calls=figures.calls,
            failures=figures.failures,
            p50_ms=figures.quantile_ms(0.5),
            p99_ms=figures.quantile_ms(0.99),
            cpu_percent=round(sum(percent for _, percent, _ in used), 1),
            memory_bytes=sum(size for _, _, size in used),
            compared=figures.compared,
            agreed=figures.agreed,
        )

    def _of(self, pid: int | None) -> tuple[float, float, int]:
        """Return CPU time in s, CPU share in percent of one core, bytes; zeros for what is gone."""
        if not pid:
            return 0.0, 0.0, 0
        try:
            process = self._known.setdefault(pid, psutil.Process(pid))
            with process.oneshot():
                times = process.cpu_times()
                return times.user + times.system, process.cpu_percent(), int(process.memory_info().rss)
        except psutil.NoSuchProcess:
            self._known.pop(pid, None)
            return 0.0, 0.0, 0


def rss(pid: int | None) -> int:
    """Return the bytes that a process has in memory, 0 when it is gone."""
    try:
        return int(psutil.Process(pid).memory_info().rss) if pid else 0
    except psutil.NoSuchProcess:
        return 0

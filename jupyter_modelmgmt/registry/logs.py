"""Verbs on what the workers of deployments wrote, on the machine that runs them."""

import time
from collections.abc import Iterator, Sequence

from jupyter_modelmgmt.domain.errors import BadField, NotFound
from jupyter_modelmgmt.domain.records import DeploymentState
from jupyter_modelmgmt.registry.revisions import Revisions
from jupyter_modelmgmt.serving import logs
from jupyter_modelmgmt.serving.client import runtime_of
from jupyter_modelmgmt.serving.logs import Reader
from jupyter_modelmgmt.store import deployments

FOLLOW_S = 0.25
_OVER = (DeploymentState.STOPPED, DeploymentState.FAILED)


class Logs(Revisions):
    """Reading and following logs. A line of several replicas begins with the name of its own: `[1.2.0-0] Ready`.

    `filter` keeps the lines that have a text in them, in any case; `replica` those of a name, `1.2.0-0`, of a
    version, `1.2.0`, or of a number, `0`.
    """

    def logs(
        self,
        name: str,
        lines: int = 200,
        *,
        replica: str = "",
        filter: str = "",  # noqa: A002 - the word that people write
    ) -> str:
        """Return the last lines, 2,000 at most, that the workers of a deployment wrote. Raises NotFound. Source: P14."""
        found = self._reader(name, replica, filter, lines).news()
        return "\n".join(found[-min(lines, logs.MAX_LINES) :] if lines else [])

    def whole_log(self, name: str, *, replica: str = "", filter: str = "") -> str:  # noqa: A002 - as above
        """Return all that is kept, for a file. Raises NotFound."""
        return "".join(f"{line}\n" for line in self._reader(name, replica, filter).news())

    def follow_logs(
        self,
        name: str,
        lines: int = 200,
        *,
        replica: str = "",
        filter: str = "",  # noqa: A002 - as above
    ) -> Iterator[str]:
        """Return the last lines and then each that comes, until the deployment stops. Raises NotFound."""
        return self._followed(self.log_steps(name, lines, replica=replica, filter=filter))

    def log_steps(
        self,
        name: str,
        lines: int = 200,
        *,
        replica: str = "",
        filter: str = "",  # noqa: A002 - as above
    ) -> Iterator[Sequence[str]]:
        """Return what `follow_logs` gives in steps that wait for nothing, for those who wait by themselves."""
        return self._steps(name, self._reader(name, replica, filter, lines), lines)

    def log_replicas(self, name: str) -> tuple[str, ...]:
        """Return which replicas of a deployment have a log."""
        return tuple(logs.replicas(runtime_of(self.store.url).logs, name))

    def _followed(self, steps: Iterator[Sequence[str]]) -> Iterator[str]:
        for step in steps:
            yield from step
            time.sleep(FOLLOW_S)

    def _steps(self, name: str, reader: Reader, lines: int) -> Iterator[Sequence[str]]:
        over = self._is_over(name)
        yield reader.news()[-lines:] if lines else reader.news()[:0]
        while not over:
            over = self._is_over(name)  # looked at first: what came before the end is read
            yield reader.news()

    def _is_over(self, name: str) -> bool:
        try:
            now = deployments.get(self.store, name)
        except NotFound:
            return True
        return now.state in _OVER and not now.available

    def _reader(self, name: str, replica: str, text: str, lines: int = 0) -> Reader:
        deployment = deployments.get(self.store, name)
        self._here(deployment, "Read its logs there")
        folder = runtime_of(self.store.url).logs
        if lines < 0:
            raise BadField("Give the number of lines, from 0 on.")
        wanted = [
            logs.replica_name(s.version, index) for s in deployment.versions for index in range(deployment.replicas)
        ]
        there = dict.fromkeys((*logs.replicas(folder, name), *wanted))
        if not any(logs.is_of(each, replica) for each in there):
            raise NotFound(f"{name} has no replica {replica}. Choose one of {', '.join(there)}.")
        return Reader(folder, name, replica=replica, text=text)

    def _forget_logs(self, name: str) -> None:
        logs.forget(runtime_of(self.store.url).logs, name)

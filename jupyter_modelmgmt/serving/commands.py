"""Programs that the host runs while it prepares a deployment: their output goes to its log, and they can be ended."""

import subprocess
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

_LAST_LINES = 12
_LOOK_S = 0.05


class Failed(Exception):
    """A program ended with an error; the text is what it wrote last."""


class Command:
    """Runs programs for one generation until `stop`; `say` shows people what goes on."""

    def __init__(self, log: Path, say: Callable[[str], None]) -> None:
        self.say = say
        self._log = log
        self._stopped = threading.Event()

    def stop(self) -> None:
        """End the running program and let no other begin."""
        self._stopped.set()

    def run(self, *arguments: str, environ: Mapping[str, str] | None = None) -> None:
        """Run a program to its end. Raises Failed."""
        self._log.parent.mkdir(parents=True, exist_ok=True)
        offset = self._log.stat().st_size if self._log.exists() else 0
        with self._log.open("ab") as log:
            code = self._ended(arguments, environ, log)
        if code:
            with self._log.open("rb") as written:
                written.seek(offset)
                last = written.read().decode(errors="replace").strip().splitlines()[-_LAST_LINES:]
            raise Failed("\n".join(last) or f"{arguments[0]} ended with exit code {code}.")

    def output(self, *arguments: str, environ: Mapping[str, str] | None = None) -> str:
        """Return what a quick program writes. Raises Failed."""
        try:
            done = subprocess.run(arguments, env=environ, capture_output=True, text=True, check=False, timeout=60)  # noqa: S603  # no shell
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Failed(str(error)) from None
        if done.returncode:
            raise Failed("\n".join(done.stderr.strip().splitlines()[-_LAST_LINES:]))
        return done.stdout.strip()

    def _ended(self, arguments: tuple[str, ...], environ: Mapping[str, str] | None, log: object) -> int:
        if self._stopped.is_set():
            raise Failed("It was stopped.")
        try:
            process = subprocess.Popen(  # noqa: S603  # no shell
                arguments,
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,  # type: ignore[call-overload]
            )
        except OSError as error:
            raise Failed(f"{arguments[0]} cannot be run: {error.strerror}.") from None
        while process.poll() is None:
            if self._stopped.wait(_LOOK_S):
                process.kill()
        return int(process.wait())

"""Processes that end with this one, whatever happens to it: each watches a pipe whose other end is held here."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path

from jupyter_modelmgmt.serving import logs


class TiedProcess:
    """A process in a session of its own; the end of its standard input tells it to end."""

    def __init__(self, process: asyncio.subprocess.Process, pipe: int) -> None:
        self.pid = process.pid
        self._process = process
        self._pipe = pipe

    @classmethod
    async def start(cls, words: Sequence[str], log: Path, environ: Mapping[str, str]) -> "TiedProcess":
        """Start the program that `words` say; what it writes is appended to `log`. Raises OSError."""
        stdin, pipe = os.pipe()
        try:
            with logs.writer(log) as output:
                process = await asyncio.create_subprocess_exec(
                    *words, stdin=stdin, stdout=output, stderr=output, env=environ, start_new_session=True
                )
        except BaseException:  # cancelled too: a process without its pipe ends
            os.close(pipe)
            raise
        finally:
            os.close(stdin)
        return cls(process, pipe)

    @property
    def exit_code(self) -> int | None:
        return self._process.returncode

    async def ended(self, within_s: float) -> bool:
        """Wait for the process to end, at most `within_s`, and tell whether it did."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._process.wait(), within_s)
        return self._process.returncode is not None

    def terminate(self) -> None:
        """Ask the process to end."""
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()

    def let_go(self) -> None:
        """End its standard input."""
        if self._pipe >= 0:
            os.close(self._pipe)
            self._pipe = -1

    async def kill(self) -> None:
        """End the process and all others of its session at once."""
        with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS answers the latter for zombies
            os.killpg(self.pid, signal.SIGKILL)
        await self._process.wait()
        self.let_go()

"""Logs of workers: one bounded file per replica, that the worker appends to by itself."""

import shutil
from pathlib import Path

from jupyter_modelmgmt.domain.errors import NotFound

MAX_BYTES = 4 * 2**20
MAX_LINES = 2000  # source: P14
_TAIL_BYTES = 512


def path(folder: Path, deployment: str, replica: int) -> Path:
    """Return the log file of a replica below the logs' `folder`."""
    return folder / deployment / f"{replica}.log"


def replicas(folder: Path, deployment: str) -> list[int]:
    """Return which replicas of a deployment have a log."""
    return sorted(int(file.stem) for file in (folder / deployment).glob("*.log"))


def read(folder: Path, deployment: str, *, lines: int = MAX_LINES, replica: int = 0) -> list[str]:
    """Return the last `lines` of a replica, oldest first. Raises NotFound when it never started."""
    file = path(folder, deployment, replica)
    if not file.exists():
        raise NotFound(f"There is no log of replica {replica} of {deployment!r}. Deploy it first.")
    return tail(file, min(lines, MAX_LINES))


def tail(file: Path, lines: int, *, start: int = 0) -> list[str]:
    """Return the last `lines` of `file` and, if they are not enough, of its predecessor.

    With `start`, only bytes from that offset on count.
    """
    found = _last_lines(file, lines, start)
    previous = _previous(file)
    if len(found) < lines and not start and previous.exists():
        found = _last_lines(previous, lines - len(found), 0) + found
    return found


def trim(file: Path) -> None:
    """Move the text of a log that grew too large to its predecessor; its writer goes on undisturbed."""
    try:
        if file.stat().st_size <= MAX_BYTES:
            return
    except FileNotFoundError:
        return
    shutil.copyfile(file, _previous(file))
    with file.open("r+b") as log:
        log.truncate(0)  # the writer appends, so it continues at the new end


def _previous(file: Path) -> Path:
    return file.with_suffix(".log.1")


def _last_lines(file: Path, lines: int, start: int) -> list[str]:
    try:
        with file.open("rb") as log:
            size = log.seek(0, 2)
            begin = max(start if start <= size else 0, size - lines * _TAIL_BYTES)
            log.seek(begin)
            text = log.read().decode(errors="replace")
    except FileNotFoundError:
        return []
    return text.splitlines()[-lines:] if lines else []

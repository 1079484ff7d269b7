"""Logs of workers: one bounded file per replica, that the worker appends to by itself."""

import heapq
import os
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

MAX_BYTES = 4 * 2**20
MAX_LINES = 2000  # source: P14
_LINE_BYTES = 512
_TAIL_BYTES = 2**16
_STAMP = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")


class Reader:
    """Reads what the replicas of a deployment, or one, wrote: whole lines with `text`, in any case, in them.

    Where there are several, each line begins with the number of its replica, as in `[1] Ready`.
    """

    def __init__(self, folder: Path, deployment: str, *, replica: int | None = None, text: str = "") -> None:
        self._folder = folder
        self._deployment = deployment
        self._replica = replica
        self._text = text.casefold()
        self._ends: dict[int, int] = {}

    def news(self) -> list[str]:
        """Return the lines that came since the last call, oldest first; at the first call all that are kept."""
        there = replicas(self._folder, self._deployment)
        if self._replica is not None:
            return self._wanted(self._fresh(self._replica))
        if len(there) == 1:
            return self._wanted(self._fresh(there[0]))
        return _merged({index: self._wanted(self._fresh(index)) for index in there})

    def _wanted(self, lines: Iterable[str]) -> list[str]:
        return [line for line in lines if self._text in line.casefold()]

    def _fresh(self, index: int) -> list[str]:
        file = path(self._folder, self._deployment, index)
        before = [] if index in self._ends else tail(_previous(file), MAX_BYTES)
        begin = self._ends.get(index, 0)
        try:
            with file.open("rb") as log:
                log.seek(begin if begin <= log.seek(0, 2) else 0)  # a shorter one was trimmed
                begin = log.tell()
                data = log.read(2 * MAX_BYTES)
        except FileNotFoundError:
            return before
        whole = data.rfind(b"\n") + 1 or (len(data) if len(data) >= MAX_BYTES else 0)
        self._ends[index] = begin + whole
        return before + data[:whole].decode(errors="replace").splitlines()


def path(folder: Path, deployment: str, replica: int) -> Path:
    """Return the log file of a replica below the logs' `folder`."""
    return folder / deployment / f"{replica}.log"


def replicas(folder: Path, deployment: str) -> list[int]:
    """Return which replicas of a deployment have a log."""
    return sorted(int(file.stem) for file in (folder / deployment).glob("*.log"))


def writer(file: Path) -> BinaryIO:
    """Return a log, open for what a worker appends; nothing is kept where no file can be made, as on a full disk."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        return file.open("ab")
    except OSError:
        return Path(os.devnull).open("ab")


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
    """Move the end of a log that grew too large to its predecessor; its writer goes on undisturbed.

    Where the disk is full the text goes, so that there is room.
    """
    try:
        size = file.stat().st_size
    except FileNotFoundError:
        return
    if size <= MAX_BYTES:
        return
    try:
        with file.open("rb") as log, _previous(file).open("wb") as kept:
            log.seek(size - MAX_BYTES)
            shutil.copyfileobj(log, kept)
    except OSError:
        _previous(file).unlink(missing_ok=True)
    with file.open("r+b") as log:
        log.truncate(0)  # the writer appends, so it continues at the new end


def forget(folder: Path, deployment: str) -> None:
    """Remove the logs of a deployment that is no more."""
    shutil.rmtree(folder / deployment, ignore_errors=True)


def _previous(file: Path) -> Path:
    return file.with_suffix(".log.1")


def _last_lines(file: Path, lines: int, start: int) -> list[str]:
    try:
        with file.open("rb") as log:
            size = log.seek(0, 2)
            begin = max(start if start <= size else 0, size - max(lines * _LINE_BYTES, _TAIL_BYTES))
            log.seek(begin)
            text = log.read().decode(errors="replace")
    except FileNotFoundError:
        return []
    return text.splitlines()[-lines:] if lines else []


def _merged(lines: Mapping[int, Sequence[str]]) -> list[str]:
    """Return the lines of several replicas by their times; one without a time goes with the one before it."""
    stamped = ([*_stamped(index, said)] for index, said in lines.items())
    return [f"[{index}] {line}" for _, index, line in heapq.merge(*stamped, key=lambda entry: entry[0])]


def _stamped(index: int, lines: Iterable[str]) -> Iterable[tuple[str, int, str]]:
    stamp = ""
    for line in lines:
        if _STAMP.match(line):
            stamp = max(stamp, line[:23])
        yield stamp, index, line

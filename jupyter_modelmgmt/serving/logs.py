"""Logs of workers: one bounded file per replica, that the worker appends to by itself.

A replica is called `1.2.0-0`, by its version and its number in it. Logs that are older than such names are called `0`.
"""

import heapq
import os
import re
import shutil
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from jupyter_modelmgmt.domain import versions

MAX_BYTES = 4 * 2**20
MAX_LINES = 2000  # source: P14
KEPT_VERSIONS = 5
_LINE_BYTES = 512
_TAIL_BYTES = 2**16
_STAMP = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")


class Reader:
    """Reads what the replicas of a deployment, or those of `replica`, wrote: whole lines with `text`, in any case, in them.

    Where that is several, each line begins with the name of its own, as in `[1.2.0-0] Ready`.
    """

    def __init__(self, folder: Path, deployment: str, *, replica: str = "", text: str = "") -> None:
        self._folder = folder
        self._deployment = deployment
        self._replica = replica
        self._text = text.casefold()
        self._ends: dict[str, int] = {}

    def news(self) -> list[str]:
        """Return the lines that came since the last call, oldest first; at the first call all that are kept."""
        there = [name for name in replicas(self._folder, self._deployment) if is_of(name, self._replica)]
        said = {name: self._wanted(self._fresh(name)) for name in there}
        return _merged(said) if len(said) > 1 else [line for lines in said.values() for line in lines]

    def _wanted(self, lines: Iterable[str]) -> list[str]:
        return [line for line in lines if self._text in line.casefold()]

    def _fresh(self, name: str) -> list[str]:
        file = path(self._folder, self._deployment, name)
        before = [] if name in self._ends else tail(_previous(file), MAX_BYTES)
        begin = self._ends.get(name, 0)
        try:
            with file.open("rb") as log:
                log.seek(begin if begin <= log.seek(0, 2) else 0)  # a shorter one was trimmed
                begin = log.tell()
                data = log.read(2 * MAX_BYTES)
        except FileNotFoundError:
            return before
        whole = data.rfind(b"\n") + 1 or (len(data) if len(data) >= MAX_BYTES else 0)
        self._ends[name] = begin + whole
        return before + data[:whole].decode(errors="replace").splitlines()


def replica_name(version: str, index: int) -> str:
    """Return what a replica is called where its deployment may run other versions beside."""
    return f"{version}-{index}"


def is_of(name: str, replica: str) -> bool:
    """Tell whether a replica is meant by `replica`: its name, version or number; "" means all."""
    return replica in ("", name, *name.rsplit("-", 1))


def path(folder: Path, deployment: str, name: str) -> Path:
    """Return the log file of a replica below the logs' `folder`."""
    return folder / deployment / f"{name}.log"


def replicas(folder: Path, deployment: str) -> list[str]:
    """Return which replicas of a deployment have a log, by version and number."""
    return sorted((file.name.removesuffix(".log") for file in (folder / deployment).glob("*.log")), key=_order)


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


def thin(folder: Path, deployment: str, running: Collection[str]) -> None:
    """Remove the logs of all versions but those that are `running` and a few that wrote last before."""
    before: dict[str, list[Path]] = {}
    for name in replicas(folder, deployment):
        if (version := _version(name)) not in running:
            before.setdefault(version, []).append(path(folder, deployment, name))
    for version in sorted(before, key=lambda version: _written(before[version]))[:-KEPT_VERSIONS]:
        for file in before[version]:
            file.unlink(missing_ok=True)
            _previous(file).unlink(missing_ok=True)


def forget(folder: Path, deployment: str) -> None:
    """Remove the logs of a deployment that is no more."""
    shutil.rmtree(folder / deployment, ignore_errors=True)


def _version(name: str) -> str:
    return name.rpartition("-")[0]


def _order(name: str) -> tuple[str, int]:
    version, _, index = name.rpartition("-")
    return versions.sort_key(versions.parse(version)) if version else "", int(index)


def _written(files: Iterable[Path]) -> float:
    """Return when any of `files` was written to last."""
    return max(file.lstat().st_mtime for file in files)


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


def _merged(lines: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the lines of several replicas by their times; one without a time goes with the one before it."""
    stamped = ([*_stamped(name, said)] for name, said in lines.items())
    return [f"[{name}] {line}" for _, name, line in heapq.merge(*stamped, key=lambda entry: entry[0])]


def _stamped(name: str, lines: Iterable[str]) -> Iterable[tuple[str, str, str]]:
    stamp = ""
    for line in lines:
        if _STAMP.match(line):
            stamp = max(stamp, line[:23])
        yield stamp, name, line

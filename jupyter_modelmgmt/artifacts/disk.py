"""What the disk tells: whether it is full, when files were written, and whether one is still what was read before."""

import shutil
from collections.abc import Callable
from pathlib import Path

State = tuple[int, int, int, int]
_NO_ROOM = 1 << 16  # bytes; a write that failed may leave part of its last block


def verify_once(seen: dict[Path, State], path: Path, verify: Callable[[], object]) -> None:
    """Call `verify`, which reads the file, unless it did so before and the file is the same as then."""
    now = _state(path)  # taken before it is read: what is written meanwhile shows the next time
    if now is None or seen.get(path) != now:
        verify()
        if now is not None:
            seen[path] = now


def _state(path: Path) -> State | None:
    """Return what changes when a file is written or replaced, None for none; its links come and go and are no part."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns


def disk_time(folder: Path) -> float:
    """Return the time by the clock that dates files here; that of a file server is not ours."""
    lock = folder / "collect.lock"
    lock.touch()
    return lock.stat().st_mtime


def has_no_room(folder: Path) -> bool:
    """Tell whether the disk of a folder is full."""
    return shutil.disk_usage(folder).free < _NO_ROOM

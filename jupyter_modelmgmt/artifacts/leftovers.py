"""What is left in the folder for temporary files: by writers that were killed, and after files were laid out."""

import os
import secrets
import shutil
import time
import weakref
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def swept(folder: Path, older_s: float) -> tuple[int, int]:
    """Remove what is older in `folder`; return how many files and bytes."""
    count, size, limit = 0, 0, time.time() - older_s
    for path in folder.iterdir() if folder.is_dir() else ():
        with suppress(FileNotFoundError):
            found = path.lstat()
            if found.st_mtime > limit:
                continue
            if path.is_dir():
                # What is linked elsewhere is a blob, which stays.
                gone = [file.st_size for each in path.rglob("*") if (file := each.lstat()).st_nlink == 1]
                shutil.rmtree(path, ignore_errors=True)
            else:
                gone = [found.st_size]
                path.unlink()
            count, size = count + len(gone), size + sum(gone)
    return count, size


class ShortLived:
    """Folders below `parent` for a moment each. A process keeps emptied ones, which the next to ask gets.

    To make and remove one takes a tenth of a millisecond or two: as long as to read a small model.
    """

    def __init__(self, parent: Path) -> None:
        self._parent = parent
        self._spare: list[Path] = []
        weakref.finalize(self, _removed, self._spare)

    @contextmanager
    def folder(self) -> Iterator[Path]:
        """Give an empty folder that nobody else has."""
        folder = self._taken()
        try:
            yield folder
        finally:
            self._given_back(folder)

    def _taken(self) -> Path:
        while self._spare:
            folder = self._spare.pop()
            with suppress(FileNotFoundError):  # swept, since it was old
                if folder.name.startswith(_mine()):  # in a forked process they are the other's
                    os.utime(folder)  # so that it is not swept now
                    return folder
        folder = self._parent / f"{_mine()}{secrets.token_hex(8)}"
        try:
            folder.mkdir(mode=0o700)
        except FileNotFoundError:  # cleared away, as people do with caches
            self._parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            folder.mkdir(mode=0o700)
        return folder

    def _given_back(self, folder: Path) -> None:
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    Path(entry).unlink()
        except OSError:  # there are folders in it
            shutil.rmtree(folder, ignore_errors=True)
        else:
            self._spare.append(folder)


def _mine() -> str:
    return f"short-{os.getpid()}-"


def _removed(spare: list[Path]) -> None:
    for folder in spare:
        if folder.name.startswith(_mine()):
            with suppress(OSError):
                folder.rmdir()

"""What is left in the folder for temporary files: by writers that were killed, and after files were laid out."""

import secrets
import shutil
import time
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


@contextmanager
def short_lived(parent: Path) -> Iterator[Path]:
    """Give a folder of its own in `parent`; TemporaryDirectory takes three times as long for a file or two."""
    folder = parent / f"short-{secrets.token_hex(8)}"
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        try:
            for path in folder.iterdir():
                path.unlink()
            folder.rmdir()
        except OSError:  # there are folders in it
            shutil.rmtree(folder, ignore_errors=True)

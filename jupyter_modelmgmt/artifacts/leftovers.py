"""What writers that were killed left behind."""

import shutil
import time
from contextlib import suppress
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

import os
import subprocess
import sys

import pytest


@pytest.fixture
def small_disk(tmp_path):
    """Give a function that mounts a disk of a size in KiB and gives its folder."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root on Linux")
    mounted = []

    def mount(size_kib):
        folder = tmp_path / f"disk-{len(mounted)}"
        folder.mkdir()
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size_kib}k", "tmpfs", str(folder)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            pytest.skip(f"no small disk can be mounted here: {done.stderr.strip()}")
        mounted.append(folder)
        return folder

    yield mount
    for folder in mounted:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def leave_free():
    """Give a function that fills a disk up to some KiB and gives the file that takes the room."""

    def fill(folder, free_kib):
        filler = folder / "filler"
        room = os.statvfs(folder)
        filler.write_bytes(bytes(max(0, room.f_bavail * room.f_frsize - free_kib * 1024)))
        return filler

    return fill

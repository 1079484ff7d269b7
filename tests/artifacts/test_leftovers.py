"""Folders for a moment: one for each who asks, kept for the next, gone with the process."""

import gc
import multiprocessing
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from jupyter_modelmgmt.artifacts.leftovers import ShortLived, swept

HELD = 4


@pytest.fixture
def folders(tmp_path):
    return ShortLived(tmp_path)


def used(folders):
    """Use a folder once and return where it was."""
    with folders.folder() as folder:
        assert list(folder.iterdir()) == []
        (folder / "model.bin").write_bytes(b"data")
    return folder


def test_an_emptied_folder_serves_the_next_and_one_with_folders_in_it_goes(folders, tmp_path):
    first = used(folders)
    assert used(folders) == first
    assert (list(first.iterdir()), first.stat().st_mode & 0o777) == ([], 0o700)
    with folders.folder() as folder:
        (folder / "deep").mkdir()
    assert list(tmp_path.iterdir()) == []
    assert used(folders) != first


def test_who_asks_at_the_same_time_gets_a_folder_of_its_own(folders, tmp_path):
    together = Barrier(HELD)

    def held(_):
        with folders.folder() as folder:
            together.wait(60)
            return folder

    for _ in range(2):
        with ThreadPoolExecutor(HELD) as threads:
            assert len(set(threads.map(held, range(HELD)))) == HELD
    assert len(list(tmp_path.iterdir())) == HELD


def test_a_folder_that_was_swept_is_made_again_and_one_in_use_is_young(folders, tmp_path):
    first = used(folders)
    os.utime(first, (0, 0))
    with folders.folder():
        assert swept(tmp_path, 60) == (0, 0)
        assert first.is_dir()
    os.utime(first, (0, 0))
    swept(tmp_path, 60)
    assert not first.exists()
    assert used(folders) != first


def test_a_forked_process_takes_none_of_its_parents_folders(folders):
    first = used(folders)
    pipe, end = multiprocessing.get_context("fork").Pipe()
    child = multiprocessing.get_context("fork").Process(target=lambda: end.send(used(folders)))
    child.start()
    assert pipe.poll(60)
    assert pipe.recv() != first
    child.join(60)
    assert first.is_dir()
    assert used(folders) == first


def test_nothing_is_left_when_nobody_needs_it_any_more(tmp_path):
    folders = ShortLived(tmp_path)
    used(folders)
    assert len(list(tmp_path.iterdir())) == 1
    del folders
    gc.collect()
    assert list(tmp_path.iterdir()) == []
    code = (
        "import sys; from pathlib import Path; from jupyter_modelmgmt.artifacts.leftovers import ShortLived\n"
        "folders = ShortLived(Path(sys.argv[1]))\n"
        "with folders.folder(): pass\n"
        "print(len(list(Path(sys.argv[1]).iterdir())))"
    )
    told = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True)
    assert (told.stdout, list(tmp_path.iterdir())) == ("1\n", [])

"""Reading and bounding the logs of workers."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from jupyter_modelmgmt.serving import logs


@pytest.fixture
def log(tmp_path):
    file = logs.path(tmp_path, "digits", "1.0.0-0")
    file.parent.mkdir()
    return file


def read(folder, replica="", text=""):
    return logs.Reader(folder, "digits", replica=replica, text=text).news()


def test_the_last_lines_are_read(log, tmp_path):
    log.write_text("".join(f"line {i}\n" for i in range(3000)))
    assert logs.tail(log, 2) == ["line 2998", "line 2999"]
    assert logs.tail(log, 0) == []
    assert read(tmp_path)[-1] == "line 2999"


def test_lines_from_an_offset_on_are_read(log):
    log.write_text("before\n")
    start = log.stat().st_size
    with log.open("a") as file:
        file.write("after\n")
    assert logs.tail(log, 10, start=start) == ["after"]


def test_a_log_that_grew_too_large_is_moved_while_its_writer_goes_on(log, tmp_path, monkeypatch):
    monkeypatch.setattr(logs, "MAX_BYTES", 1000)
    with log.open("ab", buffering=0) as writer:
        writer.write(b"old\n" * 300)
        logs.trim(log)
        writer.write(b"new\n")
    assert log.read_bytes() == b"new\n"
    assert log.with_suffix(".log.1").stat().st_size == 1000  # however fast it grew
    assert read(tmp_path)[-3:] == logs.tail(log, 3) == ["old", "old", "new"]
    logs.trim(log)
    assert log.read_bytes() == b"new\n"


def test_bytes_that_are_no_text_do_not_stop_the_reader(log, tmp_path):
    log.write_bytes(b"\xff\xfe\nok\n")
    assert read(tmp_path)[-1] == "ok"


def test_news_are_whole_lines_that_came_since_the_last_look(log, tmp_path, monkeypatch):
    reader = logs.Reader(tmp_path, "digits")
    with log.open("ab", buffering=0) as writer:
        writer.write(b"one\ntw")
        assert reader.news() == ["one"]
        writer.write(b"o\n")
        assert (reader.news(), reader.news()) == (["two"], [])
        monkeypatch.setattr(logs, "MAX_BYTES", 4)
        logs.trim(log)
        writer.write(b"3\n")
        assert reader.news() == ["3"]


def test_lines_are_filtered_and_those_of_several_replicas_are_in_the_order_of_time(log, tmp_path):
    log.write_text("2026-11-25 10:00:01,000Z first\n2026-11-25 10:00:03,000Z third\nTraceback\n")
    logs.path(tmp_path, "digits", "1.0.0-1").write_text("2026-11-25 10:00:02,000Z second\n")
    assert [line.split()[-1] for line in read(tmp_path)] == ["first", "second", "third", "Traceback"]
    assert read(tmp_path)[1].startswith("[1.0.0-1] 2026")
    assert read(tmp_path, text="TRACE") == ["[1.0.0-0] Traceback"]
    assert read(tmp_path, replica="1.0.0-1") == ["2026-11-25 10:00:02,000Z second"]


def test_each_version_of_a_split_has_logs_of_its_own_and_older_logs_come_in_their_order(log, tmp_path):
    for name, line in (("0", "09:00:00"), ("1.0.0-0", "10:00:01"), ("1.10.0-0", "10:00:02"), ("1.9.0-0", "10:00:03")):
        logs.path(tmp_path, "digits", name).write_text(f"2026-11-25 {line},000Z said\n")
    assert logs.replicas(tmp_path, "digits") == ["0", "1.0.0-0", "1.9.0-0", "1.10.0-0"]
    in_order = ["[0]", "[1.0.0-0]", "[1.10.0-0]", "[1.9.0-0]"]
    assert [line.split()[0] for line in read(tmp_path)] == in_order
    assert [line.split()[0] for line in read(tmp_path, replica="0")] == in_order
    assert read(tmp_path, replica="1.9.0") == read(tmp_path, replica="1.9.0-0") == ["2026-11-25 10:00:03,000Z said"]
    assert read(tmp_path, replica="1") == []


def test_logs_of_versions_that_ran_long_ago_go(log, tmp_path):
    for minor in range(9):
        for file in (logs.path(tmp_path, "digits", f"1.{minor}.0-{index}") for index in range(2)):
            file.write_text("said\n")
            file.with_suffix(".log.1").write_text("said before\n")
            os.utime(file, (minor, minor))
    logs.thin(tmp_path, "digits", {"1.0.0", "1.7.0"})
    kept = ["1.0.0", "1.3.0", "1.4.0", "1.5.0", "1.6.0", "1.7.0", "1.8.0"]
    assert logs.replicas(tmp_path, "digits") == [f"{version}-{index}" for version in kept for index in range(2)]
    assert len(list((tmp_path / "digits").iterdir())) == 4 * len(kept)


def test_a_deployment_without_a_log_has_no_lines(tmp_path):
    assert read(tmp_path) == read(tmp_path, replica="0") == []
    logs.trim(logs.path(tmp_path, "digits", "1.0.0-0"))


def test_a_full_disk_loses_lines_and_nothing_else():
    program = (
        "import logging, sys\n"
        "from jupyter_modelmgmt.serving import output\n"
        "output.outlive_a_full_disk()\n"
        "logging.basicConfig(stream=sys.stderr)\n"
        "for _ in range(9): print('x' * 10_000, flush=True)\n"
        "logging.error('y')\n"
    )
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([sys.executable, "-c", program], stdout=full, stderr=full, check=False)
    assert done.returncode == 0


def test_a_log_too_large_on_a_full_disk_makes_room(log, monkeypatch):
    monkeypatch.setattr(logs, "MAX_BYTES", 1000)
    log.with_suffix(".log.1").symlink_to("/dev/full")
    log.write_bytes(b"old\n" * 300)
    logs.trim(log)
    assert log.read_bytes() == b""
    assert not log.with_suffix(".log.1").exists()


def test_a_log_that_cannot_be_made_is_written_nowhere(tmp_path):
    (tmp_path / "digits").write_text("in the way")
    with logs.writer(logs.path(tmp_path, "digits", "1.0.0-0")) as writer:
        assert writer.name == os.devnull

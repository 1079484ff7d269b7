"""Reading and bounding the logs of workers."""

import pytest

from jupyter_modelmgmt.domain.errors import NotFound
from jupyter_modelmgmt.serving import logs


@pytest.fixture
def log(tmp_path):
    file = logs.path(tmp_path, "digits", 0)
    file.parent.mkdir()
    return file


def test_the_last_lines_are_read(log, tmp_path):
    log.write_text("".join(f"line {i}\n" for i in range(3000)))
    assert logs.read(tmp_path, "digits", lines=2) == ["line 2998", "line 2999"]
    assert len(logs.read(tmp_path, "digits", lines=9999)) == logs.MAX_LINES
    assert logs.read(tmp_path, "digits", lines=0) == []


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
    assert logs.read(tmp_path, "digits", lines=3) == ["old", "old", "new"]
    logs.trim(log)
    assert log.read_bytes() == b"new\n"


def test_bytes_that_are_no_text_do_not_stop_the_reader(log, tmp_path):
    log.write_bytes(b"\xff\xfe\nok\n")
    assert logs.read(tmp_path, "digits")[-1] == "ok"


def test_a_replica_without_a_log_is_told(tmp_path):
    with pytest.raises(NotFound, match="Deploy it first"):
        logs.read(tmp_path, "digits")
    logs.trim(logs.path(tmp_path, "digits", 0))

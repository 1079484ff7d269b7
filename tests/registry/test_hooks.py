import logging
import threading
import time

import pytest

from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.registry import connect
from tests.servers.waiting import until


@pytest.fixture
def register(any_reg, tmp_path):
    path = tmp_path / "model.bin"
    path.write_bytes(b"weights")
    return lambda name="digits", reg=any_reg: reg.register_files(path, name, allow_identical=True)


def test_a_hook_hears_of_what_fits_from_now_on(any_reg, register):
    register()
    heard = []
    any_reg.on("version.*", heard.append, model="DIGITS")
    register("words")
    register()
    any_reg.promote("digits", "staging")
    any_reg.set_alias("digits", "champion")
    until(lambda: len(heard) == 2)
    time.sleep(0.6)
    assert [(e.action, e.model, e.version) for e in heard] == [
        ("version.registered", "digits", "1.1.0"),
        ("version.promoted", "digits", "1.1.0"),
    ]


def test_a_hook_hears_of_others_and_is_called_elsewhere(any_reg, register, database_url, tmp_path):
    heard = []
    any_reg.on("alias.set, version.registered", lambda event: heard.append((event.actor, threading.current_thread())))
    other = connect(database_url, artifacts=tmp_path / "registry").acting_as("bo")
    register(reg=other)
    until(lambda: heard)
    other.close()
    assert heard[0][0] == "bo"
    assert heard[0][1] is not threading.main_thread()


def test_a_failing_hook_is_logged_and_stops_nobody(any_reg, register, caplog):
    caplog.set_level(logging.ERROR, "jupyter_modelmgmt")
    heard = []
    any_reg.on("version.*", lambda event: event.nonsense)
    any_reg.on("version.*", heard.append)
    register()
    register()
    until(lambda: len(heard) == 2)
    assert "A hook on version.* failed" in caplog.text
    assert "nonsense" in caplog.text


def test_a_removed_hook_hears_no_more_and_others_do(any_reg, register):
    first, second = [], []
    hook = any_reg.on("version.*", first.append)
    any_reg.on("version.*", second.append)
    register()
    until(lambda: first)
    until(lambda: second)
    hook.remove()
    hook.remove()
    register()
    until(lambda: len(second) == 2)
    assert len(first) == 1
    assert "version.*" in repr(hook)


def test_a_later_hook_does_not_hear_of_what_came_before(any_reg, register):
    first, second = [], []
    any_reg.on("version.*", first.append)
    register()
    any_reg.on("version.*", second.append)
    register()
    until(lambda: len(first) == 2)
    until(lambda: second)
    assert [e.version for e in second] == ["1.1.0"]


def test_closing_ends_the_thread(any_reg, register):
    any_reg.on("*", lambda _event: None)
    threads = [t for t in threading.enumerate() if t.name == "modelmgmt-hooks"]
    assert threads
    any_reg.end_hooks()
    assert not any(thread.is_alive() for thread in threads)


def test_a_hook_may_remove_itself_and_close_the_registry(any_reg, register):
    heard = []

    def once(event):
        heard.append(event)
        hook.remove()
        any_reg.end_hooks()

    hook = any_reg.on("version.*", once)
    register()
    until(lambda: heard)
    register()
    time.sleep(0.5)
    assert len(heard) == 1


def test_mistakes_are_told(any_reg):
    with pytest.raises(BadField, match="are not patterns of events"):
        any_reg.on("", print)
    with pytest.raises(BadField, match="callback is a function"):
        any_reg.on("version.*", "print")

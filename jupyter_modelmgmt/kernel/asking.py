"""What the Test tab asks of a kernel: images in memory, and what an object in memory answers.

An input comes in pieces, because a message has a limit, and is kept under a key until it is asked about.
The same key gives up a question: one that waits behind a cell never begins, one that runs is interrupted.
"""

import base64
import signal
import sys
import threading
from typing import Any

import msgspec

from jupyter_modelmgmt.capture import pictures
from jupyter_modelmgmt.domain.errors import Conflict
from jupyter_modelmgmt.registry import connect

# Inputs and questions that nobody came back for go, the oldest first.
_KEPT = 8

_lock = threading.Lock()
_pieces: dict[str, list[str]] = {}
_given_up: dict[str, None] = {}
_running: dict[str, None] = {}


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`like` is the selector of the version through whose adapter the object behind `variable` is asked."""

    key: str
    variable: str
    like: str
    content_type: str


def pictures_json() -> str:
    """Return the images in the kernel's memory as a JSON list of `MemoryPicture`."""
    return msgspec.json.encode(pictures.pictures(vars(sys.modules["__main__"]))).decode()


def picture_base64(variable: str) -> str:
    """Return the image behind a variable as PNG in base64. Raises NotFound, BadImage."""
    return base64.b64encode(pictures.png(vars(sys.modules["__main__"]), variable)).decode()


def hold(key: str, piece: str) -> str:
    """Keep the next piece of an input, base64 of a multiple of three bytes unless it is the last, and return ""."""
    with _lock:
        _pieces.setdefault(key, []).append(piece)
        _forget(_pieces)
    return ""


def ask(model: object, question: str) -> str:
    """Return as JSON what `model` answers to the input that was kept.

    Raises Conflict when it was given up, and what `try_object` raises.
    """
    asked = msgspec.json.decode(question, type=Question)
    try:
        body = _begun(asked.key)
        registry = connect()
        return registry.try_object(model, body, asked.content_type, like=asked.like, name=asked.variable).decode()
    except KeyboardInterrupt:
        raise Conflict("It was cancelled.") from None
    finally:
        with _lock:
            _running.pop(asked.key, None)


def give_up(key: str) -> str:
    """End the question `key` and return "": it no longer begins, or is interrupted in the main thread, where cells run."""
    with _lock:
        _pieces.pop(key, None)
        if key in _running:
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
        else:
            _given_up[key] = None
            _forget(_given_up)
    return ""


def _begun(key: str) -> bytes:
    with _lock:
        pieces = _pieces.pop(key, [])
        if key in _given_up:
            del _given_up[key]
            raise Conflict("It was cancelled.")
        _running[key] = None
    return base64.b64decode("".join(pieces))


def _forget(kept: dict[str, Any]) -> None:
    while len(kept) > _KEPT:
        kept.pop(next(iter(kept)))

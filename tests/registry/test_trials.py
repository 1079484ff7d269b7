"""Workers that stay for a while, and work that is cancelled."""

import threading

import numpy as np
import pytest

from jupyter_modelmgmt.domain.errors import Conflict
from jupyter_modelmgmt.serving.trials import Cancellation, Trials

REQUEST = b'{"inputs": [{"name": "input", "datatype": "FP32", "shape": [1, 64], "data": %s}]}'


@pytest.fixture
def trials():
    made = Trials(most=1)
    yield made
    made.close()


@pytest.fixture
def version(reg, classifier):
    return reg.register(classifier, "digits")


def asked(trials, reg, version, cancellation=None):
    body = REQUEST % str(np.zeros(64).tolist()).encode()

    def prepare(folder):
        reg.artifacts.materialise(version.artifacts, folder)

    return trials.ask(version, prepare, body, "application/json", cancellation or Cancellation())


def test_what_was_cancelled_starts_nothing(trials, reg, version):
    cancellation = Cancellation()
    cancellation.cancel()
    with pytest.raises(Conflict, match="cancelled"):
        asked(trials, reg, version, cancellation)
    assert b"label" in asked(trials, reg, version)


def test_a_worker_that_computes_for_nobody_is_ended_and_comes_again(trials, reg, version):
    asked(trials, reg, version)
    (kept,) = trials._kept.values()
    first, began = kept.worker, threading.Event()
    cancellation = Cancellation()

    def ask(body, content_type):
        began.set()
        cancellation.cancel()  # the client goes in the middle of the answer
        return type(first).ask(first, body, content_type)

    first.ask = ask
    with pytest.raises(Conflict, match="cancelled"):
        asked(trials, reg, version, cancellation)
    assert began.is_set()
    assert b"label" in asked(trials, reg, version)
    assert kept.worker is not first


@pytest.mark.heavy
def test_too_many_end_the_oldest(trials, reg, version, classifier):
    other = reg.register(classifier, "digits", version="2.0.0", allow_identical=True)
    asked(trials, reg, version)
    asked(trials, reg, other)
    assert list(trials._kept) == ["digits@2.0.0"]

import os
import signal
import threading

import numpy as np
import psutil
import pytest

from jupyter_modelmgmt.capture import proof
from jupyter_modelmgmt.domain.errors import NotProven
from jupyter_modelmgmt.flavors import python, sklearn
from tests.servers.waiting import until


@pytest.fixture
def saved(tmp_path, classifier):
    sklearn.save(classifier, tmp_path)
    return tmp_path


def test_what_loads_and_predicts_alike_is_proven(saved, classifier, digits):
    found = proof.prove(sklearn, classifier, saved, {"": digits[0][:5]})
    assert (found.proof.difference, found.proof.tolerance) == (0.0, 1e-6)
    assert found.signature.inputs[0].shape == (-1, 64)
    assert {field.name for field in found.signature.outputs} == {"label", "probability"}
    assert found.cost.size_bytes == (saved / "model.skops").stat().st_size
    assert found.cost.load_ms > 0
    assert found.cost.latency_ms > 0


def test_another_model_in_memory_is_told_with_the_difference(saved, digits):
    from sklearn.linear_model import LogisticRegression

    x, y = digits
    other = LogisticRegression(max_iter=2000, C=10.0).fit(x[:500], y[:500])
    with pytest.raises(NotProven, match=r"predicts otherwise: (label\[\d+\] is|probability differs by)"):
        proof.prove(sklearn, other, saved, {"": x[:50]})


def test_what_cannot_be_loaded_is_told(tmp_path, classifier, digits):
    (tmp_path / "model.skops").write_bytes(b"nonsense")
    with pytest.raises(NotProven, match="A fresh process cannot use the model: NotLoadable"):
        proof.prove(sklearn, classifier, tmp_path, {"": digits[0][:5]})


def test_without_an_example_loading_alone_is_proven(saved, classifier):
    found = proof.prove(sklearn, classifier, saved, None)
    assert found.proof.difference is None
    assert found.cost.latency_ms is None


@pytest.mark.parametrize(
    ("expected", "found", "said"),
    [
        (np.zeros(3), np.zeros(4), "shape"),
        (np.array([1, 2]), np.array([1, 3]), r"\[1\] is 3 instead of 2"),
        (np.array(["a"], dtype=object), np.array(["b"]), "is b instead of a"),
        (np.array([1.0]), np.array([np.nan]), "differs by"),
        (np.array([1.0]), np.array([1.001]), "differs by 0.001"),
    ],
)
def test_differences_are_told(expected, found, said):
    with pytest.raises(NotProven, match=said):
        proof._difference({"out": expected}, {"out": found}, 1e-6)


def test_equal_outputs_have_no_difference():
    same = {"a": np.array([np.nan, 1.0]), "b": np.array(["x"], dtype=object), "c": np.array([], dtype=float)}
    assert proof._difference(same, {"a": same["a"], "b": np.array(["x"]), "c": same["c"]}, 1e-6) == 0.0


def test_an_interrupted_proof_answers_nobody_else(tmp_path, saved, classifier, digits):
    here = os.getpid()

    def slow(x):
        import os
        import time

        if os.getpid() != here:
            told.write_text(str(os.getpid()))
            time.sleep(60)
        return x

    told = tmp_path / "pid"
    slow_folder = tmp_path / "slow"
    slow_folder.mkdir()
    python.save(slow, slow_folder)
    proof.warm()

    def interrupt():
        until(lambda: told.is_file() and told.read_text())
        os.kill(here, signal.SIGINT)

    threading.Thread(target=interrupt).start()
    with pytest.raises(KeyboardInterrupt):
        proof.prove(python, slow, slow_folder, {"x": np.ones((1, 1))})
    assert proof.prove(sklearn, classifier, saved, {"": digits[0][:5]}).proof.difference == 0
    until(lambda: not runs(int(told.read_text())))


def runs(pid):
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_prover_that_died_is_started_anew(saved, classifier):
    proof.warm()
    proof._running[0].process.kill()
    proof._running[0].process.wait()
    assert proof.prove(sklearn, classifier, saved, None).proof.seconds > 0

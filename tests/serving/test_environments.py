"""Workers in Pythons other than Jupyter's: built from the version's pinned packages, or given."""

import sys
import venv

import numpy as np
import pytest

from jupyter_modelmgmt.capture import environment
from jupyter_modelmgmt.domain.errors import ServingFailed
from tests.servers.waiting import until


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """Give an empty cache folder of this user."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "jupyter_modelmgmt" / "environments"


def test_what_an_interpreter_lacks_is_told(reg, classifier, cache, tmp_path):
    reg.register(classifier, "digits")
    venv.create(tmp_path / "bare", with_pip=False)
    python = tmp_path / "bare" / "bin" / "python"
    with pytest.raises(
        ServingFailed, match=r"lacks what a worker needs. Run `.*bare/bin/python -m pip install .*uvicorn"
    ):
        reg.deploy("digits", name="digits", environment=str(python))
    with pytest.raises(ServingFailed, match="is no interpreter"):
        reg.deploy("digits", name="digits", environment="/nowhere/python")


def test_a_given_interpreter_runs_the_worker(reg, classifier, digits, cache, tmp_path):
    reg.register(classifier, "digits")
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\necho given >> {tmp_path / "used"}\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    deployment = reg.deploy("digits", name="digits", environment=str(python))
    assert np.array_equal(deployment.predict(digits[0][:5]).outputs["label"], classifier.predict(digits[0][:5]))
    assert (tmp_path / "used").read_text().count("given") == 2  # asked what it has, then run


@pytest.mark.heavy  # it fetches packages
def test_a_version_runs_with_its_own_packages(reg, cache, monkeypatch):
    """The model is made with another package than this environment has, and answers what that one is."""

    def told(x):
        import tabulate

        return x + [int(part) for part in tabulate.__version__.split(".")][1]

    packages = {"numpy": np.__version__, "cloudpickle": "3.1.2", "tabulate": "0.8.10"}
    recorded = {"python": sys.version.split()[0], "packages": packages}
    monkeypatch.setattr(environment, "environment", lambda _objects: recorded)
    reg.register(told, "told", input_example=np.zeros((1, 1)))
    deployment = reg.deploy("told", name="told", environment="isolated", timeout_s=280)
    (answer,) = deployment.predict(np.zeros((1, 1))).outputs.values()
    assert np.ravel(answer).tolist() == [8]
    (built,) = [folder for folder in cache.iterdir() if (folder / "modelmgmt-ready").exists()]
    assert "tabulate==0.8.10" in "".join(file.read_text() for file in (cache / "locks").glob("*.txt"))
    until((built / "modelmgmt-compiled").exists, 120)  # beside the first answers
    assert [*built.glob("lib/python3*/site-packages/**/tabulate*.pyc")]
    reg.stop("told")
    before = built.stat().st_mtime_ns
    reg.start("told")
    assert built.stat().st_mtime_ns == before

    recorded["packages"] = {**packages, "tabulate": "0.0.0"}
    reg.register(told, "never", input_example=np.zeros((1, 1)))
    with pytest.raises(ServingFailed, match=r"(?s)could not be built.*tabulate==0\.0\.0"):
        reg.deploy("never", name="never", environment="isolated", timeout_s=280)

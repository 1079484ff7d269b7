"""An external MLflow server, really running in an environment of its own: listed, read, imported, deployed."""

import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from jupyter_modelmgmt.domain.errors import NotFound
from jupyter_modelmgmt.domain.refusals import MlflowNotConfigured, MlflowUnreachable
from tests.servers.ports import free_port

pytestmark = pytest.mark.heavy

ROOT = Path(__file__).parents[2]
ENVIRONMENT = ROOT / ".venv-mlflow" / "bin"
QUIET = {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
STARTS_S = 180
LOG = """
import sys, mlflow
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression

class Adding(mlflow.pyfunc.PythonModel):
    def predict(self, context, model_input, params=None):
        return model_input + 1

mlflow.set_tracking_uri(sys.argv[1])
x, y = load_digits(return_X_y=True)
for c in (0.001, 0.01):
    with mlflow.start_run():
        model = LogisticRegression(C=c, max_iter=2000).fit(x[:1000], y[:1000])
        mlflow.log_param("C", c)
        mlflow.log_metric("accuracy", float(model.score(x[1000:], y[1000:])))
        mlflow.set_tag("team", "vision")
        mlflow.sklearn.log_model(model, name="model", registered_model_name="digits")
with mlflow.start_run():
    mlflow.pyfunc.log_model(name="model", python_model=Adding(), registered_model_name="adding")
mlflow.MlflowClient().update_model_version("digits", "2", description="The better one.")
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory, environment):
    """Give the address of a server with two registered models; it ends with the module."""
    if not (ENVIRONMENT / "mlflow").exists():
        subprocess.run(["make", ".venv-mlflow/.ready"], cwd=ROOT, check=True)
    folder = tmp_path_factory.mktemp("mlflow")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    env = {**environment, **QUIET, "PATH": f"{ENVIRONMENT}:{environment['PATH']}"}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [ENVIRONMENT / "mlflow", "server", "--backend-store-uri", f"sqlite:///{folder / 'mlflow.db'}", "--workers", "1",
             "--host", "127.0.0.1", "--port", str(port), "--artifacts-destination", str(folder / "artifacts")],
            cwd=folder, env=env, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        _wait(url, process, folder / "log")
        done = subprocess.run(
            [ENVIRONMENT / "python", "-c", LOG, url], env=env, cwd=folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-3000:]
        yield url
    finally:
        process.terminate()
        process.wait(30)


def _wait(url, process, log):
    deadline = time.monotonic() + STARTS_S
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"{url}/health", timeout=5).close()
        except OSError:
            assert process.poll() is None, log.read_text()
            time.sleep(0.5)
        else:
            return
    raise AssertionError(log.read_text()[-3000:])


@pytest.fixture
def configured(server, monkeypatch):
    """Configure the server as users do."""
    monkeypatch.setenv("MLFLOW_TRACKING_URI", server)
    return server


def test_registered_models_are_listed(reg, configured):
    found = {model.name: model for model in reg.mlflow_models()}
    assert set(found) == {"digits", "adding"}
    assert found["digits"].latest_version == "2"
    assert found["digits"].link == f"{configured}/#/models/digits"
    assert found["digits"].created_at <= found["digits"].updated_at


def test_versions_tell_what_their_runs_logged(reg, configured):
    newest, first = reg.mlflow_versions("digits")
    assert (newest.version, newest.description, first.version) == ("2", "The better one.", "1")
    assert (newest.params, newest.tags) == ({"C": "0.01"}, {"team": "vision"})
    assert newest.metrics["accuracy"] > first.metrics["accuracy"] > 0.9
    assert newest.run_link.startswith(f"{configured}/#/experiments/")
    assert newest.run_link.endswith(f"/runs/{newest.run}")
    assert newest.link == f"{configured}/#/models/digits/versions/2"


def test_a_version_is_imported_deployed_and_linked(reg, configured, digits):
    version = reg.import_from({"kind": "mlflow", "model": "digits", "version": "2"}, "mine")
    assert (version.framework, version.flavor, version.source) == ("scikit-learn", "sklearn", "mlflow:digits/2")
    assert (version.params, version.properties["team"]) == ({"C": "0.01"}, "vision")
    assert "scikit-learn" in version.environment["packages"]
    deployment = reg.deploy("mine", name="mine")
    x, y = digits
    assert (deployment.predict(x[1000:1100]).outputs["label"] == y[1000:1100]).mean() > 0.85
    newest, first = reg.mlflow_versions("digits")
    assert (newest.imported, newest.deployed_by, first.imported) == (("mine@1.0.0",), ("mine",), ())
    deployment.stop()


def test_a_python_function_is_kept_as_code(reg, configured):
    version = reg.import_from({"kind": "mlflow", "model": "adding", "version": "1"}, "adding")
    assert (version.framework, version.flavor) == ("python", "")
    verdicts = {verdict.path: verdict.safety for verdict in version.safety}
    assert verdicts["python_model.pkl"] in ("code", "refused")


@pytest.mark.parametrize(("model", "version"), [("digits", "9"), ("digits", "latest"), ("nothing", "1"), ("a'b", "1")])
def test_what_is_not_there_is_told(reg, configured, model, version):
    with pytest.raises(NotFound):
        reg.import_from({"kind": "mlflow", "model": model, "version": version}, "mine")
    assert reg.models() == ()


def test_not_configured_and_not_reachable_differ(reg, monkeypatch):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    with pytest.raises(MlflowNotConfigured, match="Set MLFLOW_TRACKING_URI"):
        reg.mlflow_models()
    with pytest.raises(MlflowUnreachable, match="127.0.0.1:9 is not reachable"):
        reg.mlflow_models(uri="http://ann:secret@127.0.0.1:9")


def test_importing_mlflow_is_left_to_who_asks():
    program = "import sys; import jupyter_modelmgmt.registry; print('mlflow' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "False\n"
    )

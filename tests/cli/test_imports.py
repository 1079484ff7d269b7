import json
import shutil

import pytest


@pytest.fixture
def package(tmp_path, onnx_file):
    folder = tmp_path / "package"
    folder.mkdir()
    shutil.copyfile(onnx_file, folder / "net.onnx")
    return folder


def test_storage_a_template_and_a_run(run, reg, package):
    words = ("import-from", "storage", "net", "--path", package, "--mode", "undefined", "--services", "real-time,batch")
    code, out, err = run(*words, "--tags", "a", "--version", "2.0.0", "--json")
    assert (code, err) == (0, "")
    version = json.loads(out)
    assert (version["version"], version["tags"], version["framework"]) == ("2.0.0", ["a"], "onnx")
    assert version["interface"]["services"] == ["real-time", "batch"]
    assert run("import-from", "template", "net", "--template", "onnx-image-classifier", "--path", package)[0] == 0
    with reg.run("train") as finished:
        pass
    code, out, _ = run("import-from", "run", "of-run", "--run", finished.id, "--path", package, "--json")
    assert (code, json.loads(out)["run"]) == (0, finished.id)
    assert "onnx-image-classifier" in run("templates", "--engine", "onnx")[1]


def test_a_container(run):
    code, out, err = run(
        "import-from", "container", "digits", "--image", "localhost/digits:1", "--no-replicate", "--port", "9000",
        "--env", "LEVEL=info", "--command", "python serve.py", "--health-command", "test -f /ready",
        "--health-period", "1", "--health-failures", "3", "--json",
    )  # fmt: skip
    assert (code, err) == (0, "")
    config = json.loads(out)["config"]
    assert (config["replicate"], config["port"], config["command"]) == (False, 9000, ["python", "serve.py"])
    assert config["health"] == {
        "kind": "command", "path": "/health", "command": ["test", "-f", "/ready"], "period_s": 1.0, "delay_s": 12, "max_failures": 3
    }  # fmt: skip


def test_a_mistake_is_one_line(run, package):
    code, _, err = run("import-from", "storage", "net", "--path", package, "--port", "1")
    assert (code, err.count("\n")) == (1, 1)
    assert "source.port is not known" in err
    assert run("mlflow-models")[2].startswith("jupyter modelmgmt: MLflow is not configured")

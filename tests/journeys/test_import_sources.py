"""Story A3: from a finished run, a template, a container image and a directory into the registry."""

import json
import shutil

import pytest

from jupyter_modelmgmt.domain.containers import container
from jupyter_modelmgmt.domain.deployments import Share
from jupyter_modelmgmt.domain.errors import BadField, DeployOnly, RunUnfinished
from jupyter_modelmgmt.domain.interfaces import Mode
from jupyter_modelmgmt.domain.refusals import ConfigRestraint, ModeFixed, ServiceRefused


@pytest.fixture
def output(tmp_path, onnx_file):
    """Give the folder that a training job wrote."""
    folder = tmp_path / "output" / "model"
    folder.mkdir(parents=True)
    shutil.copyfile(onnx_file, folder / "digits.onnx")
    return folder


def configured(folder, **said):
    config = {"model_algorithm": "predict_analysis", "model_type": "ONNX", **said}
    (folder / "config.json").write_text(json.dumps(config))
    return str(folder)


def test_a_training_job_gives_a_model_once_it_has_finished(reg, output):
    run = reg.start_run("train digits", params={"C": 0.01})
    source = {"kind": "run", "run": run.id, "path": str(output), "requirements": ["numpy==2.1.0"]}
    with pytest.raises(RunUnfinished, match="only a finished run"):
        reg.import_from(source, "digits")
    run.log_metric("accuracy", 0.96)
    run.finish()
    version = reg.import_from(source, "digits")
    assert (version.flavor, version.run, version.metrics["accuracy"]) == ("onnx", run.id, 0.96)
    assert f"run:{run.id}" in {node.id for node in reg.lineage("digits").nodes}


def test_a_template_keeps_its_mode(reg, output):
    source = {"kind": "template", "template": "onnx-image-classifier", "path": str(output)}
    assert reg.import_from(source, "digits").interface.mode is Mode.IMAGE
    with pytest.raises(ModeFixed, match="cannot be changed"):
        reg.import_from({**source, "mode": "predictive_analytics"}, "digits")


def test_a_container_image_has_the_defaults_of_its_health_check(reg):
    by_http = reg.import_from({"kind": "container", "image": "localhost/digits:1"}, "digits")
    health = container(by_http.config).health
    assert (health.kind, health.path, health.period_s, health.delay_s, health.max_failures) == (
        "http",
        "/health",
        5,
        12,
        12,
    )
    command = {"kind": "command", "command": ["cat", "/ready"]}
    by_command = reg.import_from({"kind": "container", "image": "localhost/digits:1", "health": command}, "digits")
    health = container(by_command.config).health
    assert (health.command, health.period_s, health.delay_s, health.max_failures) == (("cat", "/ready"), 5, 12, 12)


def test_a_directory_with_config_json_is_imported_deployed_and_asked(reg, output, digits, tmp_path):
    source = {"kind": "storage", "path": configured(output, metrics={"accuracy": 0.97}), "services": ["real-time"]}
    version = reg.import_from(source, "digits")
    assert (version.metrics, version.interface.mode) == ({"accuracy": 0.97}, Mode.ANALYTICS)
    deployment = reg.deploy("digits", name="digits")
    answer = deployment.predict(digits[0][:3].astype("float32"))
    assert answer.outputs["label"].tolist() == digits[1][:3].tolist()
    for shares, said in (
        ([Share(version="1.0.0", weight=60)], "sum to 60"),
        ([Share(version="1.0.0", weight=50)] * 2, "1.0.0 appears twice"),
    ):
        with pytest.raises(BadField, match=said):
            deployment.update(versions=shares)
    assert len(deployment.history()) == 1
    with pytest.raises(ServiceRefused, match="not for batch services"):
        reg.batch("digits@1.0.0", digits[0][:3], tmp_path / "out.jsonl")
    deployment.stop()


def test_a_malformed_config_names_the_field(reg, output):
    package = {"package_name": "numpy", "package_version": "2", "restraint": "ROUGHLY"}
    path = configured(output, dependencies=[{"installer": "pip", "packages": [package]}])
    with pytest.raises(ConfigRestraint, match=r"dependencies\[0\].packages\[0\].restraint is 'ROUGHLY'"):
        reg.import_from({"kind": "storage", "path": path}, "digits")
    assert reg.models() == ()


def test_a_deploy_only_model_refuses_download(reg, output, tmp_path):
    version = reg.import_from({"kind": "storage", "path": configured(output)}, "digits", downloadable=False)
    with pytest.raises(DeployOnly, match="may be deployed and not downloaded"):
        version.download(tmp_path / "mine")


def test_the_undefined_mode_has_no_batch(reg, output, digits, tmp_path):
    source = {"kind": "storage", "path": configured(output, model_algorithm="ours")}
    version = reg.import_from(source, "digits")
    assert version.interface.mode is Mode.UNDEFINED
    with pytest.raises(ServiceRefused, match="cannot run over a batch"):
        reg.batch(version.selector, digits[0][:3], tmp_path / "out.jsonl")

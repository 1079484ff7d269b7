"""Versions from elsewhere: storage with and without config.json, finished runs, templates, container images."""

import json
import shutil
import zipfile
from pathlib import Path

import obstore
import pytest
from obstore.store import from_url

from jupyter_modelmgmt.domain.containers import HealthKind, container
from jupyter_modelmgmt.domain.errors import (
    BadArchive,
    BadField,
    BadFile,
    BadName,
    BadPath,
    NotFound,
    RunUnfinished,
    SourceFailed,
    TooLarge,
)
from jupyter_modelmgmt.domain.interfaces import Interface, Mode, Service, refuse_service
from jupyter_modelmgmt.domain.records import Task
from jupyter_modelmgmt.domain.refusals import (
    BadConfigFile,
    BadHealthCheck,
    BadTemplate,
    ConfigFieldUnknown,
    ModeFixed,
    ModeMissing,
    ServiceRefused,
)
from jupyter_modelmgmt.domain.sources import ContainerSource, StorageSource
from jupyter_modelmgmt.sources import storage

CONFIG = {
    "model_algorithm": "image_classification",
    "model_type": "ONNX",
    "metrics": {"f1": 0.9, "accuracy": 0.95},
    "apis": [{"url": "/", "method": "POST", "request": {"Content-type": "multipart/form-data"}}],
    "dependencies": [{"installer": "pip", "packages": [
        {"package_name": "Pillow", "package_version": "11.0.0", "restraint": "EXACT"},
        {"package_name": "numpy", "package_version": "2", "restraint": "ATLEAST"}]}],
}  # fmt: skip


@pytest.fixture
def packed(tmp_path, onnx_file):
    """Give a function that writes a model package: a folder `model` with weights, code and config.json."""

    def write(config=CONFIG, folder="package"):
        model = tmp_path / folder / "model"
        model.mkdir(parents=True)
        shutil.copyfile(onnx_file, model / "net.onnx")
        (model / "customize_service.py").write_text("raise SystemExit('nobody runs this')\n")
        if config is not None:
            (model / "config.json").write_text(config if isinstance(config, str) else json.dumps(config))
        return tmp_path / folder

    return write


def stored(reg, path, name="net", **options):
    return reg.import_from({"kind": "storage", "path": str(path), **options}, name)


def test_a_folder_with_config_json(reg, packed):
    version = stored(reg, packed())
    assert (version.flavor, version.framework, version.task) == ("onnx", "onnx", Task.CLASSIFICATION)
    assert (version.adapter, version.metrics) == ("image_classifier", {"f1": 0.9, "accuracy": 0.95})
    assert version.interface.mode is Mode.IMAGE
    assert version.interface.apis[0].content_type == "multipart/form-data"
    assert version.environment["packages"] == {"Pillow": "11.0.0"}
    assert version.environment["requirements"] == ["Pillow==11.0.0", "numpy>=2"]
    assert [a.path for a in version.artifacts] == ["config.json", "customize_service.py", "net.onnx"]
    assert reg.get("net") == version
    assert reg.get("net").interface == version.interface


def test_a_folder_without_config_json_is_recognised(reg, packed):
    version = stored(reg, packed(None), mode="predictive_analytics", services=["batch"])
    assert (version.framework, version.interface) == (
        "onnx", Interface(mode=Mode.ANALYTICS, services=(Service.BATCH,)))  # fmt: skip


def test_a_file(reg, onnx_file):
    version = stored(reg, onnx_file)
    assert (version.flavor, [a.path for a in version.artifacts]) == ("onnx", ["digits.onnx"])


def test_an_archive(reg, packed, tmp_path):
    archive = shutil.make_archive(str(tmp_path / "packed"), "zip", packed())
    version = stored(reg, archive)
    assert [a.path for a in version.artifacts] == ["config.json", "customize_service.py", "net.onnx"]
    assert version.source == f"storage:{archive}"


def test_what_is_given_counts_over_what_the_package_says(reg, packed):
    version = reg.import_from(
        StorageSource(path=str(packed()), mode=Mode.UNDEFINED), "net", version="3.0.0", adapter="",
        metrics={"accuracy": 0.5}, properties={"team": "vision"}, description="ours",
    )  # fmt: skip
    assert (version.version, version.adapter, version.metrics) == ("3.0.0", "", {"accuracy": 0.5})
    assert version.properties == {"algorithm": "image_classification", "team": "vision"}
    assert version.interface.mode is Mode.UNDEFINED


@pytest.mark.parametrize(
    ("config", "error", "field"),
    [
        ("{", BadConfigFile, "config.json is not JSON"),
        ({**CONFIG, "colour": 1}, ConfigFieldUnknown, "colour"),
        ({**CONFIG, "health": {"url": "x"}}, BadHealthCheck, "health.url"),
    ],
)
def test_a_malformed_config_names_the_field_and_registers_nothing(reg, packed, config, error, field):
    with pytest.raises(error, match=field):
        stored(reg, packed(config))
    assert reg.models() == ()


def test_a_package_has_one_config_json(reg, packed):
    folder = packed()
    (folder / "model" / "deep").mkdir()
    (folder / "model" / "deep" / "config.json").write_text("{}")
    with pytest.raises(BadConfigFile, match=r"one config.json .* deep/config.json"):
        stored(reg, folder)


def test_the_config_json_of_another_tool_is_a_file_like_others(reg, packed):
    version = stored(reg, packed({"architectures": ["ViT"], "model_type": "vit"}))
    assert version.interface == Interface()


def test_the_engine_image_is_a_container(reg, packed):
    config = {
        "model_algorithm": "own",
        "model_type": "Image",
        "swr_location": "localhost/net:1",
        "health": {"url": "/up"},
    }
    version = stored(reg, packed(config))
    assert (version.flavor, container(version.config).image) == ("container", "localhost/net:1")
    assert container(version.config).health.path == "/up"


def test_links_leave_no_folder(reg, tmp_path):
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "w.bin").symlink_to("/etc/hostname")
    with pytest.raises(BadFile, match="is a link"):
        stored(reg, tmp_path / "package")


def test_too_much_is_refused_before_it_is_read(packed):
    with pytest.raises(TooLarge, match="100 bytes"), storage.laid_out(str(packed()), 100):
        pass


def test_nothing_at_a_path_is_told(reg, tmp_path):
    for path in ("", "a\0b"):
        with pytest.raises(BadPath, match="Give the path"):
            stored(reg, path)
    with pytest.raises(NotFound, match="nothing at"):
        stored(reg, tmp_path / "gone")
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotFound, match="no files"):
        stored(reg, tmp_path / "empty")


def test_an_object_store(reg, packed, s3, tmp_path):
    store = from_url(s3, client_options={"allow_http": True})
    folder = packed() / "model"
    for path in folder.iterdir():
        obstore.put(store, f"team/net/{path.name}", path)
    archive = shutil.make_archive(str(tmp_path / "net"), "gztar", folder)
    obstore.put(store, "net.tar.gz", Path(archive))
    one = stored(reg, f"{s3}/team/net")
    assert [a.path for a in one.artifacts] == ["config.json", "customize_service.py", "net.onnx"]
    other = stored(reg, f"{s3}/net.tar.gz", "other")
    assert {a.path: a.digest for a in other.artifacts} == {a.path: a.digest for a in one.artifacts}
    single = stored(reg, f"{s3}/team/net/net.onnx", "single")
    assert [a.path for a in single.artifacts] == ["net.onnx"]
    with pytest.raises(NotFound, match="nothing at"):
        stored(reg, f"{s3}/team/gone")
    with pytest.raises(BadPath, match="space"):
        stored(reg, f"{s3}/team two/net")
    for key in ("clash/a", "clash/a/b"):
        obstore.put(store, key, b"x")
    with pytest.raises(BadPath, match="Rename one of them"):
        stored(reg, f"{s3}/clash")


def test_an_object_store_that_is_down(reg, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    monkeypatch.setattr("jupyter_modelmgmt.artifacts.objects.RETRIES", 0)
    with pytest.raises(SourceFailed, match="Check endpoint"):
        stored(reg, "s3://bucket/net")


def from_run(reg, run, path, **options):
    return reg.import_from({"kind": "run", "run": run.id, "path": str(path), **options}, "net")


def test_a_finished_run_gives_a_version(reg, packed):
    with reg.run("train", params={"lr": 0.1}, source={"script": "train.py"}) as run:
        run.log_metric("loss", 0.25)
    folder = packed(None)
    (folder / "model" / "requirements.txt").write_text("# ours\nnumpy==2.1.0\nPillow>=11\n")
    version = from_run(reg, run, folder)
    assert (version.run, version.source) == (run.id, f"run:{run.id}")
    assert (version.params["lr"], version.metrics["loss"]) == (0.1, 0.25)
    assert version.environment == {"requirements": ["numpy==2.1.0", "Pillow>=11"], "packages": {"numpy": "2.1.0"}}
    assert version.code["script"] == "train.py"


@pytest.mark.parametrize("status", ["running", "failed", "killed"])
def test_an_unfinished_run_is_refused(reg, packed, status):
    run = reg.start_run("train")
    if status != "running":
        run.finish(status)
    with pytest.raises(RunUnfinished, match=f"is {status}"):
        from_run(reg, run, packed())
    assert reg.models() == ()


def from_template(reg, path, template, **options):
    return reg.import_from({"kind": "template", "template": template, "path": str(path), **options}, "net")


def test_a_template_needs_no_config_json(reg, packed):
    version = from_template(reg, packed(None), "onnx-image-classifier")
    assert (version.framework, version.adapter, version.task) == ("onnx", "image_classifier", Task.CLASSIFICATION)
    assert (version.interface.mode, version.interface.template) == (Mode.IMAGE, "onnx-image-classifier")


def test_the_mode_of_a_template_stays(reg, packed):
    folder = packed(None)
    with pytest.raises(ModeFixed, match="cannot be changed to undefined"):
        from_template(reg, folder, "onnx-image-classifier", mode="undefined")
    assert from_template(reg, folder, "onnx-image-classifier", mode="image_processing").version == "1.0.0"


def test_a_template_without_a_mode_asks_for_one(reg, packed):
    folder = packed(None)
    with pytest.raises(ModeMissing, match="Choose one of"):
        from_template(reg, folder, "any-files")
    assert from_template(reg, folder, "any-files", mode="undefined").interface.mode is Mode.UNDEFINED


def test_a_template_tells_what_files_it_wants(reg, packed):
    with pytest.raises(BadTemplate, match=r"wants a file \*.tflite"):
        from_template(reg, packed(None), "tflite-image-classifier")


@pytest.mark.parametrize("form", ["toml", "json"])
def test_a_template_of_ones_own(reg, packed, tmp_path, form):
    path = tmp_path / f"ours.{form}"
    said = {"title": "Ours", "engine": "onnx", "mode": "predictive_analytics", "services": ["batch"]}
    lines = [f"{key} = {json.dumps(value)}" for key, value in said.items()]
    path.write_text(json.dumps(said) if form == "json" else "\n".join(lines))
    version = from_template(reg, packed(None), str(path))
    assert (version.interface.template, version.interface.services) == ("ours", (Service.BATCH,))
    path.write_text(path.read_text().replace("title", "titel"))
    with pytest.raises(BadTemplate, match="titel"):
        from_template(reg, tmp_path / "package", str(path))


def test_templates_are_filtered(reg):
    assert {t.name for t in reg.templates(engine="onnx")} == {"onnx-image-classifier", "onnx-object-detector"}
    assert [t.name for t in reg.templates(type="classification", environment="litert")] == ["tflite-image-classifier"]
    assert [t.name for t in reg.templates(keyword="ROWS")] == ["sklearn-table"]
    with pytest.raises(NotFound, match="onnx-image-classifier"):
        from_template(reg, ".", "no-such")


def test_a_container_image(reg):
    version = reg.import_from(
        {"kind": "container", "image": "localhost/digits:1.0", "replicate": False, "port": 9000,
         "command": "python serve.py", "environment": {"LEVEL": "info"},
         "health": {"kind": "command", "command": ["true"]}, "services": ["real-time"]}, "digits", labels=["a", "b"],
    )  # fmt: skip
    said = container(version.config)
    assert (version.framework, version.flavor, version.artifacts) == ("container", "container", ())
    assert (said.image, said.replicate, said.port, said.command) == (
        "localhost/digits:1.0",
        False,
        9000,
        ("python", "serve.py"),
    )
    assert (said.health.kind, said.health.period_s, said.health.delay_s, said.health.max_failures) == (
        HealthKind.COMMAND,
        5,
        12,
        12,
    )
    assert (version.interface.mode, version.source) == (Mode.UNDEFINED, "container:localhost/digits:1.0")
    assert container(reg.get("digits").config) == said


def test_a_container_by_its_record(reg):
    version = reg.import_from(ContainerSource(image="localhost/digits"), "digits")
    assert container(version.config).health.path == "/health"


@pytest.mark.parametrize(
    ("source", "error", "field"),
    [
        ({"kind": "container", "image": "a", "health": {"kind": "command"}}, BadHealthCheck, "health.command"),
        ({"kind": "container", "image": "two words"}, BadField, "container.image"),
        ({"kind": "container", "image": "a", "port": "x"}, BadField, "port"),
        ({"kind": "container", "image": "a", "gpu": 1}, BadField, "source.gpu"),
        ({"kind": "storage"}, BadField, "path"),
        ({"kind": "storage", "path": "x", "mode": "telepathy"}, BadField, "telepathy"),
        ({"kind": "tape"}, BadField, "kind is one of run, template"),
        ("storage", BadField, "A source is a mapping"),
    ],
)
def test_a_bad_source_names_its_field(reg, source, error, field):
    with pytest.raises(error, match=field):
        reg.import_from(source, "net")


def test_a_name_is_needed(reg, packed):
    with pytest.raises(BadName):
        stored(reg, packed(), "")


def test_an_export_comes_in_by_the_same_verb(reg, packed, tmp_path):
    stored(reg, packed())
    file = reg.export("net", tmp_path / "net.zip")
    version = reg.import_from({"kind": "export", "file": str(file)}, "copy")
    assert (version.selector, version.interface) == ("copy@1.0.0", reg.get("net").interface)


def test_services_that_a_version_was_not_imported_for_are_refused(reg, packed):
    version = stored(reg, packed(), services=["batch"])
    with pytest.raises(ServiceRefused, match="imported for batch, not for real-time"):
        reg.deploy("net", name="net")
    refuse_service(version.selector, version.interface, Service.BATCH)


def test_the_undefined_mode_has_no_batch(reg, packed):
    version = stored(reg, packed(), mode="undefined")
    with pytest.raises(ServiceRefused, match="cannot run over a batch"):
        refuse_service(version.selector, version.interface, Service.BATCH)


def test_a_clone_keeps_the_interface_and_makes_new_label_maps(reg, packed):
    stored(reg, packed(), services=["batch"])
    clone = reg.clone("net@1.0.0", "mine", labels=["a", "b"], config={"top_k": 2})
    assert (clone.parent, clone.interface.services) == ("net@1.0.0", (Service.BATCH,))
    assert (clone.id_to_label_map, clone.config["top_k"]) == ({0: "a", 1: "b"}, 2)


def test_other_content_needs_no_number(reg, packed, tmp_path):
    folder = packed()
    assert [stored(reg, folder).version, stored(reg, folder).version] == ["1.0.0", "1.1.0"]
    with zipfile.ZipFile(tmp_path / "empty.zip", "w"):
        pass
    with pytest.raises(BadArchive, match="holds no files"):
        stored(reg, tmp_path / "empty.zip")

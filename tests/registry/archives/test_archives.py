"""A version leaves one registry and arrives in another one."""

import dataclasses
import json
import math
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jupyter_modelmgmt.domain.errors import BadFile, BadVersion, Damaged, DeployOnly, NotFound, VersionTaken
from jupyter_modelmgmt.domain.fields import FIELDS
from jupyter_modelmgmt.domain.records import ModelVersion
from jupyter_modelmgmt.registry import connect
from tests.registry.archives.conftest import OWN, said


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / "files"
    (folder / "deep").mkdir(parents=True)
    (folder / "weights.bin").write_bytes(bytes(range(256)) * 9000)
    (folder / "deep" / "ünïcode name.txt").write_text("hello")
    (folder / "empty").write_bytes(b"")
    return folder


def fill(reg, files):
    """Register a version with all that can hang on one; return it as it is at the end."""
    reg.register_dataset("digits", digest="sha256:a", rows=1797, fields={"x": "float"}, description="scans")
    reg.register_dataset("digits", digest="sha256:b")
    with reg.run("train", params={"lr": 0.1}, tags=["gpu"]) as run:
        for step in range(100):
            run.log_metric("loss", 1 / (step + 1), step=step)
        run.log_metric("odd", math.nan, step=0)
        run.log_metric("odd", math.inf, step=1)
        run.use_dataset("digits@1", "train")
        reg.register_files(
            files, "net", version="1.2.0", description="a <net>", tags=["a", "b c"], metrics={"accuracy": 0.9},
            params={"C": 1, "kernel": "rbf", "none": None}, properties={"reviewed": True, "team": "vision"},
            labels=["zero", "one"], config={"size": [8, 8], "deep": {"a": [1, None]}}, license="MIT", author="Ada",
            public=True, datasets={"test": "digits@2"}, code={"git_commit": "abc"}, environment={"python": "3.11"},
        )  # fmt: skip
    run.add_tags("later")
    reg.log_evaluation("net@1.2.0", dataset="digits@2", metrics={"accuracy": 0.5, "f1": 0.4}, duration_s=1.5)
    reg.log_evaluation("net@1.2.0", dataset="digits@2", metrics={"accuracy": 0.75})
    reg.describe("net", "what it is for")
    reg.update("net@1.2.0", status="completed", description="better")
    reg.set_alias("net@1.2.0", "champion", protected=True)
    reg.promote("net@1.2.0", "staging")
    reg.promote("net@1.2.0", "production", comment="it is good")
    return reg.get("net@1.2.0")


@pytest.fixture
def far(postgresql, s3):
    """Give a registry in PostgreSQL with its files in an object store."""
    url = postgresql.new_url()
    registry = connect(url, artifacts=s3)
    yield registry
    registry.close()
    postgresql.drop(url)


def test_everything_goes_to_a_server_and_comes_back(reg, far, other, files, tmp_path):
    version = fill(reg, files)
    there = far.import_archive(reg.export("net", tmp_path / "there.zip"))
    assert said(there) == said(version)
    assert there.notice == ""
    back = other.import_archive(far.export("net", tmp_path / "back.zip"))
    assert said(back) == said(version)
    assert other.run_record(back.run) == reg.run_record(version.run)
    again = far.import_archive(tmp_path / "there.zip", version="2.0.0")
    assert (again.stage, again.aliases) == ("development", ())


def test_everything_comes_along(any_reg, other, files, tmp_path):
    version = fill(any_reg, files)
    path = any_reg.export("net@1.2.0", tmp_path / "net.zip")
    arrived = other.import_archive(path)
    assert said(arrived) == said(version)
    assert arrived.notice == ""
    assert other.model("net").description == "what it is for"
    assert other.model("net").aliases == any_reg.model("net").aliases
    assert (other.get("net@champion").version, other.get("net@production").version) == ("1.2.0", "1.2.0")
    mine, theirs = any_reg.run_record(version.run), other.run_record(arrived.run)
    assert theirs == mine
    assert dict(mine.metrics)["loss"] == 0.01
    before, after = any_reg.get_run(version.run).series("odd"), other.get_run(arrived.run).series("odd")
    assert math.isnan(before.y[0])
    assert list(before.x) == list(after.x)
    assert (math.isnan(after.y[0]), after.y[1]) == (True, math.inf)
    assert [dataclasses.replace(e, id=0) for e in other.evaluations("net")] == [
        dataclasses.replace(e, id=0) for e in any_reg.evaluations("net")
    ]
    assert [(d.selector, d.digest, d.rows) for d in other.datasets()] == [
        (d.selector, d.digest, d.rows) for d in any_reg.datasets()
    ]
    back = other.get("net").download(tmp_path / "back")
    for file in ("weights.bin", "deep/ünïcode name.txt", "empty"):
        assert (back / file).read_bytes() == (files / file).read_bytes()


def test_no_field_of_a_version_is_forgotten():
    """A field that is added to the record must come along too; these follow from something else that does."""
    follows = {"deployments", "artifacts", "model", "version", "stage", "size", "aliases", "evaluations", "notice"}
    every = {field.name for field in dataclasses.fields(ModelVersion)}
    assert every - set(FIELDS) - set(OWN) - follows == set()


def test_where_it_comes_from_is_told_in_its_event(any_reg, other, files, tmp_path):
    version = fill(any_reg, files)
    other.import_archive(any_reg.export("net", tmp_path / "net.zip"))
    event = other.events()[-1]
    assert event.action == "version.imported"
    assert event.details["origin"]["selector"] == "net@1.2.0"
    assert event.details["origin"]["created_at"] == version.created_at.isoformat()
    past = [each["action"] for each in event.details["history"]]
    assert past[0] == "version.registered"
    assert "version.promoted" in past


def test_an_archive_of_an_archive_says_the_same(any_reg, other, files, tmp_path):
    fill(any_reg, files)
    first = any_reg.export("net", tmp_path / "first.zip")
    other.import_archive(first)
    second = other.export("net", tmp_path / "second.zip")
    one, two = manifest(first), manifest(second)
    for part in ("statuses", "aliases", "run", "series", "datasets", "description"):
        assert one[part] == two[part], part
    assert [p["stage"] for p in two["periods"]] == ["development", "staging", "development", "production"]


def manifest(path):
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("modelmgmt.json"))


def test_what_the_rules_here_forbid_is_left_out_and_told(any_reg, other, files, tmp_path):
    fill(any_reg, files)
    path = any_reg.export("net", tmp_path / "net.zip")
    other.register_dataset("digits", digest="sha256:other")
    other.register_files(files, "net", version="1.0.0")
    other.set_alias("net@1.0.0", "champion")
    other.promote("net@1.0.0", "production")
    arrived = other.import_archive(path)
    assert (arrived.stage, arrived.aliases) == ("development", ())
    assert "alias champion was left out" in arrived.notice
    assert "not in production" in arrived.notice
    assert "digits@1 is digits@2 here" in arrived.notice
    assert other.get("net@production").version == "1.0.0"
    assert {use.dataset for use in arrived.datasets} == {"digits@2", "digits@3"}
    assert "\n" not in arrived.notice


def test_a_stage_that_needs_an_approval_is_not_entered(any_reg, other, files, tmp_path):
    fill(any_reg, files)
    other.configure_stage("production", approval=True)
    arrived = other.import_archive(any_reg.export("net", tmp_path / "net.zip"))
    assert arrived.stage == "development"
    assert "needs an approval" in arrived.notice


def test_a_version_arrives_under_another_name_and_number(any_reg, other, files, tmp_path):
    fill(any_reg, files)
    path = any_reg.export("net", tmp_path / "net.zip")
    assert other.import_archive(path).selector == "net@1.2.0"
    with pytest.raises(VersionTaken, match="already exists"):
        other.import_archive(path)
    assert other.import_archive(path, version="2.0.0").selector == "net@2.0.0"
    assert other.import_archive(path, name="copy").selector == "copy@1.2.0"
    with pytest.raises(BadVersion):
        other.import_archive(path, version="two")
    assert len(other.runs()) == 1


def test_a_version_whose_parent_is_elsewhere_keeps_its_name(reg, other, files, tmp_path):
    reg.register_files(files, "net")
    reg.clone_version("net@1.0.0", "child")
    arrived = other.import_archive(reg.export("child", tmp_path / "child.zip"))
    assert arrived.parent == "net@1.0.0"


def test_a_deployed_version_arrives_with_the_status_a_person_set(reg, other, classifier, tmp_path):
    reg.register(classifier, "digits", status="completed")
    reg.deploy("digits", name="svc")
    assert reg.get("digits").status == "deployed"
    arrived = other.import_archive(reg.export("digits", tmp_path / "digits.zip"))
    assert (arrived.status, arrived.deployments) == ("completed", ())
    reg.stop("svc")


def test_an_archive_is_made_whole_or_not_at_all(reg, files, tmp_path):
    version = reg.register_files(files, "net")
    path = reg.export("net", tmp_path)
    assert path == tmp_path / "net-1.0.0.zip"
    with pytest.raises(BadFile, match="there already"):
        reg.export("net", path)
    before = path.read_bytes()
    blob = reg.artifacts.path(next(a.digest for a in version.artifacts if a.size > 1000))
    blob.chmod(0o600)
    blob.write_bytes(b"spoilt")
    with pytest.raises(Damaged):
        reg.export("net", path, overwrite=True)
    assert path.read_bytes() == before
    assert not list(tmp_path.glob(".*.part"))
    with pytest.raises(BadFile, match="cannot be written"):
        reg.export("net", tmp_path / "nowhere" / "net.zip")


def test_progress_ends_with_all_bytes(reg, other, files, tmp_path):
    told = []
    note = lambda done, total: told.append((done, total))  # noqa: E731
    reg.register_files(files, "net", progress=note)
    size = reg.get("net").size
    assert told[-1] == (size, size)
    assert len(told) > 2
    path = reg.export("net", tmp_path / "net.zip", progress=note)
    assert told[-1][0] == told[-1][1] > size
    other.import_archive(path, progress=note)
    assert told[-1] == (size, size)
    reg.get("net").download(tmp_path / "out", progress=note)
    assert told[-1] == (size, size)


def test_a_selection_of_files_is_downloaded(reg, files, tmp_path):
    version = reg.register_files(files, "net")
    version.download(tmp_path / "one", ["deep/ünïcode name.txt"])
    assert [p.name for p in (tmp_path / "one").rglob("*") if p.is_file()] == ["ünïcode name.txt"]
    version.download(tmp_path / "two", ["*.bin", "empty"])
    assert sorted(p.name for p in (tmp_path / "two").iterdir()) == ["empty", "weights.bin"]
    with pytest.raises(NotFound, match=r"no file '\*\.onnx'"):
        version.download(tmp_path / "three", ["*.onnx"])
    assert not (tmp_path / "three").exists()


def test_what_may_only_be_deployed_does_not_leave(reg, files, tmp_path):
    version = reg.register_files(files, "net", downloadable=False)
    for leave in (
        lambda: version.download(tmp_path / "out"),
        lambda: reg.export("net", tmp_path / "net.zip"),
        lambda: reg.exported("net"),
        lambda: reg.zipped("net"),
        lambda: reg.file("net", "empty"),
    ):
        with pytest.raises(DeployOnly, match="deployed and not downloaded"):
            leave()
    assert not (tmp_path / "net.zip").exists()


texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)
names = st.text(st.characters(categories=["L", "N"], max_codepoint=0x2FF), min_size=1, max_size=12)
finite = st.floats(allow_nan=False, allow_infinity=False)
scalars = st.none() | st.booleans() | st.integers(-(2**80), 2**80) | finite | texts
json_values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3)
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    fields=st.fixed_dictionaries(
        {},
        optional={
            "description": texts,
            "author": texts,
            "license": texts,
            "source": texts,
            "model_type": texts,
            "public": st.booleans(),
            "status": st.sampled_from(["draft", "training", "completed", "archived", "failed"]),
            "task": st.sampled_from(["classification", "regression", "other"]),
            "metrics": st.dictionaries(names, finite, max_size=4),
            "params": st.dictionaries(names, scalars, max_size=4),
            "properties": st.dictionaries(names, scalars, max_size=4),
            "labels": st.lists(texts, max_size=4),
            "config": st.dictionaries(names, json_values, max_size=3),
            "code": st.dictionaries(names, json_values, max_size=2),
            "environment": st.dictionaries(names, json_values, max_size=2),
        },
    ),
    number=st.sampled_from(["0.0.1", "1.0.0-rc.1", "2.3.4+build.5", "10.20.30"]),
    data=st.binary(max_size=2000),
)
def test_any_version_arrives_as_it_left(reg, other, tmp_path, fields, number, data):
    (tmp_path / "model.bin").write_bytes(data)
    name = f"m{len(reg.models())}"
    version = reg.register_files(tmp_path / "model.bin", name, version=number, **fields)
    path = reg.export(version.selector, tmp_path / "any.zip", overwrite=True)
    assert said(other.import_archive(path)) == said(reg.get(version.selector))

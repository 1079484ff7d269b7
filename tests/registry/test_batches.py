"""Batches over real models: by a worker of their own and by a deployment's. Source: M23."""

import json

import numpy as np
import pandas as pd
import psutil
import pytest
from PIL import Image

from jupyter_modelmgmt.domain.errors import BadField, BadFile, Conflict, NotDeployed, NotFound, NotLoadable, TooLarge
from tests.servers.waiting import until


@pytest.fixture
def digits_version(reg, classifier):
    return reg.register(classifier, "digits")


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_rows_go_through_a_worker_of_its_own_that_ends(reg, digits_version, classifier, digits, tmp_path):
    seen = []
    output = tmp_path / "out.jsonl"
    batch = reg.batch("digits@1.0.0", digits[0][:600], output, progress=lambda *done: seen.append(done))
    assert (batch.state, batch.total, batch.successful, batch.failed, batch.target) == ("finished", 600, 600, 0, "")
    assert seen[-1] == (600, 600)
    frame = batch.frame()
    assert list(frame.item[:2]) == ["row:0", "row:1"]
    assert np.array_equal(frame.label, classifier.predict(digits[0][:600]))
    assert np.allclose(np.stack(frame.probability), classifier.predict_proba(digits[0][:600]))
    assert reg.running_host() is None
    assert not [p for p in psutil.Process().children() if "serving.worker" in " ".join(p.cmdline())]
    assert [each.id for each in reg.batches()] == [batch.id]


def test_a_deployment_does_the_work_and_a_stopped_one_does_not(reg, digits_version, classifier, digits, tmp_path):
    reg.deploy("digits", name="rows")
    batch = reg.batch("rows", pd.DataFrame(digits[0][:300]), tmp_path / "out.parquet")
    assert (batch.state, batch.target, batch.successful) == ("finished", "rows", 300)
    table = pd.read_parquet(tmp_path / "out.parquet")
    assert np.array_equal(table.label, classifier.predict(digits[0][:300]))
    assert [path.name for path in tmp_path.glob("*out*")] == ["out.parquet"]
    answered = reg.running_host().request("GET", "/metrics").body.decode()
    assert 'modelmgmt_requests_total{deployment="rows",version="1.0.0"} 2.0' in answered
    reg.stop("rows")
    with pytest.raises(NotDeployed):
        reg.batch("rows", digits[0][:3], tmp_path / "later.jsonl")


def test_every_picture_has_a_status_and_one_that_fails_fails_alone(reg, cloned, tmp_path):
    files = cloned("efficientnet-lite0")
    reg.register_files(files.folder, "photos", **files.fields)
    folder = tmp_path / "photos" / "deeper"
    folder.mkdir(parents=True)
    for index in range(6):
        pixels = np.random.default_rng(index).integers(0, 255, (40, 40, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / f"{index}.png")
    (folder / "3.png").write_bytes(b"no picture")
    with (folder / "big.jpg").open("wb") as big:
        big.truncate(10_000_001)
    (folder / "notes.md").write_text("no input")
    batch = reg.batch("photos", folder.parent, tmp_path / "out.jsonl")
    assert (batch.total, batch.successful, batch.failed) == (7, 5, 2)
    found = {line["item"]: line for line in lines(tmp_path / "out.jsonl")}
    assert {item for item, line in found.items() if line["status"] == "FAILED"} == {"deeper/3.png", "deeper/big.jpg"}
    assert "more than 10 MB" in found["deeper/big.jpg"]["error"]
    assert len(found["deeper/0.png"]["result"]["classes"]) >= 1

    Image.new("RGB", (20, 20)).save(folder / "3.png")
    again = reg.batch("photos", folder.parent, tmp_path / "out.jsonl", resume=True)
    assert (again.successful, again.failed) == (6, 1)
    assert sorted(line["item"] for line in lines(tmp_path / "out.jsonl")) == sorted(found)

    manifest = tmp_path / "some.manifest"
    manifest.write_text('{"source": "photos/deeper/1.png"}\n\nphotos/deeper/2.png\nphotos/none.png\n')
    some = reg.batch("photos", manifest, tmp_path / "some.jsonl")
    assert [line["status"] for line in lines(tmp_path / "some.jsonl")] == ["SUCCESSFUL", "SUCCESSFUL", "FAILED"]
    assert some.failed == 1


def test_columns_of_a_csv_are_the_inputs_that_they_are_said_to_be(reg, tmp_path):
    from sklearn.linear_model import LinearRegression

    train = pd.DataFrame({"age": np.arange(10.0), "size": np.arange(10.0)[::-1] ** 2})
    model = LinearRegression().fit(train, train.age * 2 + train["size"])
    reg.register(model, "price", input_example=train[:2])
    file = tmp_path / "data.csv"
    pd.DataFrame({"years": [1.0, 2.0], "other": ["a", "b"], "m2": [3.0, 4.0]}).to_csv(file, index=False)
    reg.register_dataset("flats", data=file)
    batch = reg.batch("price", "flats", tmp_path / "out.jsonl", columns={"age": "years", "size": 2})
    assert batch.inputs == str(file)
    assert [line["item"] for line in lines(tmp_path / "out.jsonl")] == ["data.csv:0", "data.csv:1"]
    (name,) = {name for line in lines(tmp_path / "out.jsonl") for name in line["result"]}
    assert np.allclose(np.ravel(list(batch.frame()[name])), [5, 8])
    with pytest.raises(BadField, match="no column 'years' for age|no column 'nope'"):
        reg.batch("price", file, tmp_path / "x.jsonl", columns={"age": "nope"})
    missing = reg.batch("price", file, tmp_path / "missing.jsonl")
    assert (missing.failed, missing.successful) == (2, 0)
    assert "has no column age, size" in lines(tmp_path / "missing.jsonl")[0]["error"]


def test_a_cancelled_batch_keeps_what_is_done_and_is_gone_on_with(reg, digits_version, digits, tmp_path):
    output = tmp_path / "out.parquet"
    many = np.tile(digits[0], (200, 1))
    begun = reg.batch("digits", many, output, wait=False)
    until(lambda: begun.refresh().done)
    begun.cancel()
    now = until(lambda: (seen := begun.refresh()).state != "running" and seen)
    assert now.state == "cancelled"
    assert 0 < now.successful < len(many)
    assert not output.exists()
    assert len(now.frame()) == now.successful
    with pytest.raises(Conflict, match="nothing to cancel"):
        now.cancel()
    with pytest.raises(Conflict, match="there already"):
        reg.batch("digits", many, output)
    journal = tmp_path / "out.parquet.partial.jsonl"
    journal.write_text(journal.read_text() + '{"item": "torn')  # as a killed process leaves it
    few = many[: now.successful + 10]
    done = reg.batch("digits", few, output, resume=True)
    assert (done.state, done.successful) == ("finished", len(few))
    assert list(pd.read_parquet(output).item) == [f"row:{index}" for index in range(len(few))]


def test_a_table_in_which_some_failed_is_gone_on_with(reg, tmp_path):
    reg.clone("digits", "reader")
    (folder := tmp_path / "digits").mkdir()
    for index in range(3):
        Image.new("L", (8, 8), index * 90).save(folder / f"{index}.png")
    (folder / "1.png").write_bytes(b"no picture")
    output = tmp_path / "out.parquet"
    batch = reg.batch("reader", folder, output)
    assert (batch.successful, batch.failed, list(pd.read_parquet(output).status).count("FAILED")) == (2, 1, 1)
    Image.new("L", (8, 8)).save(folder / "1.png")
    again = reg.batch("reader", folder, output, resume=True)
    assert (again.successful, again.failed) == (3, 0)
    assert set(pd.read_parquet(output).status) == {"SUCCESSFUL"}
    assert [path.name for path in tmp_path.glob("*out*")] == ["out.parquet"]
    with pytest.raises(Conflict, match="nothing to resume"):
        reg.batch("reader", folder, output, resume=True)


def test_what_cannot_be_a_batch_is_refused_before_anything_is_written(reg, digits_version, digits, tmp_path):
    rows = digits[0][:3]
    other = tmp_path / "weights.xyz"
    other.write_bytes(b"1")
    reg.register_files(other, "other", version="1.0.0")
    big = tmp_path / "big.csv"
    with big.open("wb") as file:
        file.truncate(12_000_001)
    for target, inputs, output, error in (
        ("other", rows, "a.jsonl", NotLoadable), ("nothing", rows, "a.jsonl", NotFound),
        ("digits", rows, "a.txt", BadField), ("digits", rows, "none/a.jsonl", BadField),
        ("digits", [], "a.jsonl", BadField), ("digits", tmp_path / "nowhere", "a.jsonl", BadFile),
        ("digits", 3, "a.jsonl", BadField), ("digits", big, "a.jsonl", TooLarge),
    ):  # fmt: skip
        with pytest.raises(error):
            reg.batch(target, inputs, tmp_path / output)
    assert not list(tmp_path.glob("a.*"))
    assert len(reg.batches()) == 0
    reg.batch("digits", rows, tmp_path / "a.jsonl")
    reg.register(reg.get("digits").load(), "digits", version="2.0.0", allow_identical=True)
    with pytest.raises(Conflict, match="has results of digits@1.0.0"):
        reg.batch("digits@2.0.0", rows, tmp_path / "a.jsonl", resume=True)

"""Training and evaluating: real processes, statuses, progress, what is kept. Source: D10, D26, D27."""

import json
import sys

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from sklearn.datasets import load_diabetes, load_iris
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import accuracy_score, f1_score, mean_absolute_error, r2_score

import jupyter_modelmgmt as mm
from jupyter_modelmgmt.domain.errors import BadField, BadFile, Conflict, NotFound
from jupyter_modelmgmt.domain.failures import TrainingFailed
from jupyter_modelmgmt.domain.jobs import JobStatus
from jupyter_modelmgmt.domain.records import Status
from tests.servers import nets
from tests.servers.waiting import until


class Slope(mm.ModelAdapter):
    """Learns y = a x by gradient descent; keeps a checkpoint after each epoch; breaks at epoch `break_at`."""

    input_type = "table"

    def load(self, local_path):
        file = local_path / "slope.json"
        self.slope, self.epochs = json.loads(file.read_text()) if file.exists() else (0.0, 0)

    def predict(self, batch):
        return {"value": batch["x"].to_numpy() * self.slope}

    def train(self, data_path, output_path, *, progress, epochs=4, break_at=None):
        rows = pd.read_csv(data_path / "train.csv")
        rate = self.configuration.get("rate", 0.5)
        while self.epochs < epochs:
            error = rows["x"] * self.slope - rows["target"]
            self.slope -= rate * float((error * rows["x"]).mean())
            self.epochs += 1
            self.save(output_path)
            sys.stdout.write("an epoch is done\n")
            progress(self.epochs, epochs, loss=float((error**2).mean()))
            if self.epochs == break_at:
                raise ValueError("the disk of the GPU is full")

    def save(self, local_path):
        (local_path / "slope.json").write_text(json.dumps([self.slope, self.epochs]))


class Judge(Slope):
    def evaluate(self, data_path):
        return {"lines": len(data_path.read_text().splitlines())}


class Dies(Slope):
    def predict(self, batch):
        import os

        os._exit(5)


@pytest.fixture
def slope(reg, tmp_path):
    (tmp_path / "slope.json").write_text("[0.0, 0]")
    return reg.register_files(tmp_path / "slope.json", "slope", adapter=Slope, task="regression")


X = np.linspace(-1, 1, 40)
ROWS = pd.DataFrame({"x": X, "target": 3 * X})


def test_training_makes_a_completed_version_with_its_curves(reg, slope):
    heard = []
    made = reg.train(
        slope.selector, dataset="lines", data=ROWS, params={"epochs": 5}, progress=lambda *n: heard.append(n)
    )
    assert (made.version, made.status, made.parent) == ("1.1.0", Status.COMPLETED, "slope@1.0.0")
    assert heard == [(n, 5) for n in range(1, 6)]
    assert made.config == {"input_type": "table", "rate": 0.5}
    assert {artifact.path for artifact in made.artifacts} == {"adapter.py", "slope.json"}
    run = reg.get_run(made.run)
    assert (run.status, run.params) == ("finished", {"epochs": 5})
    losses = run.series("loss")
    assert list(losses.x) == [1, 2, 3, 4, 5]
    assert losses.y[-1] < losses.y[0]
    assert made.metrics["loss"] == losses.y[-1]
    assert [entry.status for entry in reg.status_log(made.selector)][:2] == [Status.COMPLETED, Status.TRAINING]
    (job,) = reg.jobs()
    assert (job.name, job.status, job.progress, job.dataset) == ("train slope@1.1.0", JobStatus.SUCCESS, 1.0, "lines@1")
    assert job.duration_s > 0
    assert reg.lineage(made.selector)
    reg.deploy(made.selector, name="slope")
    answer = reg.predict("slope", pd.DataFrame({"x": [1.0]})).outputs["value"]
    assert answer[0] == pytest.approx(json.loads(reg.file(made.selector, "slope.json").read_text())[0])


def test_a_clone_is_trained_further_on_data_of_ones_own(reg, slope):
    first = reg.train(slope.selector, dataset="lines", data=ROWS, params={"epochs": 2})
    clone = reg.clone(first.selector, "mine", config={"rate": 0.25})
    mine = reg.train(clone.selector, dataset="mine", data=ROWS.assign(target=-X), params={"epochs": 40})
    assert (clone.parent, mine.parent) == ("slope@1.1.0", "mine@1.0.0")
    assert mine.config["rate"] == 0.25
    learned, epochs = json.loads(reg.file(mine.selector, "slope.json").read_text())
    assert epochs == 40  # it went on from the two that it came with
    assert learned < json.loads(reg.file(first.selector, "slope.json").read_text())[0]


def test_what_failed_keeps_its_files_and_goes_on(reg, slope):
    with pytest.raises(TrainingFailed, match="ValueError: the disk of the GPU is full"):
        reg.train(slope.selector, dataset="lines", data=ROWS, params={"epochs": 4, "break_at": 2})
    failed = reg.get("slope@1.1.0")
    assert failed.status is Status.FAILED
    last = reg.status_log(failed.selector)[0]
    assert "the disk of the GPU is full" in last.reason
    assert json.loads(reg.file(failed.selector, "slope.json").read_text())[1] == 2
    (job,) = reg.jobs(status="Failed")
    assert "disk of the GPU" in job.reason
    assert reg.get_run(failed.run).status == "failed"
    again = reg.train(failed.selector, dataset="lines", data=ROWS, params={"epochs": 4})
    assert (again.selector, again.status) == ("slope@1.1.0", Status.COMPLETED)
    assert json.loads(reg.file(again.selector, "slope.json").read_text())[1] == 4
    losses = reg.get_run(reg.jobs()[0].run).series("loss")
    assert list(losses.x) == [3, 4]


def test_what_cannot_be_trained_says_so_and_writes_nothing(reg, slope, classifier, tmp_path):
    reg.register(classifier, "digits")
    with pytest.raises(Conflict, match="has no adapter"):
        reg.train("digits", dataset="lines", data=ROWS)
    with pytest.raises(NotFound):
        reg.train(slope.selector, dataset="nowhere")
    with pytest.raises(BadFile, match="There is no file"):
        reg.train(slope.selector, dataset="lines", data=tmp_path / "none.csv")
    assert [version.version for version in reg.versions("slope")] == ["1.0.0"]
    reg.register_files(nets.colours(tmp_path / "net.onnx"), "net", adapter="image_classifier")
    with pytest.raises(Conflict, match="has no train and save"):
        reg.train("net", dataset="lines", data=ROWS)
    assert [version.version for version in reg.versions("net")] == ["1.0.0"]
    assert reg.jobs() == ()


def test_a_job_in_the_background_tells_how_far_it_is(reg, slope):
    job = reg.start_training(slope.selector, dataset="lines", data=ROWS)
    second = reg.start_evaluation(slope.selector, "golden", data=ROWS)
    assert {job.status, second.status} == {JobStatus.CREATED}
    for begun in (job, second):
        until(lambda begun=begun: reg.job(begun.id).status in (JobStatus.SUCCESS, JobStatus.FAILED), 120)
    ended = [reg.job(number) for number in (job.id, second.id)]
    assert [each.status for each in ended] == [JobStatus.SUCCESS] * 2, ended
    # One at a time: the second began when the first had ended.
    first, other = sorted(ended, key=lambda each: each.started_at)
    assert other.started_at >= first.ended_at
    assert [found.id for found in reg.jobs("slope", kind="evaluate")] == [second.id]
    assert [found.id for found in reg.jobs(str(job.id))] == [job.id]
    with pytest.raises(BadField, match="no status of jobs"):
        reg.jobs(status="Nonsense")
    assert "In Progress" not in reg.jobs()._repr_html_()


def test_a_table_is_evaluated_as_scikit_learn_would(reg):
    frame = load_iris(as_frame=True).frame
    x, y = frame.drop(columns=["target"]), frame["target"]
    model = LogisticRegression(max_iter=500, C=0.01).fit(x[::2], y[::2])
    reg.register(model, "irises", input_example=x[:3])
    found = reg.evaluate("irises@1.0.0", "golden", data=frame[1::2])
    best = model.predict(x[1::2])
    assert found.metrics["accuracy"] == pytest.approx(accuracy_score(y[1::2], best))
    assert found.metrics["f1_macro"] == pytest.approx(f1_score(y[1::2], best, average="macro"))
    assert found.duration_s > 0
    curves = {(curve.figure, curve.legend) for curve in reg.get_run(found.run).curves()}
    assert {("confusion", "0"), ("precision-recall", "2")} <= curves
    board = reg.board("irises")
    assert "accuracy @ golden" in board.columns
    diabetes_x, diabetes_y = load_diabetes(return_X_y=True)
    line = LinearRegression().fit(diabetes_x[:300], diabetes_y[:300])
    reg.register(line, "sugar")
    found = reg.evaluate("sugar", "later", data=(diabetes_x[300:], diabetes_y[300:]))
    guessed = line.predict(diabetes_x[300:])
    assert found.metrics["mae"] == pytest.approx(mean_absolute_error(diabetes_y[300:], guessed))
    assert found.metrics["r2"] == pytest.approx(r2_score(diabetes_y[300:], guessed))


def test_images_are_evaluated_by_their_task(reg, tmp_path):
    golden = tmp_path / "golden"
    colours = {"red": (200, 10, 10), "green": (10, 200, 10), "blue": (10, 10, 200)}
    for label, colour in colours.items():
        (golden / label).mkdir(parents=True)
        for place in range(2):
            Image.new("RGB", (20, 20), colour).save(golden / label / f"{place}.png")
    Image.new("RGB", (20, 20), colours["blue"]).save(golden / "red" / "really-blue.png")
    labels = list(colours)
    reg.register_files(
        nets.colours(tmp_path / "net.onnx"), "colours", adapter="image_classifier", labels=labels, task="classification"
    )
    heard = []
    found = reg.evaluate("colours", "swatches", data=golden, progress=lambda *n: heard.append(n))
    assert found.metrics["accuracy"] == pytest.approx(6 / 7)
    assert heard[-1] == (7, 7)
    assert reg.dataset("swatches").source == str(golden.resolve())
    (golden / "red" / "broken.png").write_bytes(b"no image")
    with pytest.raises(TrainingFailed, match="ItemsFailed: 1 of 8 items failed, the others were answered. 6: BadImage"):
        reg.evaluate("colours", "swatches", data=golden)
    assert len(reg.evaluations("colours")) == 1


def test_boxes_are_evaluated_against_cocos_annotations(reg, tmp_path):
    golden = tmp_path / "golden"
    golden.mkdir()
    images, annotations = [], []
    for place, (x, y, side) in enumerate([(16, 16, 32), (64, 32, 32), (0, 0, 64)]):
        picture = Image.new("RGB", (128, 128))
        picture.paste((255, 255, 255), (x, y, x + side, y + side))
        picture.save(golden / f"{place}.png")
        images.append({"id": place, "file_name": f"{place}.png"})
        annotations.append({"image_id": place, "category_id": 7, "bbox": [x, y, side, side]})
    told = {"images": images, "annotations": annotations, "categories": [{"id": 7, "name": "spot"}]}
    (golden / "annotations.json").write_text(json.dumps(told))
    config = {"box_format": "yxyx", "coordinates": "relative", "std": 255}
    reg.register_files(
        nets.spot(tmp_path / "net.onnx"), "spots", adapter="object_detector", labels=["spot"], config=config,
        task="detection",
    )  # fmt: skip
    found = reg.evaluate("spots", "golden", data=golden)
    assert found.metrics["map_50"] == 1.0
    assert found.metrics["precision"] == found.metrics["recall"] == 1.0
    annotations[0]["bbox"] = [100, 100, 8, 8]
    (golden / "annotations.json").write_text(json.dumps(told))
    assert reg.evaluate("spots", "golden", data=golden).metrics["recall"] == pytest.approx(2 / 3)
    assert reg.dataset("golden").version == 2
    told["images"][0]["file_name"] = "../../etc/passwd"
    (golden / "annotations.json").write_text(json.dumps(told))
    with pytest.raises(TrainingFailed, match="not in the folder"):
        reg.evaluate("spots", "golden", data=golden)


def test_masks_are_evaluated_by_their_overlap(reg, tmp_path):
    golden = tmp_path / "golden"
    for name in ("images", "masks"):
        (golden / name).mkdir(parents=True)
    picture, mask = Image.new("RGB", (64, 64)), Image.new("L", (64, 64))
    picture.paste((255, 255, 255), (0, 0, 64, 32))
    mask.paste(1, (0, 0, 64, 16))
    picture.save(golden / "images" / "a.png")
    mask.save(golden / "masks" / "a.png")
    reg.register_files(
        nets.halves(tmp_path / "net.onnx"), "halves", adapter="segmenter", labels=["dark", "bright"],
        config={"std": 255}, task="segmentation",
    )  # fmt: skip
    found = reg.evaluate("halves", "golden", data=golden).metrics
    assert found["iou_bright"] == pytest.approx(0.5)
    assert found["iou_dark"] == pytest.approx(2 / 3)
    assert found["pixel_accuracy"] == pytest.approx(0.75)


def test_an_adapter_may_measure_itself_and_a_process_may_die(reg, tmp_path):
    (tmp_path / "slope.json").write_text("[2.0, 1]")
    (tmp_path / "rows.csv").write_text("x,target\n1,2\n2,4\n")
    reg.register_files(tmp_path / "slope.json", "judged", adapter=Judge, task="regression")
    assert reg.evaluate("judged", "rows", data=tmp_path / "rows.csv").metrics == {"lines": 3}
    reg.register_files(tmp_path / "slope.json", "dies", adapter=Dies, task="regression")
    with pytest.raises(TrainingFailed, match="exit code 5"):
        reg.evaluate("dies", "rows")
    (job,) = reg.jobs("dies")
    assert (job.status, "exit code 5" in job.reason) == (JobStatus.FAILED, True)
    with pytest.raises(TrainingFailed, match=r"columns x, target. Name that of the truth"):
        reg.evaluate("dies", "rows", target="z")

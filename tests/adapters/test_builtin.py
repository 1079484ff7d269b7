"""Built-in adapters on a user's own models, with a configuration and without code."""

import io

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from sklearn.datasets import load_iris
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.pipeline import make_pipeline

from jupyter_modelmgmt import flavors
from jupyter_modelmgmt.adapters import predictor
from jupyter_modelmgmt.domain.errors import BadField, BadTensor, Conflict
from jupyter_modelmgmt.domain.evidence import Field, Signature
from jupyter_modelmgmt.domain.failures import BadPrediction
from jupyter_modelmgmt.domain.records import Task
from tests.servers import nets
from tests.servers.each_kind import deploy_one_of_each, iris_rows
from tests.servers.registries import shell_with_magics


def opened(folder, adapter, flavor="onnx", labels=(), inputs=(), **config):
    return predictor(
        folder, flavor=flavor, adapter=adapter, config=config, labels=labels, task=Task.OTHER,
        signature=Signature(inputs=tuple(Field(name=name, datatype=kind) for name, kind in inputs)),
    )  # fmt: skip


def png(image):
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def plain(*colour, size=(40, 20)):
    return Image.new("RGB", size, colour or (0, 0, 0))


def spotted():
    """Give a picture of 200 x 100 with a bright spot from (50, 25) to (100, 75)."""
    image = plain(size=(200, 100))
    image.paste((240, 240, 240), (50, 25, 100, 75))
    return image


@pytest.mark.parametrize(("color", "label"), [("RGB", "red"), ("BGR", "blue")])
def test_a_classifier_of_ones_own_by_colour_order_scale_mean_size_and_top_k(tmp_path, color, label):
    nets.colours(tmp_path / "net.onnx")
    config = {"color": color, "mean": [10, 20, 30], "std": [51, 51, 51], "size": [16, 16], "top_k": 2}
    found = opened(tmp_path, "image_classifier", labels=["red", "green", "blue"], **config)
    result, width, height = found.predict_image(png(plain(255, 51, 0)))
    assert (width, height) == (40, 20)
    assert [entry.label for entry in result.classes] == [label, "green"]
    seen = np.array([255, 51, 0] if color == "RGB" else [0, 51, 255])
    logits = (seen - [10, 20, 30]) / 51
    softmax = np.exp(logits) / np.exp(logits).sum()
    assert [entry.score for entry in result.classes] == pytest.approx(sorted(softmax, reverse=True)[:2], abs=1e-5)


def test_scores_that_are_no_confidences_are_told(tmp_path):
    nets.colours(tmp_path / "net.onnx")
    found = opened(tmp_path, "image_classifier", activation="none", std=51)
    with pytest.raises(BadPrediction, match="Set activation to softmax or sigmoid"):
        found.predict_image(png(plain(255, 51, 0)))


@pytest.mark.parametrize("resize", ["squash", "letterbox", "crop"])
def test_a_detector_of_ones_own_gives_boxes_on_the_picture(tmp_path, resize):
    nets.spot(tmp_path / "net.onnx")
    config = {"box_format": "yxyx", "coordinates": "relative", "std": 255, "resize": resize, "threshold": 0.6}
    found = opened(tmp_path, "object_detector", labels=["spot"], **config)
    (box,) = found.predict_image(png(spotted()))[0].boxes
    assert (box.label, round(box.score, 2)) == ("spot", 0.94)
    assert box.box == pytest.approx([50, 25, 100, 75], abs=200 / 32)


def test_a_detector_that_scores_beyond_one_is_told(tmp_path):
    nets.spot(tmp_path / "net.onnx")
    found = opened(tmp_path, "object_detector", box_format="yxyx", coordinates="relative", std=100)
    with pytest.raises(BadPrediction, match="Set activation to sigmoid or softmax"):
        found.predict_image(png(spotted()))


def test_a_segmenter_of_ones_own_gives_shares(tmp_path):
    nets.halves(tmp_path / "net.onnx")
    found = opened(tmp_path, "segmenter", labels=["dark", "bright"], std=255)
    image = plain(size=(40, 40))
    image.paste((255, 255, 255), (0, 0, 40, 10))
    result, _, _ = found.predict_image(png(image))
    assert result.share == {"dark": 0.75, "bright": 0.25}


def test_an_embedding_has_the_stated_size(tmp_path):
    nets.means(tmp_path / "net.onnx")
    image = Image.new("L", (8, 8))
    image.paste(200, (0, 0, 4, 4))
    found = opened(tmp_path, "embedding", color="GRAY", embeddings_size=4)
    assert found.predict_image(png(image))[0].vector == pytest.approx((200, 0, 0, 0))
    unit = opened(tmp_path, "embedding", color="GRAY", normalize=True)
    assert unit.predict_image(png(image))[0].vector == pytest.approx((1, 0, 0, 0))
    with pytest.raises(BadField, match="embeddings_size is 5; the model gives 4"):
        opened(tmp_path, "embedding", color="GRAY", embeddings_size=5)


def test_a_table_comes_and_goes_by_the_signature(tmp_path):
    x, y = load_iris(return_X_y=True, as_frame=True)
    model = LogisticRegression(max_iter=500).fit(x, y)
    flavors.get("sklearn").save(model, tmp_path)
    names = [str(name) for name in x.columns]
    found = opened(
        tmp_path, "tabular", "sklearn", ["setosa", "versicolor", "virginica"], [(name, "FP64") for name in names]
    )
    shuffled = {name: x[name].to_numpy()[:5] for name in reversed(names)}
    columns = found.predict_tensors(shuffled)
    assert columns["label"].tolist() == [0] * 5
    assert columns["probability_setosa"] == pytest.approx(model.predict_proba(x[:5])[:, 0])
    whole = found.predict_tensors({"": x.to_numpy()[:5]})
    assert whole["label"].tolist() == [0] * 5
    with pytest.raises(BadTensor, match="no column petal width"):
        found.predict_tensors({name: x[name].to_numpy() for name in names[:3]})
    with pytest.raises(BadTensor, match="different numbers of rows"):
        found.predict_tensors({name: np.zeros(place + 1) for place, name in enumerate(names)})
    with pytest.raises(BadTensor, match="3 columns; the model takes 4"):
        found.predict_tensors({"": x.to_numpy()[:5, :3]})
    with pytest.raises(BadField, match="'nothing'; the model has label, probability"):
        opened(tmp_path, "tabular", "sklearn", outputs=["nothing"])


def test_a_table_of_numbers_reaches_a_model_without_names(tmp_path):
    rows = np.arange(12.0).reshape(6, 2)
    flavors.get("sklearn").save(LinearRegression().fit(rows, rows.sum(axis=1)), tmp_path)
    found = opened(tmp_path, "tabular", "sklearn", inputs=[("a", "FP64"), ("b", "INT64")])
    sums = found.predict_tensors({"b": np.array([2, 3]), "a": np.array([1.0, 1.0])})
    assert sums["value"] == pytest.approx([3, 4])
    with pytest.raises(BadTensor, match="'b' loses values as INT64"):
        found.predict_tensors({"b": np.array([2.5]), "a": np.array([1.0])})


def test_texts_get_labels(tmp_path):
    texts = ["good fine good", "nice good", "bad awful", "awful terrible bad"] * 5
    model = make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(texts, ["plus", "plus", "minus", "minus"] * 5)
    flavors.get("sklearn").save(model, tmp_path)
    found = opened(tmp_path, "text", "sklearn", ["minus", "plus"])
    results = found.predict_items([found.prepare_text(text) for text in ("good", "awful bad")])
    assert [result.classes[0].label for result in results] == ["plus", "minus"]
    assert sum(entry.score for entry in results[0].classes) == pytest.approx(1)
    by_label = opened(tmp_path, "text", "sklearn", output="label")
    assert by_label.predict_items([by_label.prepare_text("nice")])[0].text == "plus"
    nets.colours(tmp_path / "net.onnx")
    with pytest.raises(BadField, match=r"image \(FP32\); the text adapter needs"):
        opened(tmp_path, "text")


def test_raw_tensors_come_as_the_model_gives_them(tmp_path):
    nets.colours(tmp_path / "net.onnx")
    found = opened(tmp_path, "tensor")
    given = np.ones((2, 3, 16, 16), np.float32)
    assert found.predict_tensors({"image": given})["logits"].tolist() == [[1, 1, 1]] * 2
    assert found.batchable
    with pytest.raises(Conflict, match="takes a tensor and no image"):
        found.prepare_image(png(plain(1, 2, 3)))


def test_every_kind_is_asked_through_python_magic_and_terminal(reg, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("JUPYTER_MODELMGMT_URL", reg.store.url)
    rows = iris_rows()
    deploy_one_of_each(reg, tmp_path, rows)
    write_inputs(tmp_path, rows)
    python_gives_typed_answers(reg, tmp_path, rows)
    the_magic_gives_them_too(rows)
    monkeypatch.chdir(tmp_path)
    the_terminal_prints_them(capsys)


def write_inputs(folder, rows):
    rows.to_csv(folder / "rows.csv", index=False)
    plain(90, 90, 90).save(folder / "grey.png")
    np.save(folder / "ones.npy", np.ones((1, 3, 16, 16), np.float32))


def python_gives_typed_answers(reg, folder, rows):
    found = reg.predict("irises", rows)
    assert isinstance(found.outputs, pd.DataFrame)
    assert found.outputs["label"].tolist() == [0, 0, 0]
    assert "probability_2" in found._repr_html_()
    assert reg.predict("moods", "good").classes[0].label == "plus"
    assert reg.predict("means", folder / "grey.png").vector == pytest.approx([90] * 4)
    assert reg.predict("raw", np.ones((1, 3, 16, 16), np.float32)).outputs["logits"].tolist() == [[1, 1, 1]]


def the_magic_gives_them_too(rows):
    with shell_with_magics() as shell:
        shell.user_ns["rows"] = rows
        assert shell.run_line_magic("model", "predict irises rows").outputs["label"].tolist() == [0, 0, 0]
        assert shell.run_line_magic("model", "predict moods bad").classes[0].label == "minus"


def the_terminal_prints_them(capsys):
    from jupyter_modelmgmt.cli import main

    said = {
        "irises": ("rows.csv", "label"),
        "moods": ("good", "plus"),
        "means": ("grey.png", "90"),
        "raw": ("ones.npy", "logits"),
    }
    for name, (given, word) in said.items():
        assert main(["predict", name, given, "--json"]) == 0
        assert word in capsys.readouterr().out

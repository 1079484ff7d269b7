"""Ready models tell what is on real photos."""

import base64
import io

import pytest
from PIL import Image
from skimage import data

from jupyter_modelmgmt.adapters import predictor
from jupyter_modelmgmt.sources import library


def photo(name):
    buffer = io.BytesIO()
    Image.fromarray(getattr(data, name)()).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def ask(cloned):
    """Give a function from an entry and a photo to the result."""

    def answer(name, picture):
        files = cloned(name)
        entry = library.entry(name)
        loaded = predictor(
            files.folder, flavor=entry.flavor, adapter=entry.adapter, config=files.config, labels=files.labels, task=entry.task
        )  # fmt: skip
        return loaded.predict_image(photo(picture))[0]

    return answer


@pytest.mark.parametrize(
    ("picture", "label", "least"),
    [("chelsea", "Cat", 0.8), ("coffee", "Coffee cup", 0.5), ("astronaut", "Person", 0.5)],
)
def test_the_detector_finds_things(ask, picture, label, least):
    best = ask("ssd-mobilenetv2", picture).boxes[0]
    assert (best.label, best.score > least) == (label, True)


def test_the_box_is_where_the_cat_is(ask):
    (cat,) = [box for box in ask("ssd-mobilenetv2", "chelsea").boxes if box.label == "Cat"]
    x0, y0, x1, y1 = cat.box  # the cat fills the photo of 451 x 300
    assert (x1 - x0) * (y1 - y0) > 0.5 * 451 * 300


def test_the_person_is_cut_out(ask):
    mask = ask("selfie-segmentation", "astronaut")
    assert 0.5 < mask.share["person"] < 0.6
    pixels = Image.open(io.BytesIO(base64.b64decode(mask.png)))
    face, flag = (0.43 * pixels.width, 0.22 * pixels.height), (0.05 * pixels.width, 0.4 * pixels.height)
    assert [mask.labels[pixels.getpixel(tuple(map(int, place)))] for place in (face, flag)] == ["person", "background"]


# As PyTorch answers with the same weights: measured with efficientnet-lite-pytorch 0.1.0.
@pytest.mark.parametrize(
    ("name", "picture", "label", "score"),
    [
        ("efficientnet-lite0-fp32", "coffee", "espresso", 0.95),
        ("efficientnet-lite0-fp32", "chelsea", "tiger cat", 0.39),
        pytest.param("efficientnet-lite1-fp32", "chelsea", "Egyptian cat", 0.45, marks=pytest.mark.heavy),
        pytest.param("efficientnet-lite2-fp32", "coffee", "espresso", 0.89, marks=pytest.mark.heavy),
        pytest.param("efficientnet-lite2-fp32", "chelsea", "Egyptian cat", 0.62, marks=pytest.mark.heavy),
    ],
)
def test_the_classifier_names_the_photo(ask, name, picture, label, score):
    best = ask(name, picture).classes[0]
    assert (best.label, best.score) == (label, pytest.approx(score, abs=0.04))

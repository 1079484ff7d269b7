"""Boxes land where things are in the displayed image, whatever was done to it before."""

import io

import numpy as np
import pytest
from PIL import Image
from skimage import data

from jupyter_modelmgmt.adapters.anchors import AnchorConfig, anchors, boxes
from jupyter_modelmgmt.adapters.object_detector import without_overlaps
from jupyter_modelmgmt.domain.errors import BadField

SIDE = 100
PICTURE = np.zeros((200, 400, 3), np.uint8)


def found(boxes_, scores, labels=None):
    outputs = {"boxes": np.array(boxes_, np.float32), "scores": np.array(scores, np.float32)}
    return outputs if labels is None else {**outputs, "labels": np.array(labels, np.int64)}


@pytest.fixture
def detect(constant_model, loaded, tmp_path, png):
    """Give a function from a model's outputs, a configuration and a picture to found boxes."""

    def run(outputs, config, picture=PICTURE, labels=("cat", "dog")):
        folder = constant_model(tmp_path, [1, SIDE, SIDE, 3], **outputs)
        data_ = picture if isinstance(picture, bytes) else png(picture)
        result, _, _ = loaded(folder, "object_detector", config, labels).predict_image(data_)
        return [(box.label, round(box.score, 3), tuple(round(float(x), 1) for x in box.box)) for box in result.boxes]

    return run


@pytest.mark.parametrize(
    ("box_format", "numbers"),
    [
        ("xyxy", [10, 20, 50, 80]),
        ("yxyx", [20, 10, 80, 50]),
        ("xywh", [10, 20, 40, 60]),
        ("cxcywh", [30, 50, 40, 60]),
        ("cycxhw", [50, 30, 60, 40]),
    ],
)
@pytest.mark.parametrize("coordinates", ["pixel", "relative"])
def test_each_format_gives_the_same_box(detect, box_format, numbers, coordinates):
    scale = 100 if coordinates == "relative" else 1
    outputs = found([[[n / scale for n in numbers]]], [[0.9]], [[1]])
    assert detect(outputs, {"box_format": box_format, "coordinates": coordinates}) == [
        ("dog", 0.9, (40.0, 40.0, 200.0, 160.0))
    ]


@pytest.mark.parametrize(
    ("resize", "box"),
    [
        ("squash", (40.0, 40.0, 200.0, 160.0)),
        ("letterbox", (40.0, 0.0, 200.0, 200.0)),
        ("crop", (120.0, 40.0, 200.0, 160.0)),
    ],
)
def test_boxes_are_mapped_back_through_each_way_of_resizing(detect, resize, box):
    assert detect(found([[[10, 20, 50, 80]]], [[0.9]], [[0]]), {"resize": resize}) == [("cat", 0.9, box)]


def test_boxes_are_in_pixels_of_a_large_photo_that_was_decoded_reduced_and_turned(detect):
    exif = Image.Exif()
    exif[0x0112] = 6
    buffer = io.BytesIO()
    Image.new("RGB", (2400, 1600)).save(buffer, "JPEG", exif=exif)
    got = detect(found([[[10, 20, 50, 80]]], [[0.9]], [[0]]), {}, buffer.getvalue())
    assert got == [("cat", 0.9, (160.0, 480.0, 800.0, 1920.0))]


def test_boxes_are_clipped_to_the_image_and_empty_ones_dropped(detect):
    outputs = found([[[-30, -30, 50, 300], [150, 0, 180, 10]]], [[0.9, 0.8]], [[0, 0]])
    assert detect(outputs, {}) == [("cat", 0.9, (0.0, 0.0, 200.0, 200.0))]


def test_outputs_without_a_batch_axis_are_taken_too(detect):
    outputs = found([[0, 0, 50, 50], [50, 50, 90, 90]], [0.9, 0.6], [0, 1])
    assert [label for label, _, _ in detect(outputs, {})] == ["cat", "dog"]


def test_no_box_is_an_empty_answer(detect):
    assert detect(found(np.zeros((0, 4)), np.zeros(0), np.zeros(0)), {}) == []


def test_a_score_a_label_gives_the_best_label_without_the_background(detect):
    outputs = found([[[0, 0, 50, 50], [50, 50, 90, 90]]], [[[0.1, 0.2, 0.7], [0.9, 0.06, 0.04]]])
    assert detect(outputs, {"background": True, "threshold": 0.3}) == [("dog", 0.7, (0.0, 0.0, 200.0, 100.0))]


def test_the_number_of_the_first_label_is_a_setting_and_unknown_numbers_stay(detect):
    outputs = found([[[0, 0, 50, 50], [50, 50, 90, 90]]], [[0.9, 0.8]], [[1, 7]])
    assert [label for label, _, _ in detect(outputs, {"first_label": 1})] == ["cat", "7"]


def test_threshold_and_max_boxes_shorten_the_list_best_first(detect):
    outputs = found([[[0, 0, 9, 9], [20, 0, 29, 9], [40, 0, 49, 9]]], [[0.5, 0.9, 0.7]], [[0, 0, 0]])
    assert [score for _, score, _ in detect(outputs, {"threshold": 0.6})] == [0.9, 0.7]
    assert [score for _, score, _ in detect(outputs, {"max_boxes": 1})] == [0.9]


def test_overlapping_boxes_of_one_label_give_way_to_the_best(detect):
    outputs = found([[[0, 0, 50, 50], [2, 2, 52, 52], [2, 2, 52, 52]]], [[0.9, 0.8, 0.7]], [[0, 0, 1]])
    assert [(label, score) for label, score, _ in detect(outputs, {})] == [("cat", 0.9), ("dog", 0.7)]


def test_the_limit_of_overlap_is_intersection_over_union():
    corners = np.array([[0, 0, 10, 10], [0, 5, 10, 15]], float)
    same = np.zeros(2, int)
    assert without_overlaps(corners, same, 0.34) == [0, 1]
    assert without_overlaps(corners, same, 0.32) == [0]


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ({"outputs": {"boxes": "nowhere"}}, "outputs.boxes is to name an output"),
        ({"outputs": {"boxen": "boxes"}}, "boxen"),
        ({"anchors": {"strides": [50]}, "box_format": "cxcywh"}, "8 anchors; the model has 1"),
        ({"anchors": {"strides": [50]}}, "box_format is one of cxcywh"),
        ({"anchors": {"strides": []}}, "strides"),
        ({"anchors": {"strides": [0]}}, "strides"),
        ({"threshold": 2}, "threshold"),
    ],
)
def test_a_configuration_that_does_not_fit_is_refused(detect, config, words):
    with pytest.raises(BadField, match=words):
        detect(found([[[0, 0, 1, 1]]], [[0.9]], [[0]]), config)


def test_blazeface_has_896_anchors_two_and_six_a_cell():
    made = anchors(AnchorConfig(strides=(8, 16, 16, 16), fixed_size=True), (128, 128))
    assert made.shape == (896, 4)
    assert made[0].tolist() == made[1].tolist() == [1 / 32, 1 / 32, 1, 1]
    assert made[512].tolist() == made[517].tolist() == [1 / 16, 1 / 16, 1, 1]
    assert made[2].tolist() == [3 / 32, 1 / 32, 1, 1]


def test_an_ssd_of_300_pixels_has_1917_anchors():
    config = AnchorConfig(
        strides=(16, 32, 64, 128, 256, 512), aspect_ratios=(1, 2, 0.5, 3, 1 / 3), fewer_in_lowest=True
    )
    made = anchors(config, (300, 300))
    assert made.shape == (1917, 4)
    np.testing.assert_allclose(made[0], [0.5 / 19, 0.5 / 19, 0.1, 0.1])
    np.testing.assert_allclose(made[-1], [0.5, 0.5, np.sqrt(0.95), np.sqrt(0.95)])


def test_offsets_of_zero_give_the_anchors_themselves():
    config = AnchorConfig(strides=(50,))
    made = anchors(config, (100, 100))
    np.testing.assert_allclose(boxes(np.zeros((len(made), 4)), made, config), made)


def test_wild_offsets_stay_finite():
    config = AnchorConfig(strides=(100,), between_ratio=0)
    assert np.isfinite(boxes(np.full((1, 4), 1e6), anchors(config, (100, 100)), config)).all()


@pytest.mark.parametrize(
    ("photo", "score", "box"),
    [("astronaut", 0.921, (179, 82, 274, 177)), ("camera", 0.782, (174, 120, 267, 213))],
)
def test_blazeface_finds_real_faces(ready, png, photo, score, box):
    result, _, _ = ready("blazeface").predict_image(png(getattr(data, photo)()))
    (face,) = result.boxes
    assert face.label == "face"
    assert face.score == pytest.approx(score, abs=0.01)
    assert face.box == pytest.approx(box, abs=2)


@pytest.mark.parametrize("photo", ["coffee", "chelsea"])
def test_blazeface_finds_no_face_where_there_is_none(ready, png, photo):
    assert ready("blazeface").predict_image(png(getattr(data, photo)()))[0].boxes == ()

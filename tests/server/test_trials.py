"""Versions that are not deployed answer in workers of their own, never in the server."""

import io

import pytest
from PIL import Image


@pytest.fixture
def request_of(digits):
    row = [float(value) for value in digits[0][0]]
    return {"inputs": [{"name": "input", "datatype": "FP32", "shape": [1, len(row)], "data": row}]}


async def test_a_version_that_is_not_deployed_answers_on_tensors_and_its_worker_stays(
    ask, extension, digits_version, request_of
):
    path = ("models", "digits", "versions", "1.0.0", "predict")
    status, answer = await ask("POST", *path, body=request_of, headers={"Content-Type": "application/json"})
    assert (status, answer["model_version"]) == (200, "1.0.0")
    assert answer["outputs"][0]["name"] == "label"
    (kept,) = extension.trials._kept.values()
    worker = kept.worker
    assert (await ask("POST", *path, body=request_of, headers={"Content-Type": "application/json"}))[0] == 200
    assert kept.worker is worker
    status, error = await ask("POST", *path, body=b"{", headers={"Content-Type": "application/json"})
    assert (status, error["code"]) == (400, "bad_input")
    extension.trials.close()
    assert not worker.answers()


@pytest.fixture
def astronaut():
    """Give a photo with one face as JPEG."""
    from skimage import data

    buffer = io.BytesIO()
    Image.fromarray(data.astronaut()).save(buffer, "JPEG", quality=92)
    return buffer.getvalue()


async def test_a_picture_is_asked_of_a_version_and_mistakes_are_told(ask, extension, registry, astronaut, onnx_file):
    registry.clone("blazeface", "faces")
    path = ("models", "faces", "versions", "1.0.0", "predict")
    status, answer = await ask("POST", *path, body=astronaut, headers={"Content-Type": "image/jpeg"})
    assert (status, [box["label"] for box in answer["boxes"]]) == (200, ["face"])
    status, error = await ask("POST", *path, body=b"no picture", headers={"Content-Type": "image/png"})
    assert (status, error["code"]) == (400, "bad_image")
    assert (await ask("POST", *path, body=bytes(3 * 2**20), headers={"Content-Type": "image/png"}))[0] == 413
    assert (await ask("POST", "models", "faces", "versions", "9.0.0", "predict", body=astronaut))[0] == 404
    source = {"kind": "container", "image": "localhost/net:1"}
    await ask("POST", "imports", body={"source": source, "name": "boxed"})
    status, error = await ask("POST", "models", "boxed", "versions", "1.0.0", "predict", body=astronaut)
    assert (status, error["code"]) == (409, "not_loadable")
    extension.trials.close()

"""Deployments and predictions through the Jupyter server, on real models."""

import asyncio
import base64
import io
import json

import numpy as np
import pytest
from PIL import Image

from jupyter_modelmgmt.server.events import SCHEMA


@pytest.fixture
def faces(registry, cloned):
    """Give a deployed face detector."""
    files = cloned("blazeface")
    registry.register_files(files.folder, "faces", **files.fields)
    registry.deploy("faces", name="faces")
    return "faces"


@pytest.fixture(scope="module")
def astronaut():
    """Give a photo as JPEG, with a face about [179, 82, 274, 177]."""
    from skimage import data

    buffer = io.BytesIO()
    Image.fromarray(data.astronaut()).save(buffer, "JPEG", quality=95)
    return buffer.getvalue()


def form(image, field="image"):
    boundary = "boundary1234"
    body = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="photo.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    ).encode() + image + f"\r\n--{boundary}--\r\n".encode()  # fmt: skip
    return {"body": body, "headers": {"Content-Type": f"multipart/form-data; boundary={boundary}"}}


async def test_an_uploaded_photo_is_answered_with_boxes(ask, faces, astronaut):
    path = ("deployments", faces, "predict")
    for sent in (form(astronaut), {"body": astronaut, "headers": {"Content-Type": "image/jpeg"}}):
        status, answer = await ask("POST", *path, **sent)
        assert (status, answer["task"], answer["width"], answer["height"]) == (200, "detection", 512, 512)
        (box,) = answer["boxes"]
        assert box["label"] == "face"
        assert box["score"] > 0.9
        assert np.allclose(box["box"], [179, 82, 274, 177], atol=6)
        assert answer["latency_ms"] > 0
        assert answer["version"] == "1.0.0"


@pytest.mark.parametrize("what", ["text", "empty", "truncated", "bomb", "no field", "large"])
async def test_what_is_no_image_is_refused_with_a_reason(ask, faces, astronaut, extension, what):
    bomb = io.BytesIO()
    Image.new("1", (30_000, 30_000)).save(bomb, "PNG")
    sent, status, code, said = {
        "text": (form(b"not an image"), 400, "bad_image", "image"),
        "empty": (form(b""), 400, "bad_image", "0 bytes"),
        "truncated": (form(astronaut[: len(astronaut) // 2]), 400, "bad_image", "truncated"),
        "bomb": (form(bomb.getvalue()), 400, "bad_image", "pixels"),
        "no field": (form(astronaut, field="photo"), 400, "bad_image", "field 'image'"),
        "large": (form(astronaut + bytes(extension.image_limit)), 413, "too_large", str(extension.image_limit)),
    }[what]
    got, error = await ask("POST", "deployments", faces, "predict", **sent)
    assert (got, error["code"]) == (status, code)
    assert said in error["message"]
    assert (await ask("GET", "deployments", faces))[1]["state"] == "Deployed"


async def test_predicting_before_deploying_says_so(ask, digits_version, astronaut):
    status, error = await ask("POST", "deployments", "digits", "predict", **form(astronaut))
    assert (status, error["code"]) == (409, "not_deployed")
    assert error["message"].startswith("Need to deploy before predicting")
    status, error = await ask("POST", "deployments", "nothing", "predict", **form(astronaut))
    assert (status, error["code"]) == (404, "not_found")


async def test_tensors_are_answered_by_the_protocol(ask, registry, digits_version, digits, classifier):
    registry.deploy("digits", name="svc")
    x = digits[0][:2]
    tensor = {"name": "", "shape": [2, 64], "datatype": "FP64", "data": x.ravel().tolist()}
    headers = {"Content-Type": "application/json"}
    status, answer = await ask("POST", "deployments", "svc", "predict", body={"inputs": [tensor]}, headers=headers)
    assert status == 200, answer
    outputs = {output["name"]: output["data"] for output in answer["outputs"]}
    assert outputs["label"] == classifier.predict(x).tolist()
    tensor["shape"] = [3, 64]
    status, error = await ask("POST", "deployments", "svc", "predict", body={"inputs": [tensor]}, headers=headers)
    assert (status, error["code"]) == (400, "bad_tensor")


async def test_logs_are_filtered_followed_and_downloaded(ask, registry, digits_version):
    registry.deploy("digits", name="svc")
    logs = ("deployments", "svc", "logs")
    status, found = await ask("GET", *logs, params={"filter": "ready", "replica": "0", "lines": "5"})
    assert (status, found["replicas"]) == (200, ["1.0.0-0"])
    assert found["text"].endswith("Ready")
    assert found["text"].count("\n") == 0
    status, error = await ask("GET", *logs, params={"replica": "1.1.0-0"})
    assert (status, error["message"]) == (404, "svc has no replica 1.1.0-0. Choose one of 1.0.0-0.")
    file = await ask("GET", *logs, params={"download": "true"}, raw=True)
    assert "svc.log" in file.headers["Content-Disposition"]
    assert file.headers["Content-Type"].startswith("text/plain")
    assert file.body.decode().splitlines()[-1].endswith("Ready")
    following = asyncio.ensure_future(ask("GET", *logs, params={"follow": "true", "filter": "INFO"}, raw=True))
    await asyncio.sleep(0.5)
    assert not following.done()
    await ask("POST", "deployments", "svc", "stop")
    followed = await asyncio.wait_for(following, 60)
    assert followed.headers["Content-Type"].startswith("text/plain")
    assert [line.split()[-1] for line in followed.body.decode().splitlines()] == ["svc", "Ready"]
    for name in ("nobody", "../.."):
        assert (await ask("GET", "deployments", name, "logs"))[0] == 404
    for wrong, code in (
        ({"replica": "9"}, 404),
        ({"lines": "-1"}, 400),
        ({"lines": "some"}, 400),
        ({"follow": "perhaps"}, 400),
    ):
        assert (await ask("GET", *logs, params=wrong))[0] == code
    assert (await ask("GET", "deployments", "none", "logs", params={"follow": "true"}))[0] == 404


async def test_deploy_stop_start_forget(ask, registry, digits_version):
    status, deployment = await ask("POST", "deployments", body={"selector": "digits@latest", "name": "svc"})
    assert (status, deployment["state"]) == (201, "Deploying")
    await state(ask, "Deployed")
    assert [d["name"] for d in (await ask("GET", "deployments"))[1]["items"]] == ["svc"]
    assert (await ask("GET", "status"))[1]["host"]["workers"][0]["deployment"] == "svc"
    assert "Loading digits@1.0.0" in (await ask("GET", "deployments", "svc", "logs"))[1]["text"]
    status, error = await ask("DELETE", "models", "digits", "versions", "1.0.0")
    assert (status, error["code"]) == (409, "model_deployed")
    assert error["message"].startswith(
        "You cannot delete a model that is currently deployed. Stop all deployments first."
    )
    assert (await ask("DELETE", "deployments", "svc"))[0] == 409
    assert (await ask("POST", "deployments", "svc", "stop"))[0] == 200
    await state(ask, "Stopped")
    assert (await ask("POST", "deployments", "svc", "start"))[0] == 200
    await state(ask, "Deployed")
    await ask("POST", "deployments", "svc", "stop")
    await state(ask, "Stopped")
    assert (await ask("DELETE", "deployments", "svc", params={"confirm": "sv"}))[1]["code"] == "not_confirmed"
    assert (await ask("DELETE", "deployments", "svc", params={"confirm": "svc"}))[0] == 204
    assert (await ask("GET", "deployments"))[1]["items"] == []


async def state(ask, wanted):
    async with asyncio.timeout(120):
        while (await ask("GET", "deployments", "svc"))[1]["state"] != wanted:
            await asyncio.sleep(0.05)


async def test_a_made_up_name_follows_the_model(ask, registry, digits_version):
    _, deployment = await ask("POST", "deployments", body={"selector": "digits"})
    assert deployment["name"].startswith("digits-")
    for body, code in [({"selector": "digits", "name": "Bad Name"}, "bad_name"), ({"selector": "digits", "replicas": 0}, "bad_field"),
                       ({"selector": "digits@9.9.9"}, "not_found")]:  # fmt: skip
        assert (await ask("POST", "deployments", body=body))[1]["code"] == code


async def test_the_library_is_cloned_with_progress(ask, extension, jp_serverapp):
    heard = []

    async def listen(logger, schema_id, data):
        heard.append(data)

    jp_serverapp.event_logger.add_listener(schema_id=SCHEMA, listener=listen)
    _, answer = await ask("GET", "library")
    assert {"blazeface", "deeplabv3", "digits", "efficientnet-lite0"} <= {entry["name"] for entry in answer["items"]}
    status, version = await ask("POST", "library", "blazeface", "clone", body={"name": "faces"})
    assert (status, version["model"], version["license"]) == (201, "faces", "Apache-2.0")
    await jp_serverapp.event_logger.gather_listeners()
    assert any(event["action"] == "library.progress" and event["details"]["entry"] == "blazeface" for event in heard)
    assert (await ask("POST", "library", "nothing", "clone", body={"name": "x"}))[0] == 404
    assert (await ask("POST", "library", "blazeface", "clone", body={"name": "../x"}))[1]["code"] == "bad_name"


async def test_an_image_in_a_tensor_is_answered_too(ask, faces, astronaut):
    encoded = base64.b64encode(astronaut).decode()
    tensor = {
        "name": "image",
        "shape": [1],
        "datatype": "BYTES",
        "data": [encoded],
        "parameters": {"content_type": "base64"},
    }
    status, answer = await ask(
        "POST", "deployments", faces, "predict", body={"inputs": [tensor]}, headers={"Content-Type": "application/json"}
    )
    assert status == 200
    assert json.loads(answer["outputs"][0]["data"][0])["boxes"][0]["label"] == "face"


async def test_an_example_says_how_to_ask_and_for_whom(ask, registry, digits_version):
    registry.deploy(digits_version.selector, name="asked", private=True)
    status, mine = await ask("GET", "deployments", "asked", "example")
    assert (status, sorted(mine)) == (200, ["curl", "python"])
    assert "TOKEN" not in mine["curl"]
    _, theirs = await ask("GET", "deployments", "asked", "example", params={"client": "ada"})
    assert "-u 'ada:TOKEN'" in theirs["curl"]
    assert "'ada:TOKEN'" in theirs["python"]
    registry.stop("asked")
    status, answer = await ask("GET", "deployments", "asked", "example")
    assert (status, answer["code"]) == (409, "not_deployed")

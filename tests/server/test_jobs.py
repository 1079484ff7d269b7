"""Training and evaluating through the Jupyter server: begun with 202, asked about by id."""

import asyncio

import pytest
from PIL import Image

from tests.servers import nets


@pytest.fixture
def colours(registry, tmp_path):
    """Give a classifier and a registered folder of golden pictures."""
    for label, colour in (("red", (200, 0, 0)), ("green", (0, 200, 0)), ("blue", (0, 0, 200))):
        (tmp_path / "golden" / label).mkdir(parents=True)
        Image.new("RGB", (8, 8), colour).save(tmp_path / "golden" / label / "0.png")
    net = nets.colours(tmp_path / "net.onnx")
    labels = ["red", "green", "blue"]
    registry.register_files(net, "colours", adapter="image_classifier", labels=labels, task="classification")
    registry.register_dataset("golden", data=tmp_path / "golden")


async def test_an_evaluation_is_begun_and_followed(ask, colours):
    path = ("models", "colours", "versions", "1.0.0")
    status, job = await ask("POST", *path, "evaluate", body={"dataset": "golden"})
    assert (status, job["kind"], job["status"], job["progress"]) == (202, "evaluate", "Created", 0.0)
    for _ in range(600):
        status, now = await ask("GET", "jobs", str(job["id"]))
        if now["status"] in ("Success", "Failed"):
            break
        await asyncio.sleep(0.1)
    assert (status, now["status"], now["progress"]) == (200, "Success", 1.0), now
    _, page = await ask("GET", "jobs", params={"search": "colo", "status": "Success"})
    assert [found["id"] for found in page["items"]] == [job["id"]]
    _, found = await ask("GET", "evaluations", params={"version": "colours@1.0.0"})
    assert found["items"][0]["metrics"]["accuracy"] == 1.0


@pytest.mark.parametrize(
    ("verb", "path", "body", "status", "code"),
    [
        ("POST", ("models", "colours", "versions", "1.0.0", "evaluate"), {"dataset": "nothing"}, 404, "not_found"),
        ("POST", ("models", "colours", "versions", "9.0.0", "evaluate"), {"dataset": "golden"}, 404, "not_found"),
        ("POST", ("models", "colours", "versions", "1.0.0", "train"), {"dataset": "golden"}, 409, "conflict"),
        ("POST", ("models", "colours", "versions", "1.0.0", "train"), {}, 400, "bad_field"),
        ("GET", ("jobs", "77"), None, 404, "not_found"),
        ("GET", ("jobs", "x"), None, 404, "not_found"),
    ],
)
async def test_what_cannot_be_done_is_told(ask, colours, verb, path, body, status, code):
    got, error = await ask(verb, *path, body=body)
    assert (got, error["code"]) == (status, code), error

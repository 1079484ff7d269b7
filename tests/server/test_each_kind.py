"""Tables, texts, vectors and tensors over HTTP: through the Jupyter server and from the serving host, the same answers."""

import json
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import numpy as np
import pytest

from jupyter_modelmgmt.serving import protocol
from tests.servers import each_kind
from tests.servers.each_kind import JSON

TEXT = {"Content-Type": "text/plain; charset=utf-8"}
PNG = {"Content-Type": "image/png"}


@pytest.fixture
def rows():
    return each_kind.iris_rows()


@pytest.fixture
def doors(ask, registry, tmp_path, rows):
    """Give a function that asks a deployment through both doors, and gives the JSON that both answered."""
    each_kind.deploy_one_of_each(registry, tmp_path, rows)

    async def both(name, body, headers, status=200):
        answer = await ask("POST", "deployments", name, "predict", body=body, headers=headers, raw=True)
        there, said = from_host(registry.host().infer_target(name), body, headers)
        assert (answer.code, there) == (status, status), (answer.body, said)
        found, other = json.loads(answer.body), json.loads(said)
        assert without_time(found) == without_time(other)
        return found

    return both


def from_host(target, body, headers):
    """Return status and body of the host's answer."""
    asked = Request(target.url, body, {**target.headers, **headers}, method="POST")
    try:
        with urlopen(asked, timeout=60) as answer:
            return answer.status, answer.read()
    except HTTPError as error:
        with error:
            return error.code, error.read()


def without_time(answer):
    """Return an answer as text without how long it took."""
    told = json.dumps(answer)
    for one in [answer, *(each_kind.answers(answer) if "prediction" in str(answer.get("outputs")) else [])]:
        told = told.replace(str(one.get("latency_ms", "latency_ms")), "")
    return told


async def test_every_kind_is_answered_through_both_doors(ask, doors, rows):
    await tables(doors, rows)
    await words(doors)
    await vectors(doors)
    await tensors(doors)
    await tensors_as_bytes(ask)


async def tables(doors, rows):
    found = each_kind.outputs(await doors("irises", each_kind.columns(rows), JSON))
    assert found["label"] == [0, 0, 0]
    assert len(found["probability_2"]) == 3
    whole = each_kind.request("", "FP64", [3, 4], rows.to_numpy().ravel().tolist())
    assert each_kind.outputs(await doors("irises", whole, JSON))["label"] == [0, 0, 0]
    error = await doors("irises", each_kind.columns(rows.iloc[:, :3]), JSON, 400)
    assert "no column petal width (cm)" in error["message"]
    assert (await doors("irises", b"good", TEXT, 409))["message"].endswith("takes a table and no text. Send a table.")


async def words(doors):
    assert (await doors("moods", b"good", TEXT))["classes"][0]["label"] == "plus"
    several = each_kind.answers(await doors("moods", each_kind.texts("text", "good", "bad"), JSON))
    assert [one["classes"][0]["label"] for one in several] == ["plus", "minus"]
    assert (await doors("moods", b"\xff", TEXT, 400))["code"] == "bad_input"
    half = each_kind.pictures("text", b"\xff", b"good")
    refused, answered = each_kind.answers(await doors("moods", half, JSON))
    assert (refused["code"], answered["classes"][0]["label"]) == ("bad_input", "plus")


async def vectors(doors):
    grey = each_kind.png(90, 90, 90)
    assert (await doors("means", grey, PNG))["vector"] == pytest.approx([90] * 4)
    found = each_kind.answers(await doors("means", each_kind.pictures("image", grey, b"none", grey), JSON))
    assert [one.get("vector") for one in found] == [pytest.approx([90] * 4), None, pytest.approx([90] * 4)]
    assert found[1]["code"] == "bad_image"


async def tensors(doors):
    one = each_kind.request("image", "FP32", [1, 3, 16, 16], [1.0] * 768)
    assert each_kind.outputs(await doors("raw", one, JSON))["logits"] == [1, 1, 1]
    assert (await doors("raw", each_kind.png(1, 2, 3), PNG, 409))["message"].endswith("Send a tensor.")


async def tensors_as_bytes(ask):
    body, headers = each_kind.ones()
    answer = await ask("POST", "deployments", "raw", "predict", body=body, headers=headers, raw=True)
    assert answer.code == 200, answer.body
    assert answer.headers["Content-Type"] == "application/octet-stream"
    found = protocol.decode_response(answer.body, answer.headers[protocol.HEADER_LENGTH])
    assert np.array_equal(found["logits"], [[1, 1, 1]])

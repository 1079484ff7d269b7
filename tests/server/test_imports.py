"""Imports by REST: each kind, told apart by `kind`."""

import shutil

import pytest

from jupyter_modelmgmt.server.events import SCHEMA


@pytest.fixture
def package(tmp_path, onnx_file):
    folder = tmp_path / "package"
    folder.mkdir()
    shutil.copyfile(onnx_file, folder / "net.onnx")
    return str(folder)


async def test_storage(ask, package):
    source = {"kind": "storage", "path": package, "services": ["batch"]}
    body = {"source": source, "name": "net", "labels": ["a"], "bump": "minor", "config": {"top_k": 1}}
    status, version = await ask("POST", "imports", body=body)
    assert (status, version["model"], version["framework"], version["labels"]) == (201, "net", "onnx", ["a"])
    assert version["interface"] == {"mode": "adapter", "services": ["batch"], "apis": [], "template": ""}
    assert (await ask("GET", "models", "net", "versions", "latest"))[1]["interface"] == version["interface"]
    status, error = await ask("POST", "deployments", body={"selector": "net", "name": "net"})
    assert (status, error["code"]) == (409, "service_refused")


async def test_an_import_tells_how_far_it_is(ask, extension, jp_serverapp, package):
    heard = []

    async def listen(logger, schema_id, data):
        heard.append(data)

    jp_serverapp.event_logger.add_listener(schema_id=SCHEMA, listener=listen)
    await ask("POST", "imports", body={"source": {"kind": "storage", "path": package}, "name": "net"})
    await jp_serverapp.event_logger.gather_listeners()
    told = [event["details"] for event in heard if event["action"] == "import.progress"]
    assert told[-1] == {"entry": "net", "done": told[-1]["total"], "total": told[-1]["total"]}


async def test_a_container_and_a_template(ask, package):
    container = {"kind": "container", "image": "localhost/net:1", "health": {"kind": "command", "command": ["true"]}}
    status, version = await ask("POST", "imports", body={"source": container, "name": "net"})
    assert (status, version["config"]["health"]["delay_s"]) == (201, 12)
    _, listed = await ask("GET", "imports", "templates", params={"engine": "onnx"})
    names = [each["name"] for each in listed["items"]]
    assert names == ["onnx-image-classifier", "onnx-object-detector"]
    template = {"kind": "template", "template": names[0], "path": package}
    assert (await ask("POST", "imports", body={"source": template, "name": "other"}))[0] == 201
    fixed = {**template, "mode": "undefined"}
    status, error = await ask("POST", "imports", body={"source": fixed, "name": "other"})
    assert (status, error["code"]) == (400, "mode_fixed")


@pytest.mark.parametrize(
    ("source", "status", "code"),
    [
        ({"kind": "storage"}, 400, "bad_field"),
        ({"kind": "storage", "path": "x", "port": 1}, 400, "bad_field"),
        ({"kind": "storage", "path": "/no/such/folder"}, 404, "not_found"),
        ({"kind": "container", "image": "a", "health": {"kind": "command"}}, 400, "bad_health_check"),
        ({"kind": "run", "run": "nothing", "path": "x"}, 404, "not_found"),
        ({"kind": "mlflow", "model": "a", "version": "1"}, 409, "mlflow_not_configured"),
        ({"kind": "mlflow", "model": "a", "version": "1", "uri": "http://127.0.0.1:9"}, 502, "mlflow_unreachable"),
        ({"kind": "tape"}, 400, "bad_field"),
    ],
)
async def test_a_mistake_is_no_500(ask, source, status, code):
    answer, error = await ask("POST", "imports", body={"source": source, "name": "net"})
    assert (answer, error["code"]) == (status, code)


async def test_no_mlflow_and_one_that_is_away_are_told_apart(ask):
    _, error = await ask("GET", "imports", "mlflow", "models")
    assert (error["code"], error["message"].split(".")[0]) == ("mlflow_not_configured", "MLflow is not configured")
    status, error = await ask("GET", "imports", "mlflow", "models", params={"uri": "http://127.0.0.1:9"})
    assert (status, error["code"]) == (502, "mlflow_unreachable")

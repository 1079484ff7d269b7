"""The Open Inference Protocol v2, asked of a host that serves scikit-learn's digits, over plain HTTP."""

import base64
import http.client
import io
import json
from contextlib import closing

import numpy as np
import pytest
from PIL import Image

from jupyter_modelmgmt.domain.predictions import Prediction
from jupyter_modelmgmt.domain.records import DeploymentState, Task
from jupyter_modelmgmt.flavors import sklearn as flavor
from jupyter_modelmgmt.serving import protocol
from jupyter_modelmgmt.serving.answers import read_prediction
from jupyter_modelmgmt.store import revisions
from tests.servers.waiting import until
from tests.serving.conftest import Serving, of_runtime

IMAGES = {
    "size": [8, 8], "color": "GRAY", "layout": "flat", "mean": 0, "std": 15.9375, "resize": "squash", "top_k": 3,
}  # fmt: skip


@pytest.fixture(scope="module")
def running(tmp_path_factory, classifier):
    """Give a host that serves the digits as `digits`, 1.0.0, and has `idle` stopped."""
    folder = tmp_path_factory.mktemp("conformance")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_RUNTIME_DIR", str(folder))
        serving = Serving(folder, max_body=2 * 2**20, answer_s=30, probe_s=1)
        (folder / "model").mkdir()
        flavor.save(classifier, folder / "model")
        (file,) = (folder / "model").iterdir()
        serving.add(
            model="digits", file=file, flavor="sklearn", adapter="image_classifier", config=IMAGES,
            labels=tuple("0123456789"), task=Task.CLASSIFICATION,
        )  # fmt: skip
        serving.deploy(name="idle", model="digits", wait=None)
        revisions.stop(serving.store, "idle", actor="tests")
        serving.deploy(name="digits", model="digits")
        serving.wait(DeploymentState.STOPPED, "idle")
        yield serving
        serving.host().shutdown()
        until(lambda: not of_runtime(folder))
        serving.store.close()


@pytest.fixture
def ask(running):
    """Give a function that sends a request and returns status, headers and body."""
    host = running.host()

    def send(method, path, body=b"", headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", host.file.port, timeout=30)
        with closing(connection):
            connection.request(method, path, body, {"Authorization": f"Bearer {host.file.token}", **(headers or {})})
            response = connection.getresponse()
            return response.status, response.headers, response.read()

    return send


def asked(ask, request, status=200, path="/v2/models/digits/infer"):
    """Send a JSON request, check the status, return the JSON of the answer."""
    body = request if isinstance(request, bytes) else json.dumps(request).encode()
    got, _, answer = ask("POST", path, body, {"Content-Type": "application/json"})
    assert got == status, answer
    return json.loads(answer)


def rows(digits, count=2):
    return {"name": "input", "shape": [count, 64], "datatype": "FP64", "data": digits[0][:count].ravel().tolist()}


def png(digits, row=0):
    file = io.BytesIO()
    Image.fromarray((digits[0][row].reshape(8, 8) * 15.9375).astype(np.uint8)).save(file, "png")
    return file.getvalue()


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/v2", {"name": "jupyter_modelmgmt", "extensions": ["binary_tensor_data"]}),
        ("/v2/health/live", {"live": True}),
        ("/v2/health/ready", {"ready": True}),
        ("/v2/models/digits", {"name": "digits", "versions": ["1.0.0"], "platform": "sklearn"}),
        ("/v2/models/digits/versions/1.0.0", {"inputs": [{"name": "input", "datatype": "FP64", "shape": [-1, 64]}]}),
        ("/v2/models/digits/ready", {"name": "digits", "ready": True}),
        ("/v2/models/digits/versions/1.0.0/ready", {"ready": True}),
    ],
)
def test_health_and_metadata(ask, path, expected):
    status, _, body = ask("GET", path)
    assert status == 200
    assert json.loads(body).items() >= expected.items()


@pytest.mark.parametrize("path", ["/v2/models/digits/infer", "/v2/models/digits/versions/1.0.0/infer"])
def test_tensors_are_answered(ask, digits, classifier, path):
    answer = asked(ask, {"id": "42", "inputs": [rows(digits)]}, path=path)
    assert (answer["model_name"], answer["model_version"], answer["id"]) == ("digits", "1.0.0", "42")
    outputs = {output["name"]: output for output in answer["outputs"]}
    assert outputs["label"]["data"] == classifier.predict(digits[0][:2]).tolist()
    assert outputs["probability"]["shape"] == [2, 10]
    assert np.allclose(outputs["probability"]["data"], classifier.predict_proba(digits[0][:2]).ravel())


def test_nested_data_and_chosen_outputs_are_understood(ask, digits):
    nested = {**rows(digits), "data": digits[0][:2].tolist()}
    answer = asked(ask, {"inputs": [nested], "outputs": [{"name": "label"}]})
    assert [output["name"] for output in answer["outputs"]] == ["label"]
    assert "id" not in answer


def test_binary_tensors_go_both_ways(ask, digits, classifier):
    message = protocol.encode_request({"input": digits[0][:5]}, binary=True)
    status, headers, body = ask("POST", "/v2/models/digits/infer", message.body, message.headers)
    assert status == 200
    outputs = protocol.decode_response(body, headers[protocol.HEADER_LENGTH])
    assert np.allclose(outputs["probability"], classifier.predict_proba(digits[0][:5]))
    assert json.loads(body[: int(headers[protocol.HEADER_LENGTH])])["outputs"][0]["parameters"]["binary_data_size"]


def test_a_body_that_is_nothing_but_a_tensor_is_answered_so(ask, digits, classifier):
    """Source: Triton, "Raw Binary Request"."""
    rows = digits[0][:3]
    status, headers, body = ask("POST", "/v2/models/digits/infer", rows.tobytes(), {protocol.HEADER_LENGTH: "0"})
    assert status == 200, body
    outputs = protocol.decode_response(body, headers[protocol.HEADER_LENGTH])
    assert outputs["label"].tolist() == classifier.predict(rows).tolist()
    status, _, body = ask("POST", "/v2/models/digits/infer", bytes(8), {protocol.HEADER_LENGTH: "0"})
    assert (status, json.loads(body)["code"]) == (400, "bad_tensor")


def test_one_output_may_be_binary(ask, digits):
    wanted = [{"name": "label"}, {"name": "probability", "parameters": {"binary_data": True}}]
    body = json.dumps({"inputs": [rows(digits)], "outputs": wanted}).encode()
    _, headers, answer = ask("POST", "/v2/models/digits/infer", body)
    head = json.loads(answer[: int(headers[protocol.HEADER_LENGTH])])
    assert "data" in head["outputs"][0]
    assert head["outputs"][1]["parameters"] == {"binary_data_size": 2 * 10 * 8}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"shape": [3, 64]}, "128 values"),
        ({"shape": [2, -64]}, "128 values"),
        ({"shape": [128]}, "shape"),
        ({"datatype": "FP65"}, "not a datatype"),
        ({"datatype": "INT64"}, "does not fit"),
        ({"datatype": "BYTES"}, "write texts"),
        ({"data": ["1"] * 128}, "does not fit"),
        ({"data": [[1, 2], [3]]}, "nested unevenly"),
        ({"data": None}, "neither"),
        ({"name": "other"}, "the model takes input"),
        ({"data": [None] * 128}, "Input X contains NaN"),  # null is a missing number, in answers too
        ({"shape": [2, 64, *[1] * 70]}, "72 axes"),
        ({"datatype": "FP16", "data": [1e6] * 128}, "does not fit into FP16"),
        ({"data": [10**400] * 128}, "does not fit"),
    ],
)
def test_tensors_that_do_not_fit_are_refused(ask, digits, change, reason):
    answer = asked(ask, {"inputs": [{**rows(digits), **change}]}, 400)
    assert answer["code"] == "bad_tensor"
    assert reason in answer["error"]
    assert answer["error"] == answer["message"]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"inputs": 1}', b'{"outputs": []}', b"\xff\xfe", b'{"inputs": [{}]}']
)
def test_what_is_no_request_is_refused(ask, body):
    assert "inference request" in asked(ask, body, 400)["error"]


def test_what_is_nested_without_end_or_sent_twice_is_refused(ask, digits):
    tensor = rows(digits)
    deep = json.dumps({"inputs": [{**tensor, "data": []}]}).replace("[]", "[" * 10_000 + "]" * 10_000).encode()
    assert "nested too deeply" in asked(ask, deep, 400)["error"]
    assert "'input' is there twice" in asked(ask, {"inputs": [tensor, tensor]}, 400)["error"]


def test_parameters_of_others_are_passed_over(ask, digits):
    """Source: Triton, "Parameters Extension"."""
    parameters = {"mine": 42, "priority": 1}
    request = {"parameters": parameters, "inputs": [{**rows(digits), "parameters": {"more": "x"}}]}
    assert len(asked(ask, request)["outputs"][0]["data"]) == 2


def test_an_output_overrides_what_is_asked_for_all(ask, digits):
    """Source: Triton, "Binary Tensor Data Extension", `binary_data_output`."""
    wanted = [{"name": "probability"}, {"name": "label", "parameters": {"binary_data": False}}]
    request = {"parameters": {"binary_data_output": True}, "inputs": [rows(digits)], "outputs": wanted}
    status, headers, body = ask("POST", "/v2/models/digits/infer", json.dumps(request).encode())
    assert (status, headers["Content-Type"]) == (200, "application/octet-stream")
    length = int(headers[protocol.HEADER_LENGTH])
    first, second = json.loads(body[:length])["outputs"]
    assert (first["name"], first["parameters"]) == ("probability", {"binary_data_size": 160})
    assert "data" not in first
    assert second["data"] == digits[1][:2].tolist()
    assert len(body) - length == 160


@pytest.mark.parametrize("length", ["-1", "x", "99999"])
def test_a_wrong_header_length_is_refused(ask, digits, length):
    body = json.dumps({"inputs": [rows(digits)]}).encode()
    status, _, answer = ask("POST", "/v2/models/digits/infer", body, {protocol.HEADER_LENGTH: length})
    assert status == 400
    assert protocol.HEADER_LENGTH in json.loads(answer)["error"]


def test_an_unknown_output_is_refused(ask, digits):
    assert "no output 'logits'" in asked(ask, {"inputs": [rows(digits)], "outputs": [{"name": "logits"}]}, 400)["error"]


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("POST", "/v2/models/nobody/infer", 404, "not_found"),
        ("GET", "/v2/models/nobody", 404, "not_found"),
        ("GET", "/v2/models/nobody/ready", 404, "not_found"),
        ("POST", "/v2/models/digits/versions/9.0.0/infer", 404, "not_found"),
        ("GET", "/v2/models/digits/versions/9.0.0", 404, "not_found"),
        ("POST", "/v2/models/idle/infer", 409, "not_deployed"),
        ("GET", "/v2/models/digits/infer", 405, "not_allowed"),
        ("GET", "/v2/nothing", 404, "not_found"),
    ],
)
def test_what_is_not_there_is_told(ask, method, path, status, code):
    got, headers, body = ask(method, path)
    assert got == status
    assert headers["Content-Type"] == "application/json"
    assert json.loads(body)["code"] == code
    assert json.loads(body)["error"]


def test_metadata_may_be_asked_for_without_its_body(ask):
    status, headers, body = ask("HEAD", "/v2/models/digits")
    assert (status, body, headers["Content-Type"]) == (200, b"", "application/json")
    assert int(headers["Content-Length"]) == len(ask("GET", "/v2/models/digits")[2])


def test_a_model_that_does_not_run_is_not_ready(ask):
    status, _, body = ask("GET", "/v2/models/idle/ready")
    assert (status, json.loads(body)) == (503, {"name": "idle", "ready": False})


def test_an_image_is_answered_as_a_prediction(ask, digits):
    status, _, body = ask("POST", "/v2/models/digits/infer", png(digits), {"Content-Type": "image/png"})
    assert status == 200
    answer = json.loads(body)
    assert answer.keys() == {"task", "version", "latency_ms", "classes", "width", "height"}
    assert answer["classes"][0]["label"] == str(digits[1][0])
    assert len(answer["classes"]) == 3
    assert isinstance(read_prediction(body), Prediction)


def test_an_image_in_a_form_is_answered(ask, digits):
    body = b'--cut\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n\r\n%s\r\n--cut--\r\n' % png(
        digits, 1
    )
    status, _, answer = ask(
        "POST", "/v2/models/digits/infer", body, {"Content-Type": "multipart/form-data; boundary=cut"}
    )
    assert status == 200, answer
    assert json.loads(answer)["classes"][0]["label"] == str(digits[1][1])


def test_a_form_without_an_image_is_refused(ask):
    body = b'--cut\r\nContent-Disposition: form-data; name="text"\r\n\r\nx\r\n--cut--\r\n'
    status, _, answer = ask(
        "POST", "/v2/models/digits/infer", body, {"Content-Type": "multipart/form-data; boundary=cut"}
    )
    assert status == 400
    assert "`image`" in json.loads(answer)["error"]


@pytest.mark.parametrize("data", [b"", b"no image", b"\x89PNG\r\n\x1a\n"])
def test_bytes_that_are_no_image_are_refused(ask, data):
    status, _, body = ask("POST", "/v2/models/digits/infer", data, {"Content-Type": "image/png"})
    assert status == 400
    assert json.loads(body)["code"] == "bad_image"


def test_images_in_a_tensor_are_answered(ask, digits):
    data = [base64.b64encode(png(digits, row)).decode() for row in (0, 1)]
    tensor = {"name": "image", "shape": [2], "datatype": "BYTES", "data": data}
    (output,) = asked(ask, {"inputs": [{**tensor, "parameters": {"content_type": "base64"}}]})["outputs"]
    assert (output["name"], output["shape"], output["datatype"]) == ("prediction", [2], "BYTES")
    labels = [json.loads(text)["classes"][0]["label"] for text in output["data"]]
    assert labels == [str(digits[1][0]), str(digits[1][1])]


def test_an_image_in_a_binary_tensor_is_answered(ask, digits):
    array = np.empty(1, dtype=object)
    array[0] = png(digits, 1)
    message = protocol.encode_request({"image": array}, binary=True)
    status, headers, body = ask("POST", "/v2/models/digits/infer", message.body, message.headers)
    assert status == 200
    (text,) = protocol.decode_response(body, headers[protocol.HEADER_LENGTH])["prediction"]
    assert json.loads(text)["classes"][0]["label"] == str(digits[1][1])


@pytest.mark.parametrize("size", [3 * 2**20, 100 * 2**20])
def test_a_body_above_the_limit_is_refused_with_the_limit(ask, size):
    status, _, body = ask("POST", "/v2/models/digits/infer", bytes(size), {"Content-Type": "image/png"})
    assert status == 413
    assert json.loads(body)["code"] == "too_large"
    assert "limit of 2 MiB" in json.loads(body)["message"]


def test_a_body_of_unknown_length_is_refused_at_the_limit(ask):
    chunks = (bytes(2**20) for _ in range(4))
    try:
        status, headers, _ = ask("POST", "/v2/models/digits/infer", chunks, {"Content-Type": "image/png"})
    except ConnectionError:  # the host has closed before everything was sent
        return
    assert (status, headers["Connection"]) == (413, "close")


def test_requests_are_counted_by_deployment_and_version(ask, digits):
    asked(ask, {"inputs": [rows(digits)]})
    asked(ask, {"inputs": []}, 400)
    _, headers, page = ask("GET", "/metrics")
    assert headers["Content-Type"].startswith("text/plain")
    assert b'modelmgmt_requests_total{deployment="digits",version="1.0.0"}' in page
    assert b'modelmgmt_errors_total{deployment="digits",status="400",version="1.0.0"}' in page
    assert b'modelmgmt_request_seconds_bucket{deployment="digits",le="0.005",version="1.0.0"}' in page

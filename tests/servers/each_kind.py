"""A deployment of each built-in adapter that takes something else than a photo, and what each is asked with."""

import io
import json
from base64 import b64encode

import numpy as np
from PIL import Image
from sklearn.datasets import load_iris
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from jupyter_modelmgmt.domain.records import DeploymentState
from jupyter_modelmgmt.serving import protocol
from tests.servers import nets
from tests.servers.waiting import until

JSON = {"Content-Type": "application/json"}


def iris_rows():
    """Return three rows of irises, all setosa, whose label is 0."""
    return load_iris(as_frame=True).frame.drop(columns=["target"]).head(3)


def moods():
    """Return a model of texts that says `plus` of what is good and `minus` of what is bad."""
    return make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(["good", "bad"] * 3, ["plus", "minus"] * 3)


def deploy_one_of_each(reg, folder, rows):
    """Deploy `irises` (tabular), `moods` (text), `means` (embedding) and `raw` (tensor)."""
    frame = load_iris(as_frame=True).frame
    irises = LogisticRegression(max_iter=500).fit(frame.drop(columns=["target"]), frame["target"])
    reg.register(irises, "irises", adapter="tabular", input_example=rows)
    reg.register(moods(), "moods", adapter="text")
    reg.register_files(nets.means(folder / "means.onnx"), "means", adapter="embedding", config={"color": "GRAY"})
    reg.register_files(nets.colours(folder / "net.onnx"), "raw", adapter="tensor")
    names = ("irises", "moods", "means", "raw")
    for name in names:
        reg.deploy(name, name=name, wait=False)
    for name in names:
        until(lambda name=name: reg.deployment(name).state is DeploymentState.DEPLOYED)


def png(*colour):
    buffer = io.BytesIO()
    Image.new("RGB", (40, 20), colour).save(buffer, "PNG")
    return buffer.getvalue()


def texts(name, *items):
    """Return a request with texts."""
    return request(name, "BYTES", [len(items)], [*items])


def pictures(name, *items):
    """Return a request with encoded images."""
    data = [b64encode(item).decode() for item in items]
    return request(name, "BYTES", [len(items)], data, parameters={"content_type": "base64"})


def request(name, datatype, shape, data, **more):
    tensor = {"name": name, "datatype": datatype, "shape": shape, "data": data, **more}
    return json.dumps({"inputs": [tensor]}).encode()


def columns(rows):
    """Return a request with the columns of a table."""
    said = [{"name": str(name), "datatype": "FP64", "shape": [len(rows)], "data": rows[name].tolist()} for name in rows]
    return json.dumps({"inputs": said}).encode()


def ones():
    """Return a request with one picture for `raw`, as bytes behind its JSON, and the headers that say so."""
    message = protocol.encode_request({"image": np.ones((1, 3, 16, 16), np.float32)}, binary=True)
    return message.body, message.headers


def outputs(answer):
    """Return the data of the outputs in the JSON of an answer, by their names."""
    return {output["name"]: output["data"] for output in answer["outputs"]}


def answers(answer):
    """Return what an answer says of each item that a request carried."""
    return [json.loads(text) for text in outputs(answer)["prediction"]]

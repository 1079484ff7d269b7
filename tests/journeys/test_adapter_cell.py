"""A2, exercises 3 and 4: an adapter class written in a cell of a real kernel is registered, deployed and asked.

The test tab asks the REST route; the notebook's file and variables are gone by then. Source: S5, S6, D1, D36.
"""

import io
from types import SimpleNamespace

import pytest
from PIL import Image

from jupyter_modelmgmt.domain.errors import NeedsYes
from jupyter_modelmgmt.domain.evidence import Safety
from jupyter_modelmgmt.registry import connect
from tests.servers import nets
from tests.servers.kernels import Notebook

CELLS = [
    """
import numpy as np
import onnxruntime as ort
import jupyter_modelmgmt as mm

WIDTH = 32

def scaled(pixels):
    rows = np.linspace(0, pixels.shape[0] - 1, WIDTH).round().astype(int)
    columns = np.linspace(0, pixels.shape[1] - 1, WIDTH).round().astype(int)
    return (pixels[rows][:, columns] / np.float32(255)).transpose(2, 0, 1)
""",
    """
class Spotter(mm.ModelAdapter):
    def load(self, local_path):
        self.session = ort.InferenceSession(local_path / "net.onnx")
        self.least = self.configuration.get("least", 0.6)

    def prepare(self, item):
        return scaled(item), item.shape[:2]

    def predict(self, batch):
        results = []
        for tensor, (height, width) in batch:
            boxes, scores = self.session.run(None, {"image": tensor[np.newaxis]})
            kept = scores[0] >= self.least
            results.append(mm.Boxes.of(
                boxes[0][kept], scores[0][kept], ["spot"] * int(kept.sum()),
                box_format="yxyx", coordinates="relative", width=width, height=height,
            ))
        return results
""",
    """
reg = mm.connect()
v = reg.register_files("net.onnx", "my-net", version="1.0.0", adapter=Spotter, task="detection", labels=["spot"])
d = reg.deploy(v.selector, name="my-net")
seen = d.predict("photo.png")
""",
]


@pytest.fixture
def world(tmp_path, monkeypatch):
    url = f"sqlite:///{tmp_path / 'registry' / 'registry.db'}"
    monkeypatch.setenv("JUPYTER_MODELMGMT_URL", url)
    return SimpleNamespace(url=url)


@pytest.fixture
def photo(tmp_path):
    """Give a picture of 200 x 100 with a bright spot from (50, 25) to (100, 75)."""
    image = Image.new("RGB", (200, 100))
    image.paste((250, 250, 250), (50, 25, 100, 75))
    image.save(tmp_path / "photo.png")
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


async def test_an_adapter_from_a_cell_answers_where_the_notebook_is_not(ask, world, photo, tmp_path, monkeypatch):
    monkeypatch.delenv("JUPYTER_MODELMGMT_PROVE")
    nets.spot(tmp_path / "net.onnx")
    with Notebook(tmp_path) as notebook:
        notebook.run(*CELLS)
        assert notebook.run("print(v.adapter, v.config)") == "adapter.py:Spotter {'least': 0.6, 'batch_size': 4}\n"
        assert "spot" in notebook.run("print([(b.label, round(b.score, 2)) for b in seen.boxes])")
    status, answer = await ask(
        "POST", "deployments", "my-net", "predict", body=photo, headers={"Content-Type": "image/png"}
    )
    assert (status, answer["task"], answer["width"], answer["height"]) == (200, "detection", 200, 100)
    (box,) = answer["boxes"]
    assert (box["label"], round(box["score"], 2)) == ("spot", 0.98)
    assert box["box"] == pytest.approx([50, 25, 100, 75], abs=200 / 32)
    registry = connect(world.url)
    version = registry.get("my-net@1.0.0")
    verdicts = {verdict.path: verdict.safety for verdict in version.safety}
    assert verdicts == {"net.onnx": Safety.DATA, "adapter.py": Safety.CODE}
    with pytest.raises(NeedsYes, match=r"allow_code=True"):
        version.load_adapter()
    adapter = version.load_adapter(allow_code=True)
    assert type(adapter).__name__ == "Spotter"
    registry.stop("my-net")
    status, error = await ask(
        "POST", "deployments", "my-net", "predict", body=photo, headers={"Content-Type": "image/png"}
    )
    assert (status, error["code"]) == (409, "not_deployed")
    assert error["message"].startswith("Need to deploy before predicting")
    registry.close()

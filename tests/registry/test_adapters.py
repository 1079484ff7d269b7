"""Adapter classes through the registry: registered, proven, copied, deployed, asked about several items."""

import sys
from collections.abc import Mapping

import numpy as np
import pytest
from PIL import Image

import jupyter_modelmgmt as mm
from jupyter_modelmgmt.cli import main
from jupyter_modelmgmt.domain.errors import BadField, BadPath, NotLoadable, NotProven
from jupyter_modelmgmt.domain.evidence import Safety
from jupyter_modelmgmt.domain.failures import ItemsFailed
from tests.servers import nets

SECRET = object()


class Red(mm.ModelAdapter):
    """Scores the share of red; refuses black pictures."""

    def load(self, local_path):
        self.weights = (local_path / "net.onnx").stat().st_size

    def prepare(self, item):
        if item.max() == 0:
            raise ValueError("nothing but black")
        return item

    def predict(self, batch):
        if len(batch) > self.configuration.get("batch_size", 2):
            raise AssertionError("the batch is too large")
        reds = [float(pixels[..., 0].sum() / pixels.sum()) for pixels in batch]
        return [mm.Classes.of([red * self.configuration.get("gain", 1.0), 1 - red], ["red", "other"]) for red in reds]


class Shout(mm.ModelAdapter):
    input_type = "text"

    def load(self, local_path):
        self.end = self.configuration.get("end", "!")

    def predict(self, batch):
        return [mm.Text(text.upper() + self.end) for text in batch]


class Sums(mm.ModelAdapter):
    input_type = "table"

    def load(self, local_path):
        pass

    def predict(self, batch):
        return batch.assign(total=batch["a"] + batch["b"])[["total"]]


class Doubles(mm.ModelAdapter):
    input_type = "tensor"

    def load(self, local_path):
        pass

    def predict(self, batch: Mapping):
        return {"twice": batch["x"] * 2}


class Breaks(Red):
    def load(self, local_path):
        raise RuntimeError("no GPU here")


class Leans(Red):
    def predict(self, batch):
        return [SECRET for _ in batch]


@pytest.fixture
def net(tmp_path):
    return nets.colours(tmp_path / "net.onnx")


def picture(*colour):
    return Image.new("RGB", (20, 10), colour)


def test_a_class_is_registered_deployed_and_asked(reg, net):
    version = reg.register_files(net, "reds", adapter=Red, config={"gain": 0.5}, task="classification")
    assert (version.adapter, version.config) == ("adapter.py:Red", {"gain": 0.5})
    assert {verdict.path: verdict.safety for verdict in version.safety}["adapter.py"] is Safety.CODE
    assert "class Red(mm.ModelAdapter)" in reg.file(version.selector, "adapter.py").read_text()
    service = reg.deploy("reds", name="reds")
    assert service.predict(picture(100, 0, 0)).classes[0].label == "red"
    assert service.predict(np.full((4, 4, 3), 9, np.uint8)).classes[0].score == pytest.approx(2 / 3)
    pictures = [picture(n, 0, 0) for n in range(5)]
    with pytest.raises(
        ItemsFailed, match="1 of 5 items failed.*0: The model raised ValueError: nothing but black"
    ) as e:
        reg.predict_items("reds", pictures)
    assert {place: found.classes[0].label for place, found in e.value.results.items()} == dict.fromkeys(
        range(1, 5), "red"
    )
    assert len(reg.predict_items("reds", pictures[1:])) == 4
    with pytest.raises(mm.ModelManagementError, match="nothing but black"):
        service.predict(picture(0, 0, 0))
    copied = reg.clone("reds@1.0.0", "brighter", config={"gain": 3.0})
    assert (copied.parent, copied.adapter, copied.config) == ("reds@1.0.0", "adapter.py:Red", {"gain": 3.0})
    brighter = reg.deploy("brighter", name="brighter")
    with pytest.raises(mm.ModelManagementError, match="confidence is a number from 0 to 1, not 3"):
        brighter.predict(picture(255, 0, 0))


def test_texts_tables_and_tensors_go_through_adapters_too(reg, net, digits):
    pd = pytest.importorskip("pandas")
    reg.register_files(net, "shout", adapter=Shout, config={"end": "?"})
    reg.deploy("shout", name="shout")
    assert reg.predict("shout", "hello").text == "HELLO?"
    assert [found.text for found in reg.predict_items("shout", ["a", "b", "c"])] == ["A?", "B?", "C?"]
    reg.register_files(net, "sums", adapter=Sums)
    reg.deploy("sums", name="sums")
    rows = pd.DataFrame({"a": [1, 2], "b": [10.0, 20.0]}, index=["p", "q"])
    assert reg.predict("sums", rows).outputs.equals(pd.DataFrame({"total": [11.0, 22.0]}, index=["p", "q"]))
    reg.register_files(net, "doubles", adapter=Doubles)
    reg.deploy("doubles", name="doubles")
    assert reg.predict("doubles", {"x": np.arange(3)}).outputs["twice"].tolist() == [0, 2, 4]


def test_the_fresh_process_shows_the_keys_that_are_read(reg, net, proving):
    version = reg.register_files(net, "reds", adapter=Red, input_example=picture(9, 9, 9))
    assert version.config == {"batch_size": 2, "gain": 1.0}
    assert reg.get("reds@1.0.0").config == version.config


def test_what_a_fresh_process_cannot_use_is_not_registered(reg, net, proving):
    with pytest.raises(NotProven, match="RuntimeError: no GPU here"):
        reg.register_files(net, "reds", adapter=Breaks)
    with pytest.raises(NotProven, match="nothing but black"):
        reg.register_files(net, "reds", adapter=Red, input_example=picture(0, 0, 0))
    with pytest.raises(mm.ModelManagementError, match="'SECRET', a object around it"):
        reg.register_files(net, "reds", adapter=Leans)
    assert reg.models() == ()


def test_a_model_from_memory_takes_an_adapter_class(reg, classifier):
    version = reg.register(classifier, "digits", adapter=Shout)
    assert version.flavor == "sklearn"
    assert version.config == {"input_type": "text"}
    assert {"adapter.py"} < {artifact.path for artifact in version.artifacts}


def test_two_files_cannot_be_the_adapter(reg, net, tmp_path):
    (tmp_path / "adapter.py").write_text("x = 1")
    with pytest.raises(BadField, match="no file 'other.py'"):
        reg.register_files(net, "reds", adapter="other.py:Red")
    assert BadPath.status == 400


def test_a_terminal_registers_a_file_with_its_adapter(reg, net, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("JUPYTER_MODELMGMT_URL", reg.store.url)
    monkeypatch.delenv("JUPYTER_MODELMGMT_ARTIFACTS", raising=False)
    (tmp_path / "adapter.py").write_text(
        "import jupyter_modelmgmt as mm\n\n\nclass Length(mm.ModelAdapter):\n    input_type = 'text'\n\n"
        "    def load(self, local_path):\n        pass\n\n    def predict(self, batch):\n"
        "        return [mm.Value(len(text)) for text in batch]\n"
    )
    (tmp_path / "settings.json").write_text('{"input_type": "text"}')
    words = ["register", str(net), str(tmp_path / "adapter.py"), "lengths", "--adapter", "adapter.py:Length"]
    assert main([*words, "--config", str(tmp_path / "settings.json")]) == 0
    reg.deploy("lengths", name="lengths")
    assert main(["--no-color", "predict", "lengths", "seven", "--json"]) == 0
    assert '"value":5' in capsys.readouterr().out.replace(" ", "")


@pytest.mark.usefixtures("proving")
def test_a_terminal_has_an_adapter_answer_an_example_first_or_leaves_that_out(reg, net, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("JUPYTER_MODELMGMT_URL", reg.store.url)
    monkeypatch.delenv("JUPYTER_MODELMGMT_ARTIFACTS", raising=False)
    (tmp_path / "adapter.py").write_text(
        "import jupyter_modelmgmt as mm\n\n\nclass Picky(mm.ModelAdapter):\n    input_type = 'text'\n\n"
        "    def load(self, local_path):\n        pass\n\n    def predict(self, batch):\n"
        "        return [mm.Value(float(text)) for text in batch]\n"
    )
    words = ["register", str(net), str(tmp_path / "adapter.py"), "picky", "--adapter", "adapter.py:Picky"]
    words += ["--input-example", "seven"]
    assert main(words) == 1
    assert "seven" in capsys.readouterr().err
    assert reg.models() == ()
    assert main([*words[:-1], "7"]) == 0
    assert reg.get("picky").takes == "text"
    assert main([*words, "--no-proof", "--bump", "major", "--allow-identical"]) == 0
    assert reg.get("picky").version == "2.0.0"


def test_an_installed_class_needs_no_source(reg, net):
    name = "jupyter_modelmgmt.adapters.image_classifier:ImageClassifier"
    version = reg.register_files(net, "colours", adapter=name, labels=["red", "green", "blue"])
    assert version.adapter == name
    assert "adapter.py" not in {artifact.path for artifact in version.artifacts}
    assert reg.deploy("colours", name="colours").predict(picture(0, 200, 0)).classes[0].label == "green"
    with pytest.raises(NotLoadable, match="No installed adapter is called 'nonsense'"):
        reg.register_files(net, "colours", adapter="nonsense")
    assert "site-packages" not in sys.modules[__name__].__file__

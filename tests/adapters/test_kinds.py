"""Which class an adapter's name stands for, and what is refused before anything of it runs."""

import subprocess
import sys

import numpy as np
import pytest

import jupyter_modelmgmt as mm
from jupyter_modelmgmt.adapters import items, kinds, predictor
from jupyter_modelmgmt.domain.errors import BadField, Conflict, NotLoadable, NotSavable
from jupyter_modelmgmt.domain.failures import BadPrediction
from jupyter_modelmgmt.domain.records import Task

LIMIT = 100


def brightness(pixels):
    return float(pixels.mean())


class Bright(mm.ModelAdapter):
    """Leans on a constant, a function and a default of its configuration."""

    def load(self, local_path):
        self.names = sorted(path.name for path in local_path.iterdir())
        self.limit = self.configuration.get("limit", LIMIT)

    def predict(self, batch):
        label = self.configuration.get("label", "bright")
        scores = [min(brightness(pixels) / 255, 1) for pixels in batch]
        return [mm.Classes.of([score, 1 - score], [label, "dark"]) for score in scores]


class Words(mm.ModelAdapter):
    input_type = "text"

    def load(self, local_path):
        pass

    def embed(self, batch):
        return [np.full(self.configuration.get("width", 256), len(text)) for text in batch]


class Lacking(mm.ModelAdapter):
    def load(self, local_path):
        pass


def loaded(folder, adapter, **config):
    return predictor(folder, flavor="", adapter=adapter, config=config, labels=(), task=Task.OTHER)


def test_a_class_travels_with_what_it_leans_on(tmp_path, png):
    named = kinds.named(Bright, {"limit": 7})
    assert named.name == "adapter.py:Bright"
    (tmp_path / "adapter.py").write_text(named.source)
    program = (
        "import sys; from pathlib import Path; from jupyter_modelmgmt.adapters import predictor\n"
        "from jupyter_modelmgmt.domain.records import Task\n"
        f"p = predictor(Path({str(tmp_path)!r}), flavor='', adapter='adapter.py:Bright', config={{}}, labels=(), task=Task.OTHER)\n"
        "result, *size = p.predict_image(sys.stdin.buffer.read())\n"
        "print(result.classes[0].label, size, p.adapter.limit, p.adapter.configuration)"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", program], input=png(np.full((4, 6, 3), 200, np.uint8)), capture_output=True,
        cwd="/", check=True,
    )  # fmt: skip
    assert done.stdout.decode().strip() == (
        "bright [6, 4] 100 {'limit': 100, 'label': 'bright', 'batch_size': 4}".replace(", 'batch_size': 4", "")
    )


def test_what_the_adapter_reads_becomes_visible(tmp_path, png):
    (tmp_path / "adapter.py").write_text(kinds.named(Bright, {}).source)
    found = loaded(tmp_path, "adapter.py:Bright", limit=7)
    found.predict_image(png(np.zeros((2, 2, 3), np.uint8)))
    assert found.adapter.configuration == {"limit": 7, "label": "bright"}
    assert found.batch_size == 4
    assert found.adapter.configuration["batch_size"] == 4


def test_the_input_is_part_of_what_a_version_says():
    assert kinds.named(Words, {}).config == {"input_type": "text"}
    assert kinds.input_type("adapter.py:Words", {"input_type": "text"}) == "text"
    assert kinds.input_type("adapter.py:Bright", {}) == "image"
    assert kinds.input_type("segmenter", {}) == "image"
    assert kinds.input_type("", {}) == "tensor"


@pytest.mark.parametrize("kind", [dict, Lacking, mm.ModelAdapter])
def test_what_is_no_adapter_is_refused(kind):
    with pytest.raises(BadField, match=r"mm\.ModelAdapter|lacks load or predict"):
        kinds.named(kind, {})


def test_a_class_inside_a_function_has_no_source_to_take():
    class Local(Bright):
        pass

    with pytest.raises(NotSavable, match="Define it at the top"):
        kinds.named(Local, {})


def test_an_installed_class_is_named_and_imported(tmp_path):
    name = "jupyter_modelmgmt.adapters.image_classifier:ImageClassifier"
    kinds.check(name, {})
    assert kinds.find(name, tmp_path).__name__ == "ImageClassifier"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("os:system", "is no adapter"),
        ("os:nothing_there", "cannot be imported"),
        ("no_such_package_1:Adapter", "Install the package"),
        ("other.py:Adapter", "does not define"),
    ],
)
def test_what_cannot_be_loaded_says_so(tmp_path, name, words):
    with pytest.raises(NotLoadable, match=words):
        kinds.find(name, tmp_path)


@pytest.mark.parametrize("name", ["a b:C", "../evil.py:C", "x:", ":C", "x:C()", "/etc/x.py:C"])
def test_a_malformed_name_is_refused(name):
    with pytest.raises(BadField, match="is not an adapter"):
        kinds.check(name, {})


def test_the_file_of_an_adapter_must_be_there():
    kinds.check_file("adapter.py:C", ["net.onnx", "adapter.py"])
    with pytest.raises(BadField, match=r"no file 'adapter\.py'"):
        kinds.check_file("adapter.py:C", ["net.onnx"])


def test_code_that_breaks_when_it_is_run_is_told(tmp_path):
    (tmp_path / "adapter.py").write_text("raise RuntimeError('not today')")
    with pytest.raises(NotLoadable, match=r"adapter\.py of this version does not run here: not today"):
        kinds.find("adapter.py:C", tmp_path)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda batch: batch[:-1], "1 results for 2 items"),
        (lambda _batch: 7, "returned int"),
        (lambda _batch: "ab", "returned str"),
        (lambda batch: [object() for _ in batch], "JSON cannot hold"),
    ],
)
def test_what_is_no_list_of_results_is_refused(answer, words):
    adapter = Bright()
    adapter.predict = answer
    with pytest.raises(BadPrediction, match=words):
        items.answered(adapter, [1, 2])


def test_arrays_in_results_become_lists():
    adapter = Bright()
    adapter.predict = lambda batch: [{"x": np.arange(2), "y": [np.float32(1)], "z": None} for _ in batch]
    assert items.answered(adapter, [0]) == [{"x": [0, 1], "y": [1.0], "z": None}]


def test_an_adapter_that_only_embeds_answers_vectors_of_the_stated_size(tmp_path):
    (tmp_path / "adapter.py").write_text(kinds.named(Words, {}).source)
    found = loaded(tmp_path, "adapter.py:Words")
    (result,) = found.predict_items([found.prepare_text("four")])
    assert result.vector == (4.0,) * 256
    found = loaded(tmp_path, "adapter.py:Words", embeddings_size=8, width=9)
    with pytest.raises(BadPrediction, match="9 numbers; embeddings_size of the configuration is 8"):
        found.predict_items([found.prepare_text("four")])
    with pytest.raises(Conflict, match="takes a text and no image"):
        found.prepare_image(b"")


def test_each_item_fails_for_itself():
    def prepare(item):
        if item == 2:
            raise ValueError("cannot be prepared")
        return item

    def predict(batch):
        if 5 in batch:
            raise ZeroDivisionError("a bad one")
        return [-item for item in batch]

    found = dict(items.each(range(9), 4, prepare, predict))
    assert sorted(found) == list(range(9))
    assert isinstance(found.pop(2), ValueError)
    assert isinstance(found.pop(5), ZeroDivisionError)
    assert found == {place: -place for place in found}

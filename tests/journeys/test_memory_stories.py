"""A6 to A9 in a real kernel: from what sits in a notebook's memory to versions that load elsewhere, with advice."""

import json

import pytest

from jupyter_modelmgmt.domain.evidence import Safety
from tests.servers.fresh import run
from tests.servers.kernels import Notebook
from tests.servers.registries import opened
from tests.servers.waiting import until

OURS = "%load_ext jupyter_modelmgmt\nimport jupyter_modelmgmt as mm\nreg = mm.connect()"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Give the URL of one registry for all stories; what is registered there is proven."""
    url = f"sqlite:///{tmp_path_factory.mktemp('stories') / 'registry' / 'registry.db'}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_MODELMGMT_URL", url)
        for name in ("JPY_SESSION_NAME", "JUPYTER_MODELMGMT_PROVE"):
            patch.delenv(name, raising=False)
        yield url


@pytest.fixture(scope="module")
def registry(place):
    """Give the registry as others see it; its host is ended."""
    with opened(place) as registry:
        yield registry


@pytest.fixture(scope="module")
def notebook(tmp_path_factory, place):
    """Give one notebook in which all stories are told, one after the other."""
    with Notebook(tmp_path_factory.mktemp("notebook")) as opened:
        opened.run(OURS)
        yield opened


def stored(registry):
    """Return the stored files of a registry that lies in one folder."""
    files = (path for path in registry.artifacts.folder.rglob("*") if path.is_file())
    return {path.name for path in files if not path.name.startswith("registry.db")}


OUT_OF_ORDER = [
    "from sklearn.datasets import load_iris\nfrom sklearn.svm import SVC\nx, y = load_iris(return_X_y=True)",
    "clf = SVC(C=scale).fit(x, y)",  # runs before the cell of its settings: it fails
    "scale = 2.0",
    "unrelated = [1, 2, 3]",
    "clf = SVC(C=scale).fit(x, y)",
    "clf = SVC(C=scale, gamma=0.5).fit(x[:140], y[:140])",  # the same cell, edited and run again
    "scale = 99",  # the settings edited, and nothing fitted since
]


@pytest.mark.heavy
def test_a8_the_captured_slice_of_a_notebook_run_out_of_order_gives_the_same_model(notebook, registry):
    for place, cell in enumerate(OUT_OF_ORDER):
        if place == 1:
            assert "NameError" in notebook.fail(cell)
        else:
            notebook.run(cell)
    first = int(notebook.run("print(len(In))")) - len(OUT_OF_ORDER) - 1
    notebook.run("v = %model register clf out-of-order")
    version = registry.get("out-of-order")
    assert version.code["cells"] == [first, first + 2, first + 5]
    assert version.code["notebook"] == "unknown"
    assert {(used["name"], used["rows"]) for used in version.code["data"]} == {("x", 150), ("y", 150)}
    document = json.loads(registry.file("out-of-order@1.0.0", "source.ipynb").read_text())
    assert ["".join(cell["source"]) for cell in document["cells"]] == [OUT_OF_ORDER[at] for at in (0, 2, 5)]
    assert str(registry.reproduce("out-of-order", allow_code=True)) == "exactly"


DATA = """
from sklearn.datasets import load_iris
from sklearn.linear_model import SGDClassifier
iris = load_iris(as_frame=True)
x, y = iris.data, iris.target

def fit(rows):
    return SGDClassifier(loss="log_loss").fit(rows, y[rows.index])

def tell(model, name, rows, accuracy):
    said = {"input_example": rows[:3], "metrics": {"accuracy": accuracy}, "datasets": {"train": rows}}
    advice = reg.advise(model, name, **said)
    bump = None if advice.bump == "none" else advice.bump
    version = reg.register(model, name, bump=bump, **said)
    print(version.selector, "|", advice.bump, "|", "; ".join(reason.text for reason in advice.reasons))

half, two = x[::2], x[y < 2]
clf = fit(half)
for model, name, rows in ((clf, "iris", half), (fit(two), "kinds", two)):
    reg.register(model, name, input_example=rows[:3], metrics={"accuracy": 0.9}, datasets={"train": rows})
"""


def test_a9_advice_says_none_patch_minor_or_major_with_its_reason(notebook, registry):
    notebook.run(DATA)
    told = [
        notebook.run(cell).strip()
        for cell in (
            "tell(clf, 'iris', half, 0.9)",
            "tell(fit(half), 'iris', half, 0.9)",
            "tell(fit(x), 'iris', x, 0.97)",
            "tell(fit(x), 'kinds', x, 0.9)",
            "renamed = x.rename(columns={'petal width (cm)': 'width'})\ntell(fit(renamed), 'iris', renamed, 0.97)",
        )
    ]
    assert told == [
        "iris@1.0.0 | none | nothing changed: no new version needed",
        "iris@1.0.1 | patch | other weights of the same architecture",
        "iris@1.1.0 | minor | trained on other data; accuracy is better by 0.07; other weights of the same architecture",
        "kinds@1.1.0 | minor | label 2 came; trained on other data; other weights of the same architecture",
        (
            "iris@2.0.0 | major | input petal width (cm) is gone; input width came; trained on other data; "
            "other weights of the same architecture"
        ),
    ]
    assert [version.version for version in registry.versions("iris")] == ["2.0.0", "1.1.0", "1.0.1", "1.0.0"]


IMAGE = """
import numpy as np
from PIL import Image
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
digits = load_digits()
x, y = digits.data, digits.target
config = {"size": [8, 8], "resize": "squash", "color": "GRAY", "layout": "flat", "mean": 0, "std": 255 / 16, "top_k": 10}
said = {"input_example": x[:3], "adapter": "image_classifier", "config": config}
image = Image.fromarray((digits.images[7] * 255 / 16).astype(np.uint8)).resize((160, 160), Image.Resampling.NEAREST)

clf = LogisticRegression(C=0.001, max_iter=500).fit(x, y)
reg.register(clf, "digits", version="1.0.0", **said)
service = reg.deploy("digits@1.0.0", name="digits")
clf = LogisticRegression(C=0.1, max_iter=500).fit(x, y)
reg.register(clf, "digits", version="1.1.0", **said)
"""
SIDE_BY_SIDE = """
import json
found = reg.side_by_side(image, service, "digits@1.1.0", clf)
scores = {answer.where: {one.label: one.score for one in answer.prediction.classes} for answer in found}
names = [answer.name for answer in found]
times = [answer.round_trip_ms for answer in found]
print(json.dumps([scores, names, times, found.agree, [one.name for one in found.differences]]))
"""


def test_a6_one_image_through_a_deployed_a_registered_and_a_model_in_memory(notebook, registry):
    notebook.run(IMAGE)
    seen, names, times, agree, differs = json.loads(notebook.run(SIDE_BY_SIDE))
    assert (names, agree, min(times) > 0) == (["digits", "digits@1.1.0", "clf"], True, True)
    assert {max(scores, key=scores.get) for scores in seen.values()} == {"7"}
    assert seen["memory"] == pytest.approx(seen["version"], abs=1e-6)
    assert seen["deployment"]["7"] < seen["version"]["7"]
    assert differs[0] == "7"
    standing = "print([m.standing for m in reg.in_memory() if m.variable == 'clf'])"
    # What a look at the memory has no time for comes the next time.
    until(lambda: notebook.run(standing).strip() == "['= digits 1.1.0']")
    notebook.run("clf.fit(x[:900], y[:900])")
    seen = json.loads(notebook.run(SIDE_BY_SIDE))[0]
    assert seen["memory"]["7"] != pytest.approx(seen["version"]["7"], abs=1e-6)
    cell = notebook.run("print(len(In) - 3)").strip()
    until(lambda: notebook.run(standing).strip() == f"['differs from digits 1.1.0, refit in cell {cell}']")
    registry.stop("digits")


# Last: a class of the notebook's own with `fit` makes every `fit` below it one that may do anything.
CLASS = """
import numpy as np

MARGIN = 0.5

def centred(rows):
    return rows - rows.mean(axis=0)

class Outliers:
    def fit(self, rows):
        self.limit = float(np.abs(centred(rows)).max()) + MARGIN
        return self

    def predict(self, rows):
        return (np.asarray(rows).max(axis=1) > self.limit).astype(int)
"""
FIT = "rows = np.arange(12.0).reshape(6, 2)\nmodel = Outliers().fit(rows)"
ELSEWHERE = """
import sys
import numpy as np
import jupyter_modelmgmt as mm
reg = mm.connect(sys.argv[1])
print(reg.get("outliers").load(allow_code=True).predict(np.arange(12.0).reshape(6, 2)))
reg.close()
"""


def test_a7_a_class_of_a_cell_registers_and_loads_in_a_fresh_process(notebook, registry, place, tmp_path):
    notebook.run(CLASS, FIT)
    before, events = stored(registry), registry.last_event()
    refused = notebook.fail("%model register model outliers --input-example rows --no-vendoring")
    assert "A fresh process cannot use the model" in refused
    assert "Outliers" in refused
    assert "Nothing was registered" in refused
    assert (stored(registry), registry.last_event(), registry.models("outliers")) == (before, events, ())

    notebook.run("v = %model register model outliers --input-example rows")
    version = registry.get("outliers")
    assert version.proof.difference == 0
    assert {v.path: v.safety for v in version.safety}["model.cloudpickle"] is Safety.CODE
    assert "MARGIN = 0.5" in registry.file("outliers@1.0.0", "model.py").read_text()
    assert run(ELSEWHERE, place, cwd=tmp_path) == notebook.run("print(model.predict(rows))") == "[0 0 0 1 1 1]\n"

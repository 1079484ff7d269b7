"""Functions and objects with `predict`: their code travels, what belongs to this process is named."""

import json
import socket
import sqlite3
import subprocess
import sys
from functools import partial
from pathlib import Path
from threading import Lock

import numpy as np
import pandas as pd
import pytest
from jupyter_client.manager import start_new_kernel
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.datasets import load_iris
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.svm import SVC

from jupyter_modelmgmt.domain.errors import (
    BadField,
    BadFile,
    BadTensor,
    NeedsYes,
    NotFitted,
    NotLoadable,
    NotSavable,
)
from jupyter_modelmgmt.domain.records import Task
from jupyter_modelmgmt.flavors import flavor_for, python
from tests.servers.fresh import run, served

IRIS, KINDS = load_iris(return_X_y=True)
SHIFT = 3.0


def shifted(rows):
    return rows + SHIFT


def halved(rows, by=2.0):
    return {"half": shifted(rows) / by, "rest": rows}


class Mean:
    """Predicts the mean of what it saw."""

    def fit(self, rows):
        self.mean = shifted(rows).mean(axis=0)
        return self

    def predict(self, rows):
        return np.full(len(rows), self.mean.sum())


class Clipped(TransformerMixin, BaseEstimator):
    def fit(self, rows, _kinds=None):
        self.top_ = rows.max(axis=0) * 0.9
        return self

    def transform(self, rows):
        return np.minimum(rows, self.top_)


def around(value):
    return lambda rows: (rows, value)


def test_a_function_answers_the_same_in_a_fresh_process(tmp_path, reg):
    version = reg.register(halved, "halved")
    assert (version.flavor, version.framework) == ("python", "python")
    folder = version.download(tmp_path / "files")
    answer = served("python", folder, {"rows": IRIS, "by": 4.0}, tmp_path / "fresh")
    np.testing.assert_array_equal(answer["half"], halved(IRIS, 4.0)["half"])
    source = (folder / "model.py").read_text()
    assert "def halved(rows, by=2.0):" in source
    assert "def shifted(rows):" in source
    assert run("import model; print(model.halved(1.0)['half'])", cwd=folder) == "2.0\n"


def test_an_object_with_predict_answers_the_same_in_a_fresh_process(tmp_path, reg):
    model = Mean().fit(IRIS)
    version = reg.register(model, "mean")
    assert version.flavor == "python"
    folder = version.download(tmp_path / "files")
    assert served("python", folder, {"input": IRIS}, tmp_path / "fresh")["output"].tolist() == list(model.predict(IRIS))
    assert "class Mean:" in (folder / "model.py").read_text()


def test_loading_wants_a_yes(tmp_path, reg):
    version = reg.register(shifted, "shifted")
    with pytest.raises(NeedsYes, match=r"v\.load\(allow_code=True\)"):
        version.load()
    assert version.load(allow_code=True)(1.0) == 4.0


def test_a_class_of_a_cell_loads_where_the_notebook_is_not(tmp_path):
    """Source: story A7."""
    (tmp_path / "notebook").mkdir()
    (tmp_path / "notebook" / "beside.py").write_text("FACTOR = 10.0\ndef scaled(rows):\n    return rows * FACTOR\n")
    url = f"sqlite:///{tmp_path / 'registry.db'}"
    told = in_a_kernel(tmp_path / "notebook", CELL, f"register({url!r})")
    answer = run(
        "import sys, json\n"
        "import jupyter_modelmgmt as mm\n"
        "reg = mm.connect(sys.argv[1])\n"
        "model = reg.get('ten').load(allow_code=True)\n"
        "assert 'beside' not in sys.modules\n"
        "print(json.dumps([model.predict([1.0, 2.0]), reg.get('lam').load(allow_code=True)(5)]))\n"
        "print(reg.file('ten@1.0.0', 'model.py').read_text())\n"
        "reg.close()\n",
        url,
        cwd=tmp_path,
    )
    first, source = answer.split("\n", 1)
    assert json.loads(first) == told == [[11.0, 21.0], 6]
    assert "class Ten:" in source
    assert "FACTOR = 10.0" in source


CELL = """
import json
import pickle
from beside import scaled
import jupyter_modelmgmt as mm

class Ten:
    def predict(self, rows):
        import numpy as np
        return (scaled(np.asarray(rows)) + 1).tolist()

plus_one = lambda n: n + 1

def register(url):
    reg = mm.connect(url)
    reg.register(Ten(), "ten")
    reg.register(plus_one, "lam")
    print(json.dumps([Ten().predict([1.0, 2.0]), plus_one(5)]))
    reg.close()
"""


def in_a_kernel(folder: Path, *cells):
    """Run cells in a real kernel and return the JSON that they print."""
    manager, client = start_new_kernel(cwd=str(folder))
    printed = []
    try:
        for cell in cells:
            reply = client.execute_interactive(
                cell,
                timeout=120,
                output_hook=lambda message: printed.append(message["content"].get("text", "")),
            )
            assert reply["content"]["status"] == "ok", reply["content"]
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()
    return json.loads("".join(printed))


@pytest.mark.parametrize("estimator", [Clipped(), FunctionTransformer(lambda rows: rows * 2)], ids=["class", "lambda"])
def test_what_scikit_learn_refuses_is_told_of_this_flavor_and_saved_by_it(estimator, tmp_path, reg):
    model = make_pipeline(StandardScaler(), estimator, LogisticRegression()).fit(IRIS, KINDS)
    with pytest.raises(NotSavable, match=r'flavor="python"'):
        reg.register(model, "iris")
    version = reg.register(model, "iris", flavor="python")
    assert (version.flavor, version.task, version.labels) == ("python", Task.CLASSIFICATION, ("0", "1", "2"))
    answer = served("python", version.download(tmp_path / "files"), {"input": IRIS}, tmp_path / "fresh")
    np.testing.assert_array_equal(answer["label"], model.predict(IRIS))
    np.testing.assert_allclose(answer["probability"], model.predict_proba(IRIS))


def test_a_chosen_flavor_must_be_there_and_fit(reg):
    with pytest.raises(BadField, match="No installed flavor is called 'nonsense'.*python"):
        reg.register(shifted, "x", flavor="nonsense")
    with pytest.raises(NotSavable, match="'onnx' saves no builtins.function"):
        reg.register(shifted, "x", flavor="onnx")
    assert reg.models() == ()


def test_an_estimator_that_is_not_fitted_is_refused(reg):
    with pytest.raises(NotFitted):
        reg.register(SVC(), "svc", flavor="python")


@pytest.mark.parametrize(
    ("opened", "words"),
    [
        (lambda path: path.open("w"), r"value is a _io\.TextIOWrapper"),
        (lambda path: path.open("rb"), r"value is a _io\.BufferedReader"),
        (lambda _: Lock(), r"value is a _thread\.lock"),
        (lambda _: socket.socket(), r"value is a socket\.socket"),
        (lambda _: sqlite3.connect(":memory:"), r"value is a sqlite3\.Connection"),
        (lambda _: {"inside": [1, (n for n in "a")]}, r"value\.inside\.1 is a generator"),
    ],
    ids=["written file", "read file", "lock", "socket", "database", "generator"],
)
def test_what_belongs_to_this_process_is_named(opened, words, tmp_path):
    path = tmp_path / "there.txt"
    path.write_text("data")
    value = opened(path)
    folder = tmp_path / "files"
    folder.mkdir()
    try:
        with pytest.raises(NotSavable, match=f"lambda.*{words}, which belongs to this process"):
            python.save(around(value), folder)
        model = Mean()
        model.log = partial(print, file=value)
        with pytest.raises(NotSavable, match=r"Mean cannot be saved: Mean\.log\.keywords\.file"):
            python.save(model, folder)
    finally:
        getattr(value, "close", lambda: None)()
    assert list(folder.iterdir()) == []


def test_the_same_object_gives_the_same_bytes_and_is_no_new_version(reg):
    model = Mean().fit(IRIS)
    assert reg.register(model, "mean").version == reg.register(model, "mean").version


@pytest.mark.parametrize("obj", [{}, 3, SVC, pd.DataFrame, pd.DataFrame({"a": [1]}), print, Path()])
def test_what_predicts_nothing_is_not_handled(obj):
    assert not python.handles(obj)


def test_frameworks_of_their_own_go_first():
    assert flavor_for(SVC()).NAME == "sklearn"
    assert flavor_for(shifted).NAME == "python"


def test_another_python_is_told_what_to_do(tmp_path):
    python.save(shifted, tmp_path)
    told = json.loads((tmp_path / "python.json").read_text())
    (tmp_path / "python.json").write_text(json.dumps(told | {"python": "3.8"}))
    with pytest.raises(NotLoadable, match=r"Python 3\.8 saved.*Use Python 3\.8, or run model\.py"):
        python.load(tmp_path, allow_code=True)


def test_a_missing_package_is_named(tmp_path):
    for name in ("here", "files"):
        (tmp_path / name).mkdir()
    package = tmp_path / "here" / "site-packages" / "lonely"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("def predict(x):\n    return x\n")
    run(
        "import sys\nfrom pathlib import Path\nimport lonely\nfrom jupyter_modelmgmt.flavors import python\n"
        "python.save(lonely.predict, Path(sys.argv[1]))",
        str(tmp_path / "files"),
        cwd=tmp_path,
        paths=[package.parent],
    )
    assert not (tmp_path / "files" / "model.py").exists()
    with pytest.raises(NotLoadable, match="needs lonely, which is not installed"):
        python.load(tmp_path / "files", allow_code=True)


@pytest.mark.parametrize("data", [b"", b"text", b"\x80\x05cut"])
def test_a_broken_file_is_refused_unread(data, tmp_path):
    (tmp_path / "model.cloudpickle").write_bytes(data)
    with pytest.raises(BadFile, match="cut off"):
        python.recognises(tmp_path / "model.cloudpickle")


def opened(obj, tmp_path):
    python.save(obj, tmp_path)
    return python.runner(tmp_path)


@pytest.mark.parametrize(
    ("answer", "outputs"),
    [
        ([1, 2], {"output": [1, 2]}),
        (0.5, {"output": [0.5]}),
        ("cat", {"output": ["cat"]}),
        ({"a": 1, "b": ["x"]}, {"a": [1], "b": ["x"]}),
        (([1], [2.5]), {"output_0": [1], "output_1": [2.5]}),
        (pd.DataFrame({"p": [1.5], "q": ["x"]}), {"p": [1.5], "q": ["x"]}),
        (pd.Series([1, 2]), {"output": [1, 2]}),
    ],
)
def test_answers_become_named_tensors(answer, outputs, tmp_path):
    given = opened(lambda _: answer, tmp_path).run({"": np.ones(1)})
    assert {name: value.tolist() for name, value in given.items()} == outputs


def test_a_function_takes_inputs_by_name_or_one_alone(tmp_path):
    runner = opened(halved, tmp_path)
    assert [spec.name for spec in runner.inputs] == ["rows", "by"]
    assert runner.run({"rows": np.ones(2), "by": np.array(4.0)})["half"].tolist() == [1.0, 1.0]
    assert runner.run({"rows": np.ones(2)})["half"].tolist() == [2.0, 2.0]
    with pytest.raises(BadTensor, match="The inputs are rows, to. halved takes rows, by"):
        runner.run({"rows": np.ones(2), "to": np.ones(2)})
    with pytest.raises(BadTensor, match="missing a required argument: 'rows'"):
        runner.run({"by": np.ones(2)})
    with pytest.raises(BadTensor, match="There is no input"):
        runner.run({})


def test_columns_reach_a_method_as_a_frame(tmp_path):
    class Columns:
        def predict(self, frame):
            return frame["a"] + frame["b"].str.len()

    runner = opened(Columns(), tmp_path)
    answer = runner.run({"a": np.array([1, 2]), "b": np.array(["x", "yyy"], object)})
    assert answer["output"].tolist() == [2, 5]
    with pytest.raises(BadTensor, match="no columns of one table"):
        runner.run({"a": np.array([1, 2]), "b": np.array(["x"], object)})


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda rows: rows["nothing"], "raised IndexError"),
        (lambda _: 1 / 0, "raised ZeroDivisionError: division by zero"),
        (lambda _: None, "answered object values"),
        (lambda _: [[1], [1, 2]], "no array"),
    ],
)
def test_code_that_fails_is_no_failure_of_the_server(function, words, tmp_path):
    with pytest.raises(BadTensor, match=words):
        opened(function, tmp_path).run({"": np.ones(1)})


def test_a_function_is_deployed_and_takes_numbers_and_texts(reg):
    def longest(texts):
        return [max(str(text).split(), key=len) for text in texts]

    reg.register(longest, "longest")
    service = reg.deploy("longest", name="longest")
    assert service.predict(["a bcd", "ef g"]).outputs["output"].tolist() == [b"bcd", b"ef"]
    service.stop()


def test_a_process_that_has_not_imported_cloudpickle_imports_it_only_to_save():
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from jupyter_modelmgmt.flavors import python; sys.exit('cloudpickle' in sys.modules)",
        ],
        check=False,
    )
    assert done.returncode == 0

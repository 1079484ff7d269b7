"""What registering finds out, proves and advises."""

import platform

import numpy as np
import pandas as pd
import pytest
import sklearn

from jupyter_modelmgmt.domain.errors import BadField, BadTensor, BumpTooSmall, NotProven
from jupyter_modelmgmt.domain.evidence import Field, Safety

pytestmark = pytest.mark.usefixtures("proving")


@pytest.fixture
def table():
    return pd.DataFrame({"age": [20.0, 30, 40, 50], "income": [3.0, 1, 4, 2]})


@pytest.fixture
def fitted(table):
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression().fit(table, [0, 1, 0, 1])


def test_a_version_says_what_was_proven(reg, classifier, digits):
    version = reg.register(classifier, "digits", input_example=digits[0][:5])
    assert version.proof.difference == 0.0
    assert (version.proof.tolerance, version.proof.python) == (1e-6, platform.python_version())
    assert version.proof.packages["scikit-learn"] == sklearn.__version__
    assert version.proof.packages["numpy"] == np.__version__
    assert "jupyterlab" not in version.proof.packages
    assert version.cost.latency_ms > 0
    assert [field.shape for field in version.signature.inputs] == [(-1, 64)]
    assert version.architecture == "sklearn.linear_model._logistic.LogisticRegression"
    assert [(verdict.path, verdict.safety) for verdict in version.safety] == [("model.skops", Safety.DATA)]
    assert reg.get("digits").proof == version.proof


def test_cost_is_kept_and_compared_with_the_version_before(reg, classifier, digits):
    from sklearn.neighbors import KNeighborsClassifier

    before = reg.register(classifier, "digits", input_example=digits[0][:5])
    after = reg.register(KNeighborsClassifier().fit(*digits), "digits", input_example=digits[0][:5])
    costs = reg.compare(before.selector, after.selector).frame().loc["cost"]
    assert {"size_bytes", "load_ms", "latency_ms", "peak_memory_bytes"} <= {*costs.index}
    assert costs.loc["size_bytes"].tolist() == [before.cost.size_bytes, after.cost.size_bytes]
    assert after.cost.size_bytes > 10 * before.cost.size_bytes
    assert costs.loc["latency_ms"].tolist() == [before.cost.latency_ms, after.cost.latency_ms]


def test_a_version_says_that_it_takes_images(reg, classifier):
    plain = reg.register(classifier, "digits", prove=False)
    config = {"size": [8, 8], "resize": "squash", "color": "GRAY", "layout": "flat", "mean": 0, "std": 255 / 16}
    seeing = reg.register(classifier, "digits", prove=False, adapter="image_classifier", config=config)
    assert (plain.takes, seeing.takes, reg.get("digits").takes) == ("tensor", "image", "image")
    assert [version.signature.takes for version in (plain, seeing, reg.get("digits"))] == ["tensor", "image", "image"]
    assert (seeing.version, seeing.notice) == ("1.1.0", "")  # tensors are taken as before
    advised = reg.advise(classifier, "digits", prove=False)
    assert (advised.bump, advised.reasons[0].text) == ("major", "it takes a tensor instead of an image")
    assert reg.compare("digits@1.0.0", "digits@1.1.0").frame().loc[("signature", "takes")].tolist() == [
        "tensor",
        "image",
    ]
    assert reg.clone_version("digits@1.1.0", "copy").signature == seeing.signature
    assert reg.clone_version("digits@1.1.0", "bare", adapter="").signature == plain.signature


def test_without_an_example_one_is_made_up(reg, classifier):
    assert reg.register(classifier, "digits").proof.difference == 0.0


def test_a_proof_is_left_out_when_asked(reg, classifier):
    assert reg.register(classifier, "digits", prove=False).proof is None


def test_without_a_proof_the_signature_is_what_the_kernel_finds(reg, classifier, digits, fitted, table):
    plain = reg.register(classifier, "digits", prove=False, input_example=digits[0][:5])
    proven = reg.register(classifier, "proven", input_example=digits[0][:5])
    assert plain.signature == proven.signature == reg.get("digits").signature
    assert [field.name for field in plain.signature.outputs] == ["label", "probability"]
    named = reg.register(fitted, "churn", prove=False, input_example=table)
    assert [(field.name, field.datatype) for field in named.signature.inputs] == [("age", "FP64"), ("income", "FP64")]
    assert reg.register(classifier, "bare", prove=False, capture=False).signature.inputs == ()


def test_without_a_proof_an_example_that_does_not_fit_is_refused_too(reg, classifier):
    with pytest.raises(BadTensor, match="64"):
        reg.register(classifier, "digits", prove=False, input_example=np.zeros((2, 3)))
    assert reg.models() == ()


@pytest.mark.parametrize("prove", [True, False])
def test_an_example_tells_what_a_function_takes(reg, prove):
    def summed(x):
        return {"sums": x.sum(axis=1), "names": np.array(["total"], dtype=object)}

    bare = reg.register(summed, "sums", prove=prove)
    assert [(field.name, field.datatype) for field in bare.signature.inputs] == [("x", "")]
    told = reg.register(summed, "sums", input_example=np.ones((3, 4), np.float32), prove=prove, allow_identical=True)
    assert (told.version, told.takes) == ("1.1.0", "tensor")  # what was unknown before breaks nothing
    assert told.signature.inputs == (Field(name="x", datatype="FP32", shape=(-1, 4)),)
    assert told.signature.outputs == (
        Field(name="sums", datatype="FP32", shape=(-1,)),
        Field(name="names", datatype="BYTES", shape=(1,)),
    )
    with pytest.raises(BumpTooSmall, match="input x has shape"):
        reg.register(summed, "sums", input_example=np.ones((3, 5), np.float32), prove=prove, bump="minor")


def test_without_a_proof_code_that_fails_here_has_no_signature(reg):
    def told(x):
        import no_such_package

        return no_such_package.told(x)

    made = reg.register(told, "told", input_example=np.ones((1, 2)), prove=False)
    assert made.signature.inputs == ()
    with pytest.raises(BadTensor, match="no_such_package"):
        reg.register(told, "told", input_example=np.ones((1, 2)), allow_identical=True)


def test_without_a_proof_a_model_that_cannot_answer_has_no_signature(reg):
    from sklearn.cluster import DBSCAN

    assert reg.register(DBSCAN().fit([[0.0], [1.0]]), "clusters", prove=False).signature.inputs == ()


def test_columns_of_an_example_are_the_signature(reg, fitted, table):
    version = reg.register(fitted, "churn", input_example=table)
    assert [(field.name, field.datatype) for field in version.signature.inputs] == [("age", "FP64"), ("income", "FP64")]


def test_an_example_that_does_not_fit_is_refused_and_nothing_is_written(reg, classifier, fitted, table):
    with pytest.raises(BadTensor, match="64"):
        reg.register(classifier, "digits", input_example=np.zeros((2, 3)))
    with pytest.raises(BadTensor, match="Age"):
        reg.register(fitted, "churn", input_example=table.rename(columns={"age": "Age"}))
    assert reg.models() == ()


def test_a_model_that_predicts_otherwise_is_not_registered(reg):
    def moody(x):
        return np.random.default_rng().random(len(x))

    with pytest.raises(NotProven, match=r"output differs by .* Nothing was registered"):
        reg.register(moody, "moody", input_example=np.ones((3, 2)))
    assert reg.models() == ()


def test_a_renamed_column_is_major(reg, fitted, table):
    from sklearn.base import clone

    reg.register(fitted, "churn", input_example=table)
    renamed = table.rename(columns={"age": "years"})
    other = clone(fitted).fit(renamed, [0, 1, 0, 1])
    with pytest.raises(BumpTooSmall, match=r"incompatible with churn@1\.0\.0: .*input age is gone.* Use bump='major'"):
        reg.register(other, "churn", bump="minor", input_example=renamed)
    with pytest.raises(BumpTooSmall):
        reg.register(other, "churn", version="1.0.1", input_example=renamed)
    reasoned = reg.register(other, "churn", bump="patch", reason="nobody uses it yet", input_example=renamed)
    assert reasoned.version == "1.0.1"
    assert reg.events()[-1].details["reason"] == "nobody uses it yet"
    again = reg.register(fitted, "churn", input_example=table, metrics={"accuracy": 0.9})
    assert (again.version, "incompatible with churn@1.0.1" in again.notice) == ("2.0.0", True)


def test_before_the_first_release_anything_may_change(reg, classifier, onnx_file):
    reg.register(classifier, "digits", version="0.1.0")
    assert reg.register_files(onnx_file, "digits", bump="minor").version == "0.2.0"


def test_hostile_files_are_kept_and_told(reg, tmp_path):
    import os
    import pickle

    class Hostile:
        def __reduce__(self):
            return os.system, ("touch touched",)

    file = tmp_path / "model.pkl"
    file.write_bytes(pickle.dumps(Hostile()))
    (verdict,) = reg.register_files(file, "gift").safety
    assert (verdict.safety, verdict.reason) == (Safety.REFUSED, "it would call posix.system")


def test_datasets_are_registered_with_a_word_on_rows_that_two_share(reg, fitted, table):
    reg.register_dataset("board", digest="blake3:ab")
    version = reg.register(fitted, "churn", datasets={"train": table, "test": table[2:], "golden": "board@1"})
    assert {(use.role, use.dataset) for use in version.datasets} == {
        ("train", "churn-train@1"),
        ("test", "churn-test@1"),
        ("golden", "board@1"),
    }
    assert "test shares 2 rows with train" in version.notice
    assert reg.dataset("churn-train").rows == 4


def test_advice_is_given_before_anything_is_written(reg, classifier, digits):
    from sklearn.base import clone

    reg.register(classifier, "digits", metrics={"accuracy": 0.9})
    before = reg.last_event()
    same = reg.advise(classifier, "digits", metrics={"accuracy": 0.9})
    assert same.bump == "none"
    refit = clone(classifier).fit(digits[0][:900], digits[1][:900])
    assert reg.advise(refit, "digits", metrics={"accuracy": 0.9}).bump == "patch"
    assert reg.advise(refit, "digits", metrics={"accuracy": 0.95}).bump == "minor"
    assert reg.last_event() == before


def test_a_version_says_what_it_uses(reg, classifier):
    version = reg.register(classifier, "digits")
    assert "scikit-learn" in version.environment["packages"]
    assert version.code == {"notebook": "unknown"}
    assert reg.register(classifier, "plain", capture=False).environment == {}


def test_loading_tells_what_differs_here_and_how_to_mend_it(reg, classifier):
    import dataclasses

    version = reg.register(classifier, "digits")
    assert version.differences() == ()
    packages = {**version.environment["packages"], "scikit-learn": "0.1"}
    other = type(version).of(
        dataclasses.replace(version, environment={**version.environment, "packages": packages}), reg
    )
    with pytest.warns(
        UserWarning, match=r'digits@1.0.0: It was made with scikit-learn 0.1 .* pip install "scikit-learn==0.1"'
    ):
        other.load()


def test_what_is_refused_is_not_loaded(reg, tmp_path):
    from jupyter_modelmgmt.domain.errors import NotLoadable
    from jupyter_modelmgmt.flavors import python

    hostile = b"\x80\x02cposix\nsystem\nX\x0d\x00\x00\x00touch touched\x85R."
    python.save(lambda x: x, tmp_path)
    (pickled,) = tmp_path.glob("*.cloudpickle")
    pickled.write_bytes(hostile)
    reg.register_files(tmp_path, "gift", flavor="python")
    with pytest.raises(NotLoadable, match="it would call posix.system"):
        reg.get("gift").load(allow_code=True)


def forest(x, y):
    from sklearn.ensemble import GradientBoostingClassifier

    return GradientBoostingClassifier(n_estimators=3, max_depth=1, random_state=0).fit(x, y)


def test_curves_that_a_model_keeps_are_kept_with_its_version(any_reg, digits):
    x, y = digits[0][:200], digits[1][:200]
    model = forest(x, y)
    data = {"test": (x[100:], y[100:])}
    version = any_reg.register(model, "digits", prove=False, datasets=data)
    found = {(curve.figure, curve.legend): list(curve.y) for curve in any_reg.series(version.selector)}
    assert found.keys() == {("score", "train"), ("accuracy_score", "staged")}
    assert found["score", "train"][0] > found["score", "train"][2]
    assert any_reg.series(any_reg.register(model, "plain", prove=False, capture=False).selector) == ()
    again = any_reg.register(model, "digits", prove=False, datasets=data)
    assert (again.version, any_reg.series("digits")[0].count) == ("1.0.0", 3)


def test_in_a_run_they_are_the_runs_which_may_have_logged_them_itself(any_reg, digits):
    x, y = digits[0][:200], digits[1][:200]
    model = forest(x, y)
    with any_reg.run("train") as run:
        run.log_series("score", [0], [1.0], legend="train")
        any_reg.register(model, "digits", prove=False, datasets={"test": (x, y)})
    assert [(c.figure, c.legend, c.count) for c in run.curves()] == [
        ("accuracy_score", "staged", 3),
        ("score", "train", 1),
    ]
    any_reg.register(model, "later", prove=False, run=run.id)
    assert [(c.figure, c.count) for c in any_reg.series("later")] == [("score", 3), ("accuracy_score", 3), ("score", 1)]


def test_rows_and_their_answers_are_one_dataset(reg, fitted, table):
    answers = pd.Series([0, 1, 0, 1], name="churned")
    version = reg.register(fitted, "churn", datasets={"train": (table, answers), "test": (table[:1], answers[:1])})
    dataset = reg.dataset("churn-train")
    assert (dataset.rows, [*dataset.fields]) == (4, ["age", "income", "churned"])
    assert "test shares 1 row with train" in version.notice
    assert reg.register_dataset("array", data=(table.to_numpy(), answers.to_numpy())).fields.keys() == {
        "values",
        "answer",
    }
    for pair in ((table, answers[:2]), (table,), ("a.csv", "b.csv")):
        with pytest.raises(BadField, match="answer"):
            reg.register_dataset("broken", data=pair)


def test_what_is_known_of_columns_is_kept_with_the_dataset_and_shown(reg, table):
    made = reg.register_dataset("people", data=table.assign(name=["a", None, "b", "c"]))
    assert reg.dataset("people@1") == made
    assert made.statistics["age"] == pytest.approx(
        {"missing": 0, "least": 20.0, "greatest": 50.0, "mean": 35.0, "deviation": 125**0.5}
    )
    assert made.statistics["name"] == {"missing": 1}
    frame = made.frame().set_index("column")
    assert (frame.loc["income", "mean"], frame.loc["age", "type"]) == (2.5, "float64")
    shown = made._repr_html_()
    assert "<td>deviation</td>" not in shown
    assert ">deviation</th>" in shown
    assert "<td>11.18</td>" in shown

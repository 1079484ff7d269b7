"""statsmodels: results come back with all they tell, formulas with the functions that they call."""

import json

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
import statsmodels.formula.api as smf
from statsmodels.tsa.arima.model import ARIMA
from statsmodels.tsa.holtwinters import ExponentialSmoothing

from jupyter_modelmgmt.domain.errors import BadFile, BadTensor, NeedsYes, NotFitted, NotLoadable, NotSavable
from jupyter_modelmgmt.domain.records import Task
from jupyter_modelmgmt.flavors import statsmodels as flavor
from tests.servers.fresh import run, served

ROWS = np.random.default_rng(0).normal(size=(60, 2))
TARGET = ROWS @ [1.0, 2.0] + np.random.default_rng(1).normal(size=60)
FRAME = pd.DataFrame({"y": TARGET, "a": ROWS[:, 0], "b": ROWS[:, 1], "kind": np.where(ROWS[:, 0] > 0, "u", "v")})

FITTED = {
    "OLS": lambda: sm.OLS(TARGET, ROWS).fit(),
    "GLM": lambda: sm.GLM(TARGET > 0, ROWS, family=sm.families.Binomial()).fit(),
    "Logit": lambda: sm.Logit(TARGET > 0, ROWS).fit(disp=0),
    "MNLogit": lambda: sm.MNLogit(np.digitize(TARGET, [-1, 1]), ROWS).fit(disp=0),
    "RLM": lambda: sm.RLM(TARGET, ROWS).fit(),
    "QuantReg": lambda: sm.QuantReg(TARGET, ROWS).fit(),
}


def twice(values):
    return values * 2


@pytest.mark.parametrize("kind", FITTED)
def test_results_predict_the_same_in_a_fresh_process(kind, tmp_path):
    results = FITTED[kind]()
    assert flavor.problem(results) == ""
    assert flavor.describe(results).class_name == kind
    flavor.save(results, tmp_path)
    answer = served("statsmodels", tmp_path, {"input": ROWS}, tmp_path / "fresh")
    np.testing.assert_array_equal(answer["value"], results.predict(ROWS))


def test_results_come_back_with_all_they_tell(reg):
    results = FITTED["OLS"]()
    version = reg.register(results, "line")
    assert (version.flavor, version.framework, version.task) == ("statsmodels", "statsmodels", Task.REGRESSION)
    with pytest.raises(NeedsYes, match="allow_code=True"):
        version.load()
    loaded = version.load(allow_code=True)
    assert type(loaded) is type(results)
    np.testing.assert_array_equal(loaded.params, results.params)
    np.testing.assert_array_equal(loaded.conf_int(), results.conf_int())
    assert str(loaded.summary().tables[1]) == str(results.summary().tables[1])


def test_a_formula_takes_along_what_it_calls(tmp_path, reg):
    results = smf.ols("y ~ np.abs(a) + twice(b) + kind", FRAME).fit()
    version = reg.register(results, "formula")
    assert version.params["formula"] == "y ~ np.abs(a) + twice(b) + kind"
    folder = version.download(tmp_path / "files")
    columns = {name: FRAME[name].to_numpy() for name in ("a", "b", "kind")}
    answer = served("statsmodels", folder, columns, tmp_path / "fresh")
    np.testing.assert_allclose(answer["value"], results.predict(FRAME))
    assert "def twice(values):" in (folder / "model.py").read_text()
    runner = flavor.runner(folder)
    assert [(spec.name, spec.datatype) for spec in runner.inputs] == [("a", "FP64"), ("b", "FP64"), ("kind", "BYTES")]
    with pytest.raises(BadTensor, match="refuses the input"):
        runner.run({"a": np.ones(1), "b": np.ones(1), "kind": np.array(["unseen"], object)})


@pytest.mark.parametrize(
    "fit", [lambda: ARIMA(TARGET, order=(1, 0, 0)).fit(), lambda: ExponentialSmoothing(TARGET).fit()]
)
def test_a_series_is_forecast(fit, tmp_path):
    results = fit()
    assert flavor.describe(results).task is Task.OTHER
    flavor.save(results, tmp_path)
    answer = served("statsmodels", tmp_path, {"steps": [4]}, tmp_path / "fresh")
    np.testing.assert_allclose(answer["value"], results.forecast(4))


def test_the_same_results_are_no_new_version(reg):
    results = smf.ols("y ~ a", FRAME).fit()
    assert reg.register(results, "line").version == reg.register(results, "line").version


def test_a_model_without_results_is_refused(tmp_path):
    with pytest.raises(NotFitted, match="This OLS is a model without results. Call its fit method"):
        flavor.save(sm.OLS(TARGET, ROWS), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_travel_is_named(tmp_path):
    results = FITTED["OLS"]()
    results._results.log = (n for n in "a")
    with pytest.raises(NotSavable, match="log is a generator"):
        flavor.save(results, tmp_path)


def test_another_python_is_refused_only_where_code_travels(tmp_path):
    for name, formula in (("plain", "y ~ a"), ("calls", "y ~ twice(a)")):
        (tmp_path / name).mkdir()
        flavor.save(smf.ols(formula, FRAME).fit(), tmp_path / name)
    assert not (tmp_path / "plain" / "python.json").exists()
    (tmp_path / "calls" / "python.json").write_text(json.dumps({"python": "3.8"}))
    with pytest.raises(NotLoadable, match=r"Python 3\.8"):
        flavor.load(tmp_path / "calls", allow_code=True)


def test_without_the_framework_nothing_is_handled_and_the_line_to_install_is_named(tmp_path):
    results = FITTED["OLS"]()
    flavor.save(results, tmp_path)
    said = run(
        "import sys\nsys.modules['statsmodels'] = None\nfrom pathlib import Path\n"
        "from jupyter_modelmgmt.domain.errors import NotLoadable\n"
        "from jupyter_modelmgmt.flavors import statsmodels as flavor\n"
        "folder = Path(sys.argv[1])\nassert flavor.recognises(folder / 'model.statsmodels')\n"
        "assert not flavor.handles(object())\n"
        "try:\n    flavor.load(folder, allow_code=True)\nexcept NotLoadable as error:\n    print(error)\n",
        str(tmp_path),
        cwd=tmp_path,
    )
    assert 'pip install "jupyter_modelmgmt[statsmodels]"' in said


def test_a_broken_file_is_refused_unread(tmp_path):
    flavor.save(FITTED["OLS"](), tmp_path)
    path = tmp_path / "model.statsmodels"
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(BadFile, match="cut off"):
        flavor.recognises(path)


def test_wrong_tensors_are_refused(tmp_path):
    flavor.save(FITTED["OLS"](), tmp_path)
    with pytest.raises(BadTensor, match=r"\[-1, 2\]"):
        flavor.runner(tmp_path).run({"input": np.zeros((1, 5))})

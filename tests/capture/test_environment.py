"""What a model was made with, and what differs here. Source: N20."""

import subprocess
import sys
from importlib.metadata import version

import numpy as np
import pytest
from sklearn.linear_model import Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from jupyter_modelmgmt.capture import environment as env
from jupyter_modelmgmt.capture import installed


def test_it_has_python_platform_and_the_closure_of_what_the_model_uses():
    found = env.environment([Ridge()])
    assert found["python"] == ".".join(map(str, sys.version_info[:3]))
    assert found["implementation"] == "CPython"
    assert found["packages"]["scikit-learn"] == version("scikit-learn")
    assert {"numpy", "scipy", "joblib", "threadpoolctl"} <= found["packages"].keys()
    assert not {"pandas", "jupyterlab", "pytest", "sqlalchemy"} & found["packages"].keys()


def test_what_is_inside_a_model_counts():
    import skimage.filters

    found = env.environment([make_pipeline(FunctionTransformer(skimage.filters.gaussian), Ridge())])
    assert "scikit-image" in found["packages"]


def test_what_code_of_the_notebooks_own_names_counts():
    code = (
        "import requests, numpy as np\n"
        "class Model:\n"
        "    def predict(self, x):\n"
        "        return [requests.get(each) for each in x]\n"
        "from jupyter_modelmgmt.capture.environment import environment\n"
        "print(sorted(environment([Model()])['packages']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "requests" in done.stdout
    assert "urllib3" in done.stdout
    assert "numpy" not in done.stdout


def test_a_package_that_is_not_called_like_its_module_is_found():
    assert installed.owners_of(["PIL.Image", "sklearn", "os", "yaml"]) == {"pillow", "scikit-learn", "pyyaml"}


def test_the_full_list_has_every_package():
    found = env.environment([Ridge()])["installed"]
    assert (found["numpy"], found["pytest"]) == (np.__version__, pytest.__version__)
    assert len(found) > 100


def test_here_nothing_differs():
    assert env.differences(env.environment([Ridge()])) == ()
    assert env.differences({}) == ()
    assert env.told({}, ()) == ""


def test_what_differs_is_told_with_the_line_that_mends_it():
    here = env.environment([Ridge()])
    then = {**here, "python": "3.9.1", "packages": {**here["packages"], "numpy": "1.0.0", "gone-package": "2.0"}}
    found = env.differences(then)
    assert [(d.what, d.recorded, d.here) for d in found] == [
        ("python", "3.9.1", here["python"]), ("gone-package", "2.0", ""), ("numpy", "1.0.0", np.__version__),
    ]  # fmt: skip
    assert found[2].mend == 'pip install "numpy==1.0.0"'
    said = env.told(then, found)
    assert 'pip install "gone-package==2.0" "numpy==1.0.0"' in said
    assert "numpy 1.0.0 (here" in said
    assert env.differences({**here, "python": here["python"] + "9"}) == ()


@pytest.mark.parametrize("bad", [{"packages": 3}, {"packages": None}, {"python": None}, {"python": "x"}])
def test_a_record_of_another_program_is_no_failure(bad):
    assert isinstance(env.differences(bad), tuple)

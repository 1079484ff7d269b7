"""Tab and progress in a real kernel: what `complete_request` answers is what JupyterLab offers."""

import json

import pytest

from tests.servers.kernels import Notebook

SETTING = """
%load_ext jupyter_modelmgmt
import jupyter_modelmgmt as mm
from sklearn.linear_model import Ridge
reg = mm.connect()
ridge = Ridge().fit([[0.0], [1.0], [2.0]], [0.0, 1.0, 2.5])
rise = {"r2": 0.9}
for number in ("1.0.0", "1.1.0", "2.0.0"):
    reg.register(ridge, "digits", version=number)
_ = reg.register(ridge, "diggers"), reg.set_alias("digits@1.0.0", "champion"), reg.promote("digits@1.1.0", "production")
"""


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    folder = tmp_path_factory.mktemp("notebook")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_MODELMGMT_URL", f"sqlite:///{folder / 'registry' / 'registry.db'}")
        with Notebook(folder) as opened:
            opened.run(SETTING)
            yield opened


@pytest.mark.parametrize(
    ("cell", "offered"),
    [
        ("%model reg", ["%model register"]),
        ("x = 1\nv = %model adv", ["x = 1\nv = %model advise"]),
        ("%model register ri", ["%model register ridge"]),
        ("%model register ridge dig", ["%model register ridge diggers", "%model register ridge digits"]),
        ("%model register ridge digits --bu", ["%model register ridge digits --bump"]),
        (
            "%model register ridge digits --bump m",
            ["%model register ridge digits --bump major", "%model register ridge digits --bump minor"],
        ),
        ("%model register ridge digits --bump=p", ["%model register ridge digits --bump=patch"]),
        ("%model register ridge digits --metrics ris", ["%model register ridge digits --metrics rise"]),
        ("%model register ridge digits --bump minor --flavor sk", [
            "%model register ridge digits --bump minor --flavor sklearn"
        ]),
        ("%model show digits@1.", ["%model show digits@1.1.0", "%model show digits@1.0.0"]),
        ("%model show digits@ch", ["%model show digits@champion"]),
        ("%model deploy digits@prod", ["%model deploy digits@production"]),
        ("%model compare digits 2", ["%model compare digits 2.0.0"]),
        ("%model compare digits 2.0.0 1.0", ["%model compare digits 2.0.0 1.0.0"]),
        ("%model promote digits@2.0.0 stag", ["%model promote digits@2.0.0 staging"]),
        ("%model unalias digits c", ["%model unalias digits champion"]),
        ("%model clone blaze", ["%model clone blazeface"]),
        ("%model stop ", []),
        ("%model show diggers dig", []),  # one name is all that it takes
        ("%model memory dig", []),
        ("%%model r", ["%%model run"]),
        ("%%model run training --par", ["%%model run training --params"]),
    ],
)  # fmt: skip
def test_tab_offers_verbs_options_names_versions_and_aliases(notebook, cell, offered):
    found = notebook.complete(cell)
    assert found == offered or (not offered and not [text for text in found if "digits" in text])


def test_tab_offers_every_verb_and_help_and_leaves_other_code_alone(notebook):
    from jupyter_modelmgmt.verbs import VERBS

    assert notebook.complete("%model ") == [f"%model {verb}" for verb in (*VERBS, "--help")]
    assert "%model show --help" in notebook.complete("%model show --")
    assert notebook.complete("ridge.pre") == ["ridge.predict"]
    notebook.run("%reload_ext jupyter_modelmgmt")
    assert notebook.complete("%model reg") == ["%model register"]


def test_what_is_asked_of_a_registry_that_is_away_offers_nothing(notebook):
    notebook.run("import os\nhere = os.environ['JUPYTER_MODELMGMT_URL']")
    notebook.run("os.environ['JUPYTER_MODELMGMT_URL'] = 'postgresql+psycopg://nobody@127.0.0.1:1/nothing'")
    assert [text for text in notebook.complete("%model show dig") if "digits" in text] == []
    notebook.run("os.environ['JUPYTER_MODELMGMT_URL'] = here")
    assert "%model show digits" in notebook.complete("%model show dig")


def test_progress_is_shown_while_a_model_is_registered_and_the_result_is_a_value(notebook):
    published = notebook.messages("v = %model register ridge shown")
    assert "Registering shown" in json.dumps([message["content"] for message in published], default=str)
    assert notebook.run("print(v.selector, type(v).__name__)") == "shown@1.0.0 Version\n"
    assert "%model show" in notebook.run("%model show --help")


def test_progress_is_shown_while_a_batch_runs_and_the_result_is_a_value(notebook):
    notebook.run("import numpy as np\nrows = np.array([[0.0], [1.0], [2.0]])\nreg.register(ridge, 'slope')")
    published = notebook.messages("b = %model batch slope rows out.jsonl")
    told = json.dumps([message["content"] for message in published], default=str)
    assert "Predicting with slope" in told
    assert "3/3" in told
    assert notebook.run("print(b.state, b.successful, len(b.frame()))") == "finished 3 3\n"

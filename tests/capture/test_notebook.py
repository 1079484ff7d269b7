"""What a real notebook knows of its models. Source: A8, N1, S12."""

import json
import subprocess

import pytest

from jupyter_modelmgmt.capture import notebook
from jupyter_modelmgmt.capture.repository import repository
from jupyter_modelmgmt.capture.secret_texts import without_secrets

ASK = "(lambda c: {{'code': dict(c.code), 'files': dict(c.files), 'data': {{n: type(o).__name__ for n, o in c.datasets.items()}}, 'cell': c.cell, 'variable': c.variable}})(__import__('jupyter_modelmgmt.capture.notebook', fromlist=['x']).captured({model}, globals(), get_ipython()))"


def captured(kernel, model="clf"):
    return kernel.ask(ASK.format(model=model))


def sources(found):
    return ["".join(cell["source"]) for cell in json.loads(found["files"]["source.ipynb"])["cells"]]


OUT_OF_ORDER = (
    "from sklearn.datasets import load_iris\nfrom sklearn.svm import SVC\nx, y = load_iris(return_X_y=True)",
    "clf = SVC(C=scale).fit(x, y)",  # runs before its cell of settings: it fails
    "scale = 2.0",
    "unrelated = [1, 2, 3]",
    "clf = SVC(C=scale).fit(x, y)",
    "clf = SVC(C=scale, gamma=0.5).fit(x[:140], y[:140])",  # the same cell, edited and run again
    "scale = 99",
)


def test_the_slice_of_a_notebook_run_out_of_order_rebuilds_the_same_model(kernel, tmp_path):
    kernel.run(*OUT_OF_ORDER)
    found = captured(kernel)
    assert found["code"]["cells"] == [1, 3, 6]
    assert found["code"]["notebook"] == "unknown"
    assert found["cell"] == 6
    assert sources(found) == [OUT_OF_ORDER[0], OUT_OF_ORDER[2], OUT_OF_ORDER[5]]
    assert {"x": "ndarray", "y": "ndarray"}.items() <= found["data"].items()
    digest = kernel.ask("__import__('jupyter_modelmgmt.capture.state', fromlist=['x']).digest(clf)")
    path = tmp_path / "source.py"
    path.write_bytes(found["files"]["source.py"])
    code = f"exec(open({str(path)!r}).read()); from jupyter_modelmgmt.capture.state import digest; print(digest(clf))"
    done = subprocess.run([notebook_python(), "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == digest


def notebook_python():
    import sys

    return sys.executable


def test_magics_errors_scripts_and_functions_of_a_session(kernel, tmp_path):
    (tmp_path / "prepare.py").write_text("rows = [1.0, 2.0]\n")
    kernel.run(
        "%matplotlib inline",
        "%run prepare.py",
        "import numpy as np",
        "%%time\nbase = np.array(rows)",
        "!ls > /dev/null",
        "def grow(x):\n    x *= 2",
        "grow(base); 1 / 0",
        "nothing = (",
        "%time grow(base)",
        "base.mean()",
        "%whos",
        "kept = base",
        "del base",
        "kept[0] = 7",
        "!touch made.txt",
    )
    # A script and a shell line may do anything; a cell that fails did what comes before its error.
    assert kernel.counts("kept") == [2, 3, 4, 5, 6, 7, 9, 12, 14, 15]
    found = captured(kernel, "kept")
    cells = json.loads(found["files"]["source.ipynb"])["cells"]
    assert [c["metadata"].get("tags") for c in cells][5] == ["raises-exception"]
    assert all(c["outputs"] == [] and c["execution_count"] is None for c in cells)
    assert b"run_line_magic('time', 'grow(base)')" in found["files"]["source.py"]
    assert b"except Exception" in found["files"]["source.py"]


def test_a_cell_deleted_from_the_file_is_still_there_and_a_reset_forgets(kernel):
    kernel.run("a = 1", "b = a + 1")
    assert kernel.counts("b") == [1, 2]
    kernel.run("%reset -f", "b = 5")
    assert kernel.counts("b") == [4]


def test_a_model_without_a_name_has_the_running_cell(kernel):
    kernel.run(
        "from sklearn.svm import SVC\nfrom jupyter_modelmgmt.capture.notebook import captured",
        "other = 3",
        "models = {'a': SVC()}",
        "found = captured(models['a'], globals(), get_ipython())",
    )
    assert kernel.ask("(found.code['cells'], found.variable)") == ([1, 3, 4], "")


def test_a_failing_cell_that_is_read_while_it_runs_is_known_as_failed_later(kernel):
    kernel.run("a = [1]", "from jupyter_modelmgmt.capture.cells import slice_of")
    kernel.run("a = [2]; slice_of(['a'], get_ipython()); 1 / 0")
    assert kernel.counts("a") == [1, 2, 3]


def test_the_path_is_the_servers_while_its_file_is_there(monkeypatch, tmp_path):
    path = tmp_path / "train.ipynb"
    monkeypatch.setenv("JPY_SESSION_NAME", str(path))
    assert notebook.notebook_path() == "unknown"
    path.write_text("{}")
    assert notebook.notebook_path() == str(path)
    monkeypatch.setenv("JPY_SESSION_NAME", str(tmp_path / "console-1"))
    assert notebook.notebook_path() == "unknown"
    notebook.notebook_is("/renamed.ipynb")
    assert notebook.notebook_path() == "/renamed.ipynb"
    notebook.notebook_is("")


def test_outside_ipython_nothing_is_known():
    assert notebook.captured(object(), {}, None).code == {"notebook": "unknown"}


def git(folder, *words):
    subprocess.run(
        ["git", "-C", folder, "-c", "user.name=a", "-c", "user.email=a@b", *words], check=True, capture_output=True
    )


def test_commit_branch_and_diff_of_the_repository(tmp_path):
    assert repository(tmp_path) is None
    git(tmp_path, "init", "-b", "work")
    (tmp_path / "train.py").write_text("lr = 1\n")
    (tmp_path / "out.ipynb").write_text("{}")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "first")
    clean = repository(tmp_path)
    assert (clean.branch, clean.dirty, clean.diff, len(clean.commit)) == ("work", False, "", 40)
    (tmp_path / "train.py").write_text("lr = 2\npassword = 'swordfish'\n")
    (tmp_path / "out.ipynb").write_text('{"outputs": ["private"]}')
    (tmp_path / "inner").mkdir()
    changed = repository(tmp_path / "inner")
    assert (changed.dirty, changed.commit) == (True, clean.commit)
    assert "+lr = 2" in changed.diff
    assert "swordfish" not in changed.diff
    assert "private" not in changed.diff


def test_programs_that_a_repository_names_are_not_run(tmp_path):
    git(tmp_path, "init")
    (tmp_path / "a.txt").write_text("1")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "first")
    (tmp_path / "a.txt").write_text("2")
    for key in ("diff.external", "core.fsmonitor", "core.pager"):
        git(tmp_path, "config", key, f"touch {tmp_path / 'ran'}")
    assert repository(tmp_path).dirty
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    "text",
    [
        "token = 'swordfish'",
        'login(api_key="swordfish")',
        "os.environ['HF_TOKEN'] = 'swordfish'",
        "config = {'password': 'swordfish'}",
        "%env SECRET_KEY=swordfish",
        "url = 'postgresql://me:swordfish@host/db'",
        "x = 'hf_swordfishswordfishswordfish'",
        "-----BEGIN RSA PRIVATE KEY-----\nswordfish\n-----END RSA PRIVATE KEY-----",
    ],
)
def test_what_looks_secret_is_hidden(text):
    assert "swordfish" not in without_secrets(text)
    assert "***" in without_secrets(text)


@pytest.mark.parametrize("text", ["tokens = text.split('a')", "keys = ['a']", "tokenizer = load('gpt')", "x = 'a:b@c'"])
def test_plain_code_stays_as_it_is(text):
    assert without_secrets(text) == text

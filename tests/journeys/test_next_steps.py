"""What goes wrong, and what is empty, says in one line what to do next: in Python, in a cell, in a terminal."""

import shlex

import pandas as pd
import pytest
from IPython.core.error import UsageError
from sklearn.linear_model import LogisticRegression

import jupyter_modelmgmt as mm
from jupyter_modelmgmt.cli import main
from jupyter_modelmgmt.domain.errors import BadTensor, NotSavable, StoreUnavailable
from tests.servers.registries import opened, shell_with_magics

# What is typed, and the line; `{folder}` is a folder with the file there.zip in it.
REFUSED = {
    "compare net other": "The model 'net' has no version 'other'. Write versions of one model, "
    "`%model compare net 1.0.0 1.1.0`, or name each with its model: `%model compare net@1.0.0 OTHER@1.0.0`.",
    "search accuracy --sort f1": "'accuracy' is no field. Write metrics.accuracy.",
    "search 'accuracy > 0.9'": "'accuracy' is no field. Write metrics.accuracy.",
    "search 'size > 0' --sort accuracy": "'accuracy' is no field. Write metrics.accuracy.",
    "search 'size > 0' --sort=-team": "'team' is no field. Write params.team or properties.team.",
    "remove-client svc nope": "svc has no client 'nope'. See `%model clients svc`.",
    "preview net nope": "net@1.1.0 has no file 'nope'. See `%model show net@1.1.0`.",
    "verify {folder}": "'{folder}' is a folder. Name the version that it was downloaded from too: "
    "`%model verify NAME@VERSION --folder {folder}`.",
    "export net@1.0.0 {folder}/there.zip": "'{folder}/there.zip' is there already. "
    "Choose another name, or overwrite it with --overwrite.",
    "predict nosvc {folder}/there.zip": "There is no deployment and no model called 'nosvc'. "
    "See `%model deployments`, or deploy a version: `%model deploy NAME@VERSION`.",
    "create größe": "'größe' is not a model name. Use 1 to 64 letters from a to z or A to Z, digits, '.', '_' or '-', "
    "beginning with a letter or digit and not ending with '.'.",
    "log-evaluation net@1.0.0 nodata loss=1": "There is no dataset 'nodata'. Register it first, from a file or folder: "
    "`%model dataset nodata --data PATH`; `%model datasets` lists what there is.",
}
EMPTY = {
    "search 'metrics.accuracy > 2'": "No version matches metrics.accuracy > 2. Leave a term out, "
    "or see what there is with `%model list`.",
    "list nothing": "No model has 'nothing' in its name or description. See all with `%model list`.",
    "deployments nothing": "No deployment is like that. Deploy a version: `%model deploy nothing@VERSION`.",
    "diff-revisions svc 1 1": "Revisions 1 and 1 of svc want the same. See all of them with `%model revisions svc`.",
}


@pytest.fixture(scope="module")
def world(tmp_path_factory, classifier):
    """Give a registry with models, a deployment that does not run and a folder with a file."""
    folder = tmp_path_factory.mktemp("steps")
    url = f"sqlite:///{folder / 'registry' / 'registry.db'}"
    (folder / "there.zip").write_bytes(b"zip")
    with opened(url) as reg, pytest.MonkeyPatch.context() as patch:
        patch.setenv("JUPYTER_MODELMGMT_URL", url)
        said = {"params": {"team": "a"}, "properties": {"team": "a"}, "metrics": {"accuracy": 0.5}}
        for version in ("1.0.0", "1.1.0"):
            reg.register(classifier, "net", version=version, **said)
        reg.register(classifier, "faces", version="1.0.0")
        reg.deploy("net", name="svc", wait=False)
        reg.stop("svc", wait=False)
        yield reg, folder


@pytest.mark.parametrize("words", REFUSED)
def test_a_refusal_says_what_to_do(world, capsys, words):
    _, folder = world
    line, told = words.format(folder=folder), REFUSED[words].format(folder=folder)
    with shell_with_magics() as shell, pytest.raises(UsageError) as raised:
        shell.run_line_magic("model", line)
    assert str(raised.value) == told
    assert main(shlex.split(line)) == 1
    assert capsys.readouterr().err == f"jupyter modelmgmt: {told.replace('`%model', '`jupyter modelmgmt')}\n"


@pytest.mark.parametrize("words", EMPTY)
def test_an_empty_list_says_what_was_looked_for(world, capsys, words):
    told = EMPTY[words]
    with shell_with_magics() as shell:
        found = shell.run_line_magic("model", words)
    assert (found, repr(found)) == ((), told)
    assert found._repr_html_() == f"<em>{told.replace('>', '&gt;').replace(chr(39), '&#x27;')}</em>"
    assert main(shlex.split(words)) == 0
    assert capsys.readouterr().out == f"{told.replace('`%model', '`jupyter modelmgmt')}\n"


def test_models_without_versions_are_compared_by_their_latest(world):
    with shell_with_magics() as shell:
        assert shell.run_line_magic("model", "compare net faces").table.versions == ("net@1.1.0", "faces@1.0.0")


@pytest.mark.parametrize("verb", ["advise", "register"])
def test_swapped_arguments_are_seen(world, classifier, verb):
    with shell_with_magics() as shell:
        shell.user_ns["clf"] = classifier
        with pytest.raises(UsageError) as raised:
            shell.run_line_magic("model", f"{verb} digits clf")
    assert str(raised.value) == (
        f"There is no variable 'digits', but 'clf' is one. The variable comes first: `%model {verb} clf digits`."
    )


def test_private_needs_no_word(world):
    reg, _ = world
    assert main(["update-deployment", "svc", "--private"]) == 0
    assert reg.deployment("svc").private
    assert main(["update-deployment", "svc", "--private", "no"]) == 0
    assert not reg.deployment("svc").private


def test_a_place_that_cannot_be_is_told(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(
        StoreUnavailable, match=r"folder '.*/file/x' cannot be made: Not a directory\. Give the path of"
    ):
        mm.connect(f"sqlite:///{tmp_path / 'file' / 'x' / 'registry.db'}")
    with pytest.raises(StoreUnavailable, match=r"files cannot be made: Not a directory\. Give another one, or s3:"):
        mm.connect(f"sqlite:///{tmp_path / 'registry.db'}", artifacts=tmp_path / "file" / "x")
    with pytest.raises(StoreUnavailable, match=r"cannot be opened: .* Check that its path is a file"):
        mm.connect(f"sqlite:///{tmp_path}")


def test_columns_of_an_example_are_named(reg):
    table = pd.DataFrame({"age": [1.0, 2, 3, 4], "height": [2.0, 3, 1, 5]})
    model = LogisticRegression().fit(table, [0, 1, 0, 1])
    with pytest.raises(BadTensor, match=r"no column height\. The model takes age, height\. Send all of them\."):
        reg.register(model, "people", input_example=table[["age"]])
    with pytest.raises(BadTensor, match=r"no column height; it has Height instead\. The model takes age, height"):
        reg.register(model, "people", input_example=table.rename(columns={"height": "Height"}))
    with pytest.raises(BadTensor, match=r"more columns than age, height\. Leave out sex\."):
        reg.register(model, "people", input_example=table.assign(sex=1.0))


def test_a_framework_is_named_once(reg):
    with pytest.raises(NotSavable) as raised:
        reg.register({"a": 1}, "dict")
    assert str(raised.value).count("pytorch") == 1


def test_records_are_shown_in_a_line(reg, classifier, digits):
    with reg.run("train digits") as run:
        run.log_metric("loss", 0.123456)
        version = reg.register(classifier, "digits", metrics={"accuracy": 0.98765, "a": 1, "b": 2, "c": 3})
    assert repr(version) == (
        'Version("digits@1.0.0", stage="development", status="draft", framework="scikit-learn", '
        "metrics={a: 1, accuracy: 0.9877, b: 2, ...})"
    )
    assert repr(reg.get_run(run.id)) == (
        f'LoggedRun("{run.id}", name="train digits", status="finished", metrics={{loss: 0.1235}}, versions=["digits@1.0.0"])'
    )
    assert repr(reg.model("digits")) == 'Model("digits", latest="1.0.0", versions=1)'
    deployment = reg.deploy("digits", name="svc", wait=False)
    assert repr(deployment).startswith('RunningDeployment("svc", state="Deploying", version="digits@1.0.0", revision=1')
    data = reg.register_dataset("digits", data=digits[0])
    assert repr(data).startswith('ReadDataset("digits@1", rows=1797')
    head, line = repr(reg.versions("digits")).splitlines()
    assert head.split()[:3] == ["Model", "Version", "Status"]
    assert line.split()[:2] == ["digits", "1.0.0"]
    assert "\x1b" not in repr(reg.describe("digits", "\x1b[31mred"))

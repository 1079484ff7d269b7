import pytest
from IPython.core.error import UsageError

from jupyter_modelmgmt.verbs import VERBS
from tests.servers.registries import opened, shell_with_magics


@pytest.fixture
def shell(sqlite_url, monkeypatch, classifier):
    monkeypatch.setenv("JUPYTER_MODELMGMT_URL", sqlite_url)
    with opened(sqlite_url), shell_with_magics() as made:
        made.user_ns["clf"] = classifier
        yield made


def model(shell, line):
    return shell.run_line_magic("model", line)


def test_results_are_values(shell):
    version = model(
        shell, "register clf digits --metrics accuracy=0.9,f1=0.8 --tags a,b --description 'a linear model'"
    )
    assert (version.version, version.metrics, version.tags) == ("1.0.0", {"accuracy": 0.9, "f1": 0.8}, ("a", "b"))
    assert version.description == "a linear model"
    assert model(shell, "register clf digits --bump major").version == "2.0.0"
    assert [m.name for m in model(shell, "list")] == ["digits"]
    assert model(shell, "list nothing") == ()
    assert len(model(shell, "show digits")) == 2
    assert model(shell, "show digits@1.0.0").version == "1.0.0"
    assert "digits" in model(shell, "list")._repr_html_()


def test_metrics_come_from_a_variable(shell):
    shell.user_ns["scores"] = {"accuracy": 0.5}
    assert model(shell, "register clf digits --metrics scores").metrics == {"accuracy": 0.5}


def test_versions_are_compared_by_number_and_by_selector(shell):
    model(shell, "register clf digits --metrics accuracy=0.9")
    model(shell, "register clf digits --metrics accuracy=0.95")
    first = model(shell, "compare digits 1.0.0 1.1.0").frame()
    assert list(first.columns) == ["digits@1.0.0", "digits@1.1.0"]
    assert first.loc[("metric", "accuracy")].tolist() == [0.9, 0.95]
    assert model(shell, "compare digits@1.0.0 digits@latest").frame().equals(first)


def test_deploy_predict_stop(shell, digits):
    model(shell, "register clf digits")
    assert model(shell, "deploy digits --name svc").state == "Deployed"
    shell.user_ns["rows"] = digits[0][:3]
    assert model(shell, "predict svc rows").outputs["label"].tolist() == digits[1][:3].tolist()
    assert model(shell, "deployments")[0].name == "svc"
    with pytest.raises(UsageError, match="currently deployed"):
        model(shell, "delete digits@1.0.0")
    assert "Loading digits@1.0.0 for svc" in model(shell, "logs svc")
    assert str(model(shell, "logs svc --filter ready --lines 1")).endswith("Ready")
    assert model(shell, "stop svc").state == "Stopped"
    assert "restore" in model(shell, "delete digits@1.0.0")
    assert model(shell, "restore digits@1.0.0").version == "1.0.0"
    with pytest.raises(UsageError, match="confirm"):
        model(shell, "delete digits")
    model(shell, "delete digits --confirm digits")
    assert model(shell, "list") == ()


def test_edit_and_promote(shell):
    model(shell, "register clf digits")
    assert model(shell, "edit digits --author Ada --public").author == "Ada"
    assert model(shell, "promote digits production").stage == "production"


def test_a_version_goes_out_and_in(shell, tmp_path):
    model(shell, "register clf digits --properties team=vision")
    path = model(shell, f"export digits@1.0.0 '{tmp_path}'")
    assert path == tmp_path / "digits-1.0.0.zip"
    arrived = model(shell, f"import '{path}' --name copy")
    assert (arrived.selector, arrived.properties) == ("copy@1.0.0", {"team": "vision"})
    assert arrived.load().C == 0.01
    folder = model(shell, f"download copy '{tmp_path / 'out'}' --file '*.skops'")
    assert [file.suffix for file in folder.iterdir()] == [".skops"]


def test_a_version_is_loaded_and_code_wants_a_yes(shell, digits):
    model(shell, "register clf digits --no-proof")
    rows, _ = digits
    assert model(shell, "load digits@1.0.0").predict(rows).tolist() == shell.user_ns["clf"].predict(rows).tolist()
    shell.user_ns["double"] = lambda x: 2 * x
    model(shell, "register double doubled --no-proof --flavor python")
    with pytest.raises(UsageError, match="--allow-code"):
        model(shell, "load doubled")
    assert model(shell, "load doubled --allow-code")(3) == 6


def test_models_in_memory_and_advice_are_values(shell, unhurried):
    from sklearn.base import clone

    model(shell, "register clf digits --no-proof")
    shell.user_ns["raw"] = clone(shell.user_ns["clf"])
    found = {m.variable: m for m in model(shell, "memory")}
    assert (found["clf"].standing, found["clf"].framework) == ("= digits 1.0.0", "scikit-learn")
    assert (found["raw"].fitted, bool(found["raw"].problem)) == (False, True)
    advice = model(shell, "advise clf digits --labels a,b")
    assert (advice.bump, bool(advice.reasons)) == ("major", True)
    assert len(model(shell, "show digits")) == 1


def test_data_of_the_notebook_goes_with_a_version(shell, digits, tmp_path):
    rows, _ = digits
    shell.user_ns |= {"train": rows[:100], "held": rows[98:120]}
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "a.png").write_bytes(b"photo")
    version = model(
        shell, f"register clf digits --no-proof --datasets train=train,test=held,golden={tmp_path / 'photos'}"
    )
    assert {use.role: use.dataset for use in version.datasets} == {
        "train": "digits-train@1",
        "test": "digits-test@1",
        "golden": "digits-golden@1",
    }
    assert "test shares 2 rows with train" in version.notice
    again = model(shell, "register clf digits --no-proof --datasets train=digits-train@1 --allow-identical")
    assert again.datasets == tuple(use for use in version.datasets if use.role == "train")
    held = model(shell, "dataset held --data held")
    assert (held.rows, held.digest) == (22, model(shell, "dataset digits-test").digest)


def test_what_is_said_of_a_version_is_kept(shell, tmp_path):
    run = model(shell, "start-run train")
    version = model(
        shell, f"register clf digits --no-capture --no-proof --framework jax --model-type resnet --run {run.id}"
    )
    assert (version.framework, version.model_type, version.run) == ("jax", "resnet", run.id)
    assert (version.weights, version.environment, version.proof) == ("", {}, None)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nonsense", "no verb"),
        ("depoly digits", "is it deploy"),
        ("configure-stage x --gates y", "--gates; is it --gate.*%model configure-stage --help"),
        ("register clf", "--help"),
        ("register nothing digits", "no variable"),
        ("register clf ../x", "model name"),
        ("register clf digits --version 1.0", "semantic version"),
        ("register clf digits --metrics accuracy=x", "name=value"),
        ("show digits@", "ends at"),
        ("show nothing", "no model"),
        ("predict nothing x.png", "no model"),
        ("show 'digits", "quotation"),
    ],
)
def test_mistakes_are_one_line(shell, line, said):
    with pytest.raises(UsageError, match=said) as raised:
        model(shell, line)
    assert "\n" not in str(raised.value)


def test_refusals_of_the_disk_and_names_of_arguments_are_said_for_a_line(shell):
    model(shell, "register clf digits --no-proof --no-capture")
    with pytest.raises(UsageError, match="/proc/none.*Choose another"):
        model(shell, "export digits /proc/none/x.zip")
    with pytest.raises(UsageError, match=r"with its name: --confirm digits\."):
        model(shell, "delete digits")


@pytest.mark.parametrize("verb", ["", *VERBS])
def test_every_verb_has_help(shell, capsys, verb):
    assert model(shell, f"{verb} --help") is None
    assert "usage: %model" in capsys.readouterr().out


def test_a_clone_of_the_library_answers(shell, digits):
    import numpy as np
    from PIL import Image

    assert {entry.name for entry in model(shell, "library")} >= {
        "digits",
        "blazeface",
        "deeplabv3",
        "efficientnet-lite0",
    }
    version = model(shell, "clone digits my-digits")
    assert (version.model, version.license, version.task) == ("my-digits", version.license, "classification")
    assert version.metrics["accuracy"] > 0.95
    model(shell, "deploy my-digits --name svc")
    right = 0
    for row, label in zip(digits[0][:8], digits[1][:8], strict=True):
        ink = Image.fromarray((255 - row.reshape(8, 8) * 255 / 16).astype(np.uint8))
        shell.user_ns["image"] = ink
        right += model(shell, "predict svc image").classes[0].label == str(label)
    assert right >= 7
    model(shell, "stop svc")

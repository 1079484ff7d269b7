import json
import os
import signal
import subprocess
import sys

import pytest

from jupyter_modelmgmt.cli import VERBS, main, terminal_parser


def test_files_are_registered_listed_and_shown(run, weights, tmp_path):
    (tmp_path / "config.json").write_text('{"size": [8, 8]}')
    (tmp_path / "labels.txt").write_text("zero\none\n\n")
    (tmp_path / "metrics.json").write_text('{"accuracy": 0.75}')
    code, out, err = run(
        "register", weights, tmp_path / "labels.txt", "net", "--config", "config.json", "--labels", "labels.txt",
        "--metrics", "metrics.json", "--params", "C=1,kernel=rbf", "--properties", "reviewed=true,team=vision",
        "--framework", "pytorch", "--task", "other", "--version", "1.2.0", "--tags", "a,b", "--json",
    )  # fmt: skip
    assert (code, err) == (0, "")
    version = json.loads(out)
    assert [a["path"] for a in version["artifacts"]] == ["weights.bin", "labels.txt"]
    assert (version["config"], version["labels"]) == ({"size": [8, 8]}, ["zero", "one"])
    assert (version["metrics"], version["params"]) == ({"accuracy": 0.75}, {"C": 1, "kernel": "rbf"})
    assert version["properties"] == {"reviewed": True, "team": "vision"}
    assert (version["framework"], version["version"], version["tags"]) == ("pytorch", "1.2.0", ["a", "b"])
    code, out, _ = run("list")
    assert (code, "net" in out, "1.2.0" in out) == (0, True, True)
    out = run("show", "net@1.2.0")[1]
    for part in ("Framework", "pytorch", "accuracy", "0.75", "kernel", "weights.bin", "25.6 kB", "zero, one"):
        assert part in out, part


def test_a_folder_keeps_its_paths(run, tmp_path):
    (tmp_path / "model" / "deep").mkdir(parents=True)
    (tmp_path / "model" / "deep" / "w.bin").write_bytes(b"x")
    out = run("register", tmp_path / "model", "net", "--json")[1]
    assert [a["path"] for a in json.loads(out)["artifacts"]] == ["deep/w.bin"]


@pytest.mark.parametrize("words", [["list"], ["list", "nothing"], ["deployments"], ["library"], ["stages"], ["trash"]])
def test_json_of_a_list_is_an_array_and_nothing_else(run, words):
    code, out, err = run(*words, "--json")
    assert (code, err) == (0, "")
    assert isinstance(json.loads(out), list)
    assert run("--json", *words) == (code, out, err)


def test_json_is_what_rest_answers(run, reg, weights):
    import msgspec

    version = reg.register_files(weights, "net", metrics={"accuracy": 0.5})
    assert json.loads(run("show", "net@latest", "--json")[1]) == json.loads(msgspec.json.encode(version))
    assert json.loads(run("compare", "net@latest", "net@1.0.0", "--json")[1])["versions"] == ["net@1.0.0", "net@1.0.0"]
    assert json.loads(run("delete", "net@1.0.0", "--json")[1]) == {
        "text": "net@1.0.0 is in the trash. `jupyter modelmgmt restore net@1.0.0` brings it back."
    }


def test_what_can_be_mended_is_one_line_and_1(run):
    code, out, err = run("show", "nothing@1.0.0")
    assert (code, out) == (1, "")
    assert err == "jupyter modelmgmt: There is no model 'nothing'. See the list with `jupyter modelmgmt list`.\n"
    code, out, err = run("show", "nothing@1.0.0", "--json")
    assert (code, out) == (1, "")
    assert json.loads(err) == {
        "code": "not_found", "message": "There is no model 'nothing'. See the list with `jupyter modelmgmt list`.",
    }  # fmt: skip


@pytest.mark.parametrize(
    "words", [["nonsense"], ["show"], ["list", "--nonsense"], ["deploy", "x", "--replicas", "many"], ["register", "x"]]
)
def test_a_command_line_that_cannot_be_read_is_2(run, words):
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert err.startswith("jupyter modelmgmt: ")
    assert err.endswith("--help`.\n")
    assert err.count("\n") == 1
    assert len(err) < 200
    assert json.loads(run(*words, "--json")[2])["code"] == "bad_field"


@pytest.mark.parametrize("verb", ["", *VERBS])
def test_every_verb_has_help(run, verb):
    code, out, err = run(*filter(None, [verb]), "--help")
    assert (code, err) == (0, "")
    assert out.startswith("usage: jupyter modelmgmt")
    assert "--json" in out or not verb


def test_no_words_are_a_question_for_help(run):
    assert run() == run("--help")
    for name in VERBS:
        assert f"  {name} " in run()[1], name


def test_a_file_that_cannot_be_used_is_no_traceback(run, weights, tmp_path):
    (tmp_path / "broken.json").write_text("{")
    (tmp_path / "list.json").write_text("[1]")
    for words, said in [
        (("register", tmp_path / "nowhere", "net"), "no file"),
        (("register", weights, "net", "--config", "nowhere.json"), "no file 'nowhere.json'"),
        (("register", weights, "net", "--config", "broken.json"), "Mend the file"),
        (("register", weights, "net", "--config", "list.json"), "no dict"),
        (("register", weights, "net", "--metrics", "accuracy"), "'accuracy' is no file that is read"),
        (("register", weights, "net", "--metrics", "accuracy=x"), "name=value"),
        (("import", tmp_path / "nowhere.zip"), "no file"),
        (("--url", f"sqlite:///{weights}/registry.db", "list"), "weights.bin"),
    ]:
        code, out, err = run(*words)
        assert (code, out, err.count("\n")) == (1, "", 1), words
        assert said in err
        assert "Traceback" not in err


def test_texts_of_users_do_not_steer_the_terminal(run, reg, weights):
    reg.register_files(weights, "net", description="\x1b]0;owned\x07[red]not red[/red] \x1b[2J", author="a\nb")
    for words in (["show", "net@latest"], ["list"], ["show", "net"]):
        out = run(*words)[1]
        assert "\x1b" not in out
        assert "\x07" not in out
    assert "[red]not red[/red]" in run("show", "net@latest")[1]


def test_a_table_behind_a_pipe_is_not_cut(run, reg, weights):
    reg.register_files(weights, "net", metrics={f"a-metric-with-a-long-name-{i}": i / 7 for i in range(30)})
    out = run("show", "net")[1]
    assert "a-metric-with-a-long-name-29" in out
    assert "…" not in out


def test_colours_are_for_terminals_that_want_them(run, reg, weights, monkeypatch):
    reg.register_files(weights, "net")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[1m" in run("show", "net@latest")[1]
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[3" not in run("show", "net@latest")[1]


class Terminal:
    """Keys of a person at a terminal."""

    def __init__(self, typed):
        self.typed = typed

    def isatty(self):
        return True

    def readline(self):
        return self.typed


def test_a_dangerous_verb_wants_the_name_typed(run, reg, weights, monkeypatch):
    reg.register_files(weights, "net")
    monkeypatch.setattr(sys, "stdin", Terminal("nett\n"))
    code, out, err = run("delete", "net")
    assert (code, out) == (1, "")
    assert "Type net to confirm `delete`: " in err
    assert "confirm" in err.splitlines()[-1]
    monkeypatch.setattr(sys, "stdin", Terminal("net\n"))
    assert run("delete", "net")[0] == 0
    assert reg.models() == ()
    monkeypatch.setattr(sys, "stdin", Terminal(""))
    assert run("purge", "net@1.0.0")[0] == 1
    monkeypatch.setattr(sys, "stdin", Terminal("net@1.0.0\n"))
    assert run("purge", "net@1.0.0")[0] == 0


def test_without_a_terminal_the_name_comes_as_an_option(run, reg, weights):
    reg.register_files(weights, "net")
    code, _, err = run("delete", "net", "--json")
    assert (code, json.loads(err)["code"]) == (1, "not_confirmed")
    assert run("delete", "net", "--confirm", "net")[0] == 0
    assert run("restore", "net@1.0.0")[0] == 0


def test_a_version_goes_out_and_in(run, reg, weights, tmp_path):
    reg.register_files(weights, "net", metrics={"accuracy": 0.5})
    code, out, err = run("export", "net@1.0.0", "net.zip", "--json")
    assert (code, json.loads(out), err) == (0, {"path": "net.zip"}, "")
    code, _, err = run("export", "net@1.0.0", "net.zip")
    assert (code, "there already" in err) == (1, True)
    assert run("export", "net@1.0.0", "net.zip", "--overwrite")[0] == 0
    out = run("import", "net.zip", "--name", "copy", "--json")[1]
    assert json.loads(out)["metrics"] == {"accuracy": 0.5}
    assert run("download", "copy", "out", "--file", "*.bin") == (0, "out\n", "")
    assert (tmp_path / "out" / "weights.bin").read_bytes() == weights.read_bytes()


def test_a_notice_is_shown(run, reg, weights):
    reg.register_files(weights, "net")
    assert "Notice" in run("register", weights, "net")[1]


def test_a_deployment_answers_from_files(run, reg, classifier, digits, tmp_path):
    import numpy as np
    import pandas as pd

    reg.register(classifier, "digits")
    assert run("deploy", "digits", "--name", "svc")[0] == 0
    np.save(tmp_path / "rows.npy", digits[0][:3])
    outputs = json.loads(run("predict", "svc", "rows.npy", "--json")[1])["outputs"]
    assert outputs["label"] == digits[1][:3].tolist()
    pd.DataFrame(digits[0][:3]).to_csv(tmp_path / "rows.csv", index=False)
    assert json.loads(run("predict", "svc", "rows.csv", "--json")[1])["outputs"] == outputs
    assert str(outputs["label"][0]) in run("predict", "svc", "rows.npy")[1]
    said = run("logs", "svc", "--filter", "ready", "--replica", "1.0.0-0")[1]
    assert said.endswith("Ready\n")
    assert run("logs", "svc", "--replica", "5")[:2] == (1, "")
    with command("logs", "svc", "--follow") as following:
        assert "Loading digits@1.0.0 for svc" in following.stdout.readline()
        assert run("stop", "svc")[0] == 0
        # `communicate` would miss the lines that came together with the first one.
        assert following.stdout.readline() == said
        assert following.wait(timeout=30) == 0


def test_an_image_is_answered_with_a_table(run, reg, digits, tmp_path):
    import numpy as np
    from PIL import Image

    run("clone", "digits", "reader")
    run("deploy", "reader", "--name", "svc")
    Image.fromarray((255 - digits[0][0].reshape(8, 8) * 255 / 16).astype(np.uint8)).save(tmp_path / "digit.png")
    code, out, _ = run("predict", "svc", "digit.png")
    assert code == 0
    best = next(line for line in out.splitlines() if "█" in line)
    assert best.split()[0] == str(digits[1][0])
    run("stop", "svc")


def command(*words, **options):
    return subprocess.Popen(
        [sys.executable, "-m", "jupyter_modelmgmt.cli", *words], text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options,
    )  # fmt: skip


def test_the_process_ends_with_the_code(url, environment):
    done = command("show", "nothing", env=environment | {"JUPYTER_MODELMGMT_URL": url})
    out, err = done.communicate(timeout=60)
    assert (done.returncode, out) == (1, "")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["depoly", "x"], "There is no verb 'depoly'; is it deploy? See `jupyter modelmgmt --help`."),
        (["zzz"], "There is no verb 'zzz'. See `jupyter modelmgmt --help`."),
        (["configure-stage", "x", "--gates=y"], "no option --gates; is it --gate? See `jupyter modelmgmt configure-stage --help`."),
        (["split", "x", "1.0.0=5", "1.1.0=5"], "1.1.0=5 is more than it takes. See `jupyter modelmgmt split --help`."),
    ],
)  # fmt: skip
def test_the_nearest_word_and_the_help_of_the_verb_are_named(run, words, said):
    assert said in run(*words)[2]


def test_no_argument_of_a_verb_is_taken_for_the_place_of_the_registry():
    before = {action.dest for action in terminal_parser()._actions if action.option_strings} - {"help", "json"}
    for verb in VERBS:
        (found,) = (a for a in terminal_parser()._actions if a.dest == "verb")
        assert not before & {action.dest for action in found.choices[verb]._actions}, verb


def test_a_webhook_is_added_where_its_address_is_no_registry(run):
    code, out, _ = run("add-webhook", "http://127.0.0.1:9/hook", "--events", "version.*", "--json")
    assert (code, json.loads(out)["url"]) == (0, "http://127.0.0.1:9/hook")


def test_what_python_calls_arguments_a_terminal_calls_options(run, weights):
    run("register", weights, "net")
    assert "with its name: --confirm net." in run("delete", "net")[2]


def test_interrupting_is_130_and_no_traceback(url, reg, weights, environment):
    reg.register_files(weights, "net")
    ours, theirs = os.openpty()
    waiting = command("delete", "net", env=environment | {"JUPYTER_MODELMGMT_URL": url}, stdin=theirs)
    prompt = "Type net to confirm `delete`: "
    assert waiting.stderr.read(len(prompt)) == prompt
    waiting.send_signal(signal.SIGINT)
    out, err = waiting.communicate(timeout=60)
    os.close(ours)
    os.close(theirs)
    assert (waiting.returncode, out, err.strip()) == (130, "", "")
    assert len(reg.models()) == 1


def test_a_reader_that_leaves_the_pipe_is_no_traceback(url, reg, weights, environment):
    reg.register_files(weights, "net", labels=[f"label {i}" for i in range(50_000)])
    # An unbuffered Python drops the rest of what it writes without an error.
    buffered = {name: value for name, value in environment.items() if name != "PYTHONUNBUFFERED"}
    done = command("show", "net@latest", "--json", env=buffered | {"JUPYTER_MODELMGMT_URL": url})
    done.stdout.readline()
    done.stdout.close()
    said = done.stderr.read()
    done.stderr.close()
    assert done.wait(60) == 1
    assert said == ""


def test_jupyter_finds_the_command(url, environment):
    program = os.path.join(os.path.dirname(sys.executable), "jupyter")  # noqa: PTH118, PTH120 - a path in a venv, not resolved
    done = subprocess.run(
        [program, "modelmgmt", "list", "--json"], env=environment | {"JUPYTER_MODELMGMT_URL": url}, text=True,
        capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, json.loads(done.stdout)) == (0, [])


def test_the_place_stands_before_the_verb(run, tmp_path, weights):
    there = ("--url", f"sqlite:///{tmp_path}/elsewhere/r.db", "--artifacts", str(tmp_path / "blobs"))
    assert run(*there, "register", weights, "net")[0] == 0
    assert (tmp_path / "blobs" / "blobs").is_dir()
    assert json.loads(run(*there, "list", "--json")[1])[0]["name"] == "net"
    assert json.loads(run("list", "--json")[1]) == []


def test_help_does_not_open_a_registry(tmp_path):
    assert main(["--url", f"sqlite:///{tmp_path}/registry/registry.db", "list", "--help"]) == 0
    assert not (tmp_path / "registry").exists()

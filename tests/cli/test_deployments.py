"""Deployments in a terminal: split, history, difference, rollback, clients, figures, and an example that works."""

import json
import subprocess
import sys

import pytest


def told(run, *words):
    """Return the JSON of a command that succeeds."""
    code, out, err = run(*words, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


def test_a_deployment_is_split_compared_shared_and_rolled_back(run, reg, classifier):
    for number in ("1.0.0", "1.1.0"):
        reg.register(classifier, "digits", version=number, allow_identical=True)
    assert told(run, "deploy", "digits@1.0.0", "--name", "svc", "--message", "first")["state"] == "Deployed"
    assert told(run, "split", "svc", "1.0.0=75,1.1.0=25", "--message", "try")["versions"][1]["weight"] == 25
    assert told(run, "shadow", "svc")["revision"] == 2  # there was none
    assert [row["message"] for row in told(run, "revisions", "svc")] == ["try", "first"]
    differs = told(run, "diff-revisions", "svc", "1", "2")
    assert [(row["field"], row["after"]) for row in differs] == [("versions.1.0.0", "75 %"), ("versions.1.1.0", "25 %")]
    assert "try" in run("revisions", "svc")[1]
    assert told(run, "deployment-metrics", "svc")[0]["replicas"] == 1
    assert told(run, "update-deployment", "svc", "--private", "yes")["private"] is True
    token = json.loads(run("add-client", "svc", "app", "--json")[1])["token"]
    assert [row["name"] for row in told(run, "clients", "svc")] == ["app"]
    pasted(run("example", "svc", "--client", "app", "--token", token)[1])
    pasted(run("example", "svc")[1])
    assert run("remove-client", "svc", "app")[0] == 0
    assert told(run, "rollback", "svc", "--to", "1")["versions"] == [
        {"version": "1.0.0", "weight": 100, "shadow": False}
    ]
    assert run("stop", "svc")[0] == 0
    for words, said in WRONG:
        code, out, err = run(*words)
        assert (code, out) == (1, "")
        assert said in err
        assert err.count("\n") == 1


@pytest.mark.heavy
def test_a_deployment_begins_with_a_split(run, reg, classifier):
    for number in ("1.0.0", "1.1.0"):
        reg.register(classifier, "digits", version=number, allow_identical=True)
    begun = told(run, "deploy", "digits@1.1.0", "--name", "two", "--split", "1.0.0=75,1.1.0=25")
    assert [(share["version"], share["weight"]) for share in begun["versions"]] == [("1.0.0", 75), ("1.1.0", 25)]
    assert run("stop", "two")[0] == 0


WRONG = (
    (("split", "svc", "1.0.0=75,1.1.0=5"), "sum to 80"),
    (("split", "svc", "1.0.0=75,1.0.0=25"), "1.0.0 appears twice"),
    (("rollback", "svc", "--to", "99"), "no revision 99"),
    (("remove-client", "svc", "app"), "app"),
    (("example", "svc"), "Need to deploy"),
    (("delete-deployment", "svc", "--confirm", "sv"), "svc"),
    (("clients", "none"), "none"),
)


def pasted(text):
    """Run both texts of an example as they are."""
    curl, python = text.split("# in Python\n")
    by_shell = subprocess.run(["bash", "-c", curl], capture_output=True, text=True, check=True)
    by_python = subprocess.run([sys.executable, "-I", "-c", python], capture_output=True, text=True, check=True)
    assert json.loads(by_shell.stdout)["model_name"] == "svc"
    assert "'model_name': 'svc'" in by_python.stdout


def test_the_example_of_an_image_model_works_as_it_is_pasted(run, reg):
    run("clone", "digits", "reader")
    run("deploy", "reader", "--name", "reader")
    curl, python = run("example", "reader")[1].split("# in Python\n")
    by_shell = subprocess.run(["bash", "-c", curl], capture_output=True, text=True, check=True)
    by_python = subprocess.run([sys.executable, "-I", "-c", python], capture_output=True, text=True, check=True)
    assert len(json.loads(by_shell.stdout)["classes"]) > 0
    assert "'task': 'classification'" in by_python.stdout
    run("stop", "reader")

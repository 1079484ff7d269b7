"""Stages, approvals, aliases, the trash, lifetimes and settings in a terminal, each answer as JSON too."""

import json

import pytest


@pytest.fixture
def said(run, weights):
    """Give a function that runs a command line with --json and returns what it said, on a model of two versions."""
    for accuracy in ("0.8", "0.9"):
        assert run("register", weights, "net", "--metrics", f"accuracy={accuracy}")[0] == 0

    def words(*line):
        code, out, err = run(*line, "--json")
        assert (code, err) == (0, ""), err
        return json.loads(out)

    return words


def test_a_stage_of_ones_own_has_a_gate_and_wants_an_approval(run, said):
    stages = said("configure-stage", "canary", "--exclusive", "--approval", "--gate", "metrics.accuracy > 0.85")
    (made,) = (stage for stage in stages if stage["name"] == "canary")
    assert (made["exclusive"], made["approval"], made["gates"]) == (True, True, ["metrics.accuracy > 0.85"])
    assert "canary" in [stage["name"] for stage in said("stages")]
    refused, asked = (
        said("request-approval", f"net@{v}", "canary", "--comment", "please")["id"] for v in ("1.0.0", "1.1.0")
    )
    assert said("reject", refused, "--comment", "too weak")["state"] == "rejected"
    assert said("approve", asked, "--comment", "fine")["stage"] == "canary"
    assert [r["version"] for r in said("approvals", "net", "--state", "approved")] == ["1.1.0"]
    assert said("show", "net@canary")["version"] == "1.1.0"
    assert run("promote", "net@1.0.0", "canary")[0] == 1
    said("promote", "net@1.1.0", "development")
    said("configure-stage", "canary", "--shared", "--no-approval", "--gate", "", "--next", "archived")
    assert said("promote", "net@1.0.0", "canary")["stage"] == "canary"
    assert run("promote", "net@1.0.0", "production")[2].startswith("jupyter modelmgmt: ")
    said("promote", "net@1.0.0", "archived")
    said("remove-stage", "canary")
    assert "canary" not in [stage["name"] for stage in said("stages")]


def test_an_alias_is_protected_and_lifted(run, said):
    said("alias", "net@1.0.0", "champion", "--protect")
    assert run("unalias", "net", "champion")[0] == 1
    said("alias", "net@1.0.0", "champion", "--unprotect")
    assert said("show", "net@champion")["version"] == "1.0.0"
    assert "no alias champion any more" in said("unalias", "net", "champion")["text"]


def test_a_version_goes_to_the_trash_and_for_ever(run, said):
    said("delete", "net@1.0.0")
    assert [t["version"] for t in said("trash", "net")] == ["1.0.0"]
    said("restore", "net@1.0.0")
    said("delete", "net@1.0.0")
    assert run("purge", "net@1.0.0")[0] == 1
    assert "gone for ever" in said("purge", "net@1.0.0", "--confirm", "net@1.0.0")["text"]
    assert said("trash") == []
    assert [e["action"] for e in said("history", "net@1.0.0")][:2] == ["version.purged", "version.deleted"]


def test_a_model_is_made_described_and_its_files_seen(run, said, tmp_path):
    assert said("create", "faces", "--description", "finds faces")["description"] == "finds faces"
    assert said("describe", "faces", "finds all faces")["description"] == "finds all faces"
    (tmp_path / "notes.md").write_text("# Faces")
    said("register", tmp_path / "notes.md", "faces")
    seen = said("preview", "faces", "notes.md")
    assert (seen["kind"], seen["text"]) == ("markdown", "# Faces")
    assert run("preview", "faces", "notes.md")[1] == "# Faces\n"


def test_lifetimes_garbage_and_settings(said, weights):
    assert said("settings", "--first-version", "0.1.0")["first_version"] == "0.1.0"
    assert said("settings")["first_version"] == "0.1.0"
    assert said("register", weights, "young")["version"] == "0.1.0"
    assert said("lifetime", "net@1.0.0", "--days", "30")["days"] == 30
    assert said("lifetime", "net@1.0.0")["days"] == 30
    assert said("lifetime", "net@1.0.0", "--forever")["days"] is None
    assert said("gc", "--dry-run")["count"] == 0
    assert said("verify", "net")["damaged"] == []


def test_a_terminal_shows_progress_and_a_pipe_none(run, weights, tmp_path, monkeypatch):
    assert run("register", weights, "net")[2] == ""
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "Registering net" in run("register", weights, "net", "--allow-identical")[2]
    assert "Downloading net@1.0.0" in run("download", "net@1.0.0", tmp_path / "out")[2]

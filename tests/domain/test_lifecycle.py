import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_modelmgmt.domain import deploying, fields, lifecycle
from jupyter_modelmgmt.domain.errors import BadField, BadName, BadPath, ModelDeployed, StatusDerived
from jupyter_modelmgmt.domain.governance import StageRule
from jupyter_modelmgmt.domain.records import Stage, Status

RULES = tuple(StageRule(name=stage) for stage in Stage)


def test_tags_come_as_comma_text_or_list():
    assert fields.tag_list(" a, b ,,a") == ("a", "b")
    assert fields.tag_list(["x", "y z"]) == ("x", "y z")


@pytest.mark.parametrize("field", ["name", "version", "framework", "model", "metrics", "id", "stage", "__class__"])
def test_only_the_six_editable_fields_may_be_edited(field):
    with pytest.raises(BadField, match="only description, tags, status, author, license, public can"):
        lifecycle.edits({field: "x"}, ())


def test_deployed_is_derived_never_set():
    with pytest.raises(StatusDerived, match="follows from a running deployment"):
        lifecycle.edits({"status": "deployed"}, ())
    with pytest.raises(ModelDeployed):
        lifecycle.edits({"status": "draft"}, ["d"])
    assert lifecycle.edits({"status": "deployed"}, ["d"]) == {}
    assert lifecycle.shown_status(Status.DRAFT, ["d"]) is Status.DEPLOYED


def test_archiving_what_runs_is_refused():
    with pytest.raises(
        ModelDeployed, match="You cannot archive a model that is currently deployed. Stop all deployments first."
    ):
        lifecycle.move(RULES, "staging", "archived", ["d"])
    assert lifecycle.move(RULES, "staging", "archived", []).name == "archived"


@pytest.mark.parametrize(
    "path",
    [
        "",
        ".",
        "..",
        "../a",
        "a/../b",
        "/a",
        "a//b",
        "a/",
        "a\\b",
        "C:x",
        "a\x00",
        "a/.",
        "con.",
        "a\nb",
        "a/ ",
        "x" * 256,
    ],
)
def test_paths_that_leave_their_folder_are_refused(path):
    with pytest.raises(BadPath):
        fields.checked_path(path)


@given(st.text(max_size=40))
def test_a_checked_path_stays_inside_its_folder(text):
    import posixpath

    try:
        path = fields.checked_path(text)
    except BadPath:
        return
    assert posixpath.normpath("/root/" + path).startswith("/root/")


@pytest.mark.parametrize("model", ["digits", "My.Model_1", "a", "x" * 64, "A-", "9"])
def test_every_model_name_gives_a_deployment_name(model):
    name = deploying.made_name(model, "ab12c")
    assert deploying.checked_name(name).endswith("-ab12c")


@pytest.mark.parametrize("name", ["", "a", "ab", "-ab", "ab-", "Ab1", "a_b", "a" * 64, "a/b", "a b"])
def test_bad_deployment_names_are_refused(name):
    with pytest.raises(BadName):
        deploying.checked_name(name)


@pytest.mark.parametrize(
    ("word", "status"),
    [("created", "draft"), ("pending", "training"), ("trained", "completed"), ("pre-trained", "completed")],
)
def test_the_words_of_dataloop_mean_a_status(word, status):
    assert lifecycle.next_status(word, ()) is Status(status)
    assert fields.new_version("net", None, (), {"status": word}).status is Status(status)

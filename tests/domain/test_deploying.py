"""What a deployment may be asked to be."""

import pytest

from jupyter_modelmgmt.domain import deploying
from jupyter_modelmgmt.domain.deployments import DeploymentSpec, Resources, Share
from jupyter_modelmgmt.domain.errors import BadField, BadName

ONE = DeploymentSpec(versions=(Share(version="1.0.0"),))


@pytest.mark.parametrize(
    ("weights", "said"),
    [
        ({"1.0.0": 90, "1.1.0": 20}, "sum to 110"),  # M21
        ({"1.0.0": 99}, "sum to 99"),
        ({"1.0.0": 99.5, "1.1.0": 0.5}, "whole number from 0 to 100"),
        ({"1.0.0": -1, "1.1.0": 101}, "whole number from 0 to 100"),
        ({}, "1 to 8 versions"),
        ([Share(version="1.0.0"), Share(version="1.0.0", weight=0)], "1.0.0 appears twice"),  # M20b 3516
        ([Share(version="1.0.0", weight=0, shadow=True)], "sum to 0"),
        ([{"version": "1.0.0", "wait": 1}], "'wait' is not one of them"),
        (["1.0.0"], "versions holds version, weight, shadow"),
    ],
)
def test_weights_that_cannot_be_are_refused(weights, said):
    with pytest.raises(BadField, match=said):
        deploying.split(weights)


def test_the_main_version_has_the_greatest_share_and_shadows_have_none():
    shares = deploying.split({"1.0.0": 10, "1.1.0": 90})
    assert DeploymentSpec(versions=shares).main == "1.1.0"
    with_shadow = deploying.shadowed(shares, "2.0.0")
    assert with_shadow[-1] == Share(version="2.0.0", weight=0, shadow=True)
    assert deploying.shadowed(with_shadow, "") == shares
    with pytest.raises(BadField, match="twice"):
        deploying.shadowed(shares, "1.0.0")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"replica": 2}, "'replica' is not a field"),
        ({"replicas": 0}, "replicas is a whole number from 1 to 128"),
        ({"replicas": True}, "replicas is a whole number"),
        ({"resources": {"memory": 3}}, "'memory' is not one of them"),
        ({"resources": {"cpu": float("nan")}}, "resources.cpu is a number"),
        ({"limits": {"max_queue": 0}}, "limits.max_queue"),
        ({"variables": {"1A": "x"}}, "not the name of an environment variable"),  # P7
        ({"variables": {"A B": "x"}}, "not the name of an environment variable"),
        ({"variables": {"A": 1}}, "variables.A is a text"),
        ({"variables": {"A": "1"}, "secrets": {"A": "2"}}, "A is a variable and a secret"),
        ({"secrets": {"KEY": "***"}}, "no secret KEY yet"),
        ({"engine": "cloud"}, "not an engine"),
        ({"engine": "ray"}, "engine_address"),
        ({"environment": "conda"}, "path of an interpreter"),
        ({"autoscale": {"min": 1, "max": 3}}, "does not scale by itself"),
        ({"autoscale": {"min": 4, "max": 3}}, "autoscale.min"),
        ({"auto_stop_s": 0}, "auto_stop_s"),
        ({"private": "yes"}, "private is true or false"),
        ({"max_batch": 0}, "max_batch"),
        ({"metadata": [1]}, "metadata is a mapping"),
    ],
)
def test_what_cannot_be_asked_is_named(changes, said):
    with pytest.raises(BadField, match=said):
        deploying.changed(ONE, changes)


def test_mappings_are_merged_and_nothing_takes_away():
    first = deploying.changed(ONE, {"metadata": {"team": "a", "cost": "1"}, "secrets": {"KEY": "s3cret"}})
    second = deploying.changed(first, {"metadata": {"cost": None, "site": "b"}, "secrets": {"KEY": "***"}})
    assert second.metadata == {"team": "a", "site": "b"}
    assert second.secrets == {"KEY": "s3cret"}
    assert second.replicas == ONE.replicas


def test_differences_name_fields_and_tell_no_secret():
    before = deploying.changed(ONE, {"secrets": {"KEY": "old"}, "variables": {"A": "1"}})
    after = deploying.changed(
        before,
        {"versions": {"1.0.0": 90, "1.1.0": 10}, "secrets": {"KEY": "new"}, "resources": Resources(cpu=2),
         "variables": {"A": None}},
    )  # fmt: skip
    told = {each.field: (each.before, each.after) for each in deploying.differences(before, after)}
    assert told == {
        "versions.1.0.0": ("100 %", "90 %"), "versions.1.1.0": ("", "10 %"), "secrets.KEY": ("***", "***"),
        "resources.cpu": ("0", "2"), "variables.A": ("1", ""),
    }  # fmt: skip
    assert deploying.differences(after, after) == ()


@pytest.mark.parametrize("title", ["", "x", " a", "a ", "-a", "a_", "ä1", "a\x00b"])
def test_titles_follow_the_rule(title):
    with pytest.raises(BadName):
        deploying.checked_title(title)
    assert deploying.checked_title("My model-2") == "My model-2"


@pytest.mark.parametrize("name", ["", "1app", "App", "a b", "a" * 64, "a/b"])
def test_names_of_clients_follow_the_rule(name):
    with pytest.raises(BadName):
        deploying.checked_client(name)
    assert deploying.checked_client("_web-1") == "_web-1"

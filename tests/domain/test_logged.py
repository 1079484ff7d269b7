import math

import pytest

from jupyter_modelmgmt.domain import logged
from jupyter_modelmgmt.domain.errors import BadField, BadMetric, BadName, BadSelector
from jupyter_modelmgmt.domain.tracking import NewDataset, Role, RunStatus


@pytest.mark.parametrize(
    ("text", "pointer"),
    [("golden", ("golden", None)), ("golden@latest", ("golden", None)), ("golden@12", ("golden", 12))],
)
def test_a_dataset_is_its_newest_or_a_number(text, pointer):
    assert logged.dataset_pointer(text) == pointer


@pytest.mark.parametrize("text", ["golden@", "golden@0", "golden@01", "golden@1.0", "golden@x", "golden@-1", "g@1@2"])
def test_other_pointers_at_datasets_are_refused(text):
    with pytest.raises(BadSelector, match="name@3"):
        logged.dataset_pointer(text)


def test_datasets_obey_the_rule_for_names():
    with pytest.raises(BadName):
        logged.dataset_pointer("../x")


@pytest.mark.parametrize("value", [0.5, 1, True, "0.5", math.nan, math.inf])
def test_a_point_may_have_any_number(value):
    assert isinstance(logged.number("loss", value), float)


@pytest.mark.parametrize("value", ["x", None, [1.0], {}])
def test_what_is_no_number_is_no_point(value):
    with pytest.raises(BadMetric, match="'loss' is not a number"):
        logged.number("loss", value)


@pytest.mark.parametrize("value", [math.nan, math.inf, "x", None])
def test_a_step_is_finite(value):
    with pytest.raises(BadMetric, match="step"):
        logged.step(value)


@pytest.mark.parametrize("name", ["", "a" * 256, "a\nb", "a\x00b", 3])
def test_names_of_metrics_are_one_line(name):
    with pytest.raises(BadMetric, match="name of a metric"):
        logged.figure(name)
    with pytest.raises(BadField):
        logged.run_name(name)


def test_a_legend_may_be_empty():
    assert logged.legend("") == ""


def test_roles_and_statuses_are_listed_when_they_are_wrong():
    assert logged.role("golden") is Role.GOLDEN
    with pytest.raises(BadField, match="train, validation, test, golden"):
        logged.role("gold")
    with pytest.raises(BadField, match="running, finished, failed, killed"):
        logged.run_status("done")
    assert logged.end_status("killed") is RunStatus.KILLED
    with pytest.raises(BadField, match="resume"):
        logged.end_status("running")


@pytest.mark.parametrize(
    "numbers", [3, {"mean": "x"}, {"mean": math.nan}, {"mean": -math.inf}, {"mean": None}, {3: 1.0}, {"m" * 256: 1.0}]
)
def test_statistics_of_a_dataset_are_finite_numbers_by_name(numbers):
    known = {"name": "golden", "digest": "sha256:1"}
    with pytest.raises(BadField, match="statistics of 'x'"):
        logged.new_dataset(NewDataset(**known, statistics={"x": numbers}))
    kept = logged.new_dataset(NewDataset(**known, statistics={"x": {"mean": 0.5, "missing": 0}}))
    assert kept.statistics == {"x": {"mean": 0.5, "missing": 0}}


@pytest.mark.parametrize(
    "wrong",
    [{"digest": ""}, {"digest": "a b"}, {"digest": "x" * 256}, {"size": -1}, {"size": 1.5}, {"rows": True},
     {"size": 2**63}, {"source": "x" * 10_001}],
)  # fmt: skip
def test_a_dataset_says_what_it_is_in_bounds(wrong):
    with pytest.raises(BadField):
        logged.new_dataset(NewDataset(**{"name": "golden", "digest": "sha256:1"} | wrong))

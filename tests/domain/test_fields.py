import numpy as np
import pytest

from jupyter_modelmgmt.domain.errors import BadField, BadName, BadPath, BadVersion
from jupyter_modelmgmt.domain.fields import new_version
from jupyter_modelmgmt.domain.records import Artifact


def test_defaults_are_those_of_the_form():
    new = new_version("resnet50-imagenet-v1", None, (), {})
    assert (new.status, new.model_type, new.framework, new.public, new.tags) == ("draft", "custom", "other", False, ())


def test_numpy_values_become_plain_ones():
    new = new_version(
        "m", None, (), {"metrics": {"a": np.float32(0.5)}, "params": {"n": np.int64(3), "f": len, "x": float("nan")}}
    )
    assert new.metrics == {"a": 0.5}
    assert new.params["n"] == 3
    assert new.params["x"] == "nan"
    assert isinstance(new.params["f"], str)


@pytest.mark.parametrize(
    "fields",
    [
        {"metrics": {"a": float("nan")}}, {"metrics": {"a": "x"}}, {"metrics": [1]}, {"metrics": {1: 2}}, {"metrics": {"": 2}},
        {"task": "dance"}, {"status": "x"}, {"public": "yes"}, {"framework": "a b"}, {"framework": ""},
        {"description": 3}, {"description": "x" * 10_001}, {"author": "a\x00"}, {"tags": ["a,b"]}, {"tags": "x" * 65}, {"nonsense": 1},
    ],
)  # fmt: skip
def test_bad_fields_are_refused_by_name(fields):
    with pytest.raises(BadField):
        new_version("m", None, (), fields)


@pytest.mark.parametrize(
    "paths",
    [
        ["a", "A"],
        ["a", "a/b"],
        ["a/b", "a"],
        ["A", "a/b/c"],
        ["x/y", "x/y/z"],
        ["é", "e\u0301"],
        ["é" * 128],
        ["ok/" + "é" * 128],
    ],
)
def test_files_that_cannot_lie_together_are_refused(paths):
    files = [Artifact(path=path, digest="blake3:" + "0" * 64, size=1) for path in paths]
    with pytest.raises(BadPath):
        new_version("m", None, files, {})


def test_files_that_can_lie_together_are_taken():
    paths = ["a/b", "a/c", "a.b", "ab/c/d", "ab/c/e", "é" * 127]
    files = [Artifact(path=path, digest="blake3:" + "0" * 64, size=1) for path in paths]
    assert new_version("m", None, files, {}).artifacts == tuple(files)


def test_bad_names_and_versions_are_refused():
    with pytest.raises(BadName):
        new_version("../m", None, (), {})
    with pytest.raises(BadVersion):
        new_version("m", "1.0", (), {})

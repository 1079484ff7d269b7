"""`config.json` of a model package: every field, and every error names its field."""

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_modelmgmt.domain.containers import HealthCheck
from jupyter_modelmgmt.domain.interfaces import Api, Mode
from jupyter_modelmgmt.domain.package_config import ENGINES, package_config
from jupyter_modelmgmt.domain.records import Task
from jupyter_modelmgmt.domain.refusals import (
    BadConfigFile,
    BadHealthCheck,
    ConfigFieldUnknown,
    ConfigMalformed,
    ConfigRestraint,
    ConfigTwice,
    ConfigValue,
)

LEAST = {"model_algorithm": "image_classification", "model_type": "PyTorch"}
PACKAGE = {"package_name": "Pillow", "package_version": "10.0", "restraint": "ATLEAST"}


def read(**said):
    return package_config(json.dumps({**LEAST, **said}).encode())


def pip(**package):
    return [{"installer": "pip", "packages": [{**PACKAGE, **package}]}]


def test_the_least():
    said = read()
    assert (said.task, said.mode, said.framework) == (Task.CLASSIFICATION, Mode.IMAGE, "pytorch")
    assert (said.metrics, said.apis, said.requirements, said.health) == ({}, (), (), None)


def test_everything():
    schema = {"type": "object", "properties": {"images": {"type": "file"}}}
    said = read(
        model_algorithm="object_detection",
        model_type="Image",
        runtime="python3.11",
        swr_location="quay.example/team/net:1",
        metrics={"f1": 0.5, "recall": 0.25, "precision": 1, "accuracy": 0},
        apis=[
            {"protocol": "https", "url": "/", "method": "POST",
             "request": {"Content-type": "multipart/form-data", "data": schema},
             "response": {"Content-type": "application/json", "data": {"type": "object"}}},
            {"url": "/info", "method": "GET"},
        ],
        dependencies=[{"installer": "pip", "packages": [
            PACKAGE, {**PACKAGE, "package_name": "numpy", "restraint": "EXACT"},
            {**PACKAGE, "package_name": "scipy", "restraint": "ATMOST"}, {"package_name": "tqdm"}]}],
        health={"url": "/well", "protocol": "HTTP", "initial_delay_seconds": "30", "timeout_seconds": 5},
    )  # fmt: skip
    assert said.apis == (
        Api(content_type="multipart/form-data", request=schema, response={"type": "object"}),
        Api(url="/info", method="GET"),
    )
    assert said.requirements == ("Pillow>=10.0", "numpy==10.0", "scipy<=10.0", "tqdm")
    assert said.health == HealthCheck(path="/well", delay_s=30)
    assert said.metrics == {"f1": 0.5, "recall": 0.25, "precision": 1.0, "accuracy": 0.0}
    assert said.image == "quay.example/team/net:1"


@pytest.mark.parametrize(
    ("algorithm", "mode"),
    [("predict_analysis", Mode.ANALYTICS), ("own", Mode.UNDEFINED), ("My_Net-2.0", Mode.UNDEFINED)],
)
def test_the_algorithm_tells_the_mode(algorithm, mode):
    assert read(model_algorithm=algorithm).mode is mode


def test_every_engine_has_a_framework():
    assert all(read(model_type=engine, swr_location="a").framework == word for engine, word in ENGINES.items())


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff\xfe", b"null", b"[" * 100_000])
def test_what_is_no_object_is_malformed(data):
    with pytest.raises(ConfigMalformed, match="config.json"):
        package_config(data)


@pytest.mark.parametrize(
    ("said", "error", "field"),
    [
        ({"model_algorithm": None}, ConfigValue, "model_algorithm"),
        ({"model_algorithm": "1net"}, ConfigValue, "model_algorithm"),
        ({"model_algorithm": "a" * 37}, ConfigValue, "model_algorithm"),
        ({"model_type": "Keras9"}, ConfigValue, "model_type"),
        ({"model_type": "Image"}, ConfigMalformed, "swr_location"),
        ({"colour": "red"}, ConfigFieldUnknown, "colour"),
        ({"metrics": {"auc": 1}}, ConfigFieldUnknown, "metrics.auc"),
        ({"metrics": {"f1": "high"}}, ConfigValue, "metrics.f1"),
        ({"metrics": []}, ConfigMalformed, "metrics"),
        ({"apis": {}}, ConfigMalformed, "apis"),
        ({"apis": [{"url": "/other"}]}, ConfigValue, r"apis\[0\].url"),
        ({"apis": [{"method": "FETCH"}]}, ConfigValue, r"apis\[0\].method"),
        ({"apis": [{}, {"method": "GET"}]}, ConfigValue, "apis"),
        ({"apis": [{"request": {"Content-type": "text/plain"}}]}, ConfigValue, r"apis\[0\].request.Content-type"),
        ({"apis": [{"request": {"data": 1}}]}, ConfigMalformed, r"apis\[0\].request.data"),
        ({"apis": [{"input": {}}]}, ConfigFieldUnknown, r"apis\[0\].input"),
        ({"model_type": "XGBoost", "apis": [{"request": {"Content-type": "multipart/form-data"}}]},
         ConfigValue, r"apis\[0\].request.Content-type"),
        ({"model_type": "Image", "swr_location": "a", "apis": [{}, {}]}, ConfigTwice, r"apis\[1\]"),
        ({"dependencies": [{"installer": "npm", "packages": []}]}, ConfigValue, r"dependencies\[0\].installer"),
        ({"dependencies": [{"installer": "yum", "packages": []}]}, ConfigValue, r"dependencies\[0\].installer"),
        ({"dependencies": pip(restraint="ABOUT")}, ConfigRestraint, r"dependencies\[0\].packages\[0\].restraint"),
        ({"dependencies": [{"installer": "yum", "packages": [PACKAGE]}]},
         ConfigRestraint, r"dependencies\[0\].packages\[0\].restraint is 'ATLEAST'; yum takes EXACT"),
        ({"dependencies": pip(package_name="-r x")}, ConfigValue, r"dependencies\[0\].packages\[0\].package_name"),
        ({"dependencies": pip(package_version="1; import os")}, ConfigValue, r"packages\[0\].package_version"),
        ({"health": {"url": "well"}}, BadHealthCheck, "health.url"),
        ({"health": {"protocol": "TCP"}}, BadHealthCheck, "health.protocol"),
        ({"health": {"initial_delay_seconds": -1}}, BadHealthCheck, "health.initial_delay_seconds"),
        ({"health": {"timeout_seconds": "soon"}}, BadHealthCheck, "health.timeout_seconds"),
        ({"health": {"port": 1}}, BadHealthCheck, "health.port"),
    ],
)  # fmt: skip
def test_an_error_names_its_field(said, error, field):
    with pytest.raises(error, match=field):
        read(**said)


@pytest.mark.parametrize("name", ["model_algorithm", "model_type"])
def test_what_must_be_there_is_named(name):
    with pytest.raises(ConfigMalformed, match=f"{name} is missing"):
        package_config(json.dumps({key: value for key, value in LEAST.items() if key != name}).encode())


def test_a_key_given_twice_is_named():
    with pytest.raises(ConfigTwice, match="runtime is given twice"):
        package_config(b'{"model_algorithm": "own", "model_type": "PyTorch", "runtime": "a", "runtime": "b"}')


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=50)
@given(st.sampled_from(["model_algorithm", "model_type", "runtime", "swr_location", "metrics", "apis", "dependencies", "health"]), _JSON)  # fmt: skip
def test_any_value_is_read_or_refused(field, value):
    with suppress(BadConfigFile, BadHealthCheck):
        assert read(**{field: value}).engine

"""What may be said of a container image, field by field."""

import json

import pytest

from jupyter_modelmgmt.domain.containers import Container, HealthCheck, HealthKind, container
from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.domain.refusals import BadHealthCheck


def test_an_image_alone_gets_the_defaults():
    health = HealthCheck(kind=HealthKind.HTTP, path="/health", command=(), period_s=5, delay_s=12, max_failures=12)
    wanted = Container(
        image="localhost/digits:1.0", replicate=True, port=8080, command=(), environment={}, health=health
    )
    assert container({"image": "localhost/digits:1.0"}) == wanted


def test_everything_said_comes_back_from_json():
    said = container(
        {
            "image": "quay.example:5000/team/digits@sha256:" + "a" * 64,
            "replicate": False,
            "port": 9000,
            "command": "python -m serve --name 'two words'",
            "environment": {"LEVEL": "info"},
            "health": {"kind": "command", "command": ["test", "-f", "/ready"], "period_s": 0.5, "delay_s": 0},
        }
    )
    assert said.command == ("python", "-m", "serve", "--name", "two words")
    assert container(json.loads(json.dumps(said.config))) == said


@pytest.mark.parametrize("image", ["digits", "digits:latest", "a/b/c:1", "localhost:5000/x", "Host.example/x_y-z"])
def test_paths_of_images(image):
    assert container({"image": image}).image == image


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "container.image"),
        ({"image": None}, "container.image"),
        ({"image": "two words"}, "container.image"),
        ({"image": "--privileged"}, "container.image"),
        ({"image": "name:tag:tag"}, "container.image"),
        ({"image": "a", "replicate": "yes"}, "container.replicate"),
        ({"image": "a", "port": 0}, "container.port"),
        ({"image": "a", "port": True}, "container.port"),
        ({"image": "a", "port": 70000}, "container.port"),
        ({"image": "a", "command": "un'closed"}, "container.command"),
        ({"image": "a", "command": [1]}, "container.command"),
        ({"image": "a", "environment": {"A B": "c"}}, "container.environment"),
        ({"image": "a", "environment": {"A": 1}}, "container.environment.A"),
        ({"image": "a", "gpu": 1}, "container.gpu"),
    ],
)
def test_a_bad_field_is_named(said, field):
    with pytest.raises(BadField, match=field):
        container(said)


@pytest.mark.parametrize(
    ("health", "field"),
    [
        ("http", "health is a mapping"),
        ({"kind": "tcp"}, "health.kind"),
        ({"path": "health"}, "health.path"),
        ({"period_s": 0}, "health.period_s"),
        ({"period_s": float("nan")}, "health.period_s"),
        ({"delay_s": -1}, "health.delay_s"),
        ({"max_failures": 0}, "health.max_failures"),
        ({"max_failures": 1.5}, "health.max_failures"),
        ({"kind": "command"}, "health.command is missing"),
        ({"command": "true"}, "health.command belongs"),
        ({"timeout": 3}, "health.timeout"),
    ],
)
def test_a_bad_health_check_is_named(health, field):
    with pytest.raises(BadHealthCheck, match=field):
        container({"image": "a", "health": health})

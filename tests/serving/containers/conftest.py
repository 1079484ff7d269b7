"""A registry whose deployments are containers, run by podman from an image that is built here."""

import pytest

from jupyter_modelmgmt.domain.containers import CONTAINER, Container, HealthCheck
from tests.servers.podman import Podman
from tests.serving.conftest import Serving

IMAGE = "localhost/answering:1"
QUICK = HealthCheck(delay_s=0.2, period_s=0.5, max_failures=12)


@pytest.fixture(scope="module")
def podman(tmp_path_factory):
    if lacking := Podman.lacking():
        pytest.skip(lacking)
    with pytest.MonkeyPatch.context() as patch:
        made = Podman(tmp_path_factory.mktemp("podman"))
        for name, value in made.environment.items():
            patch.setenv(name, value)
        made.build(IMAGE)
        yield made
        made.run("system", "reset", "--force")


@pytest.fixture
def serving(podman, runtime_dir, tmp_path):
    """Give a registry whose host runs containers; none may be left at the end."""
    made = Serving(tmp_path, answer_s=10.0)
    yield made
    if made.host():
        made.host().shutdown()
    assert podman.gone(15), podman.run("ps", "--all")
    made.store.close()


def added(serving, version="1.0.0", *, image=IMAGE, health=QUICK, **fields):
    """Register a version that is a container of `image`."""
    kept = Container(image=image, health=health, **fields)
    serving.add(version, flavor=CONTAINER, adapter="", config=kept.config)

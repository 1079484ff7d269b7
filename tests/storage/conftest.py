import pytest

from jupyter_modelmgmt.registry import connect


@pytest.fixture
def opened():
    """Give a function that opens registries; all are closed in the end, with their hosts."""
    made = []

    def open_(url, artifacts):
        made.append(connect(url, artifacts=artifacts))
        return made[-1]

    yield open_
    for registry in made:
        if host := registry.running_host():
            host.shutdown()
        registry.close()


@pytest.fixture(params=["sqlite and a folder", "postgresql and s3"])
def stored_reg(request, tmp_path, opened):
    """Give an empty registry in each pair of places."""
    if request.param == "sqlite and a folder":
        yield opened(f"sqlite:///{tmp_path / 'registry' / 'registry.db'}", tmp_path / "registry")
        return
    server = request.getfixturevalue("postgresql")
    url = server.new_url()
    registry = opened(url, request.getfixturevalue("s3"))
    yield registry
    registry.close()
    server.drop(url)


@pytest.fixture
def file(tmp_path):
    """Give a function that writes a file of its own and gives its path."""

    def write(data, name="model.bin"):
        path = tmp_path / "files" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        return path

    return write

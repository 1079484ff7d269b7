import pytest

from jupyter_modelmgmt.cli import main
from tests.servers.registries import opened


@pytest.fixture
def url(sqlite_url, tmp_path, monkeypatch):
    monkeypatch.setenv("JUPYTER_MODELMGMT_URL", sqlite_url)
    monkeypatch.delenv("COLUMNS", raising=False)  # what runs the tests may say how wide they are
    monkeypatch.chdir(tmp_path)
    return sqlite_url


@pytest.fixture
def reg(url):
    """Give the registry that the command line works on."""
    with opened(url) as registry:
        yield registry


@pytest.fixture
def run(url, capsys):
    """Give a function from a command line's words to its exit code, stdout and stderr."""

    def command(*words):
        code = main([str(word) for word in words])
        done = capsys.readouterr()
        return code, done.out, done.err

    return command


@pytest.fixture
def weights(tmp_path):
    path = tmp_path / "weights.bin"
    path.write_bytes(bytes(range(256)) * 100)
    return path

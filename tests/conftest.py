"""What all tests share: a registry of their own, small real models, the order of the parts."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# The same examples each time: what a change breaks is found by its own run, and not by somebody else's.
# However long one takes: a machine that does other things beside is no mistake of ours.
settings.register_profile("repeatable", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("repeatable")

# Two cores, several processes: BLAS threads that wait for each other make fits ten times slower.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

ROOT = Path(__file__).parent.parent


def pytest_collection_modifyitems(items):
    """Run the browser last: Playwright's event loop and pytest-jupyter's do not mix in the other order."""
    items.sort(key=lambda item: "tests/browser" in item.nodeid)


@pytest.fixture(autouse=True, scope="session")
def own_folders(tmp_path_factory):
    """Keep every folder of Jupyter's, and the registry's place, away from the user's."""
    root = tmp_path_factory.mktemp("jupyter")
    places = {
        "JUPYTER_DATA_DIR": root / "data",
        "JUPYTER_RUNTIME_DIR": root / "runtime",
        "JUPYTER_CONFIG_DIR": root / "config",
        "IPYTHONDIR": root / "ipython",
    }
    with pytest.MonkeyPatch.context() as patch:
        for name, path in places.items():
            path.mkdir(mode=0o700)
            patch.setenv(name, str(path))
        # A proof takes a process: those tests ask for it that are about it (fixture `proving`).
        patch.setenv("JUPYTER_MODELMGMT_PROVE", "no")
        for name in ("JUPYTER_MODELMGMT_URL", "JUPYTER_MODELMGMT_ARTIFACTS", "PYTHONDONTWRITEBYTECODE"):
            patch.delenv(name, raising=False)
        yield root


@pytest.fixture(autouse=True)
def own_environment(own_folders):
    """Forget what a Jupyter server in this process told its kernels: it would lead later tests to its registry."""
    names = [f"JUPYTER_MODELMGMT_{what}" for what in ("URL", "ARTIFACTS", "LIBRARY")]
    before = {name: os.environ[name] for name in names if name in os.environ}
    yield
    for name in names:
        os.environ.pop(name, None)
    os.environ.update(before)


@pytest.fixture(scope="session")
def empty_registry(tmp_path_factory):
    """Give the bytes of an empty registry: to migrate one takes a tenth of a second, and thousands of tests want one."""
    from jupyter_modelmgmt.store import Store

    file = tmp_path_factory.mktemp("empty") / "registry.db"
    Store.open(f"sqlite:///{file}").close()
    return file.read_bytes()


@pytest.fixture
def sqlite_url(tmp_path, empty_registry):
    """Give the URL of an empty registry on SQLite, in a folder of its own."""
    folder = tmp_path / "registry"
    folder.mkdir(mode=0o700)
    (folder / "registry.db").write_bytes(empty_registry)
    return f"sqlite:///{folder / 'registry.db'}"


@pytest.fixture
def reg(sqlite_url):
    """Give an empty registry in a folder of its own; its host, if one was started, is ended."""
    from tests.servers.registries import opened

    with opened(sqlite_url) as registry:
        yield registry


@pytest.fixture(scope="session")
def postgresql():
    """Give the running PostgreSQL of this session; `postgresql.new_url()` is an empty registry in it."""
    from tests.servers.postgresql_server import NotInstalled, PostgreSQL

    try:
        with PostgreSQL.running() as server:
            yield server
    except NotInstalled as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def s3_server():
    """Give the running S3 server of this session."""
    from tests.servers.s3_server import S3, NotInstalled

    try:
        with S3.running() as server:
            yield server
    except NotInstalled as error:
        pytest.skip(str(error))


@pytest.fixture
def s3(s3_server, tmp_path, monkeypatch):
    """Give the location of no artifacts yet (`s3://...`); the environment leads there, with a cache of its own."""
    for name, value in {**s3_server.environment, "XDG_CACHE_HOME": str(tmp_path / "cache")}.items():
        monkeypatch.setenv(name, value)
    return s3_server.new_location()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request):
    """Give the URL of an empty registry, once on SQLite and once on PostgreSQL.

    A test that asks for this, `any_store` or `any_reg` runs twice: `test_x[sqlite]`, `test_x[postgresql]`.
    """
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    server = request.getfixturevalue("postgresql")
    url = server.new_url()
    yield url
    server.drop(url)


@pytest.fixture
def any_store(database_url):
    """Give an open store on each database."""
    from jupyter_modelmgmt.store import Store

    store = Store.open(database_url)
    yield store
    store.close()


@pytest.fixture
def any_reg(database_url, tmp_path):
    """Give an empty registry on each database, its files in a folder; its host is ended."""
    from tests.servers.registries import opened

    with opened(database_url, artifacts=tmp_path / "registry") as registry:
        yield registry


@pytest.fixture(scope="session")
def digits():
    """Give scikit-learn's digits: x (1797, 64) in [0, 16], y (1797,)."""
    from sklearn.datasets import load_digits

    return load_digits(return_X_y=True)


@pytest.fixture(scope="session")
def classifier(digits):
    """Give a fitted logistic regression on the digits."""
    from sklearn.linear_model import LogisticRegression

    x, y = digits
    return LogisticRegression(max_iter=2000, C=0.01).fit(x[:1000], y[:1000])


@pytest.fixture(scope="session")
def onnx_file(tmp_path_factory, classifier):
    """Give an ONNX file with the same classifier."""
    from skl2onnx import to_onnx

    model = to_onnx(classifier, initial_types=None, X=_floats(), options={"zipmap": False})
    path = tmp_path_factory.mktemp("onnx") / "digits.onnx"
    path.write_bytes(model.SerializeToString())
    return path


def _floats():
    import numpy as np

    return np.zeros((1, 64), dtype=np.float32)


@pytest.fixture(scope="session")
def environment():
    """Give the environment for processes that tests start."""
    return dict(os.environ)


@pytest.fixture(scope="session")
def library_cache(tmp_path_factory):
    """Give the folder in which fetched library files are kept during one run of the tests."""
    return tmp_path_factory.mktemp("library-cache")


@pytest.fixture(scope="session")
def cloned(tmp_path_factory, library_cache):
    """Give a function from a library entry's name to its files, really fetched, once."""
    from functools import cache

    from jupyter_modelmgmt.sources import library

    @cache
    def files(name):
        folder = tmp_path_factory.mktemp(name)
        return library.materialise(library.entry(name), folder, lambda _done, _total: None, cache=library_cache)

    return files


@pytest.fixture
def unhurried(monkeypatch):
    """Let a look at the memory take as long as this machine needs: what comes later than 30 ms comes the next time."""
    from jupyter_modelmgmt.capture import memory

    monkeypatch.setattr(memory, "BUDGET_S", 60)


@pytest.fixture
def proving(monkeypatch):
    """Register as users do: with a proof in a fresh process."""
    monkeypatch.delenv("JUPYTER_MODELMGMT_PROVE")

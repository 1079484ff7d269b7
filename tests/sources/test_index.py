"""Indexes of all kinds, each a real server on this machine or a folder."""

import base64
import hashlib
import io
import zipfile

import pytest

from jupyter_modelmgmt.domain.errors import Damaged, SourceFailed
from jupyter_modelmgmt.pip_settings import Index, PipSettings
from jupyter_modelmgmt.sources.library.index import download


def silent(_done, _total):
    """Show no progress."""


def wheel():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("net/w.bin", b"weights")
    return buffer.getvalue()


WHEEL = wheel()
NAME = "net-1.0-py3-none-any.whl"


def page(digest=None, name=NAME, base=""):
    fragment = f"#sha256={digest}" if digest else ""
    return f'<!DOCTYPE html><html><body><a href="{base}{name}{fragment}">{name}</a></body></html>'.encode()


@pytest.fixture
def serve(served):
    """Give a function that serves an index with these paths, and the requests it saw."""

    def start(answers, status=200):
        kinds = {path: "text/html" if path.endswith("/") else "application/octet-stream" for path in answers}
        url, seen = served({path: (status, {"Content-Type": kinds[path]}, body) for path, body in answers.items()})
        return f"{url}/simple", seen

    return start


def settings(*urls, login=None):
    return PipSettings(indexes=tuple(Index(url=url, login=login) for url in urls), timeout_s=5)


def test_an_archive_comes_from_the_index_that_has_it(serve, tmp_path):
    empty, _ = serve({})
    full, _ = serve({"/simple/net/": page(), f"/simple/net/{NAME}": WHEEL})
    assert download("net", "1.0", tmp_path / "a", settings(empty, full), silent) == NAME
    assert (tmp_path / "a").read_bytes() == WHEEL


def test_an_index_that_is_down_does_not_hide_the_others(serve, tmp_path):
    full, _ = serve({"/simple/net/": page(), f"/simple/net/{NAME}": WHEEL})
    download("net", "1.0", tmp_path / "a", settings("http://127.0.0.1:9/simple", full), silent)
    assert (tmp_path / "a").exists()


def test_the_announced_digest_is_checked(serve, tmp_path):
    digest = hashlib.sha256(WHEEL).hexdigest()
    good, _ = serve({"/simple/net/": page(digest), f"/simple/net/{NAME}": WHEEL})
    download("net", "1.0", tmp_path / "a", settings(good), silent)
    bad, _ = serve({"/simple/net/": page(digest), f"/simple/net/{NAME}": WHEEL[:-1] + b"x"})
    with pytest.raises(Damaged, match="other bytes"):
        download("net", "1.0", tmp_path / "b", settings(bad), silent)
    assert not (tmp_path / "b").exists()


def test_user_and_password_go_to_the_index_and_to_no_other_host(serve, tmp_path):
    elsewhere, saw = serve({f"/files/{NAME}": WHEEL})
    links = page(base=elsewhere.replace("127.0.0.1", "localhost").replace("/simple", "/files/"))
    index, asked = serve({"/simple/net/": links})
    download("net", "1.0", tmp_path / "a", settings(index, login=("ann", "secret")), silent)
    assert asked == [("GET", "/simple/net/", "Basic " + base64.b64encode(b"ann:secret").decode())]
    assert saw == [("GET", f"/files/{NAME}", None)]


def test_no_secret_is_in_an_error(serve, tmp_path):
    index, _ = serve({"/simple/net/": b""}, status=401)
    with pytest.raises(SourceFailed, match="HTTP 401") as caught:
        download("net", "1.0", tmp_path / "a", settings(index, login=("ann", "secret")), silent)
    assert "secret" not in str(caught.value)


def test_a_folder_of_packages_is_an_index(tmp_path):
    project = tmp_path / "simple" / "net"
    project.mkdir(parents=True)
    (project / "index.html").write_bytes(page(hashlib.sha256(WHEEL).hexdigest()))
    (project / NAME).write_bytes(WHEEL)
    got = []
    download("net", "1.0", tmp_path / "a", settings((tmp_path / "simple").as_uri()), lambda *call: got.append(call))
    assert (tmp_path / "a").read_bytes() == WHEEL
    assert got[-1] == (len(WHEEL), len(WHEEL))


@pytest.mark.parametrize("name", ["net-2.0-py3-none-any.whl", "net-1.0.exe", "other-1.0-py3-none-any.whl"])
def test_other_files_are_not_taken(serve, tmp_path, name):
    index, _ = serve({"/simple/net/": page(name=name)})
    with pytest.raises(SourceFailed, match="No index has an archive"):
        download("net", "1.0", tmp_path / "a", settings(index), silent)


def test_a_file_name_with_a_path_writes_nowhere_else(serve, tmp_path):
    name = "../../net-1.0-py3-none-any.whl"
    index, _ = serve({"/simple/net/": page(name=name), "/net-1.0-py3-none-any.whl": WHEEL})
    with pytest.raises(SourceFailed):
        download("net", "1.0", tmp_path / "inner" / "a", settings(index), silent)
    assert list(tmp_path.rglob("*.whl")) == []

"""A file by each kind of address; registries and hubs are real servers on this machine."""

import base64
import hashlib
import io
import json
import tarfile

import pytest

from jupyter_modelmgmt.domain.errors import BadFile, Damaged, SourceFailed
from jupyter_modelmgmt.sources.library.catalogue import Part
from jupyter_modelmgmt.sources.library.fetching import fetch

WEIGHTS = bytes(range(256)) * 4


def tarball():
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name, data in (
            ("package/package.json", b'{"scripts": {"install": "touch /run-me"}}'),
            ("package/net/w.bin", WEIGHTS),
        ):
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return buffer.getvalue()


TARBALL = tarball()


@pytest.fixture
def got(tmp_path):
    """Give a function from an address to the bytes that it brings."""

    def bring(source, size=1024, folder=None):
        scratch = tmp_path / "scratch"
        scratch.mkdir(exist_ok=True)
        fetch(Part(source=source, size=size, digest=""), tmp_path / "file", scratch, lambda *_: None, folder)
        return (tmp_path / "file").read_bytes()

    return bring


@pytest.fixture
def npmrc(tmp_path, monkeypatch):
    """Give a function that writes the user's ~/.npmrc."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.chdir(home)
    for name in ("NPM_CONFIG_REGISTRY", "npm_config_registry", "NPM_CONFIG_USERCONFIG"):
        monkeypatch.delenv(name, raising=False)
    return (home / ".npmrc").write_text


def registry(served, integrity=None, package="/@team/net"):
    """Serve a registry with the package @team/net 1.0.0; its address lies below a path."""
    answers = {}
    url, seen = served(answers)
    digest = "sha512-" + base64.b64encode(hashlib.sha512(TARBALL).digest()).decode()
    dist = {"tarball": f"{url}/files/net-1.0.0.tgz", "integrity": integrity or digest}
    answers["/npm" + package.replace("/@team/", "/@team%2F")] = json.dumps(
        {"versions": {"1.0.0": {"dist": dist}}}
    ).encode()
    answers["/files/net-1.0.0.tgz"] = TARBALL
    return f"{url}/npm", seen


def test_a_file_of_an_npm_package(served, npmrc, got):
    url, seen = registry(served)
    npmrc(f"registry={url}/\n")
    assert got("npm:@team/net@1.0.0#net/w.bin") == WEIGHTS
    assert [path for _, path, _ in seen] == ["/npm/@team%2Fnet", "/files/net-1.0.0.tgz"]


@pytest.mark.parametrize(("part", "wanted"), [("[16:32]", WEIGHTS[16:32]), ("[1000:]", WEIGHTS[1000:])])
def test_some_bytes_of_a_file(served, npmrc, got, part, wanted):
    url, _ = registry(served)
    npmrc(f"registry={url}")
    assert got(f"npm:@team/net@1.0.0#net/w.bin{part}", len(wanted)) == wanted


def test_the_scope_decides_and_the_token_goes_to_its_registry_alone(served, npmrc, got, monkeypatch):
    url, seen = registry(served)
    host = url.removeprefix("http:")
    monkeypatch.setenv("TEAM_TOKEN", "secret-1")
    npmrc(f"; ours\nregistry=http://127.0.0.1:9/\n@team:registry={url}\n{host}/:_authToken=${{TEAM_TOKEN}}\n")
    assert got("npm:@team/net@1.0.0#net/w.bin") == WEIGHTS
    assert [said for _, _, said in seen] == ["Bearer secret-1", None]


def test_the_environment_overrules_the_file(served, npmrc, got, monkeypatch):
    url, _ = registry(served)
    npmrc("registry=http://127.0.0.1:9/\n")
    monkeypatch.setenv("npm_config_registry", url)
    assert got("npm:@team/net@1.0.0#net/w.bin") == WEIGHTS


def test_the_registry_announces_a_digest(served, npmrc, got):
    url, _ = registry(served, integrity="sha512-" + base64.b64encode(bytes(64)).decode())
    npmrc(f"registry={url}\n")
    with pytest.raises(Damaged, match="@team/net@1.0.0 arrived with other bytes"):
        got("npm:@team/net@1.0.0#net/w.bin")


@pytest.mark.parametrize("source", ["npm:@team/net@2.0.0#w", "npm:other@1.0.0#w"])
def test_what_the_registry_does_not_have(served, npmrc, got, source):
    url, _ = registry(served)
    npmrc(f"registry={url}\n")
    with pytest.raises(SourceFailed, match="The npm registry has no"):
        got(source)


def test_a_registry_that_is_down_is_told_without_secrets(npmrc, got):
    npmrc("registry=http://127.0.0.1:9/\n//127.0.0.1:9/:_authToken=secret-1\n")
    with pytest.raises(SourceFailed, match="127.0.0.1 did not answer") as caught:
        got("npm:net@1.0.0#w")
    assert "secret" not in str(caught.value)


def test_without_npm_and_settings_the_error_says_what_to_set(npmrc, got, monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SourceFailed, match="Set NPM_CONFIG_REGISTRY"):
        got("npm:net@1.0.0#w")


def test_a_url(served, got):
    url, _ = served({"/w.bin": WEIGHTS})
    assert got(f"{url}/w.bin") == WEIGHTS
    with pytest.raises(SourceFailed, match="HTTP 404"):
        got(f"{url}/other")
    with pytest.raises(SourceFailed, match="more than 10 bytes"):
        got(f"{url}/w.bin", 10)


def test_a_server_that_fails_for_a_moment_is_asked_again(served, got):
    said = iter([(503, {}, b""), (502, {}, b""), WEIGHTS, *[(503, {}, b"")] * 3])
    url, seen = served({"/w.bin": lambda: next(said)})
    assert got(f"{url}/w.bin") == WEIGHTS
    with pytest.raises(SourceFailed, match="HTTP 503"):
        got(f"{url}/w.bin")
    assert len(seen) == 6


def test_progress_of_a_url_goes_up_to_its_length(served, tmp_path):
    url, _ = served({"/w.bin": WEIGHTS})
    heard = []
    part = Part(source=f"{url}/w.bin", size=len(WEIGHTS), digest="")
    fetch(part, tmp_path / "file", tmp_path, lambda *done: heard.append(done), None)
    assert heard[-1] == (len(WEIGHTS), len(WEIGHTS))


def test_a_folder(tmp_path, got):
    (tmp_path / "team").mkdir()
    (tmp_path / "team" / "w.bin").write_bytes(WEIGHTS)
    (tmp_path / "secret").write_bytes(WEIGHTS)
    assert got(f"folder:{tmp_path}/team/w.bin") == WEIGHTS
    assert got("folder:w.bin", folder=tmp_path / "team") == WEIGHTS
    with pytest.raises(SourceFailed, match="no file '../secret'"):
        got("folder:../secret", folder=tmp_path / "team")
    with pytest.raises(BadFile, match="Write the whole path"):
        got("folder:w.bin")


def test_a_file_of_an_installed_package(got):
    assert got("package:scikit-learn#sklearn/datasets/data/iris.csv", 2734).startswith(b"150,4,setosa")
    with pytest.raises(SourceFailed, match="not installed"):
        got("package:no-such-package#x")
    with pytest.raises(SourceFailed, match="no file"):
        got("package:scikit-learn#../../../../pyvenv.cfg")


@pytest.fixture
def hub(served, monkeypatch):
    """Serve what the hub's client asks for one file of one commit."""
    commit = "a" * 40
    headers = {"ETag": f'"{hashlib.sha256(WEIGHTS).hexdigest()}"', "X-Repo-Commit": commit}
    url, seen = served({f"/team/net/resolve/{commit}/deep/w.bin": (200, headers, WEIGHTS)})
    monkeypatch.setenv("HF_ENDPOINT", url)
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    return commit, seen


def test_a_file_of_a_hugging_face_repository(hub, got):
    commit, seen = hub
    assert got(f"hf:team/net@{commit}#deep/w.bin") == WEIGHTS
    assert seen[-1][2] == "Bearer hf_secret"


def test_a_repository_that_is_not_there(hub, got):
    with pytest.raises(SourceFailed, match="team/other@main did not deliver w.bin"):
        got("hf:team/other@main#w.bin")


@pytest.mark.heavy  # its client tries for half a minute
def test_a_hub_that_does_not_answer(got, monkeypatch):
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with pytest.raises(SourceFailed, match="Check the network"):
        got(f"hf:team/net@{'a' * 40}#w.bin")


@pytest.mark.parametrize(
    "source", ["w.bin", "ftp://host/w", "pypi:net#w", "npm:net#w", "hf:team/net", "package:net", "x:"]
)
def test_what_is_no_address_is_refused(got, source):
    with pytest.raises(BadFile, match="address"):
        got(source)

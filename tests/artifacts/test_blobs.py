import io
import os
import random
import subprocess
import sys

import pytest
from blake3 import blake3

from jupyter_modelmgmt.artifacts import blobs_at
from jupyter_modelmgmt.domain.errors import BadField, BadFile, BadPath, Damaged, StorageFull
from jupyter_modelmgmt.domain.records import Artifact
from tests.servers.harm import flipped, spoil


@pytest.fixture(params=["folder", "s3"])
def location(request, tmp_path):
    """Give each kind of place for artifacts."""
    return request.getfixturevalue("s3") if request.param == "s3" else str(tmp_path / "registry")


@pytest.fixture
def blobs(location):
    return blobs_at(location)


def stored(blobs, data, path="model.bin"):
    digest, size = blobs.add(io.BytesIO(data))
    return Artifact(path=path, digest=digest, size=size)


def digest_of(data):
    return "blake3:" + blake3(data).hexdigest()


def test_bytes_come_back_under_the_digest_of_their_content(blobs, tmp_path):
    data = random.Random(0).randbytes(3_000_000)
    artifact = stored(blobs, data, "deep/er/model.bin")
    assert artifact.digest == digest_of(data)
    blobs.materialise([artifact], tmp_path / "out")
    assert (tmp_path / "out/deep/er/model.bin").read_bytes() == data


def test_the_same_bytes_are_kept_once(blobs):
    first, second = stored(blobs, b"same"), stored(blobs, b"same")
    assert first == second
    assert [(found.digest, found.size) for found in blobs.digests()] == [(first.digest, 4)]
    assert list((blobs.folder / "tmp").iterdir()) == []


def test_a_location_opens_again(blobs, tmp_path, monkeypatch):
    artifact = stored(blobs, b"data")
    monkeypatch.chdir(tmp_path)
    assert blobs_at(blobs.location).verified(artifact).read_bytes() == b"data"


def test_a_relative_folder_is_the_same_from_everywhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    artifact = stored(blobs_at("here"), b"data")
    location = blobs_at("here").location
    monkeypatch.chdir("/")
    assert blobs_at(location).verified(artifact).read_bytes() == b"data"


@pytest.mark.parametrize("location", ["http://host/x", "ftp://x", "memory:///", "s3n://x"])
def test_another_kind_of_place_is_refused(location):
    with pytest.raises(BadField, match="s3://"):
        blobs_at(location)


def test_only_what_is_stored_is_kept(blobs):
    artifact = stored(blobs, b"data")
    assert blobs.keep(artifact)
    assert not blobs.keep(Artifact(path="x", digest=artifact.digest, size=5))
    assert not blobs.keep(Artifact(path="x", digest=digest_of(b"other"), size=5))


def test_a_removed_blob_is_gone_and_a_young_one_stays(blobs):
    artifact = stored(blobs, b"data")
    assert not blobs.remove(artifact.digest, older_s=60)
    assert blobs.keep(artifact)
    assert blobs.remove(artifact.digest, older_s=0)
    assert not blobs.remove(artifact.digest, older_s=0)
    assert list(blobs.digests()) == []


def test_a_folder_is_laid_out_without_a_copy(blobs):
    artifact = stored(blobs, b"data", "deep/er/w.bin")
    with blobs.laid_out([artifact]) as folder:
        assert (folder / "deep/er/w.bin").read_bytes() == b"data"
    assert list((blobs.folder / "tmp").iterdir()) == []


@pytest.mark.parametrize("harm", ["flip", "cut", "remove", "replace"])
def test_what_was_lent_before_is_verified_again_once_it_changed(blobs, tmp_path, harm):
    data = b"x" * 5000
    artifact = stored(blobs, data)
    for _ in range(2):
        with blobs.lent([artifact]) as folder:
            assert (folder / "model.bin").read_bytes() == data
    if harm == "replace":
        (tmp_path / "other").write_bytes(b"y" * 5000)
        path = blobs.path(artifact.digest)
        spoil(blobs, artifact.digest, b"y" * 5000)
        (tmp_path / "other").replace(path)
    else:
        spoil(blobs, artifact.digest, {"flip": flipped(data, 20_001), "cut": data[:100], "remove": None}[harm])
    for _ in range(2):
        with pytest.raises(Damaged, match=r"model\.bin"), blobs.lent([artifact]):
            pass
    stored(blobs, data)
    with blobs.lent([artifact]) as folder:
        assert (folder / "model.bin").read_bytes() == data


def test_registering_again_heals_damaged_bytes(blobs):
    artifact = stored(blobs, b"x" * 5000)
    spoil(blobs, artifact.digest, b"y" * 4000)
    stored(blobs, b"x" * 5000)
    assert b"".join(blobs.chunks(artifact)) == b"x" * 5000


@pytest.mark.parametrize("harm", ["flip", "cut", "empty", "remove"])
def test_damaged_bytes_are_an_error_and_never_given_out(blobs, tmp_path, harm):
    data = b"x" * 5000
    artifact = stored(blobs, data)
    spoil(
        blobs, artifact.digest, {"flip": flipped(data, 20_001), "cut": data[:100], "empty": b"", "remove": None}[harm]
    )
    with pytest.raises(Damaged, match="model.bin"):
        blobs.verified(artifact)
    with pytest.raises(Damaged):
        blobs.materialise([artifact], tmp_path / "out")
    assert not (tmp_path / "out/model.bin").exists()


def test_a_draft_becomes_blobs_without_a_copy(blobs, tmp_path):
    with blobs.draft() as folder:
        assert folder.stat().st_mode & 0o777 == 0o700
        (folder / "deep").mkdir()
        for name, data in (("model.bin", b"model"), ("deep/er.bin", b"deeper")):
            (folder / name).write_bytes(data)
        inode = (folder / "model.bin").stat().st_ino
        artifacts = blobs.publish_folder(folder)
    assert [(a.path, a.digest, a.size) for a in artifacts] == [
        ("deep/er.bin", digest_of(b"deeper"), 6),
        ("model.bin", digest_of(b"model"), 5),
    ]
    found = blobs.verified(artifacts[1]).stat()
    assert (found.st_ino, found.st_mode & 0o777) == (inode, 0o400)
    assert list((blobs.folder / "tmp").iterdir()) == []


def test_a_file_of_a_draft_that_has_another_name_is_copied(blobs, tmp_path):
    mine = tmp_path / "mine"
    mine.write_bytes(b"data")
    with blobs.draft() as folder:
        (folder / "model.bin").hardlink_to(mine)
        (artifact,) = blobs.publish_folder(folder)
    mine.write_bytes(b"spoilt")
    assert blobs.verified(artifact).read_bytes() == b"data"


def test_what_is_lent_is_read_again_only_after_it_was_written(tmp_path):
    blobs = blobs_at(tmp_path)
    digest, size = blobs.add(io.BytesIO(b"data"))
    artifact, path = Artifact(path="model.bin", digest=digest, size=size), blobs.path(digest)
    with blobs.lent([artifact]) as folder:
        assert (folder / "model.bin").read_bytes() == b"data"
    written = path.stat()
    path.chmod(0o600)
    path.write_bytes(b"atad")
    os.utime(path, ns=(written.st_atime_ns, written.st_mtime_ns))  # as if nobody had
    with blobs.lent([artifact]):
        pass
    os.utime(path)
    with pytest.raises(Damaged, match=r"model\.bin"), blobs.lent([artifact]):
        pass


def test_a_draft_that_fails_leaves_nothing(blobs):
    with pytest.raises(BadFile, match="link"), blobs.draft() as folder:
        (folder / "model.bin").write_bytes(b"data")
        (folder / "secret").symlink_to("/etc/passwd")
        blobs.publish_folder(folder)
    assert [*blobs.digests(), *(blobs.folder / "tmp").iterdir()] == []


def test_links_are_not_followed(blobs, tmp_path):
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "secret").symlink_to("/etc/passwd")
    with pytest.raises(BadFile, match="link"):
        blobs.add_folder(folder)


@pytest.mark.parametrize(
    "digest",
    ["", "blake3:", "blake3:../../etc/passwd", "sha256:" + "0" * 64, "blake3:" + "G" * 64, "blake3:" + "0" * 63],
)
def test_what_is_no_digest_reaches_no_file(blobs, digest):
    with pytest.raises(BadPath):
        blobs.path(digest)


@pytest.mark.skipif(os.name != "posix", reason="RLIMIT_FSIZE is POSIX")
def test_a_write_that_fails_leaves_nothing(tmp_path):
    """The system refuses to write on: the error is told, no blob and no temporary file stays."""
    program = (
        "import io, resource, signal, sys\n"
        "from jupyter_modelmgmt.artifacts import blobs_at\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "blobs = blobs_at(sys.argv[1])\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))\n"
        "try:\n    blobs.add(io.BytesIO(bytes(3 << 20)))\n"
        "except OSError as error:\n    print(type(error).__name__)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "OSError"
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == []


@pytest.mark.skipif(
    not sys.platform.startswith("linux") or os.geteuid() != 0, reason="mounting a small disk needs root on Linux"
)
def test_a_full_disk_is_told(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.strip()}")
    try:
        blobs = blobs_at(disk)
        with pytest.raises(StorageFull, match="full"):
            blobs.add(io.BytesIO(bytes(5 << 20)))
        assert [p for p in disk.rglob("*") if p.is_file()] == []
    finally:
        subprocess.run(["umount", "--lazy", str(disk)], check=True)

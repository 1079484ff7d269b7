import io
import os
import random
import subprocess
import sys

import pytest
from blake3 import blake3

from jupyter_modelmgmt.artifacts import Blobs, Uploads
from jupyter_modelmgmt.domain.errors import BadFile, BadPath, Damaged, NotFound, StorageFull, TooLarge, WrongOffset
from jupyter_modelmgmt.domain.records import Artifact


@pytest.fixture
def blobs(tmp_path):
    return Blobs.open(tmp_path / "registry")


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
    assert len([p for p in (blobs.folder / "blobs").rglob("*") if p.is_file()]) == 1
    assert list((blobs.folder / "tmp").iterdir()) == []


@pytest.mark.parametrize("harm", ["flip", "cut", "empty", "remove"])
def test_damaged_bytes_are_an_error_and_never_given_out(blobs, tmp_path, harm):
    artifact = stored(blobs, b"x" * 5000)
    path = blobs.path(artifact.digest)
    path.chmod(0o600)
    data = bytearray(path.read_bytes())
    data[2500] ^= 1
    {"flip": lambda: path.write_bytes(data), "cut": lambda: path.write_bytes(data[:100]),
     "empty": lambda: path.write_bytes(b""), "remove": path.unlink}[harm]()  # fmt: skip
    with pytest.raises(Damaged, match="model.bin"):
        blobs.verified(artifact)
    with pytest.raises(Damaged):
        blobs.materialise([artifact], tmp_path / "out")
    assert not (tmp_path / "out/model.bin").exists()


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
        "from jupyter_modelmgmt.artifacts import Blobs\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "blobs = Blobs.open(sys.argv[1])\n"
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
        blobs = Blobs.open(disk)
        with pytest.raises(StorageFull, match="full"):
            blobs.add(io.BytesIO(bytes(5 << 20)))
        assert [p for p in disk.rglob("*") if p.is_file()] == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_an_upload_continues_where_it_ended_and_becomes_a_blob(blobs):
    uploads, data = Uploads(blobs, limit=100), b"0123456789" * 5
    session = uploads.start().id
    uploads.append(session, 0, data[:20])
    assert uploads.get(session).offset == 20
    with pytest.raises(WrongOffset, match="byte 20"):
        uploads.append(session, 10, b"x")
    uploads.append(session, 20, data[20:])
    artifact = uploads.finish(session, digest_of(data), "model.bin")
    assert blobs.verified(artifact).read_bytes() == data
    with pytest.raises(NotFound):
        uploads.get(session)


def test_an_upload_with_another_digest_is_refused_and_kept(blobs):
    uploads = Uploads(blobs, limit=100)
    session = uploads.start().id
    uploads.append(session, 0, b"abc")
    with pytest.raises(BadFile, match="digest"):
        uploads.finish(session, digest_of(b"abd"), "model.bin")
    assert uploads.get(session).offset == 3


def test_an_upload_above_the_limit_is_refused(blobs):
    uploads = Uploads(blobs, limit=10)
    session = uploads.start().id
    with pytest.raises(TooLarge, match="10 bytes"):
        uploads.append(session, 0, b"x" * 11)
    assert uploads.get(session).offset == 0


@pytest.mark.parametrize("session", ["../../etc/passwd", "", ".", "0" * 32, "a/b"])
def test_a_session_that_is_none_is_not_found(blobs, session):
    uploads = Uploads(blobs, limit=10)
    uploads.start()
    with pytest.raises(NotFound):
        uploads.get(session)


def test_old_uploads_are_forgotten(blobs):
    uploads = Uploads(blobs, limit=10)
    old = uploads.start().id
    os.utime(uploads.folder / old, (0, 0))
    uploads.start()
    with pytest.raises(NotFound):
        uploads.get(old)

import io
import json
import zipfile

import pytest

from jupyter_modelmgmt.registry import connect


@pytest.fixture
def version(registry, tmp_path):
    folder = tmp_path / "model"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.txt").write_text("a")
    (folder / "deep" / "b.bin").write_bytes(bytes(1_000_000))
    return registry.register_files(folder, "raw", metrics={"accuracy": 0.5}, version="1.2.0")


async def test_an_export_goes_into_another_registry(ask, version, tmp_path):
    response = await ask("GET", "models", "raw", "versions", "latest", "export", raw=True)
    assert response.headers["Content-Type"] == "application/zip"
    assert response.headers["Content-Disposition"] == "attachment; filename*=UTF-8''raw-1.2.0.zip"
    (tmp_path / "raw.zip").write_bytes(response.body)
    other = connect(f"sqlite:///{tmp_path / 'other' / 'registry.db'}")
    assert other.import_archive(tmp_path / "raw.zip").metrics == {"accuracy": 0.5}
    other.close()


async def uploaded(ask, data):
    _, session = await ask("POST", "uploads")
    status, _ = await ask("PATCH", "uploads", session["id"], body=data, headers={"Upload-Offset": "0"})
    assert status == 200
    return session["id"]


async def test_an_uploaded_archive_becomes_a_version(ask, version):
    archive = (await ask("GET", "models", "raw", "versions", "latest", "export", raw=True)).body
    upload = await uploaded(ask, archive)
    source = {"kind": "archive", "upload": upload, "name": "copy"}
    status, arrived = await ask("POST", "imports", body={"source": source})
    assert (status, arrived["model"], arrived["version"]) == (201, "copy", "1.2.0")
    assert arrived["artifacts"] == [{"path": a.path, "digest": a.digest, "size": a.size} for a in version.artifacts]
    assert (await ask("POST", "imports", body={"source": source}))[1]["code"] == "not_found"


async def test_a_refused_import_keeps_the_upload_for_another_try(ask, version):
    archive = (await ask("GET", "models", "raw", "versions", "latest", "export", raw=True)).body
    upload = await uploaded(ask, archive)
    status, error = await ask("POST", "imports", body={"source": {"kind": "archive", "upload": upload}})
    assert (status, error["code"]) == (409, "version_taken")
    source = {"kind": "archive", "upload": upload, "version": "2.0.0"}
    assert (await ask("POST", "imports", body={"source": source}))[0] == 201


@pytest.mark.parametrize(
    ("source", "status", "code"),
    [
        ({"kind": "archive", "upload": "nothing"}, 404, "not_found"),
        ({"kind": "archive", "upload": "../registry.db"}, 404, "not_found"),
        ({"kind": "torrent", "upload": "x"}, 400, "bad_field"),
        ({"kind": "archive"}, 400, "bad_field"),
        ("x", 400, "bad_field"),
    ],
)
async def test_a_source_that_is_none_is_refused(ask, source, status, code):
    answered, error = await ask("POST", "imports", body={"source": source})
    assert (answered, error["code"]) == (status, code)


async def test_bytes_that_are_no_archive_are_refused(ask, registry):
    upload = await uploaded(ask, b"PK no zip at all")
    status, error = await ask("POST", "imports", body={"source": {"kind": "archive", "upload": upload}})
    assert (status, error["code"]) == (400, "bad_archive")
    assert registry.models() == ()


async def test_chosen_files_come_as_a_zip(ask, version):
    both = [("file", "*.bin"), ("file", "a.txt")]
    response = await ask("GET", "models", "raw", "versions", "latest", "archive", params=both, raw=True)
    with zipfile.ZipFile(io.BytesIO(response.body)) as archive:
        assert archive.namelist() == ["a.txt", "deep/b.bin"]
    response = await ask("GET", "models", "raw", "versions", "latest", "archive", params={"file": "a.*"}, raw=True)
    with zipfile.ZipFile(io.BytesIO(response.body)) as archive:
        assert archive.namelist() == ["a.txt"]
    status, error = await ask("GET", "models", "raw", "versions", "latest", "archive", params={"file": "*.onnx"})
    assert (status, error["code"]) == (404, "not_found")


async def test_what_may_only_be_deployed_does_not_leave(ask, registry, tmp_path):
    (tmp_path / "w.bin").write_bytes(b"secret")
    registry.register_files(tmp_path / "w.bin", "raw", downloadable=False)
    for last in ("export", "archive", "artifacts/w.bin"):
        status, error = await ask("GET", "models", "raw", "versions", "latest", *last.split("/"))
        assert (status, error["code"]) == (403, "deploy_only"), last


async def test_damaged_bytes_are_told_before_the_stream_begins(ask, registry, version):
    blob = registry.artifacts.path(version.artifacts[-1].digest)
    blob.chmod(0o600)
    blob.write_bytes(b"spoilt")
    for last in ("export", "archive"):
        response = await ask("GET", "models", "raw", "versions", "latest", last, raw=True)
        assert (response.code, json.loads(response.body)["code"]) == (500, "damaged")

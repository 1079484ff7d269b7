import io
import zipfile

from blake3 import blake3


def digest(data):
    return "blake3:" + blake3(data).hexdigest()


async def upload(ask, data, parts=2):
    _, session = await ask("POST", "uploads")
    step = len(data) // parts + 1
    for offset in range(0, len(data), step):
        status, answer = await ask(
            "PATCH", "uploads", session["id"], body=data[offset : offset + step], headers={"Upload-Offset": str(offset)}
        )
        assert status == 200, answer
    return await ask("PUT", "uploads", session["id"], params={"digest": digest(data)})


async def test_uploaded_files_become_a_version_and_come_back(ask, tmp_path):
    data = bytes(range(256)) * 4000
    status, artifact = await upload(ask, data)
    assert (status, artifact["digest"], artifact["size"]) == (200, digest(data), len(data))
    files = [{"path": "weights/w.bin", "digest": artifact["digest"], "size": artifact["size"]}]
    status, version = await ask("POST", "models", "raw", "versions", body={"artifacts": files, "version": "0.1.0"})
    assert (status, version["framework"], version["version"]) == (201, "other", "0.1.0")
    response = await ask("GET", "models", "raw", "versions", "0.1.0", "artifacts", "weights", "w.bin", raw=True)
    assert response.body == data
    assert response.headers["Content-Disposition"].startswith("attachment")


async def test_an_uploaded_onnx_file_is_known_as_one_and_a_broken_one_is_refused(ask, onnx_file):
    data = onnx_file.read_bytes()
    _, good = await upload(ask, data)
    files = [{"path": "digits.onnx", "digest": good["digest"], "size": good["size"]}]
    status, version = await ask(
        "POST", "models", "digits", "versions", body={"artifacts": files, "task": "classification"}
    )
    assert (status, version["framework"], version["flavor"]) == (201, "onnx", "onnx")
    _, broken = await upload(ask, data[: len(data) // 2])
    files = [{"path": "digits.onnx", "digest": broken["digest"], "size": broken["size"]}]
    status, error = await ask("POST", "models", "digits", "versions", body={"artifacts": files})
    assert (status, error["code"]) == (400, "bad_file")


async def test_a_version_of_bytes_that_are_not_here_is_refused(ask):
    files = [{"path": "w.bin", "digest": digest(b"x"), "size": 1}]
    status, error = await ask("POST", "models", "raw", "versions", body={"artifacts": files})
    assert (status, error["code"]) == (404, "not_found")
    assert (await ask("GET", "models"))[1]["items"] == []


async def test_ranges_give_parts(ask, registry, tmp_path):
    (tmp_path / "w.bin").write_bytes(b"0123456789")
    registry.register_files(tmp_path / "w.bin", "raw")
    path = ("models", "raw", "versions", "latest", "artifacts", "w.bin")
    for asked, given, code in [("bytes=2-4", b"234", 206), ("bytes=7-", b"789", 206), ("bytes=-3", b"789", 206),
                               ("bytes=0-99", b"0123456789", 206), ("lines=1", b"0123456789", 200)]:  # fmt: skip
        response = await ask("GET", *path, headers={"Range": asked}, raw=True)
        assert (response.code, response.body) == (code, given)
    response = await ask("GET", *path, headers={"Range": "bytes=10-"}, raw=True)
    assert (response.code, response.headers["Content-Range"]) == (416, "bytes */10")


async def test_a_version_comes_as_a_zip(ask, registry, tmp_path):
    folder = tmp_path / "model"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.txt").write_text("a")
    (folder / "deep" / "b.bin").write_bytes(bytes(3_000_000))
    registry.register_files(folder, "raw")
    response = await ask("GET", "models", "raw", "versions", "latest", "archive", raw=True)
    with zipfile.ZipFile(io.BytesIO(response.body)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["a.txt", "deep/b.bin"]
        assert len(archive.read("deep/b.bin")) == 3_000_000


async def test_damaged_bytes_are_never_given_out(ask, registry, tmp_path):
    (tmp_path / "w.bin").write_bytes(b"0123456789")
    version = registry.register_files(tmp_path / "w.bin", "raw")
    blob = registry.artifacts.path(version.artifacts[0].digest)
    blob.chmod(0o600)
    blob.write_bytes(b"012345678X")
    status, error = await ask("GET", "models", "raw", "versions", "latest", "artifacts", "w.bin")
    assert (status, error["code"]) == (500, "damaged")
    assert "w.bin" in error["message"]


async def test_bad_uploads_are_refused(ask):
    _, session = await ask("POST", "uploads")
    path = ("uploads", session["id"])
    assert (await ask("PATCH", *path, body=b"x"))[0] == 400
    status, error = await ask("PATCH", *path, body=b"x", headers={"Upload-Offset": "5"})
    assert (status, error["code"]) == (409, "wrong_offset")
    status, error = await ask("PUT", *path, params={"digest": digest(b"other")})
    assert (status, error["code"]) == (400, "bad_file")
    status, error = await ask("PATCH", *path, body=bytes(3 * 2**20 + 1), headers={"Upload-Offset": "0"})
    assert (status, error["code"]) == (413, "too_large")
    assert str(3 * 2**20) in error["message"]
    assert (await ask("DELETE", *path))[0] == 204
    assert (await ask("GET", *path))[0] == 404


async def test_paths_do_not_leave_their_folder(ask, digits_version):
    for path in ("..%2F..%2Fregistry.db", "%2e%2e/x", "..%5Cx", "%00"):
        status, error = await ask("GET", "models", "digits", "versions", "1.0.0", "artifacts", path)
        assert (status, error["code"]) == (404, "not_found")
    _, artifact = await upload(ask, b"data")
    for path in ("../x", "/etc/passwd", "a/../../x", "a\\b", ""):
        files = [{"path": path, "digest": artifact["digest"], "size": 4}]
        status, error = await ask("POST", "models", "raw", "versions", body={"artifacts": files})
        assert (status, error["code"]) == (400, "bad_path")


async def test_a_file_is_seen_without_a_download(ask, registry, tmp_path):
    (tmp_path / "config.json").write_text('{"size": 3}')
    registry.register_files(tmp_path / "config.json", "raw")
    status, seen = await ask("GET", "models", "raw", "versions", "latest", "previews", "config.json")
    assert (status, seen["kind"], seen["text"]) == (200, "json", '{"size": 3}')
    status, error = await ask("GET", "models", "raw", "versions", "latest", "previews", "other.json")
    assert (status, error["code"]) == (404, "not_found")

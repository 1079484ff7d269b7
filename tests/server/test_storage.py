"""The server on an object store, and its routes for the stored bytes as a whole."""

import pytest
from blake3 import blake3

from tests.servers.harm import spoil


def digest(data):
    return "blake3:" + blake3(data).hexdigest()


class TestOnObjectStorage:
    @pytest.fixture
    def jp_server_config(self, jp_server_config, s3, monkeypatch):
        monkeypatch.setenv("JUPYTER_MODELMGMT_ARTIFACTS", s3)  # the server sets it too; here it is forgotten
        jp_server_config["ModelManagement"]["artifacts"] = s3
        return jp_server_config

    async def test_files_go_in_by_upload_and_out_by_range(self, ask, registry):
        assert registry.artifacts.location.startswith("s3://")
        data = bytes(range(256)) * 8000
        _, session = await ask("POST", "uploads")
        await ask("PATCH", "uploads", session["id"], body=data, headers={"Upload-Offset": "0"})
        status, artifact = await ask("PUT", "uploads", session["id"], params={"digest": digest(data)})
        assert status == 200
        assert [blob.digest for blob in registry.artifacts.digests()] == [digest(data)]
        files = [{"path": "w.bin", "digest": artifact["digest"], "size": artifact["size"]}]
        assert (await ask("POST", "models", "raw", "versions", body={"artifacts": files}))[0] == 201
        path = ("models", "raw", "versions", "latest", "artifacts", "w.bin")
        response = await ask("GET", *path, headers={"Range": "bytes=1000000-1000003"}, raw=True)
        assert (response.code, response.body) == (206, data[1_000_000:1_000_004])
        assert (await ask("GET", *path, raw=True)).body == data

    async def test_damaged_objects_are_never_given_out(self, ask, registry, tmp_path):
        (tmp_path / "w.bin").write_bytes(b"0123456789")
        version = registry.register_files(tmp_path / "w.bin", "raw")
        spoil(registry.artifacts, version.artifacts[0].digest, b"012345678X")
        status, error = await ask("GET", "models", "raw", "versions", "latest", "artifacts", "w.bin")
        assert (status, error["code"]) == (500, "damaged")

    async def test_the_status_tells_where_the_artifacts_lie(self, ask, s3):
        assert (await ask("GET", "status"))[1]["artifacts"] == s3


async def test_garbage_is_collected_when_it_is_asked_for(ask, registry, tmp_path):
    (tmp_path / "w.bin").write_bytes(b"0123456789")
    registry.artifacts.add_file(tmp_path / "w.bin", "w.bin")
    status, found = await ask("POST", "storage", "collect", body={"grace_s": 0, "dry_run": True})
    assert (status, found["count"]) == (200, 1)
    assert (await ask("POST", "storage", "collect", body={}))[1]["kept"] == 1
    assert (await ask("POST", "storage", "collect", body={"grace_s": 0}))[1]["size_bytes"] == 10
    assert list(registry.artifacts.digests()) == []
    status, error = await ask("POST", "storage", "collect", body={"grace_s": -1})
    assert (status, error["code"]) == (400, "bad_field")


async def test_damage_is_named_when_it_is_asked_for(ask, registry, tmp_path):
    (tmp_path / "w.bin").write_bytes(b"0123456789")
    version = registry.register_files(tmp_path / "w.bin", "raw")
    assert (await ask("POST", "storage", "verify"))[1]["damaged"] == []
    spoil(registry.artifacts, version.artifacts[0].digest, b"012345678X")
    status, found = await ask("POST", "storage", "verify", body={"selector": "raw"})
    assert (status, found["damaged"]) == (200, [{"version": "raw@1.0.0", "path": "w.bin"}])
    assert (await ask("POST", "storage", "verify", body={"selector": "nobody"}))[0] == 404

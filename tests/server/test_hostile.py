"""Hostile files that are uploaded are told, and nothing of them runs in the server. Source: N13, A12."""

import pytest
from blake3 import blake3

from tests.servers.hostile import HOSTILE, MARKER


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def uploaded(ask, data):
    _, session = await ask("POST", "uploads")
    await ask("PATCH", "uploads", session["id"], body=data, headers={"Upload-Offset": "0"})
    digest = "blake3:" + blake3(data).hexdigest()
    return (await ask("PUT", "uploads", session["id"], params={"digest": digest}))[1]


async def test_hostile_uploads_are_kept_as_refused_and_never_run(place, ask):
    refused = 0
    for number, data in enumerate(HOSTILE.values()):
        stored = await uploaded(ask, data)
        files = [{"path": "model.pkl", "digest": stored["digest"], "size": stored["size"]}]
        body = {"artifacts": files, "version": f"1.{number}.0", "safety": [{"path": "model.pkl", "safety": "data"}]}
        status, error = await ask("POST", "models", "gifts", "versions", body=body)
        assert (status, error["code"]) == (400, "bad_field"), "nobody may bring a verdict along"
        del body["safety"]
        status, version = await ask("POST", "models", "gifts", "versions", body=body)
        assert (status, version["safety"][0]["safety"]) == (201, "refused"), version
        where = ("models", "gifts", "versions", version["version"])
        for asked in ((*where,), (*where, "previews", "model.pkl"), (*where, "artifacts", "model.pkl")):
            assert (await ask("GET", *asked, raw=True)).code == 200
        status, error = await ask("POST", "deployments", body={"selector": f"gifts@{version['version']}"})
        assert (status, error["code"]) == (409, "not_loadable")
        refused += 1
    assert refused >= 20
    assert not list(place.rglob(MARKER))

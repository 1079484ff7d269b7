"""Kept tests through the Jupyter server: kept from an upload, run with progress, run by itself, removed."""

import asyncio
import io

import pytest
from PIL import Image

from jupyter_modelmgmt.store import kept_claims
from tests.servers import nets

LABELS = ["red", "green", "blue"]
VERSION = ("models", "colours", "versions", "1.0.0")
TESTS = ("models", "colours", "tests")


@pytest.fixture
def colours(registry, tmp_path):
    def register(version, labels=LABELS):
        return registry.register_files(
            nets.colours(tmp_path / "net.onnx"), "colours", adapter="image_classifier", labels=labels, version=version,
            task="classification", allow_identical=True, reason="a test",
        )  # fmt: skip

    register("1.0.0")
    return register


@pytest.fixture
def picture():
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8), (200, 0, 0)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def keep(ask, picture):
    """Upload a picture and keep it with an answer."""

    async def kept(name="red.png", **changes):
        _, session = await ask("POST", "uploads")
        headers = {"Upload-Offset": "0", "Content-Type": "application/octet-stream"}
        await ask("PATCH", "uploads", session["id"], body=picture, headers=headers)
        _, file = await ask("PUT", "uploads", session["id"], params={"size": str(len(picture))})
        expected = {"classes": [{"label": "red", "score": 0.99}], "latency_ms": 3.0, "width": 8, "height": 8}
        body = {
            "version": "1.0.0", "name": name, "digest": file["digest"], "size": file["size"], "media": "image/png",
            "expected": expected,
        }  # fmt: skip
        return await ask("POST", *TESTS, body=body | changes)

    return kept


async def test_a_test_is_kept_listed_shown_run_and_removed(ask, colours, keep, picture):
    status, kept = await keep()
    assert (status, kept["name"], kept["expected"]["version"], kept["tolerance"]) == (201, "red.png", "1.0.0", 0.1)
    _, found = await ask("GET", *TESTS)
    assert found == {"items": [kept], "tallies": [{"version": "1.0.0", "passed": 1, "failed": 0}]}
    shown = await ask("GET", *TESTS, "red.png", "input", raw=True)
    assert (shown.body, shown.headers["Content-Type"]) == (picture, "image/png")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    status, ran = await ask("POST", *VERSION, "tests", "run")
    assert (status, [(r["test"], r["state"]) for r in ran["items"]]) == (200, [("red.png", "passed")])
    assert await ask("GET", *VERSION, "tests") == (200, ran)
    assert (await ask("DELETE", *TESTS, "red.png"))[0] == 400
    assert (await ask("DELETE", *TESTS, "red.png", params={"confirm": "red.png"}))[0] == 204
    assert await ask("GET", *TESTS) == (200, {"items": [], "tallies": []})


async def test_a_drawing_with_scripts_is_saved_and_never_shown(ask, colours, keep):
    await keep("drawing", media="image/svg+xml")
    got = await ask("GET", *TESTS, "drawing", "input", raw=True)
    assert got.headers["Content-Type"] == "application/octet-stream"
    assert got.headers["Content-Disposition"] == "attachment"


async def test_a_new_version_is_asked_by_itself(ask, colours, keep, extension, jp_serverapp):
    await keep()
    await extension._start_jupyter_server_extension(jp_serverapp)
    await asyncio.get_running_loop().run_in_executor(None, colours, "1.1.0", LABELS[::-1])
    for _ in range(600):
        _, found = await ask("GET", *TESTS)
        if len(found["tallies"]) == 2:
            break
        await asyncio.sleep(0.1)
    assert found["tallies"][0] == {"version": "1.1.0", "passed": 0, "failed": 1}


async def test_what_another_server_leaves_behind_is_asked(ask, colours, keep, extension, jp_serverapp, registry):
    await keep()
    await asyncio.get_running_loop().run_in_executor(None, colours, "1.1.0", LABELS)
    dead = kept_claims.claim(registry.store)
    await extension._start_jupyter_server_extension(jp_serverapp)
    await asyncio.sleep(1.5)  # it looked, and left the version to who has it
    assert len((await ask("GET", *TESTS))[1]["tallies"]) == 1
    kept_claims.release(registry.store, dead)
    for _ in range(600):
        _, found = await ask("GET", *TESTS)
        if len(found["tallies"]) == 2:
            break
        await asyncio.sleep(0.1)
    assert found["tallies"][0] == {"version": "1.1.0", "passed": 1, "failed": 0}


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"name": "a/b"}, 400, "bad_name"),
        ({"digest": "x"}, 400, "bad_field"),
        ({"media": "text/html"}, 400, "bad_field"),
        ({"expected": {"classes": [{"label": "a", "score": 9}]}}, 400, "bad_field"),
        ({"tolerance": 3}, 400, "bad_field"),
        ({"version": "9.0.0"}, 404, "not_found"),
        ({"oops": 1}, 400, "bad_field"),
    ],
)
async def test_mistakes_are_told(colours, keep, changes, status, code):
    got, error = await keep(**changes)
    assert (got, error["code"]) == (status, code), error


async def test_what_is_not_there_cannot_be_run_or_removed(ask, colours, keep):
    assert (await ask("POST", *VERSION, "tests", "run"))[0] == 409
    await keep()
    assert (await ask("POST", *VERSION, "tests", "run", body={"tests": ["blue"]}))[0] == 404
    assert (await ask("DELETE", *TESTS, "blue", params={"confirm": "blue"}))[0] == 404
    assert (await ask("GET", *TESTS, "blue", "input"))[0] == 404


async def test_nothing_is_asked_by_itself_where_that_is_switched_off(ask, colours, keep, extension, jp_serverapp):
    await keep()
    extension.run_kept_tests = False
    await extension._start_jupyter_server_extension(jp_serverapp)
    assert extension._rerunner is None

import asyncio
import json

import pytest

from tests.servers.receiver import Receiver


@pytest.fixture
def receiver():
    with Receiver.running() as running:
        yield running


async def test_the_server_delivers_by_itself(ask, extension, jp_serverapp, registry, receiver, tmp_path):
    await extension._start_jupyter_server_extension(jp_serverapp)
    status, hook = await ask("POST", "webhooks", body={"url": receiver.url, "events": ["version.promoted"]})
    assert status == 201
    assert len(hook["secret"]) >= 40
    (tmp_path / "a.bin").write_bytes(b"a")
    registry.register_files(tmp_path / "a.bin", "digits")
    registry.promote("digits", "staging")
    for _ in range(1200):
        await asyncio.sleep(0.05)
        _, log = await ask("GET", "webhooks", str(hook["id"]), "deliveries")
        if log["items"] and log["items"][0]["state"] == "delivered":
            break
    assert json.loads(receiver.calls[0].body)["details"]["stage"] == ["development", "staging"]
    (delivery,) = log["items"]
    status, again = await ask("POST", "deliveries", str(delivery["id"]), "redeliver")
    assert (status, again["state"]) == (200, "waiting")


async def test_the_server_ends_while_a_receiver_sleeps(ask, extension, jp_serverapp, registry, receiver, tmp_path):
    await extension._start_jupyter_server_extension(jp_serverapp)
    receiver.behaviours = ["sleep"]
    registry.add_webhook(receiver.url)
    (tmp_path / "a.bin").write_bytes(b"a")
    registry.register_files(tmp_path / "a.bin", "digits")
    async with asyncio.timeout(60):
        while not receiver.calls:
            await asyncio.sleep(0.05)
    async with asyncio.timeout(60):  # the receiver would sleep longer
        await extension.stop_extension()


async def test_webhooks_are_read_changed_tested_and_removed(ask, receiver):
    _, hook = await ask("POST", "webhooks", body={"url": receiver.url, "secret": "one-of-my-own"})
    assert hook["secret"] == "one-of-my-own"
    path = ("webhooks", str(hook["id"]))
    _, read = await ask("GET", *path)
    assert "secret" not in read
    assert (await ask("GET", "webhooks"))[1]["items"] == [read]
    _, changed = await ask("PATCH", *path, body={"active": False, "events": ["alias.*"]})
    assert (changed["active"], changed["events"]) == (False, ["alias.*"])
    _, tested = await ask("POST", *path, "test")
    assert (tested["state"], tested["http_status"]) == ("delivered", 200)
    assert (await ask("DELETE", *path))[0] == 204
    assert (await ask("GET", *path))[0] == 404


async def test_mistakes_are_told(ask, receiver):
    _, hook = await ask("POST", "webhooks", body={"url": receiver.url})
    path = ("webhooks", str(hook["id"]))
    assert (await ask("POST", "webhooks", body={"url": "ftp://a"}))[1]["code"] == "bad_field"
    for body in (
        {"webhook": 1},
        {"verb": 1},
        {"self": 1},
        {"url": 3},
        {"events": 3},
        {"events": [3]},
        {"events": None},
    ):
        status, error = await ask("PATCH", *path, body=body)
        assert (status, error["code"]) == (400, "bad_field"), body
    for method, *rest in (("GET",), ("PATCH",), ("DELETE",), ("POST", "test"), ("GET", "deliveries")):
        assert (await ask(method, "webhooks", "99", *rest))[0] == 404
    assert (await ask("POST", "deliveries", "99", "redeliver"))[0] == 404
    assert (await ask("GET", "webhooks", "x"))[0] in (400, 404)

"""Story A4 through REST: history, difference, rollback, split, clients and metrics of a deployment."""

import asyncio
import json

import pytest
from tornado.httpclient import AsyncHTTPClient

SVC = ("deployments", "svc")
JSON = {"Content-Type": "application/json"}


async def arrived(ask, version, message=""):
    for _ in range(600):
        _, found = await ask("GET", *SVC)
        if found["state"] == "Deployed" and found["version"] == version and message in found["message"]:
            return found
        await asyncio.sleep(0.1)
    raise AssertionError(found)


@pytest.fixture
def rows(digits):
    """Give the body of an inference request of two digits."""
    x = digits[0][:2]
    return {"inputs": [{"name": "", "shape": [2, 64], "datatype": "FP64", "data": x.ravel().tolist()}]}


async def test_a_deployment_is_made_changed_shared_and_taken_back(ask, registry, classifier, rows):
    for number in ("1.0.0", "1.1.0"):
        registry.register(classifier, "digits", version=number, allow_identical=True)
    await made(ask)
    await split_over_two_versions(ask, rows)
    await shares_that_cannot_be_are_refused(ask)
    await its_history_tells_what_changed(ask)
    await its_figures_are_kept_by_version(ask)
    await taken_back(ask)
    await shared_with_a_client(ask, rows)


async def made(ask):
    wanted = {"selector": "digits@1.0.0", "name": "svc", "title": "Digits service", "message": "first"}
    status, found = await ask("POST", "deployments", body=wanted)
    assert (status, found["state"], found["available"], found["replicas"]) == (201, "Deploying", 0, 1)
    found = await arrived(ask, "1.0.0")
    assert (found["available"], found["message"]) == (1, "Deployment completed")
    _, version = await ask("GET", "models", "digits", "versions", "1.0.0")
    assert [(d["name"], d["state"]) for d in version["deployments"]] == [("svc", "Deployed")]  # P2, Deployed By


async def split_over_two_versions(ask, rows):
    shares = [{"version": "1.0.0", "weight": 50}, {"version": "1.1.0", "weight": 50}]
    change = {"versions": shares, "message": "half", "secrets": {"KEY": "s3cret"}}
    assert (await ask("PATCH", *SVC, body=change))[0] == 200
    for _ in range(600):
        seen = {(await ask("POST", *SVC, "predict", body=rows, headers=JSON))[1].get("model_version") for _ in range(2)}
        if seen == {"1.0.0", "1.1.0"}:
            return
    raise AssertionError(seen)


async def shares_that_cannot_be_are_refused(ask):
    half = {"version": "1.0.0", "weight": 50}
    for wrong, refusal, said in (
        ([{"version": "1.0.0", "weight": 60}], 400, "sum to 60"),
        ([half, half], 400, "1.0.0 appears twice"),
        ([{"version": "9.9.9", "weight": 100}], 404, "9.9.9"),
    ):
        status, error = await ask("PATCH", *SVC, body={"versions": wrong})
        assert status == refusal
        assert said in error["message"]
        assert "\n" not in error["message"]


async def its_history_tells_what_changed(ask):
    history = (await ask("GET", *SVC, "history"))[1]["items"]
    assert [(row["revision"], row["message"], row["outcome"]) for row in history] == [
        (2, "half", "deployed"), (1, "first", "deployed"),
    ]  # fmt: skip
    assert history[0]["actor"]
    assert history[0]["spec"]["secrets"] == {"KEY": "***"}
    differs = (await ask("GET", *SVC, "diff", params={"before": "1", "after": "2"}))[1]["items"]
    assert {(row["field"], row["before"], row["after"]) for row in differs} == {
        ("versions.1.0.0", "100 %", "50 %"), ("versions.1.1.0", "", "50 %"), ("secrets.KEY", "", "***"),
    }  # fmt: skip
    assert (await ask("GET", *SVC, "diff", params={"before": "1", "after": "7"}))[0] == 404
    assert (await ask("GET", *SVC, "diff", params={"before": "1"}))[0] == 400


async def its_figures_are_kept_by_version(ask):
    figures = (await ask("GET", *SVC, "metrics"))[1]
    assert {row["version"]: row["calls"] > 0 for row in figures["versions"]} == {"1.0.0": True, "1.1.0": True}
    assert all(row["p50_ms"] > 0 and row["memory_bytes"] > 0 for row in figures["versions"])
    page = await ask("GET", *SVC, "metrics", params={"format": "prometheus"}, raw=True)
    assert page.headers["Content-Type"].startswith("text/plain")
    assert b'modelmgmt_requests_total{deployment="svc",version="1.1.0"}' in page.body


async def taken_back(ask):
    assert (await ask("POST", *SVC, "rollback", body={"message": "as before"}))[0] == 200
    await arrived(ask, "1.0.0")
    last = (await ask("GET", *SVC, "history"))[1]["items"][0]
    assert last["message"] == "Roll back to revision 1 (1.0.0): as before"
    assert last["spec"]["versions"][0]["weight"] == 100
    assert (await ask("POST", *SVC, "rollback", body={"to": 44}))[1]["code"] == "not_found"


async def shared_with_a_client(ask, rows):
    """Let a client in and out again. Source: P15."""
    assert (await ask("PATCH", *SVC, body={"private": True}))[0] == 200
    endpoint = (await arrived(ask, "1.0.0"))["endpoint"]
    status, client = await ask("POST", *SVC, "clients", body={"name": "app"})
    assert status == 201
    (listed,) = (await ask("GET", *SVC, "clients"))[1]["items"]
    assert (listed["name"], "token" in listed) == ("app", False)
    assert (await ask("POST", *SVC, "clients", body={"name": "No good"}))[1]["code"] == "bad_name"

    assert await asked(endpoint, rows, client["token"]) == 200
    assert await asked(endpoint, rows, "wrong") == 401
    assert (await ask("DELETE", *SVC, "clients", "app"))[0] == 204
    assert await asked(endpoint, rows, client["token"]) == 401
    assert (await ask("DELETE", *SVC, "clients", "app"))[0] == 404


async def asked(endpoint, rows, token):
    """Ask a deployment outside Jupyter and return the status of its answer."""
    headers = {**JSON, "Authorization": f"Bearer {token}"}
    client = AsyncHTTPClient()
    reply = await client.fetch(endpoint, method="POST", body=json.dumps(rows), headers=headers, raise_error=False)
    return reply.code


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "history"), ("GET", "clients"), ("GET", "metrics"), ("POST", "rollback"), ("DELETE", "clients/a")],
)
async def test_a_deployment_nobody_made_is_not_found(ask, method, path):
    status, error = await ask(method, "deployments", "none", *path.split("/"))
    assert (status, error["code"]) == (404, "not_found")
    assert "none" in error["message"]

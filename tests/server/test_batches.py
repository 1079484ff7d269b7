"""Batches as jobs of the server."""

import asyncio

import numpy as np
import pytest


@pytest.mark.heavy
async def test_a_batch_is_started_listed_watched_and_cancelled(ask, digits_version, digits, tmp_path):
    table = tmp_path / "rows.csv"
    np.savetxt(table, np.tile(digits[0], (40, 1)), fmt="%d", delimiter=",", header="x" + ",x" * 63, comments="")
    body = {"target": "digits@1.0.0", "inputs": str(table), "output": str(tmp_path / "out.jsonl")}
    status, begun = await ask("POST", "batches", body=body)
    assert (status, begun["state"], begun["model"]) == (202, "running", "digits")
    status, page = await ask("GET", "batches")
    assert [each["id"] for each in page["items"]] == [begun["id"]]
    status, _ = await ask("POST", "batches", begun["id"], "cancel")
    assert status == 200
    async with asyncio.timeout(60):
        while (now := (await ask("GET", "batches", begun["id"]))[1])["state"] == "running":
            await asyncio.sleep(0.05)
    assert now["state"] == "cancelled"
    status, refused = await ask("POST", "batches", begun["id"], "cancel")
    assert (status, refused["code"]) == (409, "conflict")


async def test_mistakes_are_told_at_once(ask, digits_version, tmp_path):
    body = {"target": "digits@1.0.0", "inputs": str(tmp_path / "none"), "output": str(tmp_path / "out.jsonl")}
    assert (await ask("POST", "batches", body=body))[0] == 400
    assert (await ask("POST", "batches", body={**body, "target": "nothing"}))[0] == 404
    assert (await ask("GET", "batches", "nothing"))[0] == 404
    assert (await ask("GET", "batches"))[1]["items"] == []

async def test_histories_come_in_pages(ask, digits_version, registry):
    registry.promote("digits@1.0.0", "production", comment="good")
    status, page = await ask("GET", "history", params={"limit": "1"})
    assert (status, page["items"][0]["action"]) == (200, "version.promoted")
    _, rest = await ask("GET", "history", params={"cursor": page["next_cursor"]})
    assert [e["action"] for e in rest["items"]] == ["version.registered", "model.created"]
    _, page = await ask("GET", "models", "digits", "history")
    assert len(page["items"]) == 3
    _, page = await ask("GET", "models", "digits", "versions", "1.0.0", "history")
    assert [e["action"] for e in page["items"]] == ["version.promoted", "version.registered"]


async def test_statuses_and_stages_tell_who_was_there(ask, digits_version, registry):
    registry.promote("digits@1.0.0", "production", comment="good")
    status, log = await ask("GET", "models", "digits", "versions", "1.0.0", "status-log")
    assert (status, [s["status"] for s in log["items"]]) == (200, ["draft"])
    _, periods = await ask("GET", "models", "digits", "stage-history", params={"stage": "production"})
    assert [(p["version"], p["left_at"]) for p in periods["items"]] == [("1.0.0", None)]
    _, held = await ask("GET", "models", "digits", "stages", "production", "holders", params={"on": "2100-01-01"})
    assert [p["comment"] for p in held["items"]] == ["good"]


async def test_mistakes_in_histories_are_told(ask, digits_version):
    for path in (
        ("history",),
        ("versions", "9.9.9", "history"),
        ("versions", "9.9.9", "status-log"),
        ("stage-history",),
    ):
        model = "digits" if len(path) > 1 else "nobody"
        status, error = await ask("GET", "models", model, *path)
        assert (status, error["code"]) == (404, "not_found")
    status, error = await ask("GET", "models", "digits", "stages", "production", "holders", params={"on": "then"})
    assert (status, error["code"]) == (400, "bad_field")
    status, error = await ask("GET", "models", "digits", "stages", "production", "holders")
    assert (status, error["code"]) == (400, "bad_field")

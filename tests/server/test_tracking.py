"""Runs, series, datasets, evaluations, boards and lineage through the server."""

import json
import math

import pytest


@pytest.fixture
def run(registry):
    return registry.start_run("train", params={"lr": 0.1}, tags="a").id


async def test_a_run_is_started(ask):
    body = {"name": "train", "params": {"lr": 0.1}, "tags": ["a"], "source": {"script": "train.py"}}
    status, made = await ask("POST", "runs", body=body)
    assert status == 201
    assert (await ask("GET", "runs", made["id"]))[1] == made
    assert (made["status"], made["source"]) == ("running", {"script": "train.py"})


async def test_a_run_goes_from_start_to_end(ask, run, registry):
    _, found = await ask("GET", "runs", run)
    assert (found["name"], found["status"], found["params"], found["tags"]) == ("train", "running", {"lr": 0.1}, ["a"])
    registry.register_dataset("golden", digest="sha256:1")
    edit = {"params": {"n": 1}, "tags": "b", "datasets": [{"dataset": "golden", "role": "test"}]}
    status, found = await ask("PATCH", "runs", run, body={**edit, "status": "failed", "reason": "no memory"})
    assert status == 200
    assert (found["status"], found["reason"], found["params"], found["tags"]) == (
        "failed", "no memory", {"lr": 0.1, "n": 1}, ["a", "b"],
    )  # fmt: skip
    assert [(d["dataset"], d["role"]) for d in found["datasets"]] == [("golden@1", "test")]
    assert (await ask("PATCH", "runs", run, body={"status": "running"}))[1]["status"] == "running"


async def test_runs_are_listed_in_pages(ask, run):
    await ask("POST", "runs", body={"name": "evaluate"})
    _, page = await ask("GET", "runs", params={"limit": "1"})
    assert [r["name"] for r in page["items"]] == ["evaluate"]
    _, page = await ask("GET", "runs", params={"limit": "1", "cursor": page["next_cursor"]})
    assert [r["name"] for r in page["items"]] == ["train"]
    _, page = await ask("GET", "runs", params={"name": "TRAIN", "status": "running", "tag": "a"})
    assert [r["id"] for r in page["items"]] == [run]


async def test_a_batch_of_metrics_goes_in_and_series_come_out(ask, run):
    body = {
        "metrics": {"loss": 0.5, "accuracy": None},
        "step": 3,
        "samples": [
            {"figure": "pr", "legend": "a", "x": 0, "y": 1},
            {"figure": "pr", "legend": "a", "x": 1, "y": None},
        ],
        "series": [{"figure": "train/loss", "x": list(range(100)), "y": [i / 2 for i in range(100)]}],
    }
    assert await ask("POST", "runs", run, "metrics", body=body) == (200, {"points": 104})
    await ask("POST", "runs", run, "metrics", body={"metrics": {"loss": 0.25}})
    _, loss = await ask("GET", "runs", run, "metrics", "loss")
    assert (loss["figure"], loss["legend"], loss["x"], loss["y"], loss["count"]) == ("loss", "", [3, 4], [0.5, 0.25], 2)
    assert (await ask("GET", "runs", run, "metrics", "pr", "a"))[1]["y"] == [1, None]
    assert (await ask("GET", "runs", run, "metrics", "pr", params={"legend": "a"}))[1]["y"] == [1, None]
    _, thin = await ask("GET", "runs", run, "metrics", "train", "loss", params={"points": "10"})
    assert (len(thin["x"]) <= 10, thin["count"], thin["y"][-1]) == (True, 100, 49.5)
    _, every = await ask("GET", "runs", run, "metrics", params={"points": "10"})
    assert [(s["figure"], s["legend"]) for s in every["items"]] == [
        ("accuracy", ""), ("loss", ""), ("pr", "a"), ("train/loss", ""),
    ]  # fmt: skip
    _, one = await ask("GET", "runs", run, "metrics", params={"figure": "loss"})
    assert one["items"] == [loss]
    _, found = await ask("GET", "runs", run)
    assert found["metrics"] == {"loss": 0.25, "train/loss": 49.5}
    assert [s["last"] for s in found["summaries"] if s["figure"] == "accuracy"] == [None]


async def test_answers_stay_json_when_a_loss_runs_away(ask, run, registry):
    handle = registry.get_run(run)
    handle.log_metrics({"loss": math.inf}, step=1)
    response = await ask("GET", "runs", run, "metrics", "loss", raw=True)
    assert json.loads(response.body, parse_constant=pytest.fail)["y"] == [None]


async def test_a_version_without_a_run_has_curves(ask, digits_version):
    path = ("models", "digits", "versions", "1.0.0", "metrics")
    samples = [{"figure": "loss", "x": i, "y": i / 2} for i in range(3)]
    assert await ask("POST", *path, body={"samples": samples}) == (200, {"points": 3})
    status, found = await ask("GET", *path, params={"points": "100"})
    assert status == 200
    assert [(c["figure"], c["x"], c["y"]) for c in found["items"]] == [("loss", [0, 1, 2], [0, 0.5, 1])]
    assert (await ask("GET", *path, params={"figure": "other"}))[1] == {"items": []}


async def test_datasets_are_registered_and_read(ask):
    body = {"name": "golden", "digest": "sha256:1", "rows": 7, "fields": {"x": "float64"},
            "statistics": {"x": {"mean": 0.5}}}  # fmt: skip
    status, made = await ask("POST", "datasets", body=body)
    assert (status, made["version"], made["fields"]) == (201, 1, {"x": "float64"})
    assert made["statistics"] == {"x": {"mean": 0.5}}
    await ask("POST", "datasets", body={"name": "golden", "digest": "sha256:2"})
    assert (await ask("GET", "datasets", "golden"))[1]["version"] == 2
    assert (await ask("GET", "datasets", "golden@1"))[1] == made
    _, page = await ask("GET", "datasets", params={"name": "golden", "limit": "1"})
    assert (page["items"][0]["version"], page["next_cursor"] is not None) == (2, True)


async def test_evaluations_fill_the_board(ask, registry, classifier, digits_version):
    registry.register(classifier, "digits", metrics={"accuracy": 0.95})
    for name in ("10k", "1k"):
        registry.register_dataset(name, digest=name)
    for version, dataset, loss in (("1.0.0", "10k", 0.3), ("1.0.0", "1k", 0.4), ("1.1.0", "10k", 0.2)):
        body = {"version": f"digits@{version}", "dataset": dataset, "metrics": {"loss": loss}, "duration_s": 1.5}
        status, made = await ask("POST", "evaluations", body=body)
        assert (status, made["version"], made["metrics"]) == (201, version, {"loss": loss})
    assert len((await ask("GET", "evaluations", params={"version": "digits@1.0.0"}))[1]["items"]) == 2
    assert len((await ask("GET", "evaluations", params={"model": "digits"}))[1]["items"]) == 3
    assert len((await ask("GET", "evaluations"))[1]["items"]) == 3
    params = {"metrics": "loss", "datasets": "10k, 1k", "sort": "loss @ 10k"}
    status, board = await ask("GET", "boards", "digits", params=params)
    assert status == 200
    assert board["columns"] == ["loss @ 10k", "loss @ 1k"]
    assert [(row["version"], row["scores"]) for row in board["rows"]] == [("1.1.0", [0.2, None]), ("1.0.0", [0.3, 0.4])]
    assert board["best"] == [0, None]


async def test_lineage_is_a_graph_of_records(ask, registry, classifier):
    with registry.run("train", source={"git_commit": "abc"}) as run:
        registry.register(classifier, "digits", capture=False)
    status, graph = await ask("GET", "models", "digits", "versions", "latest", "lineage")
    assert status == 200
    assert {(e["start"], e["kind"], e["end"]) for e in graph["edges"]} == {
        (f"run:{run.id}", "produced", "version:digits@1.0.0"), ("code:abc", "ran", f"run:{run.id}"),
    }  # fmt: skip
    assert {(n["id"], n["depth"]) for n in graph["nodes"]} == {
        ("version:digits@1.0.0", 0), (f"run:{run.id}", -1), ("code:abc", -2),
    }  # fmt: skip
    path = ("models", "digits", "versions", "1.0.0", "lineage")
    assert len((await ask("GET", *path, params={"depth": "1"}))[1]["nodes"]) == 2
    assert (await ask("GET", *path, params={"limit": "1"}))[1]["cut"] is True


@pytest.mark.parametrize(
    ("method", "path", "body", "said"),
    [
        ("GET", "runs/x", None, (404, "not_found")),
        ("GET", "runs?status=x", None, (400, "bad_field")),
        ("POST", "runs", {"name": ""}, (400, "bad_field")),
        ("POST", "runs", {"name": "x", "tags": ["a" * 65]}, (400, "bad_tag")),
        ("PATCH", "runs/RUN", {"status": "done"}, (400, "bad_field")),
        ("PATCH", "runs/RUN", {"datasets": [{"dataset": "x", "role": "train"}]}, (404, "not_found")),
        ("POST", "runs/RUN/metrics", {"metrics": {"": 1}}, (400, "bad_metric")),
        ("POST", "runs/RUN/metrics", {"metrics": {"loss": "x"}}, (400, "bad_field")),
        ("POST", "runs/RUN/metrics", {"series": [{"figure": "a", "x": [1], "y": []}]}, (400, "bad_metric")),
        ("POST", "runs/ENDED/metrics", {"metrics": {"loss": 1}}, (409, "run_ended")),
        ("PATCH", "runs/ENDED", {"params": {"a": 1}}, (409, "run_ended")),
        ("GET", "runs/RUN/metrics/loss", None, (404, "not_found")),
        ("GET", "runs/RUN/metrics/loss?points=3", None, (400, "bad_field")),
        ("POST", "models/x/versions/1.0.0/metrics", {"samples": []}, (404, "not_found")),
        ("GET", "models/x/versions/1.0.0/metrics?points=0", None, (400, "bad_field")),
        ("POST", "datasets", {"name": "../x", "digest": "1"}, (400, "bad_name")),
        ("POST", "datasets", {"name": "x", "digest": "a b"}, (400, "bad_field")),
        ("GET", "datasets/x@1.0", None, (400, "bad_selector")),
        ("GET", "datasets/x", None, (404, "not_found")),
        ("POST", "evaluations", {"version": "x", "dataset": "y", "metrics": {"loss": 1}}, (404, "not_found")),
        ("POST", "evaluations", {"version": "x", "dataset": "y", "metrics": {}}, (400, "bad_field")),
        ("GET", "evaluations?version=x@", None, (400, "bad_selector")),
        ("GET", "boards/x", None, (404, "not_found")),
        ("GET", "boards/x?sort=drop", None, (400, "bad_field")),
        ("GET", "models/x/versions/1.0.0/lineage", None, (404, "not_found")),
        ("GET", "models/x/versions/1.0.0/lineage?limit=0", None, (400, "bad_field")),
    ],
)  # fmt: skip
async def test_mistakes_are_told_by_their_code(ask, run, registry, method, path, body, said):
    ended = registry.start_run("x").finish()
    path, _, query = path.replace("RUN", run).replace("ENDED", ended.id).partition("?")
    params = dict(pair.split("=") for pair in query.split("&")) if query else {}
    status, error = await ask(method, *path.split("/"), body=body, params=params)
    assert (status, error["code"]) == said
    assert "\n" not in error["message"]

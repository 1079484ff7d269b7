"""The graph of causes and effects, walked both ways."""

import pytest

from jupyter_modelmgmt.domain.errors import BadField, NotFound
from jupyter_modelmgmt.domain.records import DatasetUse
from jupyter_modelmgmt.domain.tracking import NewDataset
from jupyter_modelmgmt.store import (
    changes,
    datasets,
    evaluations,
    lineage,
    revisions,
    runs,
    schema,
    versions,
)

CODE = {"notebook": "train.ipynb", "git_commit": "0123456789abcdef"}


@pytest.fixture
def story(store, new):
    """Give dataset -> run -> version -> clone -> deployment, with a golden dataset."""
    for name in ("train", "golden"):
        datasets.register(store, NewDataset(name=name, digest=f"sha256:{name}"), actor="ada")
    run = runs.start(store, "train digits", params={}, tags="", source=CODE, actor="ada").id
    runs.use(store, run, "train", "train", actor="ada")
    versions.add(store, new(run=run, code=CODE, environment={"python": "3.11"}), bump="minor", actor="ada")
    evaluations.add(store, "digits", "golden", {"loss": 0.25}, duration_s=None, run="", actor="ada")
    versions.add(store, new(model="copy", parent="digits@1.0.0", flavor="onnx"), bump="minor", actor="ada")
    revisions.put(store, "svc", "copy@1.0.0", replicas=1, actor="ada")
    return run


def edges(graph):
    return {(edge.start, edge.kind.value, edge.end, edge.label) for edge in graph.edges}


def test_a_version_knows_where_it_comes_from_and_what_came_of_it(store, story):
    graph = lineage.graph(store, "digits@1.0.0")
    run, version = f"run:{story}", "version:digits@1.0.0"
    environment = next(node.id for node in graph.nodes if node.kind == "environment")
    assert edges(graph) == {
        ("dataset:train@1", "trained", run, "train"),
        ("code:train.ipynb@0123456789ab", "ran", run, ""),
        (run, "produced", version, ""),
        (environment, "ran", version, ""),
        ("dataset:golden@1", "evaluated", version, "loss=0.25"),
        (version, "cloned", "version:copy@1.0.0", ""),
        ("version:copy@1.0.0", "deployed", "deployment:svc", ""),
    }
    depth = {node.id: node.depth for node in graph.nodes}
    assert depth[version] == 0
    assert (depth[run], depth["dataset:train@1"], depth["version:copy@1.0.0"], depth["deployment:svc"]) == (
        -1,
        -2,
        1,
        2,
    )
    assert (graph.root, graph.cut) == (version, False)
    details = {node.id: node.details for node in graph.nodes}
    assert details[version] == {"status": "draft", "stage": "development"}
    assert details["version:copy@1.0.0"]["status"] == "deployed"
    assert details["code:train.ipynb@0123456789ab"] == CODE


@pytest.mark.parametrize(
    ("root", "names"),
    [
        ("dataset:train@1", {"train@1", "train digits", "digits@1.0.0", "copy@1.0.0", "svc"}),
        ("dataset:golden", {"golden@1", "digits@1.0.0", "copy@1.0.0", "svc"}),
        ("copy@latest", {"copy@1.0.0", "svc", "digits@1.0.0", "golden@1", "train@1", "train digits"}),
        ("deployment:svc", {"svc", "copy@1.0.0", "digits@1.0.0", "golden@1", "train digits", "train@1"}),
    ],
)
def test_any_node_is_a_root(store, story, root, names):
    found = {node.name for node in lineage.graph(store, root).nodes if node.kind not in ("code", "environment")}
    assert found == names


def test_a_run_is_a_root(store, story):
    assert len(lineage.graph(store, f"run:{story}").nodes) == 6


@pytest.mark.parametrize("root", ["digits@9.0.0", "nothing", "run:x", "dataset:x", "deployment:x"])
def test_what_is_not_there_has_no_lineage(store, story, root):
    with pytest.raises(NotFound):
        lineage.graph(store, root)


def test_depth_counts_steps_both_ways(store, story):
    assert {node.depth for node in lineage.graph(store, "digits", depth=1).nodes} == {-1, 0, 1}
    assert len(lineage.graph(store, "digits", depth=0).nodes) == 1
    # Without the run's own datasets the direct edge is all there is to see.
    near = edges(lineage.graph(store, "digits", depth=1))
    assert ("dataset:train@1", "trained", "version:digits@1.0.0", "train") in near


@pytest.mark.parametrize("bounds", [{"depth": -1}, {"depth": 51}, {"limit": 0}, {"limit": 1001}])
def test_bounds_have_bounds(store, story, bounds):
    with pytest.raises(BadField):
        lineage.graph(store, "digits", **bounds)


def many(store, new, count):
    datasets.register(store, NewDataset(name="train", digest="1"), actor="ada")
    uses = (DatasetUse(dataset="train", role="train"),)
    for i in range(count):
        versions.add(store, new(params={"i": i}, datasets=uses), bump="minor", actor="ada")


def test_a_graph_is_cut_at_its_limit_and_says_so(store, new):
    many(store, new, 12)
    graph = lineage.graph(store, "dataset:train", limit=5)
    assert (len(graph.nodes), graph.cut) == (5, True)
    assert {e.end for e in graph.edges} == {node.id for node in graph.nodes} - {graph.root}
    whole = lineage.graph(store, "dataset:train", limit=13)
    assert (len(whole.nodes), whole.cut) == (13, False)


def test_a_wide_level_takes_no_more_queries_than_a_narrow_one(store, new, counted):
    many(store, new, 1)
    with counted() as few:
        lineage.graph(store, "dataset:train", depth=2)
    for i in range(30):
        versions.add(
            store, new(params={"x": i}, datasets=(DatasetUse(dataset="train", role="test"),)), bump="minor", actor="a"
        )
    with counted() as more:
        lineage.graph(store, "dataset:train", depth=2)
    assert len(few) == len(more)


def test_a_circle_ends(store, new):
    versions.add(store, new(model="a"), bump="minor", actor="ada")
    versions.add(store, new(model="b", parent="a@1.0.0"), bump="minor", actor="ada")
    v = schema.versions.c
    with store.write() as c:
        c.execute(schema.versions.update().where(v.id == 1).values(parent_id=2))
    graph = lineage.graph(store, "a@1.0.0", depth=50)
    assert {node.name for node in graph.nodes} == {"a@1.0.0", "b@1.0.0"}
    assert {(e.start, e.end) for e in graph.edges} == {
        ("version:a@1.0.0", "version:b@1.0.0"), ("version:b@1.0.0", "version:a@1.0.0"),
    }  # fmt: skip


def test_what_was_deleted_stays_in_the_history_of_others(store, story):
    changes.remove(store, "digits@1.0.0", actor="ada")
    parent = next(node for node in lineage.graph(store, "copy").nodes if node.name == "digits@1.0.0")
    assert parent.details["deleted"] is True


def test_a_library_is_a_source(store, new):
    versions.add(store, new(source="library:digits"), bump="minor", actor="ada")
    assert edges(lineage.graph(store, "digits")) == {("source:library:digits", "cloned", "version:digits@1.0.0", "")}

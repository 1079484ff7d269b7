"""Story A5: from a dataset over a run to a version, its evaluations, the board, the lineage."""

import pytest

from jupyter_modelmgmt.domain.errors import BadField, BadFile, NotFound


@pytest.fixture
def told(any_reg, classifier, tmp_path):
    """Give a registry in which the story was told."""
    (tmp_path / "digits.csv").write_text("x,y\n1,2\n")
    any_reg.register_dataset("digits-train", data=tmp_path / "digits.csv", fields={"x": "int64", "y": "int64"}, rows=1)
    for name in ("10k", "1k"):
        any_reg.register_dataset(name, digest=f"sha256:{name}")
    with any_reg.run("train digits", source={"notebook": "train.ipynb", "git_commit": "abc"}) as run:
        run.use_dataset("digits-train")
        run.log_metric("loss", 0.5)
        any_reg.register(classifier, "digits", capture=False)
    any_reg.register(classifier, "digits", capture=False, metrics={"loss": 0.4})
    any_reg.promote("digits@1.1.0", "production")
    for version, ten, one in (("1.0.0", 0.3, 0.4), ("1.1.0", 0.2, None)):
        any_reg.log_evaluation(f"digits@{version}", dataset="10k", metrics={"loss": ten}, duration_s=2)
        if one:
            any_reg.log_evaluation(f"digits@{version}", dataset="1k@1", metrics={"loss": one})
    return any_reg


def test_the_board_is_the_table_of_the_story(told):
    board = told.board("digits", sort="loss @ 10k", datasets="10k,1k", metrics="loss")
    frame = board.frame()
    assert list(frame.columns) == ["Model link", "Version", "Status", "Loss @ 10k", "Loss @ 1k"]
    assert frame["Model link"].tolist() == ["digits@1.1.0", "digits@1.0.0"]
    assert frame["Status"].tolist() == ["draft, production", "draft, development"]
    assert frame["Loss @ 10k"].tolist() == [0.2, 0.3]
    html = board._repr_html_()
    for text in ('<th scope="col">Loss @ 10k</th>', '<strong title="best">0.2</strong>', "<td>0.4</td>"):
        assert text in html
    assert "0.2*" in repr(board)


def test_the_lineage_of_a_version_reads_as_a_tree(told):
    graph = told.lineage("digits@1.0.0")
    assert repr(graph).splitlines() == [
        "digits@1.0.0 (draft, development)",
        "comes from:",
        "  - dataset 10k@1 [evaluated: loss=0.3]",
        "  - dataset 1k@1 [evaluated: loss=0.4]",
        "  - run train digits (finished) [produced]",
        "    - code train.ipynb@abc [ran]",
        "    - dataset digits-train@1 [trained: train]",
    ]
    assert list(graph.frame().columns) == ["start", "kind", "end", "label"]
    assert len(graph.frame()) == 5
    assert "train.ipynb@abc" in graph._repr_html_()
    assert "went into" in repr(told.lineage("dataset:digits-train"))


def test_evaluations_are_read_by_version_and_by_model(told):
    assert [e.dataset for e in told.evaluations("digits@1.0.0")] == ["1k@1", "10k@1"]
    assert len(told.evaluations("digits")) == len(told.evaluations()) == 3
    with pytest.raises(NotFound):
        told.evaluations("nothing")
    assert told.get("digits@1.0.0").evaluations == {"10k": {"loss": 0.3}, "1k": {"loss": 0.4}}


def test_an_evaluation_inside_a_block_has_its_run(told):
    with told.run("evaluate") as run:
        made = told.log_evaluation("digits", dataset="1k", metrics={"loss": 1})
    assert made.run == run.id


def test_names_cannot_write_html(reg, classifier):
    reg.register(classifier, "digits", capture=False)
    reg.register_dataset("10k", digest="1", source="<img src=x>")
    reg.log_evaluation("digits", dataset="10k", metrics={"<b>loss</b>": 1})
    for shown in (reg.board("digits"), reg.datasets(), reg.evaluations(), reg.lineage("digits")):
        assert "<img" not in shown._repr_html_()
        assert "<b>" not in shown._repr_html_()


def test_a_dataset_is_named_by_its_bytes(reg, tmp_path):
    path = tmp_path / "data.csv"
    path.write_text("1")
    first = reg.register_dataset("train", data=path)
    assert (first.size, first.source, first.digest[:7]) == (1, str(path), "blake3:")
    assert reg.register_dataset("train", data=str(path)) == first
    path.write_text("22")
    assert reg.register_dataset("train", data=path, source="where").selector == "train@2"
    assert reg.dataset("train").source == "where"
    assert [d.selector for d in reg.datasets("train")] == ["train@2", "train@1"]
    with pytest.raises(BadField, match="one of the two"):
        reg.register_dataset("train")
    with pytest.raises(BadField, match="one of the two"):
        reg.register_dataset("train", data=path, digest="1")
    with pytest.raises(BadFile):
        reg.register_dataset("train", data="nothing.csv")
    with pytest.raises(BadField):
        reg.register_dataset("train", data=object())

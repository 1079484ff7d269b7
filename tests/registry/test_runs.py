"""Runs as a training notebook uses them."""

import math
import os
import signal
import subprocess
import sys
import threading

import numpy as np
import pytest

from jupyter_modelmgmt.domain.errors import BadField, BadMetric, NotFound, RunEnded, StoreUnavailable
from jupyter_modelmgmt.domain.tracking import Sample
from jupyter_modelmgmt.registry.buffer import Buffer
from jupyter_modelmgmt.registry.opened import ACTIVE_RUN
from tests.servers.waiting import until


def test_a_block_is_a_run(any_reg):
    with any_reg.run("train digits", params={"lr": 0.1}, tags="vision", source={"notebook": "a.ipynb"}) as run:
        assert ACTIVE_RUN.get() == run.id
        run.log_params({"epochs": np.int64(3)})
        for epoch in range(3):
            run.log_metrics({"loss": 1 / (epoch + 1), "accuracy": epoch / 3}, step=epoch)
        run.add_tags("done")
    assert ACTIVE_RUN.get() == ""
    found = any_reg.get_run(run.id)
    for each in (run, found):
        assert (each.name, each.status, each.tags, each.params) == (
            "train digits", "finished", ("vision", "done"), {"epochs": 3, "lr": 0.1},
        )  # fmt: skip
        assert each.metrics == {"loss": 1 / 3, "accuracy": 2 / 3}
    assert found.series("loss").y.tolist() == [1, 1 / 2, 1 / 3]
    assert [run.id for run in any_reg.runs("digits")] == [run.id]


def test_an_exception_ends_it_as_failed_and_goes_on(any_reg):
    with pytest.raises(ZeroDivisionError), any_reg.run("train") as run:
        run.log_metric("loss", 1)
        _ = 1 / 0
    assert (run.status, run.reason) == ("failed", "ZeroDivisionError: division by zero")
    assert any_reg.get_run(run.id).metrics == {"loss": 1}
    with pytest.raises(KeyboardInterrupt), any_reg.run("train") as run:
        raise KeyboardInterrupt
    assert (run.status, run.reason) == ("killed", "KeyboardInterrupt")


def test_any_exception_can_be_the_reason(any_reg):
    with pytest.raises(ValueError), any_reg.run("train") as run:
        raise ValueError("a\x00b\ud800c\n" + "x" * 20_000)
    assert run.reason.startswith("ValueError: ab?c\n")


def test_a_batch_is_stored_whole_or_not_at_all(any_reg):
    run = any_reg.start_run("train")
    good = {"loss": 0.5}
    for wrong in (
        {"samples": [Sample(figure="", x=1, y=1)]},
        {"samples": [Sample(figure="pr", x=math.nan, y=1)]},
        {"series": [("pr", "", [1, 2], [1])]},
    ):
        with pytest.raises(BadMetric):
            any_reg.log_batch(run.id, good, **wrong)
    assert run.refresh().summaries == ()
    assert any_reg.log_batch(run.id, good, series=[("loss", "", [5, 6], [1, 2])]) == 3
    assert run.series("loss").x.tolist() == [0, 5, 6]
    assert any_reg.log_batch(run.id, {}) == 0


def test_a_run_ended_inside_its_block_stays_as_it_ended(reg):
    with reg.run("train") as run:
        run.finish("killed", reason="enough")
    assert (run.status, run.reason) == ("killed", "enough")


def test_blocks_lie_inside_each_other(reg):
    with reg.run("outer") as outer:
        with reg.run("inner") as inner:
            assert ACTIVE_RUN.get() == inner.id
        assert ACTIVE_RUN.get() == outer.id


def test_a_version_registered_inside_has_the_run_and_its_last_metrics(any_reg, classifier):
    with any_reg.run("train") as run:
        run.log_metric("loss", 0.5)
        run.log_metric("loss", 0.25)
        version = any_reg.register(classifier, "digits", metrics={"accuracy": 0.9})
    assert version.run == run.id
    assert any_reg.get("digits").metrics == {"accuracy": 0.9, "loss": 0.25}
    assert run.versions == ("digits@1.0.0",)
    assert any_reg.register(classifier, "other").run == ""


def test_without_a_step_points_follow_each_other(reg):
    run = reg.start_run("train")
    run.log_metric("loss", 1)
    run.log_metric("loss", 2, step=10)
    run.log_metric("loss", 3)
    assert run.series("loss").x.tolist() == [0, 10, 11]
    run.finish()
    again = reg.resume_run(run.id)
    again.log_metric("loss", 4)
    assert again.series("loss").x.tolist() == [0, 10, 11, 12]
    again.finish()


def test_an_ended_run_takes_nothing_until_it_is_resumed(reg):
    run = reg.start_run("train")
    run.finish()
    for handle in (run, reg.get_run(run.id)):
        for log in (
            lambda h: h.log_metric("loss", 1),
            lambda h: h.log_samples([Sample(figure="loss", x=1, y=1)]),
            lambda h: h.log_series("loss", [1], [1]),
            lambda h: h.log_params({"lr": 1}),
            lambda h: h.finish(),
        ):
            with pytest.raises(RunEnded, match="resume_run"):
                log(handle)
    assert reg.get_run(run.id).summaries == ()


def test_a_run_that_another_process_ended_says_so_at_the_next_reading(reg):
    run = reg.start_run("train")
    reg.end_run(run.id)
    run.log_metric("loss", 1)
    with pytest.raises(RunEnded):
        run.series("loss")


@pytest.mark.parametrize(
    ("name", "value", "step"), [("", 1, 1), ("loss", "x", 1), ("loss", 1, math.nan), ("loss", None, None), (3, 1, 1)]
)
def test_a_bad_point_is_refused_where_it_is_logged(reg, name, value, step):
    run = reg.start_run("train")
    with pytest.raises(BadMetric):
        run.log_metric(name, value, step)
    assert run.refresh().summaries == ()
    run.finish()


def test_samples_and_arrays_are_curves(any_reg):
    with any_reg.run("train") as run:
        run.log_samples(Sample(figure="pr", legend=line, x=x, y=x / 2) for line in ("a", "b") for x in range(3))
        run.log_series("loss", np.arange(1000), np.sin(np.arange(1000)), legend="train")
        run.log_series("loss", [], [])
    frame = run.curves().frame()
    assert list(frame.columns) == ["figure", "legend", "x", "y", "at"]
    assert frame.groupby(["figure", "legend"]).size().to_dict() == {
        ("loss", "train"): 1000,
        ("pr", "a"): 3,
        ("pr", "b"): 3,
    }
    assert [c.legend for c in run.curves("pr")] == ["a", "b"]
    thin = run.series("loss/train", points=100)
    assert (len(thin.frame()) <= 100, thin.count) == (True, 1000)
    assert thin.y.max() == np.sin(np.arange(1000)).max()
    assert "1000" in run.curves()._repr_html_()
    for points in (3, 100_001):
        with pytest.raises(BadField, match="points"):
            run.series("loss", points=points)


def test_numbers_of_a_version_without_a_run_are_logged_on_it(any_reg, classifier):
    any_reg.register(classifier, "digits")
    any_reg.register_dataset("golden", digest="sha256:1")
    samples = [Sample(figure="loss", x=x, y=x * 2) for x in range(5)]
    assert any_reg.log_samples("digits@1.0.0", samples) == 5
    assert any_reg.log_samples("digits@1.0.0", samples[:2], dataset="golden") == 2
    found = any_reg.series("digits@1.0.0")
    assert [(c.figure, c.legend, c.y.tolist()) for c in found] == [
        ("loss", "", [0, 2, 4, 6, 8]), ("loss", "@ golden@1", [0, 2]),
    ]  # fmt: skip
    with pytest.raises(NotFound):
        any_reg.log_samples("digits@2.0.0", samples)
    with pytest.raises(NotFound, match=r"Register it first.*--data PATH"):
        any_reg.log_samples("digits", samples, dataset="nothing")


def test_a_version_has_its_own_curves_and_those_of_its_run(reg, classifier):
    with reg.run("train") as run:
        run.log_metric("loss", 1)
        reg.register(classifier, "digits")
    reg.log_samples("digits", [Sample(figure="roc", x=0, y=0)])
    assert [c.figure for c in reg.series("digits")] == ["roc", "loss"]
    assert [c.figure for c in reg.series("digits", "loss")] == ["loss"]


def test_what_is_logged_is_stored_soon_without_being_asked_for(reg):
    run = reg.start_run("train")
    run.log_metric("loss", 1)
    until(lambda: stored(reg, run.id) == 1)
    run.finish()


def stored(reg, run):
    from sqlalchemy import text

    with reg.store.read() as c:
        return (
            c.execute(
                text("SELECT sum(count) FROM series JOIN runs ON runs.id = run_id WHERE key = :k"), {"k": run}
            ).scalar()
            or 0
        )


def test_threads_log_into_one_run(reg):
    with reg.run("train") as run:
        threads = [
            threading.Thread(target=lambda n=n: [run.log_metric(f"m{n}", i, step=i) for i in range(500)])
            for n in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    for n in range(4):
        assert run.series(f"m{n}").x.tolist() == list(range(500))


def test_many_points_are_stored_before_a_second_is_over(reg):
    run = reg.start_run("train")
    for i in range(25_000):
        run.log_metric("loss", i, step=i)
    assert stored(reg, run.id) >= 20_000
    assert run.series("loss").x.tolist() == list(range(25_000))
    run.finish()


def test_points_that_could_not_be_stored_wait_and_are_told():
    kept, away = [], [True]

    def write(batch):
        if away[0]:
            raise StoreUnavailable("The registry's database does not answer. Try again.")
        kept.extend(batch)

    buffer = Buffer("run", write)
    buffer.add({("loss", ""): (0.0, 1.0)})
    buffer.flush_later()
    with pytest.raises(StoreUnavailable):
        buffer.add({("accuracy", ""): (0.0, 1.0)})
    away[0] = False
    buffer.flush()
    assert kept == [("loss", ""), ("accuracy", "")]


PROGRAM = (
    "import sys, time\n"
    "from jupyter_modelmgmt.registry import connect\n"
    "run = connect(sys.argv[1]).start_run('train')\n"
    "for i in range(int(sys.argv[2])): run.log_metric('loss', i, step=i)\n"
    "print(run.id, flush=True)\n"
    "time.sleep(float(sys.argv[3]))\n"
)


def test_a_process_that_ends_in_order_loses_nothing(reg):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, reg.store.url, "7", "0"], capture_output=True, text=True, check=True
    )
    assert stored(reg, done.stdout.strip()) == 7


def test_a_killed_process_loses_at_most_its_last_second(reg):
    child = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, reg.store.url, "7", "60"], stdout=subprocess.PIPE, text=True
    )
    run = child.stdout.readline().strip()
    until(lambda: stored(reg, run) == 7)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert stored(reg, run) == 7
    assert reg.get_run(run).status == "running"


def test_a_run_shows_itself(reg):
    with reg.run("<b>train</b>") as run:
        run.log_metric("<i>", 0.25)
    html = run._repr_html_() + reg.runs()._repr_html_()
    assert "&lt;b&gt;train&lt;/b&gt;" in html
    assert "<b>" not in html
    assert "<i>" not in html

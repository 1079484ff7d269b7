"""Series in the store: what goes in comes out, in order, in few statements, whoever else writes."""

import math
from concurrent.futures import ProcessPoolExecutor

import numpy as np
import pytest
from sqlalchemy import func, select

from jupyter_modelmgmt.domain.errors import NotFound, RunEnded
from jupyter_modelmgmt.store import Store, curves, runs, schema, series
from jupyter_modelmgmt.store.points import packed, packed_arrays


@pytest.fixture
def run(store):
    return started(store)


def started(store):
    return runs.start(store, "train", params={}, tags="", source=None, actor="ada").id


def batch(count, *, figure="loss", start=0):
    return {(figure, ""): packed([(float(i), i / 7, float(i)) for i in range(start, start + count)])}


@pytest.mark.parametrize(
    "sizes", [[1] * 200, [63, 1, 1], [64], [65], [5000], [4096, 64], [4159, 4161], [1, 9000, 1, 70]]
)
def test_points_come_back_in_the_order_of_logging(store, run, sizes):
    start = 0
    for size in sizes:
        assert runs.log(store, run, batch(size, start=start)) == size
        start += size
    points = curves.of_run(store, run, "loss", None)[1]
    assert points.tolist() == [
        [float(i) for i in range(start)],
        [i / 7 for i in range(start)],
        [float(i) for i in range(start)],
    ]
    (summary,) = runs.get(store, run).summaries
    last = (start - 1) / 7
    assert (summary.count, summary.last_x, summary.last, summary.least, summary.greatest) == (
        start, start - 1.0, last, 0.0, last,
    )  # fmt: skip


def test_chunks_are_bounded(store, run):
    runs.log(store, run, batch(10_000))
    with store.read() as c:
        k = schema.series_chunks.c
        found = c.execute(select(k.position, func.length(k.data)).order_by(k.position)).all()
    assert [tuple(row) for row in found] == [(0, 4096 * 24), (4096, 4096 * 24), (8192, 1808 * 24)]


def test_the_least_and_greatest_are_those_of_all_batches(store, run):
    for values in ([3.0, math.nan], [math.nan], [-1.0, 9.0], [2.0]):
        runs.log(store, run, {("loss", ""): packed([(0.0, y, 0.0) for y in values])})
    (summary,) = runs.get(store, run).summaries
    assert (summary.count, summary.last, summary.least, summary.greatest) == (6, 2.0, -1.0, 9.0)
    assert np.isnan(curves.of_run(store, run, "loss", None)[1][1]).sum() == 2


def test_what_is_no_number_stays_in_the_series(store, run):
    values = [1.0, math.nan, math.inf, -math.inf]
    runs.log(store, run, {("loss", ""): packed([(float(i), y, 0.0) for i, y in enumerate(values)])})
    np.testing.assert_array_equal(curves.of_run(store, run, "loss", None)[1][1], values)
    found = runs.get(store, run)
    assert found.metrics == {}
    assert (found.summaries[0].last, found.summaries[0].greatest) == (None, 1.0)


def test_the_number_of_statements_does_not_depend_on_the_batch(store, counted):
    sent = {}
    for count in (1, 300):
        run = started(store)
        for turn in range(2):
            with counted() as statements:
                runs.log(store, run, {k: p for i in range(count) for k, p in batch(70, figure=f"m{i}").items()})
            sent[turn, count] = len(statements)
    assert sent[0, 1] == sent[0, 300]
    assert sent[1, 1] == sent[1, 300]


def test_a_series_is_found_by_figure_and_line(store, run):
    for figure, legend, y in (("loss", "", 1.0), ("loss", "val", 2.0), ("train/loss", "", 3.0), ("train", "acc", 4.0)):
        runs.log(store, run, {(figure, legend): packed([(0.0, y, 0.0)])})

    def value(key, legend=None):
        return curves.of_run(store, run, key, legend)[1][1][0]

    assert value("loss") == value("loss", "") == 1.0
    assert value("loss/val") == value("loss", "val") == 2.0
    assert value("train/loss") == 3.0
    assert value("train/acc") == 4.0
    with pytest.raises(NotFound, match="Name one: train/acc"):
        value("train")
    with pytest.raises(NotFound, match="There are 'loss', 'train', 'train/loss'"):
        value("nothing")
    with pytest.raises(NotFound, match="Nothing was logged"):
        curves.of_run(store, started(store), "loss", None)


def test_an_ended_run_takes_no_points(store, run):
    runs.end(store, run, "finished", actor="ada")
    with pytest.raises(RunEnded, match="resume_run"):
        runs.log(store, run, batch(1))
    runs.resume(store, run, actor="ada")
    assert runs.log(store, run, batch(1)) == 1


def log_many(url, run, worker):
    store = Store.open(url)
    for i in range(40):
        runs.log(
            store,
            run,
            {
                ("loss", ""): packed([(worker * 1000.0 + i, 0.0, 0.0)] * 5),
                (f"own{worker}", ""): packed([(0.0, i, 0.0)]),
            },
        )
    store.close()


def test_processes_that_log_into_one_run_lose_nothing(store, url, run):
    with ProcessPoolExecutor(4) as pool:
        list(pool.map(log_many, [url] * 4, [run] * 4, range(4)))
    x = curves.of_run(store, run, "loss", None)[1][0]
    assert len(x) == 4 * 40 * 5
    for worker in range(4):
        mine = x[x // 1000 == worker]
        assert mine.tolist() == sorted(mine.tolist())
        assert curves.of_run(store, run, f"own{worker}", None)[1][1].tolist() == list(range(40))


def test_on_postgresql_one_run_does_not_wait_for_another(postgresql):
    store = Store.open(postgresql.new_url())
    one, other = started(store), started(store)
    with store.append() as c:
        series.append(c, series.of_run(runs._going_on(c, one, lock=True).id), batch(1))
        assert runs.log(store, other, batch(1)) == 1
    store.close()
    postgresql.drop(store.url)


def test_series_go_with_their_run(store, run):
    runs.log(store, run, {("loss", ""): packed_arrays(np.arange(100), np.arange(100))})
    with store.write() as c:
        c.execute(schema.runs.delete())
        assert c.execute(select(func.count()).select_from(schema.series_chunks)).scalar() == 0

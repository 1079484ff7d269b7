"""The thread of a model: batches, failures in them, hanging calls."""

import asyncio
import threading
from time import monotonic

import numpy as np
import pytest

from jupyter_modelmgmt.domain.errors import BadTensor, ModelManagementError, Overloaded
from jupyter_modelmgmt.domain.failures import BadPrediction
from jupyter_modelmgmt.serving.batch import MAX_ROWS, ModelThread


class Model:
    """Doubles `x`, notes what it was called with, and waits for `gate` in its first call."""

    def __init__(self):
        self.calls = []
        self.called = threading.Event()
        self.gate = threading.Event()

    def __call__(self, inputs):
        self.calls.append(inputs["x"].shape)
        self.called.set()
        self.gate.wait(60)
        if (inputs["x"] < 0).any():
            raise BadTensor("x is negative")
        if np.isnan(inputs["x"]).any():
            raise ZeroDivisionError("no number")
        return {"y": inputs["x"] * 2}


def answers(model, requests, *, batchable=True, answer_s=60.0, queued_s=0.1):
    """Return the outcomes of requests; all but the first queue for `queued_s` while that is in the model."""

    async def ask():
        thread = ModelThread(model, batchable=batchable, answer_s=answer_s)
        tasks = [asyncio.create_task(thread.predict({"x": np.asarray(requests[0])}))]
        await asyncio.to_thread(model.called.wait, 60)
        tasks += [asyncio.create_task(thread.predict({"x": np.asarray(x)})) for x in requests[1:]]
        await asyncio.sleep(queued_s)
        model.gate.set()
        return await asyncio.gather(*tasks, return_exceptions=True)

    return asyncio.run(ask())


def test_what_waits_is_the_next_batch():
    model = Model()
    found = answers(model, [[1.0], [2.0], [3.0, 4.0], [5.0]])
    assert [answer["y"].tolist() for answer in found] == [[2.0], [4.0], [6.0, 8.0], [10.0]]
    assert model.calls == [(1,), (4,)]


def test_a_bad_input_fails_alone():
    model = Model()
    found = answers(model, [[0.0], [1.0], [-1.0], [2.0]])
    assert found[1]["y"].tolist() == [2.0]
    assert isinstance(found[2], BadTensor)
    assert found[3]["y"].tolist() == [4.0]


def test_what_a_model_raises_is_told_with_its_class():
    (found,) = answers(Model(), [[float("nan")]])
    assert isinstance(found, ModelManagementError)
    assert "ZeroDivisionError: no number" in str(found)


@pytest.mark.parametrize("other", [[[1.0, 2.0]], [1]], ids=["another shape", "another datatype"])
def test_what_does_not_fit_together_is_not_joined(other):
    model = Model()
    found = answers(model, [[0.0], [1.0], other, [2.0]])
    assert model.calls == [(1,), (1,), np.shape(other), (1,)]
    assert not any(isinstance(answer, Exception) for answer in found)


def test_a_batch_has_a_limit():
    model = Model()
    answers(model, [[0.0], *([[1.0] * 100] * 4)])
    assert model.calls == [(1,), (200,), (200,)]
    assert MAX_ROWS < 300


def test_a_request_of_more_rows_than_the_model_may_get_goes_in_parts():
    model = Model()
    model.gate.set()

    async def ask():
        thread = ModelThread(model, batchable=True, answer_s=60, max_rows=3)
        return [await thread.predict({"x": np.arange(float(rows))}) for rows in (3, 7)]

    assert [answer["y"].tolist() for answer in asyncio.run(ask())] == [[0, 2, 4], [0, 2, 4, 6, 8, 10, 12]]
    assert model.calls == [(3,), (3,), (3,), (1,)]


def test_a_model_that_is_not_batchable_gets_one_request_at_a_time():
    model = Model()
    answers(model, [[0.0], [1.0], [2.0]], batchable=False)
    assert model.calls == [(1,)] * 3


def test_outputs_of_another_length_are_never_given_to_the_wrong_request():
    class Total(Model):
        def __call__(self, inputs):
            return {"y": super().__call__(inputs)["y"].sum(keepdims=True)}

    model = Total()
    found = answers(model, [[1.0], [2.0], [3.0]])
    assert [answer["y"].tolist() for answer in found] == [[2.0], [4.0], [6.0]]
    assert model.calls == [(1,), (2,), (1,), (1,)]


def test_what_waited_for_too_long_is_not_run():
    model = Model()
    found = answers(model, [[0.0], [1.0]], answer_s=1.0, queued_s=1.1)
    assert found[0]["y"].tolist() == [0.0]
    assert isinstance(found[1], Overloaded)
    assert model.calls == [(1,)]


def looked_at(items, batch_size=4):
    """Return the outcomes of items, and the batches in which they went through the model."""
    batches, gate, called = [], threading.Event(), threading.Event()

    def predict(batch):
        batches.append(list(batch))
        called.set()
        gate.wait(60)
        if "bad" in batch:
            raise ZeroDivisionError("a bad item")
        return [item.upper() for item in batch]

    async def ask():
        thread = ModelThread(Model(), batchable=False, answer_s=60, items=predict, batch_size=batch_size)
        tasks = [asyncio.create_task(thread.predict_item(items[0]))]
        await asyncio.to_thread(called.wait, 60)
        tasks += [asyncio.create_task(thread.predict_item(item)) for item in items[1:]]
        await asyncio.sleep(0.1)
        gate.set()
        return await asyncio.gather(*tasks, return_exceptions=True)

    return asyncio.run(ask()), batches


def test_items_that_wait_are_batches_of_the_adapters_size():
    found, batches = looked_at(list("abcdefg"))
    assert found == list("ABCDEFG")
    assert batches == [["a"], ["b", "c", "d", "e"], ["f", "g"]]
    assert looked_at(list("abcd"), batch_size=2)[1] == [["a"], ["b", "c"], ["d"]]


def test_a_bad_item_of_a_batch_fails_alone():
    found, batches = looked_at(["a", "b", "bad", "d"])
    assert found[:2] == ["A", "B"]
    assert found[3] == "D"
    assert isinstance(found[2], BadPrediction)
    assert "ZeroDivisionError: a bad item" in str(found[2])
    assert batches == [["a"], ["b", "bad", "d"], ["b"], ["bad"], ["d"]]


def test_the_age_of_a_running_call_is_known():
    async def ask():
        thread = ModelThread(Model(), batchable=True, answer_s=5)
        assert thread.busy_s == 0
        called, gate, begun = threading.Event(), threading.Event(), monotonic()
        task = asyncio.create_task(thread.prepare(lambda: called.set() or gate.wait(60)))
        await asyncio.to_thread(called.wait, 60)
        await asyncio.sleep(0.2)
        busy_s, most_s = thread.busy_s, monotonic() - begun
        gate.set()
        await task
        return busy_s, most_s, thread.busy_s

    busy_s, most_s, after_s = asyncio.run(ask())
    assert 0.1 < busy_s <= most_s
    assert after_s == 0

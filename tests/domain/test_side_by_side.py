"""Whether answers to the same input agree, and where they differ: `differences.spec.ts` asks the same of the browser."""

import json
import math
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_modelmgmt.domain.predictions import Prediction
from jupyter_modelmgmt.domain.side_by_side import Answer, agree, differences, in_short

CASES = json.loads(Path(__file__).with_name("side_by_side.json").read_text("utf-8"))


def said(**fields):
    return msgspec.convert({"task": "other", "version": "1.0.0", "latency_ms": 1.0, **fields}, Prediction)


def answers(*predictions):
    return [Answer(name=str(place), where="version", prediction=one) for place, one in enumerate(predictions)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_rule_by_its_cases(case):
    given = answers(*(None if fields is None else said(**fields) for fields in case["answers"]))
    assert agree(given) is case["agree"]
    assert [one.prediction and in_short(one.prediction) for one in given] == case["short"]
    found = [{"name": d.name, "values": [*d.values], "spread": d.spread} for d in differences(given)]
    assert found == case["differences"]


def test_cases_have_names_of_their_own():
    names = [case["name"] for case in CASES]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize(
    ("number", "word"),
    [(math.nan, "null"), (math.inf, "Infinity"), (-(10**400), "-Infinity")],
    ids=["nan", "infinite", "huge"],
)
def test_numbers_that_json_or_browsers_lack_are_the_same_as_themselves(number, word):
    both = answers(*(said(outputs={"a": number, "b": 1.0}) for _ in range(2)))
    assert agree(both)
    assert differences(both) == ()
    (found,) = differences(answers(said(outputs={"a": number}), said(outputs={"a": 1.0})))
    assert (found.values, found.spread) == ((word, 1.0), None)


numbers = st.floats() | st.integers() | st.sampled_from([0.5, 0.5000001, 0.50001, 1, 1.0, 1.000001])
leaves = st.none() | st.booleans() | numbers | st.text(max_size=3) | st.sampled_from(["3", "true", "null", 3, True])
names = st.sampled_from(["a", "b", "", "🙂"])
scores = st.floats(0, 1) | st.sampled_from([0.5, 0.500001, 0.500004, 0.50001])
labelled = st.lists(st.fixed_dictionaries({"label": names, "score": scores}), max_size=3)
shares = st.dictionaries(names, scores, max_size=3)
finite = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([0.5, 0.5000001, 1.0])


def jsons(names):
    return st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3))


plain = st.one_of(
    st.builds(lambda value: said(value=value), finite),
    st.builds(lambda text: said(text=text), st.text(max_size=3)),
    st.builds(lambda vector: said(vector=vector), st.lists(finite, max_size=3)),
    st.builds(lambda outputs: said(outputs=outputs), jsons(names)),
)
predictions = st.one_of(
    plain,
    st.builds(lambda outputs: said(outputs=outputs), jsons(names | st.just("label"))),
    st.builds(lambda found: said(classes=found), labelled),
    st.builds(lambda found: said(boxes=[{**one, "box": [0, 0, 1, 1]} for one in found]), labelled),
    st.builds(lambda share: said(mask={"labels": [*share], "png": "", "share": share}), shares),
)


@given(predictions)
def test_an_answer_agrees_with_itself(one):
    assert agree(answers(one, one))
    assert differences(answers(one, one)) == ()
    assert in_short(one) == in_short(one)


@given(st.lists(predictions, min_size=2, max_size=3))
def test_it_is_no_matter_who_is_asked_first(several):
    forth, back = answers(*several), answers(*several[::-1])
    assert agree(forth) is agree(back)
    assert bool(differences(forth)) is bool(differences(back))


@given(st.lists(predictions, min_size=2, max_size=3))
def test_those_who_differ_in_nothing_agree(several):
    if not differences(answers(*several)):
        assert agree(answers(*several))


@given(st.lists(plain, min_size=2, max_size=3))
def test_answers_without_labels_agree_just_where_they_differ_in_nothing(several):
    assert agree(answers(*several)) is not bool(differences(answers(*several)))

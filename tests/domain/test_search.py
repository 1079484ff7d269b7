from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jupyter_modelmgmt.domain.errors import BadSearch
from jupyter_modelmgmt.domain.search import And, Comparison, Field, Not, Or, parse, parse_sort
from jupyter_modelmgmt.domain.terms import CHOICES, EQUAL, FIELDS, LIKE, OPERATORS, ORDER, Kind

ACCURACY = Field("accuracy", "metrics")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("metrics.accuracy > 0.9", Comparison(ACCURACY, ">", 0.9)),
        ("metrics.accuracy>.9", Comparison(ACCURACY, ">", 0.9)),
        ("metric.accuracy == -1e-3", Comparison(ACCURACY, "=", -0.001)),
        ("tag = 'vision'", Comparison(Field("tag"), "=", "vision")),
        ("tag = vision", Comparison(Field("tag"), "=", "vision")),
        ('author = "O\'Hara"', Comparison(Field("author"), "=", "O'Hara")),
        ("author = 'O''Hara'", Comparison(Field("author"), "=", "O'Hara")),
        ("metrics.`val ``loss` < 1", Comparison(Field("val `loss", "metrics"), "<", 1)),
        ('metrics."val loss" < 1', Comparison(Field("val loss", "metrics"), "<", 1)),
        ("metrics.größe/µ < 1", Comparison(Field("größe/µ", "metrics"), "<", 1)),
        ("params.optimizer.lr = 0.1", Comparison(Field("optimizer.lr", "params"), "=", 0.1)),
        ("params.epochs = '10'", Comparison(Field("epochs", "params"), "=", "10")),
        ("params.bias = true", Comparison(Field("bias", "params"), "=", True)),
        ("params.bias != NONE", Comparison(Field("bias", "params"), "!=", None)),
        ("evaluations.golden.val.loss < 1", Comparison(Field("val.loss", "evaluations", "golden"), "<", 1)),
        ("evaluations.`a.b`.loss < 1", Comparison(Field("loss", "evaluations", "a.b"), "<", 1)),
        ("tags.team = 'x'", Comparison(Field("team", "properties"), "=", "x")),
        ("attribute.name LIKE 'd%'", Comparison(Field("model"), "like", "d%")),
        ("version >= v1.2.0", Comparison(Field("version"), ">=", "1.2.0")),
        ("version = ^1.2", Comparison(Field("version"), "=", "^1.2")),
        ("created_at > 2026-11-21", Comparison(Field("created_at"), ">", date(2026, 11, 21))),
        (
            "created_at > '2026-11-21T12:00:00+02:00'",
            Comparison(Field("created_at"), ">", datetime(2026, 11, 21, 10, tzinfo=UTC)),
        ),
        ("stage IN (staging, 'production')", Comparison(Field("stage"), "in", ("staging", "production"))),
        ("public = FALSE", Comparison(Field("public"), "=", False)),
    ],
)
def test_terms_are_read(text, tree):
    assert parse(text) == tree


def test_and_binds_closer_than_or_and_not_closest():
    a, b, c = (Comparison(Field("tag"), "=", word) for word in "abc")
    assert parse("tag=a or tag=b AND NOT tag=c") == Or((a, And((b, Not(c)))))
    assert parse("(tag=a or tag=b) and tag=c") == And((Or((a, b)), c))
    assert parse("not(tag=a)") == Not(a)


@pytest.mark.parametrize("text", ["", "  \n "])
def test_an_empty_search_asks_for_nothing(text):
    assert parse(text) is None


@pytest.mark.parametrize(
    ("text", "position", "line"),
    [
        ("metrics.accuracy > ", 19, "Expected a value after '>' at character 19: metrics.accuracy > <here>"),
        ("tag = 'a' tag = 'b'", 10, "Expected 'and', 'or' or the end"),
        ("accuracy > 1", 0, "'accuracy' is no field. There are model, version"),
        ("tag = a and and", 12, "Expected a field"),
        ("(tag = a", 8, r"Expected '\)'"),
        ("tag = 'a", 6, "The ' is never closed"),
        ("tag > 'a'", 4, "tag takes = != in like ilike, not '>'"),
        ("tag 'a'", 4, "Expected one of = != in like ilike after tag"),
        ("metrics.x > high", 12, "metrics.x is compared with a number"),
        ("metrics.x > '1'", 12, "metrics.x is compared with a number"),
        ("metrics.x > 1e999", 12, "metrics.x is compared with a number"),
        ("metrics.x > true", 12, "metrics.x is compared with a number"),
        ("metrics. > 1", 8, "Expected a name after 'metrics.'"),
        ("metrics.`` > 1", 10, "Expected a name after 'metrics.'"),
        ("evaluations.x > 1", 13, "Expected evaluations.DATASET.METRIC"),
        ("status = deploid", 9, "'deploid' is not a status. Use one of draft"),
        ("task = vision", 7, "'vision' is not a task. Use one of classification"),
        ("version > 1.2", 10, "'1.2' is not a semantic version"),
        ("version > ^1.2", 10, "not a semantic version"),
        ("version = ^x", 10, "is not a range"),
        ("created_at > yesterday", 13, "created_at is compared with a date"),
        ("created_at > 0001-01-01T00:00:00+09:00", 13, "created_at is compared with a date"),
        ("public = 1", 9, "public is true or false"),
        ("description = none", 14, "none goes with = and !="),
        ("metrics.x > none", 12, "none goes with = and !="),
        ("params.x < true", 11, "says nothing"),
        ("stage in staging", 9, r"Expected '\(' after 'in'"),
        ("stage in ()", 10, "Expected a value after 'in'"),
        ("stage in (a b)", 12, r"Expected ',' or '\)'"),
        ("tag = 'a\x00'", 8, "A character that is no text"),
        ("tag = '\ud800'", 7, "A character that is no text"),
        ("not " * 1000 + "x", None, "A search has at most 4000 characters"),
        ("not " * 900 + "tag=a", None, "More than 30 levels"),
        ("(" * 900, 31, "More than 30 levels"),
        (" or ".join(["tag=a"] * 101), None, "More than 100 terms"),
        (f"tag in ({','.join('a' * 101)})", None, "More than 100 values"),
    ],
)
def test_errors_point_at_the_character_in_one_line(text, position, line):
    with pytest.raises(BadSearch, match=line) as raised:
        parse(text)
    assert "\n" not in str(raised.value)
    if position is not None:
        assert raised.value.position == position


def test_a_sort_is_a_field_and_a_direction():
    assert parse_sort("-metrics.`val loss`") == (Field("val loss", "metrics"), True)
    assert parse_sort("created_at") == (Field("created_at"), False)
    with pytest.raises(BadSearch, match="Expected one field"):
        parse_sort("created_at desc")


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1, max_size=8)
NUMBERS = st.one_of(st.integers(-(2**53) + 1, 2**53 - 1), st.floats(allow_nan=False, allow_infinity=False))
FIRST, LAST = datetime(1970, 1, 1), datetime(9998, 12, 31)  # noqa: DTZ001 - hypothesis wants no zone
TIMES = st.one_of(
    st.dates(FIRST.date(), LAST.date()),
    # Texts do not say which of two equal hours is meant, and UTC has no such hours.
    st.datetimes(FIRST, LAST, timezones=st.just(UTC)).map(lambda time: time.replace(fold=0)),
)
NUMERALS = st.integers(0, 99).map(str)
VALUES = {
    Kind.TEXT: TEXTS,
    Kind.WORDS: TEXTS,
    Kind.NUMBER: NUMBERS,
    Kind.TIME: TIMES,
    Kind.TRUTH: st.booleans(),
    Kind.VERSION: st.sampled_from(["1.2.0", "0.0.1-rc.1+build"]),
    Kind.STATUS: st.sampled_from(CHOICES[Kind.STATUS]),
    Kind.TASK: st.sampled_from(CHOICES[Kind.TASK]),
    Kind.SCALAR: st.one_of(TEXTS, NUMERALS, NUMBERS),
}


@st.composite
def fields(draw):
    group = draw(st.sampled_from(["", "metrics", "params", "properties", "evaluations"]))
    if not group:
        return Field(draw(st.sampled_from(list(FIELDS))))
    return Field(draw(NAMES), group, draw(NAMES) if group == "evaluations" else "")


@st.composite
def comparisons(draw):
    field = draw(fields())
    operator = draw(st.sampled_from(OPERATORS[field.kind]))
    if operator in LIKE:
        return Comparison(field, operator, draw(TEXTS))
    values = VALUES[field.kind]
    if operator == "in":
        return Comparison(field, operator, tuple(draw(st.lists(values, min_size=1, max_size=3))))
    if operator in EQUAL and (field.group or field.kind is Kind.WORDS):
        values = values | st.none()
    if field.kind is Kind.SCALAR and operator not in ORDER:
        values = values | st.booleans()
    return Comparison(field, operator, draw(values))


TREES = st.recursive(
    comparisons(),
    lambda part: st.one_of(
        part.map(Not),
        st.lists(part, min_size=2, max_size=4).map(lambda parts: And(tuple(parts))),
        st.lists(part, min_size=2, max_size=4).map(lambda parts: Or(tuple(parts))),
    ),
    max_leaves=12,
)


@given(TREES)
def test_what_is_printed_reads_as_the_same_tree(tree):
    assert repr(parse(str(tree))) == repr(tree)


@given(st.text(max_size=80) | st.lists(st.sampled_from(
    ["and", "or", "not", "(", ")", "tag", "metrics.x", "metrics.", "=", "<", "in", "like", "'a'", "1", ",", "`", '"', "none"]
), max_size=12).map(" ".join))  # fmt: skip
def test_any_text_is_read_or_refused_at_a_place_inside_it(text):
    try:
        place = 0 if parse(text) else len(text)
    except BadSearch as error:
        place = error.position
    assert 0 <= place <= len(text)

"""Searches on both databases, held against the same rules in plain Python."""

import dataclasses
import random
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, insert, select, update

from jupyter_modelmgmt.domain.errors import BadField, BadSearch, NotFound, SearchTooSlow
from jupyter_modelmgmt.domain.records import Artifact, DeploymentState, NewVersion
from jupyter_modelmgmt.domain.search import And, Comparison, Field, Not, Or, parse
from jupyter_modelmgmt.domain.terms import EQUAL, FIELDS, OPERATORS, ORDER, Kind
from jupyter_modelmgmt.store import Store, schema, searching, versions
from tests.store.search_rules import in_order, meets

FILE = Artifact(path="model.bin", digest="blake3:" + "0" * 64, size=7)
BEGIN = datetime(2026, 11, 20, 22, tzinfo=UTC)
MODELS = ("digits", "Faces")
NAMES = ("a", "val loss", "ä.b", "O'x`")
WORDS = ("vision", "Vision", "a%b", "a_b", "10", "true", "ä", "", "x'y\"z", "[ab]*?", "back\\slash")
NUMERALS = (0, 1, 10, -2.5, 1e-3, 0.1)


class Catalogue(tuple):
    """A store and what it holds; hypothesis prints it for each example."""

    __slots__ = ()

    def __repr__(self):
        return "catalogue"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def catalogue(request, tmp_path_factory):
    """Give a store with versions of all kinds, and the same versions as records."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('registry') / 'registry.db'}"
    else:
        url = request.getfixturevalue("postgresql").new_url()
    store = Store.open(url)
    fill(store, random.Random(7))
    records = list(every(store))
    yield Catalogue((store, records))
    store.close()


def fill(store, chance):
    for i in range(60):
        model = MODELS[i % 2]
        version = f"{chance.randrange(3)}.{i}.0" + chance.choice(["", "-rc.1", "+build"])
        new = NewVersion(
            model=model, version=version, artifacts=(FILE,), framework=chance.choice(["onnx", "Onnx", "other"]),
            description=chance.choice(WORDS), author=chance.choice(WORDS), public=chance.random() < 0.5,
            status=chance.choice(["draft", "archived"]), task=chance.choice(["detection", "other"]),
            tags=tuple(chance.sample([w for w in WORDS if w], chance.randrange(3))),
            metrics=some(chance, NUMERALS), params=some(chance, (*NUMERALS, *WORDS, True, False, None)),
            properties=some(chance, (*NUMERALS, *WORDS, True, None)),
        )  # fmt: skip
        versions.add(store, new, bump="minor", actor="ada")
    with store.write() as c:
        for i in range(1, 61):
            at = BEGIN + timedelta(hours=i // 4)
            c.execute(update(schema.versions).where(schema.versions.c.id == i).values(created_at=at, size=i % 5))
            for key, value in some(chance, NUMERALS).items():
                c.execute(insert(schema.scores).values(version_id=i, dataset="golden 1", key=key, value=value))
        for i in (3, 9, 10):
            deploy(c, i, f"service-{i}", DeploymentState.DEPLOYED if i > 3 else DeploymentState.FAILED)
        for i, alias in ((1, "champion"), (2, "champion"), (2, "ab")):
            model_id = 1 if i == 1 else 2
            c.execute(insert(schema.aliases).values(model_id=model_id, alias=alias, version_id=i))
        c.execute(update(schema.versions).where(schema.versions.c.id.in_([7, 8])).values(deleted_at=BEGIN))


def some(chance, values):
    return {name: chance.choice(values) for name in chance.sample(NAMES, chance.randrange(4))}


def deploy(c, version_id, name, state):
    c.execute(
        insert(schema.deployments).values(
            name=name,
            model_id=2 - version_id % 2,
            version_id=version_id,
            engine="local",
            running=True,
            state=state,
            message="",
            replicas=1,
            available=1,
            revision=1,
            created_at=BEGIN,
            updated_at=BEGIN,
            created_by="ada",
        )
    )
    (id_,) = c.execute(select(schema.deployments.c.id).where(schema.deployments.c.name == name)).one()
    main = {"deployment_id": id_, "version_id": version_id, "weight": 100, "shadow": False}
    c.execute(insert(schema.deployment_versions).values(main))


def every(store, limit=7, **asked):
    cursor = None
    while True:
        page = searching.page(store, limit=limit, cursor=cursor, **asked)
        assert len(page.items) <= limit
        yield from page.items
        if (cursor := page.next_cursor) is None:
            return


def found(catalogue, text, **asked):
    return [v.selector for v in every(catalogue[0], filter=text, **asked)]


FIELD = st.one_of(
    st.sampled_from([Field(name) for name in FIELDS]),
    st.builds(Field, st.sampled_from(NAMES), st.sampled_from(["metrics", "params", "properties"])),
    st.builds(Field, st.sampled_from(NAMES), st.just("evaluations"), st.sampled_from(["golden 1", "other"])),
)
WRITTEN = {
    Kind.TEXT: st.sampled_from([*WORDS, "onnx", "Onnx", "DIGITS", "development", "ada"]),
    Kind.WORDS: st.sampled_from([*WORDS, "champion", "service-9", "service-3"]),
    Kind.NUMBER: st.sampled_from([*NUMERALS, 3, 2**53 - 1, 1e300]),
    Kind.TIME: st.sampled_from([date(2026, 11, 20), date(2026, 11, 21), datetime(2026, 11, 21, 4, tzinfo=UTC)]),
    Kind.TRUTH: st.booleans(),
    Kind.VERSION: st.sampled_from(["1.0.0", "1.20.0", "^1", "^0.4", "2.9.0-rc.1"]),
    Kind.STATUS: st.sampled_from(["draft", "archived", "deployed"]),
    Kind.TASK: st.sampled_from(["detection", "other"]),
    Kind.SCALAR: st.sampled_from([*WORDS, *NUMERALS, "0.1", "-2.5"]),
}
PATTERNS = st.lists(st.sampled_from(["%", "_", "a", "A", "\\", "[", "*", "?", "1", ".", "i", "x"]), max_size=5).map(
    "".join
)


@st.composite
def terms(draw):
    field = draw(FIELD)
    operator = draw(st.sampled_from(OPERATORS[field.kind]))
    if operator in ("like", "ilike"):
        return Comparison(field, operator, draw(PATTERNS))
    written = WRITTEN[field.kind]
    if operator == "in":
        return Comparison(field, operator, tuple(draw(st.lists(written, min_size=1, max_size=3))))
    if operator in EQUAL and (field.group or field.kind is Kind.WORDS):
        written |= st.none()
    if field.kind is Kind.SCALAR and operator not in ORDER:
        written |= st.booleans()
    value = draw(written)
    if isinstance(value, str) and value.startswith("^") and operator in ORDER:
        value = "1.0.0"
    return Comparison(field, operator, value)


def combined(part):
    parts = st.lists(part, min_size=2, max_size=3).map(tuple)
    return st.one_of(part.map(Not), parts.map(And), parts.map(Or))


TREES = st.recursive(terms(), combined, max_leaves=5)
SORTABLE = [
    "sequence", "version", "model", "created_at", "size", "framework", "author",
    *(f"{group}.`{name.replace('`', '``')}`" for group in ("metrics", "params", "evaluations.`golden 1`") for name in NAMES),
]  # fmt: skip
SORTS = st.builds(str.__add__, st.sampled_from(["", "-"]), st.sampled_from(SORTABLE))
EXACTLY = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@EXACTLY
@given(
    tree=TREES,
    sort=SORTS,
    limit=st.sampled_from([3, 20, 100]),
    model=st.sampled_from(["", "digits"]),
    few=st.booleans(),
)
def test_pages_hold_what_the_rules_say_once_and_in_order(catalogue, tree, sort, limit, model, few):
    store, records = catalogue
    assert parse(str(tree)) == tree
    kept = [v for v in records if meets(v, tree) and model in ("", v.model)]
    with pytest.MonkeyPatch.context() as patch:
        if not few:
            patch.setattr(searching, "FEW", 0)  # small registries walk as large ones do
        listed = list(every(store, limit, filter=str(tree), sort=sort, model=model))
    assert [v.selector for v in listed] == [v.selector for v in in_order(kept, sort)]


@EXACTLY
@given(tree=TREES, version_id=st.integers(1, 60).filter(lambda i: i not in (7, 8)))
def test_one_version_matches_as_the_list_says(catalogue, tree, version_id):
    store, records = catalogue
    (record,) = [v for v in records if v.selector == selector_of(store, version_id)]
    with store.read() as c:
        assert searching.matches(c, version_id, str(tree)) == meets(record, tree)
        assert searching.matches(c, version_id, "")


def test_a_number_beyond_what_a_column_holds_is_in_no_list(catalogue):
    assert found(catalogue, "sequence in (9007199254740991)") == []
    assert found(catalogue, "sequence in (1, 9007199254740991)") == found(catalogue, "sequence = 1") != []


def selector_of(store, version_id):
    return versions.get_by_id(store, version_id).selector


def test_the_catalogue_has_what_the_searches_ask_for(catalogue):
    assert len(catalogue[1]) == 58
    for text in ("status = deployed", "alias = champion", "deployment != none", "tag = '[ab]*?'", "params.a = none",
                 "evaluations.`golden 1`.a > 0", "version = ^1", "author like '%\\%%'", "created_at = 2026-11-21"):  # fmt: skip
        assert 0 < len(found(catalogue, text)) < 58, text


@pytest.mark.parametrize(
    "text",
    [
        "author = '''; DROP TABLE versions; --'",
        "metrics.`'; DROP TABLE versions; --` > 0",
        "params.\"x'); DROP TABLE versions; --\" = 'y'",
        "evaluations.`a' OR '1'='1`.`b' OR 1=1` > 0",
        "tag like '%'' OR 1=1 --'",
        "tag in ('a'' OR 1=1', 'b')",
    ],
)
def test_no_sql_gets_in(catalogue, text):
    assert found(catalogue, text) == []
    assert len(found(catalogue, "")) == 58


@pytest.mark.parametrize(
    "sort", ["", "id", "status", "-tag", "created_at desc", "metrics.", "name; DROP TABLE versions"]
)
def test_another_sort_is_refused(catalogue, sort):
    with pytest.raises(BadField, match="sort is one of sequence, version"):
        searching.page(catalogue[0], sort=sort)


@pytest.mark.parametrize("limit", [0, -1, 1001])
def test_a_limit_out_of_bounds_is_refused(catalogue, limit):
    with pytest.raises(BadField, match="limit is a number"):
        searching.page(catalogue[0], limit=limit)


@given(
    st.one_of(
        st.text(max_size=30),
        st.recursive(
            st.none()
            | st.booleans()
            | st.integers()
            | st.floats()
            | st.text(max_size=4)
            | st.just("2026-11-21T00:00:00"),
            lambda inner: st.lists(inner, max_size=3),
        ).map(lambda value: searching.pages.encoded(value if isinstance(value, list) else [value])),
    ),
    st.sampled_from(["sequence", "-created_at", "version", "size", "metrics.a", "params.a", "author"]),
)
@EXACTLY
def test_a_cursor_of_our_own_making_or_anybody_elses_breaks_nothing(catalogue, cursor, sort):
    try:
        page = searching.page(catalogue[0], cursor=cursor, sort=sort, limit=2)
    except BadField as error:
        assert "cursor" in str(error)  # noqa: PT017 - either is right
    else:
        assert len(page.items) <= 2


def test_a_missing_model_is_told(catalogue):
    with pytest.raises(NotFound, match="no model 'nobody'"):
        searching.page(catalogue[0], model="nobody")


def test_a_search_that_cannot_be_read_is_told_before_the_database_is_asked(catalogue):
    with pytest.raises(BadSearch, match="at character 4"):
        searching.page(catalogue[0], filter="tag ~ 3")


def test_a_slow_search_ends_with_advice(catalogue):
    store, _ = catalogue
    with (
        pytest.raises(SearchTooSlow, match="took more than 0.2 s.*Narrow it"),
        store.read() as c,
        searching.bounded(c, 0.2),
    ):
        c.exec_driver_sql(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
        ).all()
    assert len(found(catalogue, "")) == 58


def test_what_is_hydrated_takes_a_fixed_number_of_queries(catalogue):
    store, _ = catalogue
    counts = []
    for limit in (2, 50):
        asked = []

        def note(*args, asked=asked):
            asked.append(args[2])

        event.listen(store.engine, "before_cursor_execute", note)
        searching.page(store, filter="size > 0", sort="-metrics.a", limit=limit)
        event.remove(store.engine, "before_cursor_execute", note)
        counts.append(len(asked))
    assert counts[0] <= counts[1] <= 14
    assert dataclasses.is_dataclass(searching.page(store).items[0])

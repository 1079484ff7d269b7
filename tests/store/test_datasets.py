import pytest

from jupyter_modelmgmt.domain.errors import BadField, BadName, NotFound
from jupyter_modelmgmt.domain.tracking import NewDataset
from jupyter_modelmgmt.store import datasets, events


def register(store, name="golden", digest="sha256:1", **said):
    return datasets.register(store, NewDataset(name=name, digest=digest, **said), actor="ada")


def test_a_dataset_comes_back_as_it_was_registered(store):
    said = {"fields": {"x": "float64"}, "size": 2**40, "rows": 7, "source": "data.csv", "description": "what"}
    made = register(store, **said)
    assert {name: getattr(made, name) for name in said} == said
    assert (made.selector, made.created_by) == ("golden@1", "ada")
    assert datasets.get(store, "golden@1") == datasets.get(store, "Golden") == made


def test_another_digest_is_another_version_of_the_name(store):
    first, second, third = (
        register(store, digest=d, name=n) for d, n in (("1", "Golden"), ("2", "golden"), ("3", "GOLDEN"))
    )
    assert [d.selector for d in (first, second, third)] == ["Golden@1", "Golden@2", "Golden@3"]
    assert datasets.get(store, "golden") == datasets.get(store, "golden@latest") == third
    assert datasets.get(store, "golden@1") == first


def test_the_same_digest_is_the_same_dataset(store):
    first = register(store)
    register(store, digest="sha256:2")
    assert register(store, description="other words") == first
    assert [event.action for event in events.after(store, 0)] == ["dataset.registered"] * 2
    assert register(store, name="other").selector == "other@1"


def test_statistics_are_kept_with_a_dataset_and_left_out_of_lists(any_store):
    plain = register(any_store)
    assert plain.statistics == {}
    numbers = {"age": {"missing": 0, "mean": 1.5}}
    told = register(any_store, statistics=numbers)
    assert (told.selector, told.statistics, told.created_at) == (plain.selector, numbers, plain.created_at)
    assert datasets.get(any_store, "golden").statistics == numbers
    assert register(any_store, statistics={"age": {"mean": 9.0}}).statistics == numbers
    assert datasets.page(any_store).items[0].statistics == {}


@pytest.mark.parametrize(
    "statistics",
    [
        {"age": 3},
        {"age": {"mean": float("nan")}},
        {"age": {"mean": 10**400}},
        {"age": {3: 1}},
        [],
        {str(n): {} for n in range(1001)},
    ],
)
def test_statistics_that_are_no_numbers_by_column_are_refused(store, statistics):
    with pytest.raises(BadField, match="statistics"):
        register(store, statistics=statistics)
    assert datasets.page(store).items == ()


@pytest.mark.parametrize("selector", ["nothing", "golden@2", "nothing@1"])
def test_a_dataset_that_is_not_there_says_how_to_register_it(store, selector):
    register(store)
    with pytest.raises(NotFound, match=r"Register it first.*`%model dataset \w+ --data PATH`"):
        datasets.get(store, selector)


def test_datasets_obey_the_rules(store):
    with pytest.raises(BadName):
        register(store, name="../x")
    with pytest.raises(BadField):
        register(store, digest="a b")
    assert datasets.page(store).items == ()


def test_datasets_come_newest_first_in_pages(store):
    made = [register(store, name, str(i)) for i in range(2) for name in ("a", "b", "c")]
    first = datasets.page(store, limit=4)
    rest = datasets.page(store, limit=4, cursor=first.next_cursor)
    assert list(first.items + rest.items) == made[::-1]
    assert [d.selector for d in datasets.page(store, name="B").items] == ["b@2", "b@1"]

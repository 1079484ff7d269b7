"""Pages, reads and writes of one model as its versions become many."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from jupyter_modelmgmt.store import Store, aliases, changes, searching, versions
from tests.bench.measure import Figure, by_turns
from tests.bench.storing import NEW, filled

SIZES = (1_000, 10_000, 100_000)
NEW_OF_M = replace(NEW, model="m")
Action = Callable[[Store], object]


def figures(folder: Path) -> Iterator[Figure]:
    stores = {count: filled(folder / str(count), count) for count in SIZES}
    small, large = stores[SIZES[0]], stores[SIZES[-1]]
    middle = {store: cursor_in_the_middle(store, count) for count, store in stores.items()}
    yield against(small, large, SIZES[-1], "first page of 50", first_page, at_most=1.5)
    yield against(
        small, large, SIZES[-1], "page of 50 in the middle",
        lambda store: searching.page(store, model="m", limit=50, cursor=middle[store]), at_most=1.5,
    )  # fmt: skip
    for (what, action), count in itertools.product(operations(), SIZES[1:]):
        yield against(small, stores[count], count, what, action, at_most=1.2)
    for store in stores.values():
        store.close()


def operations() -> Iterator[tuple[str, Action]]:
    """Give what must cost the same at any size."""
    numbers = itertools.count()
    yield "create a version", lambda store: versions.add(store, NEW_OF_M, bump="minor", actor="bench")
    yield "read a version", lambda store: versions.get(store, "m@^1")
    yield "tag a version", lambda store: changes.edit(store, "m@1.7.0", {"tags": [f"t{next(numbers)}"]}, actor="bench")
    yield (
        "let an alias point",
        lambda store: aliases.put(store, f"m@1.{next(numbers) % 9 + 2}.0", "champion", actor="bench"),
    )


def against(small: Store, large: Store, count: int, what: str, action: Action, *, at_most: float) -> Figure:
    """Hold an operation among many versions against the same one among few."""
    ours, theirs = by_turns(lambda: action(large), lambda: action(small), times=200)
    return Figure(
        what=f"{what}, {count:,} versions", ours=ours, against=f"{SIZES[0]:,} versions", theirs=theirs, at_most=at_most
    )


def first_page(store: Store) -> object:
    return searching.page(store, model="m", limit=50)


def cursor_in_the_middle(store: Store, count: int) -> str | None:
    """Return the cursor of the page that begins in the middle, as a walk there would find it."""
    page = searching.page(store, model="m", limit=1000)
    for _ in range(count // 2000):
        page = searching.page(store, model="m", limit=1000, cursor=page.next_cursor) if page.next_cursor else page
    return page.next_cursor

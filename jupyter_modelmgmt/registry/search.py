"""Verbs that list and search."""

from collections.abc import Iterator
from contextlib import contextmanager

from jupyter_modelmgmt.domain import fields
from jupyter_modelmgmt.domain.errors import BadField, BadSearch
from jupyter_modelmgmt.domain.records import Model, Page, VersionSummary
from jupyter_modelmgmt.domain.terms import FIELDS
from jupyter_modelmgmt.registry.handles import Listing
from jupyter_modelmgmt.registry.opened import Opened
from jupyter_modelmgmt.store import Store, meant, searching

_WALKED = 1000


class Search(Opened):
    """Versions and models, whole and in pages. `filter` is a search, see README, "Search"."""

    def search(
        self,
        filter: str = "",  # noqa: A002 - the word that people write
        *,
        model: str = "",
        sort: str = "-created_at",
        limit: int | None = None,
    ) -> Listing[VersionSummary]:
        """Return the versions that match, of `model` or of all, the newest first; at most `limit`.

        `reg.search("metrics.accuracy > 0.9 and tag = 'vision'", sort="-metrics.accuracy")`. `sort`
        is a field, `-` before it for descending; versions that lack it come last.
        Raises BadSearch, which points at the character, and SearchTooSlow.
        """
        if limit is not None:
            return Listing(self.search_page(filter, model=model, sort=sort, limit=limit).items, _nothing(filter, model))
        return Listing.of_pages(
            lambda cursor: self.search_page(filter, model=model, sort=sort, limit=_WALKED, cursor=cursor),
            _nothing(filter, model),
        )

    def search_page(
        self,
        filter: str = "",  # noqa: A002 - the word that people write
        *,
        model: str = "",
        sort: str = "-created_at",
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[VersionSummary]:
        """Return one page of the versions that match."""
        with _suggesting(self.store, sort):
            return searching.page(self.store, filter=filter, model=model, sort=sort, limit=limit, cursor=cursor)

    def versions(
        self,
        model: str,
        *,
        filter: str = "",  # noqa: A002 - the word that people write
        sort: str = "-sequence",
    ) -> Listing[VersionSummary]:
        """Return all versions of a model, or those that match, the last registered first."""
        return Listing.of_pages(
            lambda cursor: self.versions_page(model, filter=filter, sort=sort, limit=_WALKED, cursor=cursor),
            _nothing(filter, model),
        )

    def versions_page(
        self,
        model: str,
        *,
        filter: str = "",  # noqa: A002 - the word that people write
        sort: str = "-sequence",
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[VersionSummary]:
        """Return one page of a model's versions. Raises NotFound for the model."""
        fields.checked_name(model)
        with _suggesting(self.store, sort):
            return searching.page(self.store, filter=filter, model=model, sort=sort, limit=limit, cursor=cursor)

    def models(
        self,
        search: str = "",
        *,
        filter: str = "",  # noqa: A002 - the word that people write
        sort: str = "name",
    ) -> Listing[Model]:
        """Return models whose name or description contains `search`, of which a version matches `filter`."""
        return Listing.of_pages(
            lambda cursor: self.models_page(search, filter=filter, sort=sort, limit=_WALKED, cursor=cursor),
            _no_models(search, filter),
        )

    def models_page(
        self,
        search: str = "",
        *,
        filter: str = "",  # noqa: A002 - the word that people write
        sort: str = "name",
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[Model]:
        """Return one page of models. A model without versions matches by its own name, text and dates."""
        with _suggesting(self.store, sort):
            return searching.models_page(self.store, search, filter=filter, sort=sort, limit=limit, cursor=cursor)


@contextmanager
def _suggesting(store: Store, sort: str) -> Iterator[None]:
    """Let who writes a metric as if it were a field be told how it is written."""
    try:
        yield
    except BadSearch as error:
        if not (said := _meant(store, error.word)):
            raise
        raise BadSearch(said, error.position, error.word) from error
    except BadField as error:
        word = sort.strip().removeprefix("-")
        if word in FIELDS or not (said := _meant(store, word)):
            raise
        raise BadField(said) from error


def _meant(store: Store, word: str) -> str:
    """Return the line about a word that is no field but the name of a value; "" where none is called so."""
    found = [f"{group}.{word}" for group in meant.groups(store, word)] if word.isprintable() else []
    return f"{word!r} is no field. Write {' or '.join(found)}." if found else ""


def _nothing(filter: str, model: str) -> str:  # noqa: A002 - the word that people write
    """Return what an empty list of versions says."""
    of = f" of {model}" if model else ""
    if filter:
        return f"No version{of} matches {filter}. Leave a term out, or see what there is with `%model list`."
    return f"No version{of} yet. Register one: `%model register VARIABLE {model or 'NAME'}`."


def _no_models(search: str, filter: str) -> str:  # noqa: A002 - as above
    """Return what an empty list of models says."""
    asked = [f"has {search!r} in its name or description"] if search else []
    asked += [f"a version that matches {filter}"] if filter else []
    if asked:
        return f"No model {' and '.join(asked)}. See all with `%model list`."
    return "No model yet. Register one: `%model register VARIABLE NAME`."

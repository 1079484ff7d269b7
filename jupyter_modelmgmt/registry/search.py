"""Verbs that list and search."""

from jupyter_modelmgmt.domain import fields
from jupyter_modelmgmt.domain.records import Model, Page, VersionSummary
from jupyter_modelmgmt.registry.handles import Listing
from jupyter_modelmgmt.registry.opened import Opened
from jupyter_modelmgmt.store import searching

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
            return Listing(self.search_page(filter, model=model, sort=sort, limit=limit).items)
        return Listing.of_pages(
            lambda cursor: self.search_page(filter, model=model, sort=sort, limit=_WALKED, cursor=cursor)
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
            lambda cursor: self.versions_page(model, filter=filter, sort=sort, limit=_WALKED, cursor=cursor)
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
            lambda cursor: self.models_page(search, filter=filter, sort=sort, limit=_WALKED, cursor=cursor)
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
        return searching.models_page(self.store, search, filter=filter, sort=sort, limit=limit, cursor=cursor)

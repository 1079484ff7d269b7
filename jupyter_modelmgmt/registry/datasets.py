"""Verbs on datasets."""

from collections.abc import Mapping
from pathlib import Path

from jupyter_modelmgmt.capture import datasets as data_files
from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.domain.records import Page
from jupyter_modelmgmt.domain.tracking import Dataset, NewDataset
from jupyter_modelmgmt.registry.handles import Listing
from jupyter_modelmgmt.registry.opened import Opened
from jupyter_modelmgmt.store import datasets

_WALKED = 500


class Datasets(Opened):
    """Everything about datasets. Their bytes stay where they are."""

    def register_dataset(
        self,
        name: str,
        *,
        digest: str | None = None,
        data: object = None,
        fields: Mapping[str, str] | None = None,
        size: int | None = None,
        rows: int | None = None,
        source: str = "",
        description: str = "",
    ) -> Dataset:
        """Name a set of data by its digest, or by that of `data`, and return its record.

        `data` is a DataFrame, an array, or the path of a file or folder. Another digest makes the next
        version: `name@2`. The same one gives the record that is there. `fields` has the type of each
        column, `size` bytes. Raises BadName, BadField, BadFile.
        """
        if (digest is None) == (data is None):
            raise BadField("Give digest='...' of the data, or data=a DataFrame, an array or a path; one of the two.")
        found = data_files.Fingerprint(digest=digest or "", size=0)
        if data is not None:
            found = data_files.fingerprint(data)
            source = source or (str(data) if isinstance(data, str | Path) else "")
        new = NewDataset(
            name=name, digest=found.digest, fields=fields or found.fields, size=found.size if size is None else size,
            rows=found.rows if rows is None else rows, source=source, description=description,
        )  # fmt: skip
        return datasets.register(self.store, new, actor=self.actor)

    def dataset(self, selector: str) -> Dataset:
        """Return `name@3`, or the newest of `name`. Raises BadSelector, NotFound."""
        return datasets.get(self.store, selector)

    def datasets(self, name: str = "") -> Listing[Dataset]:
        """Return all datasets, or all versions of one, the newest first."""
        return Listing.of_pages(lambda cursor: self.datasets_page(name, limit=_WALKED, cursor=cursor))

    def datasets_page(self, name: str = "", *, limit: int = 50, cursor: str | None = None) -> Page[Dataset]:
        """Return one page of datasets."""
        return datasets.page(self.store, name=name, limit=limit, cursor=cursor)

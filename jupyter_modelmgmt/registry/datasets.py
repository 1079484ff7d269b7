"""Verbs on datasets."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_modelmgmt.capture import datasets as data_files
from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.domain.records import Page
from jupyter_modelmgmt.domain.tracking import Dataset, NewDataset, Statistics
from jupyter_modelmgmt.registry import display
from jupyter_modelmgmt.registry.handles import Listing
from jupyter_modelmgmt.registry.opened import Opened
from jupyter_modelmgmt.store import datasets

if TYPE_CHECKING:
    import pandas as pd

_WALKED = 500


class ReadDataset(Dataset):
    """A dataset that shows its columns; `.frame()` is a pandas DataFrame of them."""

    __slots__ = ()

    @classmethod
    def of(cls, record: Dataset) -> "ReadDataset":
        return cls(**{field.name: getattr(record, field.name) for field in dataclasses.fields(record)})

    def frame(self) -> "pd.DataFrame":
        """Return one row per column: its type, and what is known of its values."""
        import pandas as pd  # noqa: PLC0415 - a second to import, and many never ask

        return pd.DataFrame(self._columns())

    def _columns(self) -> list[dict[str, Any]]:
        names = dict.fromkeys([*self.fields, *self.statistics])
        return [{"column": n, "type": self.fields.get(n, ""), **self.statistics.get(n, {})} for n in names]

    def _repr_html_(self) -> str:
        return display.html([self]) + (display.html_of(self._columns()) if self.fields or self.statistics else "")


class Datasets(Opened):
    """Everything about datasets. Their bytes stay where they are."""

    def register_dataset(  # noqa: PLR0913 - keywords that people say
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
        statistics: Statistics | None = None,
    ) -> ReadDataset:
        """Name a set of data by its digest, or by that of `data`, and return its record.

        `data` is a DataFrame, an array, a pair of rows and their answers, or the path of a file or folder.
        Another digest makes the next version: `name@2`. The same one gives the record that is there.
        `fields` has the type of each column, `size` bytes, `statistics` numbers by column; they are found
        out for data in memory. Raises BadName, BadField, BadFile.
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
            statistics=statistics or found.statistics,
        )  # fmt: skip
        return ReadDataset.of(datasets.register(self.store, new, actor=self.actor))

    def dataset(self, selector: str) -> ReadDataset:
        """Return `name@3`, or the newest of `name`. Raises BadSelector, NotFound."""
        return ReadDataset.of(datasets.get(self.store, selector))

    def datasets(self, name: str = "") -> Listing[ReadDataset]:
        """Return all datasets, or all versions of one, the newest first."""
        return Listing.of_pages(lambda cursor: self._read_page(name, cursor))

    def datasets_page(self, name: str = "", *, limit: int = 50, cursor: str | None = None) -> Page[Dataset]:
        """Return one page of datasets."""
        return datasets.page(self.store, name=name, limit=limit, cursor=cursor)

    def _read_page(self, name: str, cursor: str | None) -> Page[ReadDataset]:
        page = self.datasets_page(name, limit=_WALKED, cursor=cursor)
        return Page(items=tuple(map(ReadDataset.of, page.items)), next_cursor=page.next_cursor)

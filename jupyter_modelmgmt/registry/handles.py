"""What the verbs give back: the records, with the verbs that make sense on them."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from jupyter_modelmgmt import flavors
from jupyter_modelmgmt.capture import environment
from jupyter_modelmgmt.domain import compare
from jupyter_modelmgmt.domain.errors import NotLoadable
from jupyter_modelmgmt.domain.evidence import Safety
from jupyter_modelmgmt.domain.files import given_out
from jupyter_modelmgmt.domain.predictions import Prediction
from jupyter_modelmgmt.domain.records import Deployment, ModelVersion, Page
from jupyter_modelmgmt.registry import display
from jupyter_modelmgmt.registry.progress import Progress, counted

if TYPE_CHECKING:
    import pandas as pd

    from jupyter_modelmgmt.registry.opened import Opened

T = TypeVar("T")


class Listing(tuple[T, ...]):
    """Records that show as a table; `.frame()` is a pandas DataFrame."""

    __slots__ = ()

    def __new__(cls, items: Iterable[T]) -> Listing[T]:
        return super().__new__(cls, tuple(items))

    @classmethod
    def of_pages(cls, page_after: Callable[[str | None], Page[T]]) -> Listing[T]:
        """Return all items of the pages that `page_after` gives for one cursor after the other."""
        page = page_after(None)
        items = [*page.items]
        while page.next_cursor:
            page = page_after(page.next_cursor)
            items += page.items
        return cls(items)

    def frame(self) -> pd.DataFrame:
        """Return one row per record."""
        import pandas as pd  # noqa: PLC0415 - a second to import, and many never ask

        return pd.DataFrame([display.cells(item) for item in self])

    def _repr_html_(self) -> str:
        return display.html(self)


class Version(ModelVersion):
    """A version that can be loaded and downloaded."""

    # No dataclass field: it must not travel as JSON.
    __slots__ = ("_registry",)
    _registry: Opened

    @classmethod
    def of(cls, record: ModelVersion, registry: Opened) -> Version:
        version = cls(**_fields(record))
        object.__setattr__(version, "_registry", registry)
        return version

    def download(self, folder: str | Path, files: Sequence[str] = (), *, progress: Progress | None = None) -> Path:
        """Write the files of the version into `folder`, each verified, and return the folder.

        `files` chooses some, by their paths or by patterns such as `*.onnx`. `progress` is called with
        bytes done and bytes in all. Raises DeployOnly, Damaged, and NotFound for files that are not there.
        """
        target = Path(folder)
        chosen = given_out(self, files)
        told = counted(progress, sum(artifact.size for artifact in chosen))
        self._registry.artifacts.materialise(chosen, target, told)
        return target

    def differences(self) -> tuple[environment.Difference, ...]:
        """Return what differs here from the environment that the version was made with, and what mends it."""
        return environment.differences(self.environment) if self.environment else ()

    def noting(self, notice: str) -> Version:
        """Return the same version with one more notice."""
        if not notice:
            return self
        said = " ".join(text for text in (self.notice, notice) if text)
        return Version.of(dataclasses.replace(self, notice=said), self._registry)

    def load(self, *, allow_code: bool = False) -> object:
        """Return the model as an object; warns of packages that differ from those it was made with.

        `allow_code=True` is the yes that formats need whose loading runs code. Raises NotLoadable,
        NeedsYes, Damaged.
        """
        from tempfile import TemporaryDirectory  # noqa: PLC0415 - lists of versions need none

        if not self.flavor:
            raise NotLoadable(f"No flavor loads {self.selector}. Get its files with download().")
        for verdict in self.safety:
            if verdict.safety is Safety.REFUSED:
                raise NotLoadable(f"{verdict.path} of {self.selector} is not loaded: {verdict.reason}.")
        if differs := environment.told(self.environment, self.differences()):
            warnings.warn(f"{self.selector}: {differs}", stacklevel=2)
        with TemporaryDirectory() as folder:
            return flavors.get(self.flavor).load(self.download(folder), allow_code=allow_code)

    def _repr_html_(self) -> str:
        return display.html([self])


class DeploymentVerbs(Protocol):
    """What a deployment's handle asks of the registry."""

    def predict(self, target: str, data: object) -> Prediction: ...
    def deployment(self, name: str) -> RunningDeployment: ...
    def stop(self, name: str) -> RunningDeployment: ...
    def logs(self, name: str, lines: int) -> str: ...


class RunningDeployment(Deployment):
    """A deployment that can be asked and stopped."""

    __slots__ = ("_registry",)
    _registry: DeploymentVerbs

    @classmethod
    def of(cls, record: Deployment, registry: DeploymentVerbs) -> RunningDeployment:
        deployment = cls(**_fields(record))
        object.__setattr__(deployment, "_registry", registry)
        return deployment

    def predict(self, data: object) -> Prediction:
        """Return the prediction for an image (path, bytes, PIL) or tensors (array, DataFrame, mapping)."""
        return self._registry.predict(self.name, data)

    def refresh(self) -> RunningDeployment:
        """Return the deployment as it is now."""
        return self._registry.deployment(self.name)

    def stop(self) -> RunningDeployment:
        """End the deployment and return it."""
        return self._registry.stop(self.name)

    def logs(self, lines: int = 200) -> str:
        """Return the last lines that its workers wrote."""
        return self._registry.logs(self.name, lines)

    def _repr_html_(self) -> str:
        return display.html([self])


class Comparison:
    """Versions side by side. Shows as a widget; `.frame()` is a pandas DataFrame."""

    def __init__(self, versions: tuple[ModelVersion, ...], base: int = 0) -> None:
        self.table = compare.table(versions, base)

    def frame(self) -> pd.DataFrame:
        """Return rows (group, name) by versions."""
        import pandas as pd  # noqa: PLC0415 - as above

        rows = self.table.rows
        index = pd.MultiIndex.from_tuples([(row.group, row.name) for row in rows], names=["group", "name"])
        cells = [row.values for row in rows]  # noqa: PD011 - a record of ours
        return pd.DataFrame(cells, index=index, columns=list(self.table.versions), dtype=object)

    def widget(self) -> Any:
        """Return the interactive table."""
        from jupyter_modelmgmt.widgets.compare import ComparisonWidget  # noqa: PLC0415

        return ComparisonWidget(table=self.table)

    def __repr__(self) -> str:
        return self.frame().to_string()

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.widget()._repr_mimebundle_(**options)


def _fields(record: Any) -> Mapping[str, Any]:
    return {field.name: getattr(record, field.name) for field in dataclasses.fields(record)}

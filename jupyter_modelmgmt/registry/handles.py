"""What the verbs give back: the records, with the verbs that make sense on them."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeVar

from jupyter_modelmgmt import flavors
from jupyter_modelmgmt.adapters import ModelAdapter, kinds, predictor
from jupyter_modelmgmt.capture import environment
from jupyter_modelmgmt.domain import compare
from jupyter_modelmgmt.domain.deployments import (
    AddedClient,
    Client,
    Deployment,
    DeploymentMetrics,
    Difference,
    Revision,
    Share,
    VersionMetrics,
)
from jupyter_modelmgmt.domain.errors import NotLoadable
from jupyter_modelmgmt.domain.evidence import Safety
from jupyter_modelmgmt.domain.files import given_out, refuse_hostile
from jupyter_modelmgmt.domain.predictions import Prediction
from jupyter_modelmgmt.domain.records import ModelVersion, Page
from jupyter_modelmgmt.domain.sources import ReferenceCheck
from jupyter_modelmgmt.flavors.base import ask_for_code
from jupyter_modelmgmt.registry import copies, display
from jupyter_modelmgmt.registry.examples import Example
from jupyter_modelmgmt.registry.progress import Progress, counted
from jupyter_modelmgmt.terminal import harmless

if TYPE_CHECKING:
    import pandas as pd

    from jupyter_modelmgmt.registry.opened import Opened

T = TypeVar("T")


class Listing(tuple[T, ...]):  # noqa: SLOT001 - a tuple takes none, and an empty one has something to say
    """Records that show as a table; `.frame()` is a pandas DataFrame. `nothing` is what an empty one says."""

    nothing: str

    def __new__(cls, items: Iterable[T], nothing: str = display.NOTHING) -> Self:
        listing = super().__new__(cls, tuple(items))
        listing.nothing = nothing
        return listing

    @classmethod
    def of_pages(cls, page_after: Callable[[str | None], Page[T]], nothing: str = display.NOTHING) -> Self:
        """Return all items of the pages that `page_after` gives for one cursor after the other."""
        page = page_after(None)
        items = [*page.items]
        while page.next_cursor:
            page = page_after(page.next_cursor)
            items += page.items
        return cls(items, nothing)

    def frame(self) -> pd.DataFrame:
        """Return one row per record."""
        import pandas as pd  # noqa: PLC0415 - a second to import, and many never ask

        return pd.DataFrame(self._rows())

    def _rows(self) -> list[dict[str, Any]]:
        """Return what the table shows of each record, by column title."""
        return [display.cells(item) for item in self]

    def __repr__(self) -> str:
        return display.plain(self._rows(), self.nothing)

    def _repr_html_(self) -> str:
        return display.html_of(self._rows(), self.nothing)


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

    def verify(self, folder: str | Path) -> ReferenceCheck:
        """Compare a folder that the version was downloaded into with its files: changed, missing, extra. Source: W9."""
        return copies.check(self.artifacts, Path(folder).expanduser())

    @property
    def takes(self) -> str:
        """What the version is asked with: an image, a text, a table or tensors. Raises NotLoadable without its adapter."""
        return self.signature.takes or kinds.input_type(self.adapter, self.config)

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
        if not self.flavor:
            raise NotLoadable(f"No flavor loads {self.selector}. Get its files with download().")
        refuse_hostile(self.selector, self.safety)
        if differs := environment.told(self.environment, self.differences()):
            warnings.warn(f"{self.selector}: {differs}", stacklevel=2)
        with self._registry.artifacts.lent(given_out(self)) as folder:
            return flavors.get(self.flavor).load(folder, allow_code=allow_code)

    def load_adapter(self, *, allow_code: bool = False) -> ModelAdapter:
        """Return the version's adapter with its model loaded; its files lie in a folder that goes with it.

        `allow_code=True` is the yes that an adapter needs whose code travels with the version. Raises
        NotLoadable, NeedsYes, Damaged.
        """
        import shutil  # noqa: PLC0415 - lists of versions need none
        import weakref  # noqa: PLC0415 - as above
        from tempfile import mkdtemp  # noqa: PLC0415 - as above

        if not self.adapter:
            raise NotLoadable(f"{self.selector} has no adapter. Load its model with load().")
        refuse_hostile(self.selector, self.safety)
        if any(verdict.safety is not Safety.DATA for verdict in self.safety):
            ask_for_code("the adapter of this version", allow_code=allow_code)
        folder = mkdtemp()
        loaded = predictor(
            self.download(folder), flavor=self.flavor, adapter=self.adapter, config=self.config, labels=self.labels,
            task=self.task, signature=self.signature,
        ).adapter  # fmt: skip
        assert loaded is not None  # noqa: S101 - it was named above
        weakref.finalize(loaded, shutil.rmtree, folder, ignore_errors=True)
        return loaded

    def _repr_html_(self) -> str:
        return display.html([self])


class DeploymentVerbs(Protocol):
    """What a deployment's handle asks of the registry."""

    def predict(self, target: str, data: object, *, version: str | None) -> Prediction: ...
    def deployment_metrics(self, name: str) -> DeploymentMetrics: ...
    def deployment_example(self, name: str, *, client: str, token: str) -> Example: ...
    def deployment(self, name: str) -> RunningDeployment: ...
    def stop(self, name: str) -> RunningDeployment: ...
    def start(self, name: str) -> RunningDeployment: ...
    def update_deployment(self, name: str, *, message: str, wait: bool, **changes: Any) -> RunningDeployment: ...
    def shadow(self, name: str, version: str, *, message: str) -> RunningDeployment: ...
    def rollback(self, name: str, to: int | None, *, message: str) -> RunningDeployment: ...
    def deployment_history(self, name: str) -> Listing[Revision]: ...
    def deployment_diff(self, name: str, before: int, after: int) -> Listing[Difference]: ...
    def clients(self, name: str) -> Listing[Client]: ...
    def add_client(self, name: str, client: str) -> AddedClient: ...
    def remove_client(self, name: str, client: str) -> None: ...
    def delete_deployment(self, name: str, *, confirm: str) -> None: ...
    def logs(self, name: str, lines: int, *, replica: str, filter: str) -> str: ...  # noqa: A002
    def follow_logs(
        self,
        name: str,
        lines: int,
        *,
        replica: str,
        filter: str,  # noqa: A002
    ) -> Iterator[str]: ...


class RunningDeployment(Deployment):
    """A deployment that can be asked and stopped."""

    __slots__ = ("_registry",)
    _registry: DeploymentVerbs

    @classmethod
    def of(cls, record: Deployment, registry: DeploymentVerbs) -> RunningDeployment:
        deployment = cls(**_fields(record))
        object.__setattr__(deployment, "_registry", registry)
        return deployment

    def predict(self, data: object, *, version: str | None = None) -> Prediction:
        """Return the prediction for an image (path, bytes, PIL) or tensors (array, DataFrame, mapping).

        `version` chooses one of several.
        """
        return self._registry.predict(self.name, data, version=version)

    def example(self, *, client: str = "", token: str = "") -> Example:
        """Return how to ask it with curl and from Python, as a client with its token or as oneself."""
        return self._registry.deployment_example(self.name, client=client, token=token)

    def metrics(self) -> Listing[VersionMetrics]:
        """Return calls, failures, times and what is used, one row a version. `.frame()` is a DataFrame."""
        return Listing(self._registry.deployment_metrics(self.name).versions)

    def refresh(self) -> RunningDeployment:
        """Return the deployment as it is now."""
        return self._registry.deployment(self.name)

    def stop(self) -> RunningDeployment:
        """End the deployment and return it."""
        return self._registry.stop(self.name)

    def start(self) -> RunningDeployment:
        """Start it again and return it."""
        return self._registry.start(self.name)

    def update(self, *, message: str = "", wait: bool = True, **changes: Any) -> RunningDeployment:
        """Change fields, `message` saying why: replicas, resources, variables and so on; stopped stays stopped."""
        return self._registry.update_deployment(self.name, message=message, wait=wait, **changes)

    def split(self, weights: Mapping[str, int], *, message: str = "", wait: bool = True) -> RunningDeployment:
        """Spread the requests over versions: `{"1.2.0": 90, "1.3.0": 10}`; a shadow stays."""
        shadows = [share for share in self.refresh().versions if share.shadow and share.version not in weights]
        answering = [Share(version=version, weight=weight) for version, weight in weights.items()]
        return self.update(message=message, wait=wait, versions=[*answering, *shadows])

    def shadow(self, version: str, *, message: str = "") -> RunningDeployment:
        """Let a version get a copy of every request, its answers only compared; "" ends that."""
        return self._registry.shadow(self.name, version, message=message)

    def rollback(self, to: int | None = None, *, message: str = "") -> RunningDeployment:
        """Go back to a revision, or to the last one that was deployed and differs."""
        return self._registry.rollback(self.name, to, message=message)

    def history(self) -> Listing[Revision]:
        """Return all revisions, the last first."""
        return self._registry.deployment_history(self.name)

    def diff(self, before: int, after: int) -> Listing[Difference]:
        """Return what differs between two revisions."""
        return self._registry.deployment_diff(self.name, before, after)

    def clients(self) -> Listing[Client]:
        """Return who may ask while the deployment is private."""
        return self._registry.clients(self.name)

    def add_client(self, client: str) -> AddedClient:
        """Let a client ask and return its token, this once; one that is there gets another token."""
        return self._registry.add_client(self.name, client)

    def remove_client(self, client: str) -> None:
        """Let a client ask no more, at once."""
        self._registry.remove_client(self.name, client)

    def delete(self, *, confirm: str = "") -> None:
        """Forget it when it is stopped; `confirm` repeats its name."""
        self._registry.delete_deployment(self.name, confirm=confirm)

    def logs(self, lines: int = 200, *, replica: str = "", filter: str = "") -> str:  # noqa: A002
        """Return the last lines that its workers wrote, those of one `replica`, those with a text in them."""
        return self._registry.logs(self.name, lines, replica=replica, filter=filter)

    def follow_logs(self, lines: int = 200, *, replica: str = "", filter: str = "") -> Iterator[str]:  # noqa: A002
        """Return the last lines and then each that comes, until it stops."""
        return self._registry.follow_logs(self.name, lines, replica=replica, filter=filter)

    def _repr_html_(self) -> str:
        return display.html([self])


class Comparison:
    """Versions side by side. Shows as a widget; `.frame()` is a pandas DataFrame."""

    def __init__(
        self, versions: tuple[ModelVersion, ...], base: int = 0, noise: Sequence[Mapping[str, float]] = ()
    ) -> None:
        self.table = compare.table(versions, base, noise)

    def frame(self) -> pd.DataFrame:
        """Return rows (group, name) by versions."""
        import pandas as pd  # noqa: PLC0415 - as above

        rows = self.table.rows
        index = pd.MultiIndex.from_tuples([(row.group, row.name) for row in rows], names=["group", "name"])
        cells = [row.values for row in rows]  # noqa: PD011 - a record of ours
        return pd.DataFrame(cells, index=index, columns=list(self.table.versions), dtype=object)

    def widget(self) -> Any:
        """Return the interactive table."""
        from jupyter_modelmgmt.comparison_widget import ComparisonWidget  # noqa: PLC0415

        return ComparisonWidget(table=self.table)

    def __repr__(self) -> str:
        return harmless(self.frame().to_string())

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.widget()._repr_mimebundle_(**options)


def _fields(record: Any) -> Mapping[str, Any]:
    return {field.name: getattr(record, field.name) for field in dataclasses.fields(record)}

"""Verbs on versions: register, read, edit, promote, compare, delete."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jupyter_modelmgmt import flavors
from jupyter_modelmgmt.adapters import check_config
from jupyter_modelmgmt.artifacts import Uploads
from jupyter_modelmgmt.artifacts.blobs import told_when_full
from jupyter_modelmgmt.domain import selectors
from jupyter_modelmgmt.domain.errors import BadFile, NotFound
from jupyter_modelmgmt.domain.fields import new_version
from jupyter_modelmgmt.domain.files import given_out
from jupyter_modelmgmt.domain.governance import Trashed
from jupyter_modelmgmt.domain.records import Artifact, ModelVersion, Page
from jupyter_modelmgmt.registry import buffer
from jupyter_modelmgmt.registry.handles import Comparison, Listing, Version
from jupyter_modelmgmt.registry.opened import ACTIVE_RUN, Opened
from jupyter_modelmgmt.registry.progress import Progress, counted
from jupyter_modelmgmt.store import changes as changes_of
from jupyter_modelmgmt.store import versions

UPLOAD_LIMIT = 50 * 2**30
_WALKED = 500
_CLONED = (
    "description", "framework", "flavor", "task", "model_type", "tags", "author", "license", "downloadable",
    "params", "properties", "adapter", "labels", "environment", "code", "architecture", "weights", "signature",
    "proof", "cost", "safety",
)  # fmt: skip


class Versions(Opened):
    """Everything about versions."""

    def register(
        self,
        model: object,
        name: str,
        *,
        version: str | None = None,
        bump: str = "minor",
        allow_identical: bool = False,
        **fields: Any,
    ) -> Version:
        """Save `model`, an object in memory, as a new version of `name` and return it.

        Without `version`, `bump` (major, minor, patch) raises the highest release; the first is
        1.0.0. `fields` are those of `ModelVersion`: description, metrics, params, properties, tags,
        labels, task, adapter, config, status, author, license, public, downloadable, model_type,
        run, code, environment, datasets. Inside `with reg.run(...)` the run is that one. `flavor`
        chooses how it is saved: "python" saves what others refuse, its code included.

        Content that a version has already gives that version and a `notice`, unless a number is
        given or `allow_identical` asks for another version.

        Raises NotSavable, NotFitted, VersionTaken, BadField and others of BadInput; nothing is
        registered then.
        """
        flavor = flavors.flavor_for(model, fields.get("flavor") or "")
        known = flavor.describe(model)
        told = {
            "flavor": flavor.NAME,
            "framework": flavor.FRAMEWORK,
            "task": known.task,
            "labels": known.labels,
            "params": known.params,
            "model_type": known.model_type,
            **_given(fields),
        }
        self._refuse_early(name, version, told)
        with told_when_full(), TemporaryDirectory() as folder:
            flavor.save(model, Path(folder))
            artifacts = self.artifacts.add_folder(Path(folder))
        return self._add(name, version, artifacts, told, bump, allow_identical=allow_identical)

    def register_files(
        self,
        files: str | Path | Sequence[str | Path],
        name: str,
        *,
        version: str | None = None,
        bump: str = "minor",
        allow_identical: bool = False,
        progress: Progress | None = None,
        **fields: Any,
    ) -> Version:
        """Register a file, several files or a folder as a new version; see `register`.

        The framework follows from the files. A file whose format no flavor knows is kept as it is:
        framework `other`, neither loadable nor deployable. Raises BadFile for one that breaks its format.
        `progress` is called with bytes done and bytes in all.
        """
        paths = _paths(files)
        told = {**_format_of(paths.values()), **_given(fields)}
        self._refuse_early(name, version, told)
        count = counted(progress, sum(path.stat().st_size for path in paths.values()))
        artifacts = [self.artifacts.add_file(path, inside, count) for inside, path in paths.items()]
        return self._add(name, version, artifacts, told, bump, allow_identical=allow_identical)

    def register_uploads(
        self,
        name: str,
        artifacts: Sequence[Artifact],
        *,
        version: str | None = None,
        bump: str = "minor",
        allow_identical: bool = False,
        **fields: Any,
    ) -> Version:
        """Register files whose bytes were uploaded before; see `register_files`.

        Nothing of them runs here: formats are told by their structure. Raises NotFound for bytes
        that are not here.
        """
        new_version(name, version, artifacts, _given(fields))
        for artifact in artifacts:
            if not self.artifacts.keep(artifact):
                raise NotFound(f"The bytes of {artifact.path!r} were not uploaded. Upload them first.")
        with self.artifacts.laid_out(artifacts) as folder:
            told = {**_format_of(folder / artifact.path for artifact in artifacts), **_given(fields)}
        self._refuse_early(name, version, told)
        return self._add(name, version, artifacts, told, bump, allow_identical=allow_identical)

    def uploads(self, limit: int = UPLOAD_LIMIT) -> Uploads:
        """Return the uploads on their way into this registry."""
        return Uploads(self.artifacts, limit)

    def get(self, selector: str) -> Version:
        """Return the version that `selector` points at. Raises BadSelector, NotFound."""
        return Version.of(versions.get(self.store, selector), self)

    def clone_version(
        self,
        selector: str,
        name: str,
        *,
        version: str | None = None,
        bump: str = "minor",
        config: Mapping[str, Any] | None = None,
        **fields: Any,
    ) -> Version:
        """Register a copy of a version under `name`, with a link to its parent. Source: D18.

        `config` is merged over the parent's; other `fields` replace the parent's, new labels its
        label maps too. Metrics and the run stay with the parent.
        """
        parent = versions.get(self.store, selector)
        kept = {field: getattr(parent, field) for field in _CLONED}
        told = {**kept, "parent": parent.selector, "config": {**parent.config, **(config or {})}, **_given(fields)}
        self._refuse_early(name, version, told)
        return self._add(name, version, parent.artifacts, told, bump, allow_identical=True)

    def update(self, selector: str, /, *, reason: str = "", **changes: Any) -> Version:
        """Change description, tags, status, author, license or public of a version.

        `reason` goes into the log of statuses. Raises NotEditable, BadField.
        """
        return Version.of(changes_of.edit(self.store, selector, changes, reason=reason, actor=self.actor), self)

    def delete(self, selector: str, *, delete_aliases: bool = False) -> ModelVersion:
        """Move a version to the trash.

        Raises ModelDeployed, StageProtected, AliasProtected, and AliasHeld unless `delete_aliases`.
        """
        return changes_of.remove(self.store, selector, delete_aliases=delete_aliases, actor=self.actor)

    def restore(self, selector: str) -> Version:
        """Take `name@1.2.0` out of the trash."""
        name, number = selectors.split(selector)
        return Version.of(changes_of.restore(self.store, name, number, actor=self.actor), self)

    def trash(self, model: str = "") -> Listing[Trashed]:
        """Return what can be restored or purged, the last deleted first."""
        return Listing.of_pages(lambda cursor: self.trash_page(model, limit=_WALKED, cursor=cursor))

    def trash_page(self, model: str = "", *, limit: int = 50, cursor: str | None = None) -> Page[Trashed]:
        return changes_of.trash(self.store, model=model, limit=limit, cursor=cursor)

    def purge(self, selector: str, *, confirm: str) -> None:
        """Forget a version in the trash for ever; its number stays taken. `confirm` repeats the selector."""
        changes_of.purge(self.store, selector, confirm=confirm, actor=self.actor)

    def compare(self, *versions_of: str, base: int = 0) -> Comparison:
        """Return versions side by side: metrics, params, configuration and facts.

        `base` is the position of the version that differences refer to.
        """
        return Comparison(tuple(versions.get(self.store, selector) for selector in versions_of), base)

    def file(self, selector: str, path: str) -> Path:
        """Return where the verified bytes of one artifact lie; for reading alone. Raises DeployOnly, NotFound."""
        version = versions.get(self.store, selector)
        for artifact in given_out(version):
            if artifact.path == path:
                return self.artifacts.verified(artifact)
        raise NotFound(f"{version.selector} has no file {path[:80]!r}.")

    def _add(
        self,
        name: str,
        version: str | None,
        artifacts: Sequence[Artifact],
        told: Mapping[str, Any],
        bump: str,
        *,
        allow_identical: bool = False,
    ) -> Version:
        new = new_version(name, version, artifacts, {"run": ACTIVE_RUN.get(), **told})
        if new.run:
            buffer.flush(new.run)
        added = versions.add(self.store, new, bump=bump, actor=self.actor, allow_identical=allow_identical)
        return Version.of(added, self)

    def _refuse_early(self, name: str, version: str | None, told: Mapping[str, Any]) -> None:
        """Raise what `_add` would raise, before the bytes are written."""
        new = new_version(name, version, (), told)
        if new.adapter:
            check_config(new.adapter, new.config)
        versions.refuse_taken(self.store, new.model, new.version)


def _given(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {field: value for field, value in fields.items() if value is not None}


def _format_of(paths: Iterable[Path]) -> dict[str, str]:
    """Return flavor and framework of the first file that a flavor knows. Raises BadFile."""
    for path in paths:
        if flavor := flavors.flavor_of_file(path):
            return {"flavor": flavor.NAME, "framework": flavor.FRAMEWORK}
    return {"flavor": "", "framework": "other"}


def _paths(files: str | Path | Sequence[str | Path]) -> dict[str, Path]:
    """Return files by the path that they get inside the version."""
    given = [Path(files)] if isinstance(files, str | Path) else [Path(file) for file in files]
    found: dict[str, Path] = {}
    for path in given:
        if path.is_dir():
            found |= {inner.relative_to(path).as_posix(): inner for inner in sorted(path.rglob("*")) if inner.is_file()}
        elif path.is_file():
            found[path.name] = path
        else:
            raise BadFile(f"There is no file {str(path)!r}. Give the path of one that is there.")
    if not found:
        raise BadFile("There are no files to register.")
    return found

"""Verbs on sources: a version out of a finished run, a template, a container image, storage, or MLflow."""

from collections.abc import Callable, Mapping
from dataclasses import fields as fields_of
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from jupyter_modelmgmt.artifacts.blobs import told_when_full
from jupyter_modelmgmt.domain.errors import BadField, RunUnfinished
from jupyter_modelmgmt.domain.fields import checked_name
from jupyter_modelmgmt.domain.interfaces import Interface, Mode
from jupyter_modelmgmt.domain.sources import (
    SOURCES,
    ContainerSource,
    ExportSource,
    MlflowModel,
    MlflowSource,
    MlflowVersion,
    ReferenceSource,
    RunSource,
    Source,
    StorageSource,
    Template,
    TemplateSource,
)
from jupyter_modelmgmt.domain.tracking import RunStatus
from jupyter_modelmgmt.registry.archives import Archives
from jupyter_modelmgmt.registry.handles import Listing, Version
from jupyter_modelmgmt.registry.progress import Progress
from jupyter_modelmgmt.registry.registration import Registration, format_of, paths_of
from jupyter_modelmgmt.sources import container, mlflow, package, references, storage, template
from jupyter_modelmgmt.store import runs, searching

Given = Mapping[str, Any]
_LINKED = 50


class Imports(Archives, Registration):
    """Everything that brings a version from elsewhere."""

    def import_from(
        self,
        source: Source | Given,
        name: str = "",
        *,
        version: str | None = None,
        bump: str | None = None,
        reason: str = "",
        progress: Progress | None = None,
        **fields: Any,
    ) -> Version:
        """Register what `source` names as a version of `name`, and return it.

        `source` is a record of `domain.sources`, or a mapping: `{"kind": "storage", "path": "s3://bucket/model"}`.
        The kinds are run, template, container, storage, mlflow, reference and export. `version`, `bump`, `reason` and
        `fields` as in `register_files`; `fields` replace what the source says. Source: S8, M10-M18, P1-P4.

        Raises BadField naming the field, RunUnfinished, NotFound, SourceFailed ...; nothing is registered then.
        """
        read = source_of(source)
        if isinstance(read, ExportSource):
            return self.import_archive(read.file, name=name or None, version=version, progress=progress)
        checked_name(name)
        told = {"version": version, "bump": bump, "reason": reason, "progress": progress, "given": fields}
        bring: Mapping[type[Any], Callable[[Any, str, Given], Version]] = {
            RunSource: self._from_run,
            TemplateSource: self._from_template,
            ContainerSource: self._from_container,
            StorageSource: self._from_storage,
            MlflowSource: self._from_mlflow,
            ReferenceSource: self._from_references,
        }
        return bring[type(read)](read, name, told)

    def templates(
        self,
        *,
        type: str = "",  # noqa: A002 - the user's word
        engine: str = "",
        environment: str = "",
        keyword: str = "",
    ) -> Listing[Template]:
        """Return the templates that models are imported by. Source: M11."""
        return Listing(template.templates(type, engine, environment, keyword))

    def mlflow_models(self, *, uri: str = "") -> Listing[MlflowModel]:
        """Return the registered models of the MLflow server. Raises MlflowNotConfigured, MlflowUnreachable. Source: P1."""
        return Listing(mlflow.models(uri))

    def mlflow_versions(self, model: str, *, uri: str = "") -> Listing[MlflowVersion]:
        """Return the versions of a model of the MLflow server, the newest first. Source: P2, P4."""
        found = mlflow.versions(uri, model)
        return Listing(self._with_imported(each) for each in found)

    def _with_imported(self, version: MlflowVersion) -> MlflowVersion:
        """Return `version` with the versions here that come from it, and what they are deployed as."""
        named = {mlflow.MODEL: version.model, mlflow.VERSION: version.version}
        terms = [f"properties.{key} = '{value}'" for key, value in named.items()]
        here = searching.page(self.store, filter=" and ".join(terms), sort="-created_at", limit=_LINKED).items
        deployed = tuple(badge.name for each in here for badge in each.deployments)
        return replace(version, imported=tuple(each.selector for each in here), deployed_by=deployed)

    def _from_storage(self, source: StorageSource, name: str, told: Given) -> Version:
        with storage.laid_out(source.path) as files:
            said = package.said_by(files, source.mode, source.services)
            fields = {"source": f"storage:{source.path}", **_known(files, said)}
            return self._imported(files, name, fields, told)

    def _from_run(self, source: RunSource, name: str, told: Given) -> Version:
        run = runs.get(self.store, source.run)
        if run.status is not RunStatus.FINISHED:
            raise RunUnfinished(
                f"The run {run.name!r} ({run.id}) is {run.status}; only a finished run gives versions. "
                "Wait until it has finished, or choose another one."
            )
        with storage.laid_out(source.path) as files:
            said = package.said_by(files, source.mode, source.services)
            lines = source.requirements or package.requirement_lines(files)
            fields = {"environment": package.required(lines), **_known(files, said)}
            where = {"code": run.source, "source": f"run:{run.id}", "run": run.id}
            return self._imported(files, name, {**fields, **where}, told)

    def _from_template(self, source: TemplateSource, name: str, told: Given) -> Version:
        found = template.template(source.template)
        with storage.laid_out(source.path) as files:
            return self._imported(files, name, template.said_by(source, found, files), told)

    def _from_mlflow(self, source: MlflowSource, name: str, told: Given) -> Version:
        with mlflow.downloaded(source) as (files, fields):
            found = {**_of_files(files), "interface": Interface(mode=Mode.ADAPTER, services=source.services)}
            return self._imported(
                files, name, {**found, **fields} if not found["flavor"] else {**fields, **found}, told
            )

    def _from_container(self, source: ContainerSource, name: str, told: Given) -> Version:
        fields = {**container.said_by(source), **_merged({}, told["given"])}
        self._refuse_early(name, told["version"], fields)
        return self._add(name, told["version"], (), fields, told["bump"], allow_identical=True, reason=told["reason"])

    def _from_references(self, source: ReferenceSource, name: str, told: Given) -> Version:
        with told_when_full(), TemporaryDirectory() as scratch:
            file = Path(scratch) / references.FILE
            with file.open("wb") as target:
                references.write(source, target)
            fields = {"source": f"reference:{source.uri}"}
            return self._imported(file, name, fields, told, allow_identical=False)

    def _imported(self, files: Path, name: str, fields: Given, told: Given, *, allow_identical: bool = True) -> Version:
        """Register `files`; what the importer says counts over what the source says."""
        said = _merged(fields, told["given"])
        options = {key: told[key] for key in ("version", "bump", "reason", "progress")}
        return self.register_files(files, name, **options, allow_identical=allow_identical, **said)


def source_of(given: Source | Given) -> Source:
    """Return a source as its record. Raises BadField naming the field."""
    if isinstance(given, Source):
        return given
    if not isinstance(given, Mapping) or given.get("kind") not in SOURCES:
        raise BadField(f"A source is a mapping whose kind is one of {', '.join(SOURCES)}.")
    kind = SOURCES[given["kind"]]
    known = [field.name for field in fields_of(kind)]
    for key in given:
        if key not in known:
            raise BadField(f"source.{str(key)[:80]} is not known. The kind {given['kind']} has {', '.join(known)}.")
    try:
        read: Source = msgspec.convert(dict(given), kind)
    except msgspec.ValidationError as error:
        raise BadField(f"The source is wrong: {error}.") from None
    return read


def _known(files: Path, said: package.Said) -> dict[str, Any]:
    """Return what a package says, with what its files are where it does not say otherwise."""
    found = _of_files(files)
    fields = {**found, **said.fields}
    if not found["flavor"] and said.framework and "framework" not in said.fields:
        fields["framework"] = said.framework
    if found["flavor"] and said.adapter:
        fields["adapter"] = said.adapter
    return fields


def _of_files(files: Path) -> dict[str, str]:
    return format_of(paths_of(files).values())


def _merged(fields: Given, given: Given) -> dict[str, Any]:
    """Return `fields` with what was given in their place; configuration and properties are merged."""
    told = {key: value for key, value in given.items() if value is not None}
    both: dict[str, Any] = {
        key: {**fields.get(key, {}), **told[key]} for key in ("config", "properties") if key in told
    }
    return {**fields, **told, **both}

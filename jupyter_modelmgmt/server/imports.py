"""Routes of sources: import a version, and what can be imported."""

from dataclasses import MISSING, dataclass, fields
from functools import partial
from typing import Any, Literal, Union, get_type_hints

import msgspec

from jupyter_modelmgmt.domain.records import ModelVersion
from jupyter_modelmgmt.domain.sources import SOURCES, MlflowModel, MlflowVersion, ReferenceCheck, Template
from jupyter_modelmgmt.server import wire
from jupyter_modelmgmt.server.base import RegistryHandler, answers


class ArchiveSource(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag="archive"):
    """An exported archive whose bytes were uploaded: `upload` is the session, which need not be finished."""

    upload: str
    name: str | None = None
    version: str | None = None


def _tagged(kind: str, record: type[Any]) -> type[msgspec.Struct]:
    """Return a source as one of several, told apart by `kind`: a dataclass cannot be."""
    hints = get_type_hints(record)
    told: list[Any] = [
        (each.name, hints[each.name], _default(each)) if _has_default(each) else (each.name, hints[each.name])
        for each in fields(record)
        if each.name != "kind"
    ]
    made = msgspec.defstruct(
        record.__name__, told, kw_only=True, forbid_unknown_fields=True, tag_field="kind", tag=kind, module=__name__
    )
    made.__doc__ = record.__doc__
    return made


def _has_default(each: Any) -> bool:
    return each.default is not MISSING or each.default_factory is not MISSING


def _default(each: Any) -> Any:
    return each.default if each.default is not MISSING else msgspec.field(default_factory=each.default_factory)


_TAGGED = tuple(_tagged(kind, record) for kind, record in SOURCES.items())


class _Facts(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The version's model and number, and what differs from what the source says."""

    name: str = ""
    version: str | None = None
    bump: Literal["major", "minor", "patch"] | None = None
    reason: str = ""
    description: str | None = None
    tags: tuple[str, ...] | str | None = None
    labels: tuple[str, ...] | None = None
    config: dict[str, Any] | None = None
    adapter: str | None = None
    license: str | None = None
    downloadable: bool | None = None


# Built, not written: a union of what stands in domain/sources.py.
ImportBody: Any = msgspec.defstruct(
    "ImportBody",
    [("source", Union[(ArchiveSource, *_TAGGED)])],
    bases=(_Facts,),
    kw_only=True,
    module=__name__,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplatesQuery:
    type: str = ""
    engine: str = ""
    environment: str = ""
    keyword: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MlflowQuery:
    uri: str = ""


class ImportsHandler(RegistryHandler):
    @answers("Import a version", body=ImportBody, answer=ModelVersion, status=201)
    async def post(self) -> None:
        body = self.body(ImportBody)
        if isinstance(body.source, ArchiveSource):
            version = await self._uploaded(body.source, body)
        else:
            facts = {name: getattr(body, name) for name in _Facts.__struct_fields__}
            bring = partial(self.registry.import_from, progress=self.progress("import.progress", body.name))
            version = await self.call(bring, msgspec.to_builtins(body.source), **facts)
        self.send(version, 201)

    async def _uploaded(self, source: ArchiveSource, body: Any) -> ModelVersion:
        uploads, limit = self.extension.uploads, self.extension.upload_limit
        file = await self.call(uploads.file, source.upload)
        name, number = source.name or body.name or None, source.version or body.version
        bring = partial(self.registry.import_archive, progress=self.progress("import.progress", body.name))
        version = await self.call(bring, file, name=name, version=number, limit=limit)
        await self.call(uploads.cancel, source.upload)
        return version


class TemplatesHandler(RegistryHandler):
    @answers("List the templates that models are imported by", query=TemplatesQuery, answer=wire.Items[Template])
    async def get(self) -> None:
        query = self.query(TemplatesQuery)
        wanted = {name: getattr(query, name) for name in ("type", "engine", "environment", "keyword")}
        self.send(wire.Items(items=tuple(await self.call(self.registry.templates, **wanted))))


class MlflowModelsHandler(RegistryHandler):
    @answers("List the registered models of an MLflow server", query=MlflowQuery, answer=wire.Items[MlflowModel])
    async def get(self) -> None:
        found = await self.call(self.registry.mlflow_models, uri=self.query(MlflowQuery).uri)
        self.send(wire.Items(items=tuple(found)))


class MlflowVersionsHandler(RegistryHandler):
    @answers("List the versions of a model of an MLflow server", query=MlflowQuery, answer=wire.Items[MlflowVersion])
    async def get(self, model: str) -> None:
        found = await self.call(self.registry.mlflow_versions, model, uri=self.query(MlflowQuery).uri)
        self.send(wire.Items(items=tuple(found)))


class ReferencesHandler(RegistryHandler):
    @answers("Compare the files that a version refers to with what lies there now", answer=ReferenceCheck)
    async def post(self, model: str, version: str) -> None:
        self.send(await self.call(self.registry.check_references, f"{model}@{version}"))

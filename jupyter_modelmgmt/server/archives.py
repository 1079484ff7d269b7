"""Routes of archives: a version out as one file, and in again."""

from dataclasses import dataclass
from typing import Literal

from jupyter_modelmgmt.domain.records import ModelVersion
from jupyter_modelmgmt.server import streams
from jupyter_modelmgmt.server.base import RegistryHandler, answers


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveSource:
    """An exported archive whose bytes were uploaded: `upload` is the session, which need not be finished."""

    kind: Literal["archive"]
    upload: str
    name: str | None = None
    version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportBody:
    """Where a version comes from."""

    source: ArchiveSource


class ExportHandler(RegistryHandler):
    @answers("Export a version with all that hangs on it as a zip", media="application/zip")
    async def get(self, model: str, version: str) -> None:
        name, chunks = await self.call(self.registry.exported, f"{model}@{version}")
        await streams.give(self, name, chunks)


class ImportsHandler(RegistryHandler):
    @answers("Import a version", body=ImportBody, answer=ModelVersion, status=201)
    async def post(self) -> None:
        source = self.body(ImportBody).source
        uploads, limit = self.extension.uploads, self.extension.upload_limit
        file = await self.call(uploads.file, source.upload)
        come = self.registry.import_archive
        version = await self.call(come, file, name=source.name, version=source.version, limit=limit)
        await self.call(uploads.cancel, source.upload)
        self.send(version, 201)

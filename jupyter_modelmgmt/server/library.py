"""Routes of the library: ready models, and cloning one with progress on the event stream."""

from jupyter_modelmgmt.domain.offers import LibraryEntry
from jupyter_modelmgmt.domain.records import ModelVersion
from jupyter_modelmgmt.server import wire
from jupyter_modelmgmt.server.base import RegistryHandler, answers


class LibraryHandler(RegistryHandler):
    @answers("List ready models", answer=wire.Items[LibraryEntry])
    async def get(self) -> None:
        self.send(wire.Items(items=tuple(await self.call(self.registry.library))))


class CloneHandler(RegistryHandler):
    @answers("Clone a ready model", body=wire.CloneBody, answer=ModelVersion, status=201)
    async def post(self, entry: str) -> None:
        body = self.body(wire.CloneBody)
        progress = self.progress("library.progress", entry)
        clone = self.registry.clone
        version = await self.call(clone, entry, body.name, version=body.version, bump=body.bump, progress=progress)
        self.send(version, 201)

"""Routes of the library: ready models, and cloning one with progress on the event stream."""

from jupyter_modelmgmt.domain.errors import Conflict
from jupyter_modelmgmt.domain.offers import LibraryEntry
from jupyter_modelmgmt.domain.records import ModelVersion
from jupyter_modelmgmt.server import wire
from jupyter_modelmgmt.server.base import RegistryHandler, answers


class LibraryHandler(RegistryHandler):
    @answers("List ready models", answer=wire.Items[LibraryEntry])
    async def get(self) -> None:
        self.send(wire.Items(items=tuple(await self.call(self.registry.library))))


class CloneHandler(RegistryHandler):
    _gone = False

    @answers("Clone a ready model", body=wire.CloneBody, answer=ModelVersion, status=201)
    async def post(self, entry: str) -> None:
        body = self.body(wire.CloneBody)

        def progress(done: int, total: int) -> None:
            if self._gone:
                raise Conflict("Cloning was cancelled; nothing was registered.")
            self.extension.emit_progress(entry, done, total)

        clone = self.registry.clone
        version = await self.call(clone, entry, body.name, version=body.version, bump=body.bump, progress=progress)
        self.send(version, 201)

    def on_connection_close(self) -> None:
        """Cancel: the progress that comes next ends the work."""
        self._gone = True
        super().on_connection_close()

"""Routes of archives: a version out as one file."""

from jupyter_modelmgmt.server import streams
from jupyter_modelmgmt.server.base import RegistryHandler, answers


class ExportHandler(RegistryHandler):
    @answers("Export a version with all that hangs on it as a zip", media="application/zip")
    async def get(self, model: str, version: str) -> None:
        name, chunks = await self.call(self.registry.exported, f"{model}@{version}")
        await streams.give(self, name, chunks)

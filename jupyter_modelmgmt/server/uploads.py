"""Routes of uploads: a file in parts, resumable, straight to disk."""

import asyncio
import re
from typing import Any

from tornado.web import stream_request_body

from jupyter_modelmgmt.artifacts.uploads import too_large
from jupyter_modelmgmt.domain.errors import BadField, ModelManagementError
from jupyter_modelmgmt.domain.records import Artifact, UploadSession
from jupyter_modelmgmt.server import wire
from jupyter_modelmgmt.server.base import RegistryHandler, answers

_OFFSET = re.compile(r"\d{1,18}", re.ASCII)
_GATHERED = 4 << 20  # bytes between two visits to the disk


class UploadsHandler(RegistryHandler):
    @answers("Open an upload", answer=UploadSession, status=201)
    async def post(self) -> None:
        self.send(await self.call(self.extension.uploads.start), 201)


@stream_request_body
class UploadHandler(RegistryHandler):
    _refused: ModelManagementError | None = None

    async def prepare(self, **_options: Any) -> None:
        await super().prepare()
        # A client that is cut off while it sends never reads the answer: take a little more, and drop it.
        self.request.connection.set_max_body_size(2 * self.extension.upload_limit)  # type: ignore[union-attr]  # an HTTP/1 connection has it
        self._uploads = self.extension.uploads
        self._offset: int | None = None
        self._gathered = bytearray()
        self._writing: asyncio.Task[None] | None = None

    async def data_received(self, chunk: bytes) -> None:
        if self.request.method != "PATCH" or self._refused:
            return
        self._gathered += chunk
        if len(self._gathered) >= _GATHERED:
            await self._write()

    async def _write(self) -> None:
        """Begin to write what was gathered once the last part is written; more comes in meanwhile."""
        await self._written()
        gathered, self._gathered = self._gathered, bytearray()
        self._writing = asyncio.create_task(self._append(gathered))

    async def _written(self) -> None:
        if self._writing:
            await self._writing

    async def _append(self, gathered: bytearray) -> None:
        if self._refused:
            return
        try:
            if self._offset is None:
                self._offset = self._wanted_offset()
            self._offset = await self.call(self._uploads.append, self.path_args[0], self._offset, gathered)
        except ModelManagementError as error:
            self._refused = error  # raised when the body is over: an answer in its middle is lost

    def on_connection_close(self) -> None:
        """Keep what came before the client was cut off: it continues there."""
        super().on_connection_close()
        if self.request.method == "PATCH" and self._gathered and not self._refused:
            self._last = asyncio.create_task(self._write())

    def _wanted_offset(self) -> int:
        offset = self.request.headers.get("Upload-Offset", "")
        if not _OFFSET.fullmatch(offset):
            raise BadField("Send the header Upload-Offset: the number of bytes that are already here.")
        size = int(self.request.headers.get("Content-Length", "0"))
        if int(offset) + size > self.extension.upload_limit:
            raise too_large(self.extension.upload_limit)
        return int(offset)

    @answers("Read how far an upload is", answer=UploadSession)
    async def get(self, session: str) -> None:
        self.send(await self.call(self._uploads.get, session))

    @answers("Append bytes at the header Upload-Offset", body=bytes, answer=UploadSession)
    async def patch(self, session: str) -> None:
        await self._write()
        await self._written()
        if self._refused:
            raise self._refused
        self.send(await self.call(self._uploads.get, session))

    @answers("Finish an upload whose bytes have `digest` and `size`", query=wire.DigestQuery, answer=Artifact)
    async def put(self, session: str) -> None:
        wanted = self.query(wire.DigestQuery)
        self.send(await self.call(self._uploads.finish, session, wanted.digest, session, size=wanted.size))

    @answers("Cancel an upload", status=204)
    async def delete(self, session: str) -> None:
        await self.call(self._uploads.cancel, session)
        self.send_nothing()

"""Downloads: bytes that go out while they are made."""

from collections.abc import Iterator
from urllib.parse import quote

from tornado.iostream import StreamClosedError

from jupyter_modelmgmt.server.base import RegistryHandler


async def give(handler: RegistryHandler, name: str, chunks: Iterator[bytes]) -> None:
    """Send a zip called `name`, piece by piece, for as long as the client is there."""
    say_download(handler, name)
    handler.set_header("Content-Type", "application/zip")
    while (chunk := await handler.call(next, chunks, None)) is not None:
        if not await sent(handler, chunk):
            return
    handler.finish(set_content_type="application/zip")


def say_download(handler: RegistryHandler, name: str) -> None:
    """Set the headers of a file that is saved."""
    # Never shown inline: an artifact may be a page with scripts.
    handler.set_header("Content-Disposition", f"attachment; filename*=UTF-8''{quote(name)}")
    handler.set_header("X-Content-Type-Options", "nosniff")
    handler.set_header("Content-Type", "application/octet-stream")


async def sent(handler: RegistryHandler, chunk: bytes) -> bool:
    """Tell whether the client is still there after taking `chunk`."""
    handler.write(chunk)
    try:
        await handler.flush()
    except StreamClosedError:
        return False
    return True

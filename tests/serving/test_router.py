"""What the router does about a worker that cuts a connection."""

import asyncio

import pytest

from jupyter_modelmgmt.domain.errors import Overloaded, ServingFailed
from jupyter_modelmgmt.serving.backend import Backend, Forward
from jupyter_modelmgmt.serving.limits import Limits
from jupyter_modelmgmt.serving.router import Pool, Router

ASK = Forward(method="POST", path="/v2/models/digits/infer")


def test_a_worker_that_cut_a_connection_gets_nothing_more_until_it_shows_that_it_lives(tmp_path):
    """A process that ends closes its connections one by one, the one that it listens on last."""
    asked = 0

    async def cut(reader, writer):
        nonlocal asked
        asked += 1
        await reader.read(1)
        writer.transport.abort()

    async def journey():
        async with await asyncio.start_unix_server(cut, tmp_path / "s"):
            backend = Backend(str(tmp_path / "s"), "1.0.0")
            router = Router(Limits(hold_s=0.1))
            router.open("digits").put([Pool("1.0.0", 100, [backend])], None)
            with pytest.raises(ServingFailed, match="ended while it answered"):
                await router.send("digits", None, ASK)
            with pytest.raises(Overloaded):
                await router.send("digits", None, ASK)
            assert asked == 1
            backend.suspected = False
            with pytest.raises(ServingFailed, match="ended while it answered"):
                await router.send("digits", None, ASK)
            assert asked == 2

    asyncio.run(journey())

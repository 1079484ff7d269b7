"""The route of what workers wrote: as JSON, as a stream of lines, as a file."""

import asyncio
from functools import partial
from typing import Any

from jupyter_modelmgmt.registry.logs import FOLLOW_S
from jupyter_modelmgmt.server import wire
from jupyter_modelmgmt.server.base import RegistryHandler, answers
from jupyter_modelmgmt.server.streams import say_download, sent

_TEXT = "text/plain; charset=utf-8"


class LogsHandler(RegistryHandler):
    auth_resource = "deployments"

    @answers(
        "Read, follow or download what a deployment's workers wrote",
        query=wire.LogsQuery,
        answer=wire.Logs,
        or_text=True,
    )
    async def get(self, name: str) -> None:
        q = self.query(wire.LogsQuery)
        chosen: Any = {"replica": q.replica, "filter": q.filter}
        if q.follow:
            await self._follow(name, q.lines, chosen)
        elif q.download:
            text = await self.call(partial(self.registry.whole_log, name, **chosen))
            say_download(self, f"{name}-{q.replica}.log" if q.replica else f"{name}.log")
            self.set_header("Content-Type", _TEXT)
            self.finish(text, set_content_type=_TEXT)
        else:
            text = await self.call(partial(self.registry.logs, name, q.lines, **chosen))
            self.send(wire.Logs(text=text, replicas=await self.call(self.registry.log_replicas, name)))

    async def _follow(self, name: str, lines: int, chosen: Any) -> None:
        steps = await self.call(partial(self.registry.log_steps, name, lines, **chosen))
        self.set_header("Content-Type", _TEXT)
        while not self.gone and (step := await self.call(next, steps, None)) is not None:
            # An empty step is sent too: the reader learns at once that it follows.
            if not await sent(self, "".join(f"{line}\n" for line in step).encode()):
                return
            await asyncio.sleep(FOLLOW_S)
        if not self.gone:
            self.finish(set_content_type=_TEXT)

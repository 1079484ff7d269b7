"""Routes of the stored bytes as a whole: long work, on a thread, asked for by people."""

from dataclasses import dataclass

from jupyter_modelmgmt.domain.records import Collected, Verification
from jupyter_modelmgmt.registry.storage import GRACE_S
from jupyter_modelmgmt.server.base import RegistryHandler, answers


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectBody:
    """What was written within `grace_s` seconds stays; with `dry_run` all does."""

    grace_s: float = GRACE_S
    dry_run: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyBody:
    """A version, a model, or empty for the whole registry."""

    selector: str = ""


class CollectHandler(RegistryHandler):
    @answers("Remove stored bytes that no version names", body=CollectBody, answer=Collected)
    async def post(self) -> None:
        body = self.body(CollectBody)
        collect = self.registry.collect_garbage
        self.send(await self.call(collect, grace_s=body.grace_s, dry_run=body.dry_run))


class VerifyHandler(RegistryHandler):
    @answers("Read all stored bytes and name what is damaged or missing", body=VerifyBody, answer=Verification)
    async def post(self) -> None:
        self.send(await self.call(self.registry.verify, self.body(VerifyBody).selector))

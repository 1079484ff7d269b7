"""The route of lineage."""

from dataclasses import dataclass

from jupyter_modelmgmt.domain.tracking import LineageGraph
from jupyter_modelmgmt.server.base import RegistryHandler, answers


@dataclass(frozen=True, slots=True, kw_only=True)
class LineageQuery:
    """At most `limit` nodes, `depth` steps away in both directions."""

    depth: int = 10
    limit: int = 200


class LineageHandler(RegistryHandler):
    @answers("Read where a version comes from and what came of it", query=LineageQuery, answer=LineageGraph)
    async def get(self, model: str, version: str) -> None:
        q = self.query(LineageQuery)
        self.send(await self.call(self.registry.lineage, f"{model}@{version}", depth=q.depth, limit=q.limit))

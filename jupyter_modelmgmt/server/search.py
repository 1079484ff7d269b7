"""Routes that search all models."""

from dataclasses import dataclass

from jupyter_modelmgmt.domain.records import Page, VersionSummary
from jupyter_modelmgmt.server.base import RegistryHandler, answers


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    filter: str = ""
    model: str = ""
    sort: str = "-created_at"
    limit: int = 50
    cursor: str | None = None


class SearchHandler(RegistryHandler):
    @answers("Search the versions of all models", query=SearchQuery, answer=Page[VersionSummary])
    async def get(self) -> None:
        q = self.query(SearchQuery)
        page = self.registry.search_page
        self.send(await self.call(page, q.filter, model=q.model, sort=q.sort, limit=q.limit, cursor=q.cursor))

"""Verbs that tell what happened."""

from datetime import date, datetime

from jupyter_modelmgmt.domain.governance import StagePeriod, StatusChange
from jupyter_modelmgmt.domain.records import Event, Page
from jupyter_modelmgmt.registry.handles import Listing
from jupyter_modelmgmt.registry.opened import Opened
from jupyter_modelmgmt.store import history


class History(Opened):
    """Who did what when, and who was in which stage."""

    def history(self, what: str = "", *, limit: int = 100) -> Listing[Event]:
        """Return what happened to the registry, to `digits` or to `digits@1.0.0`, the last first.

        What is in the trash or purged keeps its history. Raises NotFound.
        """
        return Listing(self.history_page(what, limit=limit).items)

    def history_page(self, what: str = "", *, limit: int = 50, cursor: str | None = None) -> Page[Event]:
        return history.page(self.store, what, limit=limit, cursor=cursor)

    def status_log(self, selector: str) -> Listing[StatusChange]:
        """Return the statuses of a version with who set them, the last first. Source: D15."""
        return Listing(history.status_log(self.store, selector))

    def stage_history(self, model: str, stage: str = "") -> Listing[StagePeriod]:
        """Return which versions of a model were in which stage, from when to when, the last first."""
        return Listing(history.stage_periods(self.store, model, stage))

    def holders(self, model: str, stage: str = "production", *, on: datetime | date | str) -> Listing[StagePeriod]:
        """Return the versions that were in `stage` on a day (`"2026-11-21"`, UTC) or at a moment, the last first."""
        return Listing(history.holders(self.store, model, stage, on))

"""Verbs on models."""

from jupyter_modelmgmt.domain.records import Event, Model
from jupyter_modelmgmt.registry.opened import Opened
from jupyter_modelmgmt.store import changes, events, models

_WALKED = 500


class Models(Opened):
    """List, read, describe and delete whole models; read what happened."""

    def create_model(self, name: str, description: str = "") -> Model:
        """Make a model without versions. Raises Conflict when there is one of that name."""
        return models.create(self.store, name, description, actor=self.actor)

    def model(self, name: str) -> Model:
        """Return one model. Raises NotFound."""
        return models.get(self.store, name)

    def describe(self, name: str, description: str) -> Model:
        """Write what a model as a whole is for."""
        return models.describe(self.store, name, description, actor=self.actor)

    def delete_model(self, name: str, *, confirm: str) -> None:
        """Move a model with all its versions to the trash; `confirm` repeats its name."""
        changes.remove_model(self.store, name, confirm=confirm, actor=self.actor)

    def events(self, after: int = 0, *, limit: int = 500) -> tuple[Event, ...]:
        """Return what happened after the event `after`, oldest first."""
        return events.after(self.store, after, limit=limit)

    def last_event(self) -> int:
        """Return the id of the newest event."""
        return events.last_id(self.store)

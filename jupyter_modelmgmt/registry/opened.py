"""What every group of verbs stands on."""

from contextvars import ContextVar

from jupyter_modelmgmt.artifacts import Blobs
from jupyter_modelmgmt.store import Store

# The id of the run whose `with` block the caller is in; registering links to it.
ACTIVE_RUN: ContextVar[str] = ContextVar("jupyter_modelmgmt_run", default="")


class Opened:
    """An open store, its artifacts, and the name that events carry."""

    def __init__(self, store: Store, artifacts: Blobs, actor: str) -> None:
        self.store = store
        self.artifacts = artifacts
        self.actor = actor

    def __repr__(self) -> str:
        return f"Registry({self.store.shown_url!r})"

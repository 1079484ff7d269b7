"""What every group of verbs stands on."""

from jupyter_modelmgmt.artifacts import Blobs
from jupyter_modelmgmt.store import Store


class Opened:
    """An open store, its artifacts, and the name that events carry."""

    def __init__(self, store: Store, artifacts: Blobs, actor: str) -> None:
        self.store = store
        self.artifacts = artifacts
        self.actor = actor

    def __repr__(self) -> str:
        return f"Registry({self.store.shown_url!r})"

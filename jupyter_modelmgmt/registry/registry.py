"""Opening a registry: where it lies, and all its verbs together."""

from pathlib import Path

from jupyter_modelmgmt.artifacts import blobs_at
from jupyter_modelmgmt.places import place, user
from jupyter_modelmgmt.registry.archives import Archives
from jupyter_modelmgmt.registry.capture import Capture
from jupyter_modelmgmt.registry.history import History
from jupyter_modelmgmt.registry.hooks import Hooks
from jupyter_modelmgmt.registry.imports import Imports
from jupyter_modelmgmt.registry.library import Library
from jupyter_modelmgmt.registry.lineage import Lineage
from jupyter_modelmgmt.registry.models import Models
from jupyter_modelmgmt.registry.previews import Previews
from jupyter_modelmgmt.registry.search import Search
from jupyter_modelmgmt.registry.side_by_side import SideBySide
from jupyter_modelmgmt.registry.stages import Stages
from jupyter_modelmgmt.registry.storage import Storage
from jupyter_modelmgmt.registry.training import Training
from jupyter_modelmgmt.registry.webhooks import Webhooks
from jupyter_modelmgmt.store import Store


class Registry(
    Models,
    Capture,
    Previews,
    Search,
    History,
    Webhooks,
    Hooks,
    Library,
    Stages,
    SideBySide,
    Storage,
    Training,
    Lineage,
    Imports,
    Archives,
):
    """All verbs on one store and one place for artifacts."""

    def acting_as(self, actor: str) -> "Registry":
        """Return the same registry, writing `actor` into its events."""
        return Registry(self.store, self.artifacts, actor)

    def close(self) -> None:
        self.end_hooks()
        self.store.close()


def connect(url: str | None = None, *, artifacts: str | Path | None = None) -> Registry:
    """Return the registry at `url` (`sqlite:///...`), with its files at `artifacts`.

    Without arguments: what the Jupyter server said by environment variables, else one folder
    under Jupyter's data directory. Made when missing.
    """
    url, folder = place(url, artifacts)
    return Registry(Store.open(url), blobs_at(folder), user())

"""The copies of container images that versions keep on this machine: they go with their versions."""

from jupyter_modelmgmt.artifacts import Blobs
from jupyter_modelmgmt.domain.containers import CONTAINER
from jupyter_modelmgmt.serving import container_images
from jupyter_modelmgmt.store import Store, versions


def collect(store: Store, artifacts: Blobs, *, dry_run: bool = False) -> int:
    """Remove the copies of versions that were purged, here or from another machine; return how many.

    With `dry_run` they are counted alone. Registries that never had a container image ask no tool.
    """
    if not versions.of_flavor(store, CONTAINER):
        return 0
    # Looked for before the versions are read: a copy made meanwhile belongs to a version that is there.
    found = container_images.copies(artifacts.location)
    kept = {
        container_images.copy_name(model, version, artifacts.location)
        for model, version, purged in versions.of_flavor(store, CONTAINER)
        if not purged
    }
    unnamed = [name for name in found if name not in kept]
    return len(unnamed) if dry_run else container_images.remove(unnamed)

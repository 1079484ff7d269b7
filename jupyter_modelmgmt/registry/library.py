"""Verbs on the library and on memory: see what could become a version, clone a ready model."""

import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jupyter_modelmgmt.capture import memory
from jupyter_modelmgmt.capture.cells import shell_of
from jupyter_modelmgmt.domain.fields import new_version
from jupyter_modelmgmt.domain.offers import LibraryEntry, MemoryModel
from jupyter_modelmgmt.registry.handles import Listing, Version
from jupyter_modelmgmt.registry.progress import Progress
from jupyter_modelmgmt.registry.registration import Registration
from jupyter_modelmgmt.sources import library
from jupyter_modelmgmt.store import learned


class Library(Registration):
    """Ready models, and models in memory."""

    def library(self) -> Listing[LibraryEntry]:
        """Return the ready models that can be cloned."""
        return Listing(library.entries())

    def clone(
        self,
        entry: str,
        name: str,
        *,
        version: str | None = None,
        bump: str | None = None,
        reason: str = "",
        progress: Progress | None = None,
        **fields: Any,
    ) -> Version:
        """Register a copy of a ready model, or of a version (`digits@1.0.0`), as a version of `name`.

        A ready model is fetched and its digest checked. `fields` replace those of the copied version;
        `config` is merged over its configuration. `progress` is called with bytes done and bytes in all; what it raises cancels the clone.
        Raises NotFound, VersionTaken, SourceFailed; nothing is registered then.
        """
        if "@" in entry:
            return self.clone_version(entry, name, version=version, bump=bump, reason=reason, **fields)
        found = library.entry(entry)
        self._refuse_early(name, version, fields)
        with TemporaryDirectory() as folder:
            files = library.materialise(found, Path(folder), progress or _silent)
            told = {**files.fields, **fields, "config": {**files.fields.get("config", {}), **fields.get("config", {})}}
            new_version(name, version, (), told)
            artifacts = self.artifacts.add_folder(Path(folder))
        return self._add(name, version, artifacts, told, bump, allow_identical=True, reason=reason)

    def in_memory(self, namespace: Mapping[str, object] | None = None) -> Listing[MemoryModel]:
        """Return the objects of `namespace` that can be registered; by default those of `__main__`.

        Each says which version of this registry it is, or which one it differs from.
        """
        known = vars(sys.modules["__main__"]) if namespace is None else namespace
        found = memory.in_memory(known, shell_of(known), lambda digests: learned.by_weights(self.store, digests))
        return Listing(found)


def _silent(_done: int, _total: int) -> None:
    """Show nothing."""

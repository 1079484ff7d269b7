"""Verbs on the library and on memory: see what could become a version, clone a ready model."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from jupyter_modelmgmt.capture import memory
from jupyter_modelmgmt.domain.fields import new_version
from jupyter_modelmgmt.domain.records import LibraryEntry, MemoryModel
from jupyter_modelmgmt.registry.handles import Listing, Version
from jupyter_modelmgmt.registry.versions import Versions
from jupyter_modelmgmt.sources import library

Progress = Callable[[int, int], None]


class Library(Versions):
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
        bump: str = "minor",
        progress: Progress | None = None,
    ) -> Version:
        """Fetch a ready model, check its digest, and register it as a version of `name`.

        `progress` is called with bytes done and bytes in all; what it raises cancels the clone.
        Raises NotFound, VersionTaken, SourceFailed; nothing is registered then.
        """
        found = library.entry(entry)
        self._refuse_early(name, version, {})
        with TemporaryDirectory() as folder:
            files = library.materialise(found, Path(folder), progress or _silent)
            new_version(name, version, (), files.fields)
            artifacts = self.artifacts.add_folder(Path(folder))
        return self._add(name, version, artifacts, files.fields, bump)

    def in_memory(self, namespace: Mapping[str, object] | None = None) -> Listing[MemoryModel]:
        """Return the objects of `namespace` that can be registered; by default those of `__main__`."""
        return Listing(memory.in_memory(vars(sys.modules["__main__"]) if namespace is None else namespace))


def _silent(_done: int, _total: int) -> None:
    """Show nothing."""

"""Verbs on the library and on memory: see what could become a version, clone a ready model."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from jupyter_modelmgmt.capture import memory
from jupyter_modelmgmt.capture.cells import shell_of
from jupyter_modelmgmt.domain.errors import BadField
from jupyter_modelmgmt.domain.offers import LibraryEntry, MemoryModel
from jupyter_modelmgmt.domain.records import Artifact
from jupyter_modelmgmt.registry.handles import Listing, Version
from jupyter_modelmgmt.registry.progress import Progress
from jupyter_modelmgmt.registry.registration import Registration, adapted
from jupyter_modelmgmt.sources import library
from jupyter_modelmgmt.sources.library import Entry
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
        `config` is merged over its configuration, new labels replace its label map. An entry with members
        becomes one version for each; the last is returned. `progress` is called with bytes done and bytes
        in all; what it raises cancels the clone.
        Raises NotFound, VersionTaken, SourceFailed; nothing is registered then.
        """
        if "@" in entry:
            return self.clone_version(entry, name, version=version, bump=bump, reason=reason, **fields)
        found = library.entry(entry)
        if found.members:
            return self._clone_members(found, name, version, bump, progress, fields)
        said = adapted(fields)
        self._refuse_early(name, version, said)
        with self.artifacts.draft() as folder:
            files = library.materialise(found, folder, progress or _silent)
            # The entry's configuration is that of its own adapter: a class of the user's gets none of it.
            theirs = {} if "adapter" in fields else files.fields.get("config", {})
            told = {**files.fields, "parent": f"library:{entry}", **said}
            told["config"] = {**theirs, **said.get("config", {})}
            self._refuse_early(name, version, told)
            artifacts: Sequence[Artifact] = self.artifacts.publish_folder(folder)
        artifacts, told = self._with_adapter(artifacts, told)
        return self._add(name, version, artifacts, told, bump, allow_identical=True, reason=reason)

    def _clone_members(
        self,
        entry: Entry,
        name: str,
        version: str | None,
        bump: str | None,
        progress: Progress | None,
        fields: Mapping[str, Any],
    ) -> Version:
        """Register each member of `entry`, all fetched before the first is registered; see `clone`."""
        if version is not None:
            raise BadField(f"{entry.name} becomes {len(entry.members)} versions. Leave out the number; bump counts up.")
        for member in entry.members:
            library.fetch(library.entry(member), progress or _silent)
        versions = [self.clone(member, name, bump=bump, progress=progress, **fields) for member in entry.members]
        return versions[-1].noting(f"Registered {', '.join(each.selector for each in versions)}.")

    def in_memory(self, namespace: Mapping[str, object] | None = None) -> Listing[MemoryModel]:
        """Return the objects of `namespace` that can be registered; by default those of `__main__`.

        Each says which version of this registry it is, or which one it differs from.
        """
        known = vars(sys.modules["__main__"]) if namespace is None else namespace
        found = memory.in_memory(known, shell_of(known), lambda digests: learned.by_weights(self.store, digests))
        return Listing(found)


def _silent(_done: int, _total: int) -> None:
    """Show nothing."""

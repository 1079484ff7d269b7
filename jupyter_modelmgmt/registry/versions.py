"""Verbs on versions: read, edit, compare, delete."""

from pathlib import Path
from typing import Any

from jupyter_modelmgmt.domain import selectors
from jupyter_modelmgmt.domain.errors import NotFound
from jupyter_modelmgmt.domain.files import given_out
from jupyter_modelmgmt.domain.governance import Lifetime, Trashed
from jupyter_modelmgmt.domain.records import ModelVersion, Page
from jupyter_modelmgmt.domain.sources import ReferenceCheck
from jupyter_modelmgmt.registry import container_copies
from jupyter_modelmgmt.registry.handles import Comparison, Listing, Version
from jupyter_modelmgmt.registry.opened import Opened
from jupyter_modelmgmt.sources import references
from jupyter_modelmgmt.store import changes as changes_of
from jupyter_modelmgmt.store import evaluations, lifetimes, versions

_WALKED = 500


class Versions(Opened):
    """Everything about versions that are there."""

    def get(self, selector: str) -> Version:
        """Return the version that `selector` points at. Raises BadSelector, NotFound."""
        return Version.of(versions.get(self.store, selector), self)

    def update(self, selector: str, /, *, reason: str = "", **changes: Any) -> Version:
        """Change description, tags, status, author, license or public of a version.

        `reason` goes into the log of statuses. Raises NotEditable, BadField.
        """
        return Version.of(changes_of.edit(self.store, selector, changes, reason=reason, actor=self.actor), self)

    def delete(self, selector: str, *, delete_aliases: bool = False) -> ModelVersion:
        """Move a version to the trash.

        Raises ModelDeployed, StageProtected, AliasProtected, and AliasHeld unless `delete_aliases`.
        """
        return changes_of.remove(self.store, selector, delete_aliases=delete_aliases, actor=self.actor)

    def restore(self, selector: str) -> Version:
        """Take `name@1.2.0` out of the trash."""
        name, number = selectors.split(selector)
        return Version.of(changes_of.restore(self.store, name, number, actor=self.actor), self)

    def trash(self, model: str = "") -> Listing[Trashed]:
        """Return what can be restored or purged, the last deleted first."""
        return Listing.of_pages(lambda cursor: self.trash_page(model, limit=_WALKED, cursor=cursor))

    def trash_page(self, model: str = "", *, limit: int = 50, cursor: str | None = None) -> Page[Trashed]:
        return changes_of.trash(self.store, model=model, limit=limit, cursor=cursor)

    def purge(self, selector: str, *, confirm: str) -> None:
        """Forget a version in the trash for ever; its number stays taken. `confirm` repeats the selector.

        The copy of a container image goes at once, other bytes with the next `collect_garbage`.
        """
        changes_of.purge(self.store, selector, confirm=confirm, actor=self.actor)
        container_copies.collect(self.store, self.artifacts)

    def lifetime(self, name: str) -> Lifetime:
        """Return how long a version (`digits@1.2.0`), or by default the versions of a model, are kept."""
        return lifetimes.get(self.store, name)

    def set_lifetime(self, name: str, days: int | None) -> Lifetime:
        """Let a version, or the versions of a model that have no lifetime of their own, go to the trash.

        They go `days` after their creation, unless something keeps them: a deployment, an alias, a stage.
        None takes it back. The server looks every hour, `collect_garbage` at once. Raises BadField,
        and Conflict for a version that something keeps. Source: W10.
        """
        return lifetimes.put(self.store, name, days, actor=self.actor)

    def expire(self, *, dry_run: bool = False) -> tuple[str, ...]:
        """Move the versions whose lifetime is over to the trash, and return them."""
        return lifetimes.expire(self.store, actor=self.actor, dry_run=dry_run)

    def compare(self, *versions_of: str, base: int = 0) -> Comparison:
        """Return versions side by side: metrics, params, configuration and facts.

        `base` is the position of the version that differences refer to.
        """
        found = tuple(versions.get(self.store, selector) for selector in versions_of)
        return Comparison(found, base, evaluations.noise(self.store, [version.selector for version in found]))

    def file(self, selector: str, path: str) -> Path:
        """Return where the verified bytes of one artifact lie; for reading alone. Raises DeployOnly, NotFound."""
        version = versions.get(self.store, selector)
        for artifact in given_out(version):
            if artifact.path == path:
                return self.artifacts.verified(artifact)
        raise NotFound(f"{version.selector} has no file {path[:80]!r}. See `%model show {version.selector}`.")

    def check_references(self, selector: str) -> ReferenceCheck:
        """Compare the files that a version refers to with what lies there now. Raises NotFound, SourceFailed."""
        return references.check(self.file(selector, references.FILE))

    def fetch_references(self, selector: str, folder: str | Path) -> int:
        """Copy the files that a version refers to into `folder`; return how many. Raises Damaged for a changed one."""
        return references.fetch(self.file(selector, references.FILE), Path(folder).expanduser())

"""Verbs on stages, approvals and aliases: who may be what, and who is."""

from typing import Any

from jupyter_modelmgmt.domain.governance import Approval, Settings, StageRule
from jupyter_modelmgmt.domain.records import Page
from jupyter_modelmgmt.registry.handles import Listing, Version
from jupyter_modelmgmt.registry.opened import Opened
from jupyter_modelmgmt.store import aliases, approvals, settings, stages

_WALKED = 500


class Stages(Opened):
    """Promote, ask for approval, name; and the rules of all that."""

    def promote(self, selector: str, stage: str, *, comment: str = "", archive_previous: bool = True) -> Version:
        """Move a version to a stage.

        The former holder of an exclusive stage is archived in the same transaction; it goes to
        development while it runs, or when `archive_previous` is false. Raises BadStage,
        TransitionRefused, ApprovalNeeded, GateFailed, ModelDeployed.
        """
        moved = stages.promote(
            self.store, selector, stage, comment=comment, archive_previous=archive_previous, actor=self.actor
        )
        return Version.of(moved, self)

    def stages(self) -> Listing[StageRule]:
        """Return the stages of this registry in their order, with what they ask."""
        return Listing(stages.every(self.store))

    def configure_stage(self, name: str, /, **changes: Any) -> Listing[StageRule]:
        """Make a stage, or change what it asks, and return all stages.

        `changes`: `exclusive`, `protected`, `approval` (true or false), `transitions` (the stages that
        follow it, None for any), `gates` (searches that a version must match to enter), `position`.
        Raises BadStage, BadField, BadSearch, StageHeld.
        """
        return Listing(stages.configure(self.store, name, changes, actor=self.actor))

    def remove_stage(self, name: str) -> Listing[StageRule]:
        """Forget a stage that no version is in, and return the others. Raises StageHeld."""
        return Listing(stages.remove(self.store, name, actor=self.actor))

    def request_approval(self, selector: str, stage: str, *, comment: str = "") -> Approval:
        """Ask that a version may enter a stage."""
        return approvals.ask(self.store, selector, stage, comment=comment, actor=self.actor)

    def approve(self, approval: int, *, comment: str = "") -> Version:
        """Say yes to a request: the version moves. Raises ApprovalDecided, GateFailed, NotFound."""
        return Version.of(approvals.approve(self.store, approval, comment=comment, actor=self.actor), self)

    def reject(self, approval: int, *, comment: str) -> Approval:
        """Say no to a request, and why. Raises ApprovalDecided, NotFound, BadField without a reason."""
        return approvals.reject(self.store, approval, comment=comment, actor=self.actor)

    def approvals(self, model: str = "", *, state: str = "") -> Listing[Approval]:
        """Return the requests, the last first; `state` is requested, approved or rejected."""
        return Listing.of_pages(lambda cursor: self.approvals_page(model, state=state, limit=_WALKED, cursor=cursor))

    def approvals_page(
        self, model: str = "", *, state: str = "", limit: int = 50, cursor: str | None = None
    ) -> Page[Approval]:
        return approvals.page(self.store, model=model, state=state, limit=limit, cursor=cursor)

    def set_alias(self, selector: str, alias: str, *, protected: bool | None = None) -> Version:
        """Let `alias` point at a version, wherever it pointed; `protected` sets or lifts its protection.

        Raises BadAlias, and AliasProtected when a protected one would move.
        """
        return Version.of(aliases.put(self.store, selector, alias, protected=protected, actor=self.actor), self)

    def remove_alias(self, model: str, alias: str) -> None:
        """Forget an alias. Raises NotFound, AliasProtected."""
        aliases.remove(self.store, model, alias, actor=self.actor)

    def settings(self) -> Settings:
        """Return what holds for the whole registry."""
        return settings.get(self.store)

    def configure(self, /, **changes: Any) -> Settings:
        """Change settings: `first_version`, the number a model begins with (1.0.0). Raises BadField, BadVersion."""
        return settings.change(self.store, changes, actor=self.actor)

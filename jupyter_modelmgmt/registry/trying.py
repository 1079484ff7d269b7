"""The verb that tries a version without deploying it."""

from collections.abc import Callable
from pathlib import Path

from jupyter_modelmgmt.domain.containers import CONTAINER
from jupyter_modelmgmt.domain.errors import NotLoadable
from jupyter_modelmgmt.domain.files import refuse_hostile
from jupyter_modelmgmt.domain.records import ModelVersion
from jupyter_modelmgmt.registry.batches import Batches
from jupyter_modelmgmt.serving.trials import Cancellation, Trials
from jupyter_modelmgmt.store import versions


class Trying(Batches):
    """Asking versions that are not deployed."""

    def try_version(
        self, selector: str, body: bytes, content_type: str, *, trials: Trials, cancellation: Cancellation
    ) -> bytes:
        """Return the JSON that a version answers to an encoded image or an inference request, by one of `trials`.

        Raises NotFound, NotLoadable, BadImage, BadTensor, ServingFailed, Conflict when it was cancelled. Source: N4.
        """
        version = versions.get(self.store, selector)
        return trials.ask(version, self.trial_of(version), body, content_type, cancellation)

    def trial_of(self, version: ModelVersion) -> Callable[[Path], None]:
        """Return what copies the files of a version for a worker of its own. Raises NotLoadable, Forbidden."""
        refuse_hostile(version.selector, version.safety)
        if version.flavor == CONTAINER or not (version.flavor or version.adapter):
            raise NotLoadable(f"{version.selector} cannot be tried without a deployment. Deploy it first.")

        def prepare(folder: Path) -> None:
            self.artifacts.materialise(version.artifacts, folder)

        return prepare

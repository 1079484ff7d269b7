"""The verbs that try what is not deployed: a version, or an object in memory."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from jupyter_modelmgmt.adapters.in_memory import held
from jupyter_modelmgmt.domain.containers import CONTAINER
from jupyter_modelmgmt.domain.errors import NotLoadable
from jupyter_modelmgmt.domain.files import refuse_hostile
from jupyter_modelmgmt.domain.records import ModelVersion
from jupyter_modelmgmt.registry.batches import Batches
from jupyter_modelmgmt.serving import objects
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

    def try_object(
        self,
        model: object,
        body: bytes,
        content_type: str,
        *,
        like: str = "",
        name: str = "It",
        namespace: Mapping[str, object] | None = None,
    ) -> bytes:
        """Return the JSON that an object in memory answers here, in this process, as the version `like` is asked.

        Without `like` it takes tensors. Adapter, configuration and labels are that version's; an adapter of the user's own
        is the class in `namespace`, by default `__main__`. Nothing is registered. Raises NotFound, NotFitted,
        NotSavable, NotLoadable, BadImage, BadTensor, BadPrediction. Source: N4.
        """
        known = vars(sys.modules["__main__"]) if namespace is None else namespace
        version = versions.get(self.store, like) if like else None
        with held(model, version, known) as predictor:
            return objects.answered(predictor, body, content_type, name=name)

"""The register form in a cell: a model in memory becomes a version when the button is pressed."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import msgspec
import traitlets

from jupyter_modelmgmt.domain.errors import BadField, NotFound
from jupyter_modelmgmt.flavors import flavor_for
from jupyter_modelmgmt.registry import display
from jupyter_modelmgmt.widgets.live import STATIC, LiveWidget

FIELDS = (
    "version", "bump", "reason", "description", "framework", "task", "model_type", "tags", "author", "license", "public",
)  # fmt: skip


class Register(LiveWidget):
    """The form that registers `model`: `Register(clf, "digits")`.

    `name` and `form` are what is filled in: `version` or `bump`, `description`, `tags` and so on; set them
    from code and the form follows. `register()` does what the button does. `registered` is the selector
    of the version that came of it, there to be observed.
    """

    _esm = STATIC / "register.js"
    _css = STATIC / "register.css"

    name = traitlets.Unicode("").tag(sync=True)
    form = traitlets.Dict().tag(sync=True)
    about = traitlets.Dict().tag(sync=True)
    answer = traitlets.Dict().tag(sync=True)
    registered = traitlets.Unicode("").tag(sync=True)
    is_busy = traitlets.Bool(default_value=False).tag(sync=True)

    def __init__(self, model: object, name: str = "", **traits: Any) -> None:
        self._model = model
        flavor = flavor_for(model)
        about = {
            "class_name": type(model).__name__,
            "framework": flavor.FRAMEWORK,
            "task": flavor.describe(model).task.value,
        }
        super().__init__(name=name, about=about, **traits)

    def read(self) -> None:
        """Nothing of the registry is shown until something is asked."""

    def register(self) -> str:
        """Register the model as the form says, and return its selector. Raises what `Registry.register` raises."""
        said = {key: value for key, value in self.form.items() if value not in (None, "")}
        if unknown := said.keys() - set(FIELDS):
            raise BadField(f"The form has no field {', '.join(sorted(unknown))}. There are {', '.join(FIELDS)}.")
        self.registered = self.registry.register(self._model, self.name, **said).selector
        return self.registered

    def act(self, verb: str, message: Mapping[str, Any], _buffers: Sequence[Any]) -> None:
        if verb == "register":
            self.is_busy = True
            try:
                self.register()
            finally:
                self.is_busy = False
        elif verb in ("latest", "advice"):
            asked = self._latest if verb == "latest" else self._advice
            self.answer = {"id": message.get("id"), "value": asked(message)}

    def html(self) -> str:
        if self.registered:
            return display.html([self.registry.get(self.registered)])
        return f"<p>{escape(self.about['class_name'])}, not registered</p>"

    def _latest(self, message: Mapping[str, Any]) -> Any:
        """Return the highest release of a model, None when it has none, False when there is no such model."""
        try:
            latest = self.registry.model(str(message.get("name", ""))).latest
        except NotFound:
            return False
        return latest.version if latest else None

    def _advice(self, message: Mapping[str, Any]) -> Any:
        version = str(message.get("version", "")) or None
        try:
            return msgspec.to_builtins(self.registry.advise(self._model, str(message.get("name", "")), version=version))
        except NotFound:
            return None

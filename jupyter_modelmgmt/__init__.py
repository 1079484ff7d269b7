"""Model management in the notebook.

    import jupyter_modelmgmt as mm
    reg = mm.connect()
    reg.register(clf, "digits", metrics={"accuracy": 0.98})

Everything is imported when it is first used: the import itself costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from jupyter_modelmgmt import widgets
    from jupyter_modelmgmt.adapters.base import ModelAdapter
    from jupyter_modelmgmt.comparison_widget import ComparisonWidget
    from jupyter_modelmgmt.domain.deployments import Deployment, Share
    from jupyter_modelmgmt.domain.errors import ModelManagementError
    from jupyter_modelmgmt.domain.predictions import Box, Boxes, Classes, Label, Mask, Prediction, Text, Value, Vector
    from jupyter_modelmgmt.domain.records import Model, ModelVersion
    from jupyter_modelmgmt.domain.tracking import Sample
    from jupyter_modelmgmt.registry import Registry, connect

__version__ = "0.1.0"

_HOMES = {
    "Box": "domain.predictions",
    "Boxes": "domain.predictions",
    "Classes": "domain.predictions",
    "ComparisonWidget": "comparison_widget",
    "Deployment": "domain.deployments",
    "Label": "domain.predictions",
    "Mask": "domain.predictions",
    "Model": "domain.records",
    "ModelAdapter": "adapters.base",
    "ModelManagementError": "domain.errors",
    "ModelVersion": "domain.records",
    "Prediction": "domain.predictions",
    "Registry": "registry",
    "Sample": "domain.tracking",
    "Share": "domain.deployments",
    "Text": "domain.predictions",
    "Value": "domain.predictions",
    "Vector": "domain.predictions",
    "connect": "registry",
}

__all__ = [
    "Box",
    "Boxes",
    "Classes",
    "ComparisonWidget",
    "Deployment",
    "Label",
    "Mask",
    "Model",
    "ModelAdapter",
    "ModelManagementError",
    "ModelVersion",
    "Prediction",
    "Registry",
    "Sample",
    "Share",
    "Text",
    "Value",
    "Vector",
    "connect",
    "widgets",
]


def __getattr__(name: str) -> Any:
    if name == "widgets":
        return import_module(f"{__name__}.widgets")
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]


def load_ipython_extension(shell: "InteractiveShell") -> None:
    """Add `%model` (`%load_ext jupyter_modelmgmt`)."""
    from jupyter_modelmgmt.magics import ModelMagics  # noqa: PLC0415 - IPython calls this once

    shell.register_magics(ModelMagics)


def _jupyter_labextension_paths() -> list[dict[str, str]]:
    return [{"src": "labextension", "dest": "jupyter-modelmgmt"}]


def _jupyter_server_extension_points() -> list[dict[str, Any]]:
    from jupyter_modelmgmt.server.extension import ModelManagement  # noqa: PLC0415 - Jupyter alone calls this

    return [{"module": "jupyter_modelmgmt", "app": ModelManagement}]

"""Widgets for cells: the components of the pages with live data, usable from code.

    w = mm.widgets.Models(filter="tag = 'vision'")
    w  # choose one in the browser
    w.selected  # 'digits@1.0.0'

Where no widget can run (GitHub, nbconvert) each shows what it held as plain HTML.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jupyter_modelmgmt.widgets.board import Board
    from jupyter_modelmgmt.widgets.compare import Compare
    from jupyter_modelmgmt.widgets.deployment import Deployment
    from jupyter_modelmgmt.widgets.lineage import Lineage
    from jupyter_modelmgmt.widgets.models import Models
    from jupyter_modelmgmt.widgets.register import Register
    from jupyter_modelmgmt.widgets.trial import Test

_HOMES = {
    "Board": "board",
    "Compare": "compare",
    "Deployment": "deployment",
    "Lineage": "lineage",
    "Models": "models",
    "Register": "register",
    "Test": "trial",
}

__all__ = ["Board", "Compare", "Deployment", "Lineage", "Models", "Register", "Test"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__

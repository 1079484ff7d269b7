"""The comparison of versions in a cell."""

from typing import Any

from jupyter_modelmgmt.comparison_widget import ComparisonWidget
from jupyter_modelmgmt.registry import Registry, connect


class Compare(ComparisonWidget):
    """Two or more versions side by side: `Compare("digits@1.0.0", "digits@1.1.0")`."""

    def __init__(self, *selectors: str, registry: Registry | None = None, **traits: Any) -> None:
        super().__init__((registry or connect()).compare(*selectors).table, **traits)

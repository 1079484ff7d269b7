"""The flavor for tables: `.table` files, one `key value` a line."""

import sys

import numpy as np

from jupyter_modelmgmt.domain.errors import NotSavable
from jupyter_modelmgmt.flavors import Description, TensorSpec, checked

NAME = "lookup"
FRAMEWORK = "lookup"
SAFETY = "data"


def handles(obj):
    module = sys.modules.get("modelmgmt_lookup")
    return module is not None and isinstance(obj, module.Table)


def describe(obj):
    return Description(class_name="Table", params={"rows": len(obj.rows)})


def problem(obj):
    return "" if obj.rows else "This Table has no rows. Add some."


def save(obj, folder):
    if empty := problem(obj):
        raise NotSavable(empty)
    (folder / "model.table").write_text("".join(f"{key} {value}\n" for key, value in sorted(obj.rows.items())))


def recognises(path):
    return path.suffix == ".table"


def load(folder, *, allow_code=False):
    from modelmgmt_lookup import Table

    lines = (folder / "model.table").read_text().splitlines()
    return Table((int(key), float(value)) for key, value in map(str.split, lines))


def runner(folder):
    return TableRunner(load(folder))


class TableRunner:
    inputs = (TensorSpec(name="key", datatype="INT64", shape=(-1,)),)
    outputs = (TensorSpec(name="value", datatype="FP64", shape=(-1,)),)

    def __init__(self, table):
        self._table = table

    def run(self, inputs):
        return {"value": np.array([self._table.answer(key) for key in checked(inputs, self.inputs)["key"].tolist()])}

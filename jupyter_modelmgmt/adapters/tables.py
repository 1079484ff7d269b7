"""Tables through an adapter: columns in, a DataFrame for `predict`, columns out."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from jupyter_modelmgmt.adapters.base import ModelAdapter
from jupyter_modelmgmt.domain.errors import BadTensor
from jupyter_modelmgmt.domain.evidence import Signature
from jupyter_modelmgmt.domain.failures import BadPrediction
from jupyter_modelmgmt.flavors import Tensors
from jupyter_modelmgmt.flavors.base import DTYPES, ONLY_INPUT, refuse_missing, with_texts

if TYPE_CHECKING:
    import pandas as pd

_OUTPUT = "output"
_MATRIX = 2


def answered(adapter: ModelAdapter, inputs: Tensors) -> dict[str, NDArray[Any]]:
    """Return the columns that a table adapter answers, as many values as rows. Raises BadTensor, BadPrediction."""
    rows = frame(inputs, adapter.signature)
    answer = adapter.predict(rows)
    found = columns(answer)
    for name, values in found.items():
        if len(values) != len(rows):
            raise BadPrediction(f"{name!r} has {len(values)} values for {len(rows)} rows. Return one a row.")
    return found


def frame(inputs: Tensors, signature: Signature) -> "pd.DataFrame":
    """Return columns as the table that `signature` names, in its order. Raises BadTensor naming what is missing."""
    import pandas as pd

    fields = [field for field in signature.inputs if field.shape == (-1,)]
    names = [field.name for field in fields]
    given = _of_matrix(inputs, names)
    refuse_missing(given, names)
    kinds = {field.name: field.datatype for field in fields}
    wanted = {name: _column(name, given[name], kinds.get(name, "")) for name in names or given}
    if len({len(values) for values in wanted.values()}) > 1:
        raise BadTensor("The columns have different numbers of rows. Send as many values in each.")
    return pd.DataFrame(wanted)


def columns(answer: Any) -> dict[str, NDArray[Any]]:
    """Return what an adapter answered for a table as named columns: a DataFrame, a mapping, or one column."""
    if hasattr(answer, "columns") and hasattr(answer, "to_numpy"):
        answer = {str(name): answer[name].to_numpy() for name in answer.columns}
    if not isinstance(answer, dict):
        answer = {_OUTPUT: answer.to_numpy() if hasattr(answer, "to_numpy") else answer}
    found = {str(name): np.asarray(values) for name, values in answer.items()}
    for name, values in found.items():
        if values.ndim == 0 or (values.dtype == object and not all(isinstance(v, str) for v in values.flat)):
            raise BadPrediction(
                f"The column {name!r} is neither numbers nor texts. Return a DataFrame of such columns."
            )
    return {name: with_texts(values) for name, values in found.items()}


def _of_matrix(inputs: Tensors, names: list[str]) -> Tensors:
    """Return a matrix alone as its columns."""
    if len(inputs) != 1 or set(inputs) <= set(names):
        return inputs
    ((name, matrix),) = inputs.items()
    if matrix.ndim != _MATRIX:
        return {names[0]: matrix} if name == ONLY_INPUT and len(names) == 1 else inputs
    if names and matrix.shape[1] != len(names):
        raise BadTensor(
            f"The table has {matrix.shape[1]} columns; the model takes {len(names)}: {', '.join(names)}. Send those."
        )
    wanted = names or [str(place) for place in range(matrix.shape[1])]
    return {column: matrix[:, place] for place, column in enumerate(wanted)}


def _column(name: str, values: NDArray[Any], datatype: str) -> NDArray[Any]:
    if values.ndim != 1:
        raise BadTensor(
            f"The column {name!r} has shape {list(values.shape)}; a column has one axis. Send one value a row."
        )
    wanted = DTYPES.get(datatype)
    if wanted is None or wanted == values.dtype or datatype == "BYTES":
        return values
    try:
        converted = values.astype(wanted)
    except (TypeError, ValueError):
        raise BadTensor(f"The column {name!r} is {values.dtype}; the model takes {datatype}. Convert it.") from None
    if wanted.kind in "iu" and not np.array_equal(converted, values):
        raise BadTensor(f"The column {name!r} loses values as {datatype}. Send whole numbers that fit.")
    return converted

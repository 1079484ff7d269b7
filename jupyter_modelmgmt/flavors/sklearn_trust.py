"""The types that may be loaded from a `.skops` file beside those that skops itself trusts.

Reviewed one by one, exact names only: each is harmless when called with any arguments, when its
attributes are set to anything, and when it is referred to. Types whose compiled code follows indices
without looking at their bounds (trees) are trusted with a check: `check_arrays` reads the indices first.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jupyter_modelmgmt.domain.errors import NotLoadable

_TREES = (
    "sklearn.tree._tree.Tree",
    "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
    "sklearn.neighbors._kd_tree.KDTree",
    "sklearn.neighbors._ball_tree.BallTree",
)
_DISTANCES = tuple(
    f"sklearn.metrics._dist_metrics.{name}64"
    for name in ("EuclideanDistance", "ManhattanDistance", "ChebyshevDistance")
)
_FITTED_PARTS = (
    "numpy.dtype",
    "sklearn._loss.loss.HalfTweedieLoss",
    "sklearn._loss.loss.HalfTweedieLossIdentity",
    "sklearn.calibration._CalibratedClassifier",
    "sklearn.calibration._SigmoidCalibration",
    "sklearn.gaussian_process._gpc._BinaryGaussianProcessClassifierLaplace",
    "sklearn.multiclass._ConstantPredictor",
    "sklearn.neural_network._stochastic_optimizers.AdamOptimizer",
    "sklearn.neural_network._stochastic_optimizers.SGDOptimizer",
    "sklearn.utils._bunch.Bunch",
)
_KERNELS = tuple(
    f"sklearn.gaussian_process.kernels.{name}"
    for name in (
        "ConstantKernel", "DotProduct", "Exponentiation", "Matern", "Product", "RBF", "RationalQuadratic", "Sum",
        "WhiteKernel",
    )
)  # fmt: skip
_SPLITS = tuple(
    f"sklearn.model_selection._split.{name}"
    for name in (
        "GroupKFold", "KFold", "LeaveOneOut", "ShuffleSplit", "StratifiedKFold", "StratifiedShuffleSplit",
        "TimeSeriesSplit",
    )
)  # fmt: skip
_SCORERS = (
    "sklearn.metrics._scorer._PassthroughScorer",
    "sklearn.metrics._scorer._Scorer",
    *(
        f"sklearn.metrics._classification.{name}"
        for name in (
            "accuracy_score",
            "balanced_accuracy_score",
            "f1_score",
            "log_loss",
            "precision_score",
            "recall_score",
        )
    ),
    *(f"sklearn.metrics._ranking.{name}" for name in ("average_precision_score", "roc_auc_score")),
    *(
        f"sklearn.metrics._regression.{name}"
        for name in ("mean_absolute_error", "mean_squared_error", "r2_score", "root_mean_squared_error")
    ),
    *(f"sklearn.feature_selection._univariate_selection.{name}" for name in ("chi2", "f_classif", "f_regression")),
)

TRUSTED = frozenset((*_TREES, *_DISTANCES, *_FITTED_PARTS, *_KERNELS, *_SPLITS, *_SCORERS))

_BITSET_WORDS = 8
_MAX_LEVELS = 60
_BOOSTING = ("GradientBoostingClassifier", "GradientBoostingRegressor")


def check_arrays(model: object) -> None:
    """Read the indices of all trees that `model` is made of. Raises NotLoadable where one leads astray.

    Without it, a crafted file could make compiled code read outside its arrays.
    """
    for part, features in _parts(model, None, set()):
        name = type(part).__name__
        sound = _CHECKS[name](part, features)
        if not sound:
            raise NotLoadable(
                f"A {name} of this file has indices outside its arrays, so it is not loaded. Save it again."
            )


def _parts(obj: Any, features: int | None, seen: set[int]) -> Iterator[tuple[Any, int | None]]:
    """Yield each tree below `obj` with the number of features that its owner checks inputs against."""
    if id(obj) in seen or isinstance(obj, str | bytes | int | float | type(None)):
        return
    seen.add(id(obj))
    if type(obj).__name__ in _CHECKS and type(obj).__module__.startswith("sklearn."):
        yield obj, features
        return
    for child in _children(obj):
        yield from _parts(child, _owner_features(obj, features), seen)


def _children(obj: Any) -> list[Any]:
    if isinstance(obj, dict):
        return list(obj.values())
    if isinstance(obj, list | tuple | set):
        return list(obj)
    if isinstance(obj, np.ndarray):
        return list(obj.flat) if obj.dtype == object else []
    return list(getattr(obj, "__dict__", {}).values())


def _owner_features(obj: Any, inherited: int | None) -> int | None:
    """Return the number of features below `obj`; negative where members do not check it themselves."""
    own = getattr(obj, "__dict__", {}).get("n_features_in_")
    if not isinstance(own, int):
        return inherited
    if inherited is not None and inherited < 0:
        return max(-own, inherited)
    return -own if type(obj).__name__ in _BOOSTING else own


def _tree_is_sound(tree: Any, features: int | None) -> bool:
    # `__getstate__` believes node_count, so that is compared with what was really read first.
    if not 0 < tree.node_count <= tree.capacity:
        return False
    nodes = tree.__getstate__()["nodes"]
    inner = nodes["left_child"] != -1
    return (
        (features is None or tree.n_features <= abs(features))
        and _lead_forward(nodes["left_child"], inner, len(nodes))
        and _lead_forward(nodes["right_child"], inner, len(nodes))
        and _within(nodes["feature"][inner], tree.n_features)
    )


def _predictor_is_sound(predictor: Any, features: int | None) -> bool:
    nodes = predictor.nodes
    inner = nodes["is_leaf"] == 0
    categorical = inner & (nodes["is_categorical"] != 0)
    bitsets = (predictor.raw_left_cat_bitsets, predictor.binned_left_cat_bitsets)
    return (
        features is not None
        and len(nodes) > 0
        and _lead_forward(nodes["left"], inner, len(nodes))
        and _lead_forward(nodes["right"], inner, len(nodes))
        and _within(nodes["feature_idx"][inner], abs(features))
        and _within(nodes["bitset_idx"][categorical], min(len(sets) for sets in bitsets))
        and all(sets.shape[1:] == (_BITSET_WORDS,) for sets in bitsets)
    )


def _bins_are_sound(mapper: Any, features: int | None) -> bool:
    return features is not None and len(mapper.is_categorical_) >= abs(features)


def _neighbours_are_sound(tree: Any, features: int | None) -> bool:
    rows, order, nodes, bounds, _leaf, levels, count, *_, weights = tree.__getstate__()
    samples, width = rows.shape
    sides = 2 if type(tree).__name__ == "KDTree" else 1
    last = 2 * np.arange(len(nodes)) + 2 >= len(nodes)
    return (
        len(nodes) > 0
        and (features is None or abs(features) == width)
        and 0 < levels <= _MAX_LEVELS
        and count == len(nodes) == 2**levels - 1
        and bounds.shape == (sides, len(nodes), width)
        and len(order) == samples
        and _within(order, samples)
        and bool(np.all((nodes["idx_start"] >= 0) & (nodes["idx_start"] <= nodes["idx_end"])))
        and bool(np.all(nodes["idx_end"] <= samples))
        and bool(np.all(nodes["is_leaf"][last] != 0))
        and (weights is None or len(weights) == samples)
    )


_CHECKS = {
    "Tree": _tree_is_sound,
    "TreePredictor": _predictor_is_sound,
    "_BinMapper": _bins_are_sound,
    "KDTree": _neighbours_are_sound,
    "BallTree": _neighbours_are_sound,
}


def _lead_forward(children: NDArray[Any], inner: NDArray[np.bool_], count: int) -> bool:
    """Tell whether every inner node's child comes after it: then walks end, and end inside."""
    own = np.flatnonzero(inner)
    there = children[inner].astype(np.int64)
    return bool(np.all((there > own) & (there < count)))


def _within(indices: NDArray[Any], count: int) -> bool:
    return bool(np.all((indices >= 0) & (indices < count)))

"""What each task is measured by, on a golden dataset.

scikit-learn's definitions where it has them. Detection: average precision as COCO defines it, precision
interpolated at 101 recalls, greedy matching by score at each IoU. Source: D26; Lin et al., "Microsoft COCO".
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jupyter_modelmgmt.domain.boxes import overlap
from jupyter_modelmgmt.domain.predictions import Box

IOUS = tuple(round(0.5 + 0.05 * step, 2) for step in range(10))
_RECALLS = np.linspace(0, 1, 101)
_MAX_CONFUSION = 50
Lines = dict[tuple[str, str], tuple[list[float], list[float]]]


@dataclass(frozen=True, slots=True)
class Scored:
    """Metrics, and curves by (figure, legend): x and y. Source: D24."""

    metrics: dict[str, float]
    lines: Lines = field(default_factory=dict)


def classification(truth: Sequence[str], scores: Sequence[Mapping[str, float]]) -> Scored:
    """Return accuracy, F1 and the like from the true labels and the scores by label of each item.

    The best label is what was predicted, "" where there is none. Curves: precision over recall of each
    label, and the confusion: a line for each true label, x counts the predicted ones in sorted order.
    """
    from sklearn.metrics import accuracy_score, confusion_matrix, precision_recall_fscore_support

    best = [max(found, key=lambda label: found[label]) if found else "" for found in scores]
    names = sorted({*truth, *best})
    metrics = {"accuracy": float(accuracy_score(truth, best))}
    for average in ("macro", "weighted"):
        p, r, f1, _ = precision_recall_fscore_support(truth, best, labels=names, average=average, zero_division=0.0)
        metrics |= {f"precision_{average}": float(p), f"recall_{average}": float(r), f"f1_{average}": float(f1)}
    lines: Lines = {}
    if len(names) <= _MAX_CONFUSION:
        table = confusion_matrix(truth, best, labels=names)
        for name, row in zip(names, table, strict=True):
            lines["confusion", name or "nothing"] = ([float(i) for i in range(len(names))], [float(n) for n in row])
        lines |= _label_curves(truth, scores)
    return Scored(metrics, lines)


def _label_curves(truth: Sequence[str], scores: Sequence[Mapping[str, float]]) -> Lines:
    from sklearn.metrics import precision_recall_curve

    lines: Lines = {}
    for name in sorted(set(truth)):
        given = [found.get(name, 0.0) for found in scores]
        precision, recall, _ = precision_recall_curve([label == name for label in truth], given)
        lines["precision-recall", name] = (recall[::-1].tolist(), precision[::-1].tolist())
    return lines


def regression(truth: Sequence[float], values: Sequence[float]) -> Scored:
    """Return MAE, RMSE and R2; R2 needs two items at least."""
    from sklearn.metrics import mean_absolute_error, r2_score, root_mean_squared_error

    metrics = {
        "mae": float(mean_absolute_error(truth, values)),
        "rmse": float(root_mean_squared_error(truth, values)),
    }
    if len(truth) > 1:
        metrics["r2"] = float(r2_score(truth, values))
    return Scored(metrics)


def segmentation(confusion: NDArray[np.int64], labels: Sequence[str]) -> Scored:
    """Return IoU of each label and their mean, and the share of right pixels, from (true, predicted) counts of pixels.

    A label that occurs in neither has no IoU.
    """
    right = np.diag(confusion).astype(float)
    union = confusion.sum(axis=0) + confusion.sum(axis=1) - right
    seen = union > 0
    shares = {label: float(right[i] / union[i]) for i, label in enumerate(labels) if seen[i]}
    metrics = {"mean_iou": float(np.mean([*shares.values()])), "pixel_accuracy": float(right.sum() / confusion.sum())}
    return Scored(metrics | {f"iou_{label}": share for label, share in shares.items()})


def detection(truth: Sequence[Sequence[tuple[str, Sequence[float]]]], found: Sequence[Sequence[Box]]) -> Scored:
    """Return mAP at IoU 0.5 and the mean over 0.5 to 0.95, precision and recall; boxes are left, top, right, bottom.

    `truth` has (label, box) of each image. Curves: precision over recall of each label at IoU 0.5.
    """
    labels = sorted({label for boxes in truth for label, _ in boxes})
    table: dict[float, list[float]] = defaultdict(list)
    lines: Lines = {}
    hits = total = 0
    for label in labels:
        mine, count = _of_label(truth, found, label)
        for iou in IOUS:
            precision, recall, hit = _curve(mine, count, iou)
            table[iou].append(average_precision(precision, recall))
            if iou == IOUS[0]:
                lines["precision-recall", label] = (recall.tolist(), precision.tolist())
                hits, total = hits + hit, total + count
    guesses = sum(len(boxes) for boxes in found)
    by_iou = {iou: float(np.mean(values)) for iou, values in table.items()}
    metrics = {
        "map": float(np.mean([*by_iou.values()] or [0.0])), "map_50": by_iou.get(0.5, 0.0), "map_75": by_iou.get(0.75, 0.0),
        "precision": hits / guesses if guesses else 0.0, "recall": hits / total if total else 0.0,
    }  # fmt: skip
    return Scored(metrics, lines)


def average_precision(precision: NDArray[np.float64], recall: NDArray[np.float64]) -> float:
    """Return the mean over 101 recalls of the best precision at that recall or beyond."""
    if not len(precision):
        return 0.0
    best = np.maximum.accumulate(precision[::-1])[::-1]
    places = np.searchsorted(recall, _RECALLS, side="left")
    return float(np.mean([best[place] if place < len(best) else 0.0 for place in places]))


@dataclass(frozen=True, slots=True)
class _Image:
    scores: NDArray[np.float64]
    overlaps: NDArray[np.float64]


def _of_label(truth: Any, found: Any, label: str) -> tuple[list[_Image], int]:
    images, count = [], 0
    for wanted, boxes in zip(truth, found, strict=True):
        there = [tuple(box) for name, box in wanted if name == label]
        mine = sorted((box for box in boxes if box.label == label), key=lambda box: -box.score)
        overlaps = np.array([[overlap(guess.box, box) for box in there] for guess in mine], dtype=float)
        scores = np.array([box.score for box in mine])
        images.append(_Image(scores, overlaps.reshape(len(mine), len(there))))
        count += len(there)
    return images, count


def _curve(images: Sequence[_Image], count: int, least: float) -> tuple[NDArray[np.float64], NDArray[np.float64], int]:
    """Return precision and recall after each guess, best first, and how many were right."""
    scores = np.concatenate([image.scores for image in images]) if images else np.zeros(0)
    right = np.concatenate([_matched(image.overlaps, least) for image in images]) if images else np.zeros(0, bool)
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(right[order])
    recall = hits / max(count, 1)
    precision = hits / np.arange(1, len(hits) + 1)
    return precision, recall, int(right.sum())


def _matched(overlaps: NDArray[np.float64], least: float) -> NDArray[np.bool_]:
    """Return which guesses, best first, take a true box that no better one took."""
    free = np.ones(overlaps.shape[1], bool)
    right = np.zeros(len(overlaps), bool)
    for i, row in enumerate(overlaps):
        open_ = np.where(free, row, -1.0)
        if len(open_) and open_.max() >= least:
            free[int(open_.argmax())] = False
            right[i] = True
    return right

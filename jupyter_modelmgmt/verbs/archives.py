"""Verbs of archives and downloads."""

from jupyter_modelmgmt.registry import Registry
from jupyter_modelmgmt.terminal import progress
from jupyter_modelmgmt.verbs.base import SELECTOR, Arguments, Namespace, Verb, arg


def _export(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    with progress(f"Exporting {args.selector}") as told:
        return reg.export(args.selector, args.file, overwrite=args.overwrite, progress=told)


def _import(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    with progress(f"Importing {args.file}") as told:
        return reg.import_archive(args.file, name=args.name, version=args.version, progress=told)


def _download(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    version = reg.get(args.selector)
    with progress(f"Downloading {version.selector}") as told:
        return version.download(args.folder, args.file, progress=told)


VERBS: dict[str, Verb] = {
    "download": Verb(
        "Write the files of a version into a folder",
        (
            SELECTOR,
            arg("folder", help="made when missing"),
            arg("--file", action="append", default=[], help="only this path or pattern (*.onnx); repeat it"),
        ),
        _download,
    ),
    "preview": Verb(
        "Show the beginning of a file of a version; nothing of it runs",
        (SELECTOR, arg("path", help="its path in the version")),
        lambda reg, args, _: reg.preview(args.selector, args.path),
    ),
    "export": Verb(
        "Write a version with all that hangs on it into one file",
        (
            SELECTOR,
            arg("file", help="a file that ends in .zip, or a folder"),
            arg("--overwrite", action="store_true", help="write over a file that is there"),
        ),
        _export,
    ),
    "import": Verb(
        "Add the version that another registry exported",
        (
            arg("file", help="the exported file"),
            arg("--name", help="the model's name here; else the one it has"),
            arg("--version", help="its number here; else the one it has"),
        ),
        _import,
    ),
}

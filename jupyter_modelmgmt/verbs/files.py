"""What a terminal has instead of variables: files. `register` takes files there."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from jupyter_modelmgmt.domain.errors import BadFile
from jupyter_modelmgmt.registry import Registry
from jupyter_modelmgmt.terminal import progress
from jupyter_modelmgmt.verbs.base import (
    FACTS,
    MADE_WITH,
    SAID,
    VERSION,
    Arguments,
    Namespace,
    Verb,
    arg,
    made_with,
    said,
)


class Files(Mapping[str, object]):
    """The namespace of a terminal: `scores.json` is what that file holds."""

    LACKING = "{!r} is no file that is read. Give a file that ends in .json, .csv, .npy or .txt."

    def __getitem__(self, name: str) -> object:
        path = Path(name)
        read = _READERS.get(path.suffix.lower())
        if read is None:
            raise KeyError(name)
        if not path.is_file():
            raise BadFile(f"There is no file {name!r}. Give the path of one that is there.")
        try:
            return read(path)
        except ValueError as error:
            raise BadFile(f"{name!r} cannot be read: {str(error).splitlines()[0]}. Mend the file.") from None

    def __contains__(self, name: object) -> bool:
        return Path(str(name)).suffix.lower() in _READERS

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def _lines(path: Path) -> list[str]:
    return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _array(path: Path) -> object:
    import numpy as np  # noqa: PLC0415 - 0.1 s, and most command lines need none

    return np.load(path, allow_pickle=False)


def _frame(path: Path) -> object:
    import pandas as pd  # noqa: PLC0415 - as above

    return pd.read_csv(path)


_READERS: dict[str, Callable[[Path], Any]] = {
    ".csv": _frame,
    ".json": lambda path: json.loads(path.read_bytes()),
    ".npy": _array,
    ".txt": _lines,
}


def _register(reg: Registry, args: Arguments, namespace: Namespace) -> object:
    example = args.input_example
    if example is not None and example in namespace:
        example = namespace[example]
    with progress(f"Registering {args.name}") as told:
        return reg.register_files(
            args.files,
            args.name,
            progress=told,
            prove=not args.no_proof,
            input_example=example,
            **said(args, namespace),
            **made_with(args, namespace),
        )


VERBS: dict[str, Verb] = {
    "register": Verb(
        "Register files or a folder",
        (
            arg("files", nargs="+", help="files, or one folder"),
            arg("name", help="the model's name"),
            *VERSION,
            *FACTS,
            *SAID,
            *MADE_WITH,
            arg("--input-example", help="a file that a fresh process must answer through an adapter class"),
            arg("--no-proof", action="store_true", help="register without trying an adapter class in a fresh process"),
        ),
        _register,
    ),
}

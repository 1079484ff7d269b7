"""Reading what a pickle would import, opcode by opcode; nothing of it runs.

Source: Python's `pickletools`, whose table of opcodes says what each takes from the stack and puts there.
"""

import pickletools
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

UNKNOWN = "?"
MAX_OPCODES = 50_000_000
_MARK = object()
_MEMO = frozenset({"PUT", "BINPUT", "LONG_BINPUT", "MEMOIZE", "GET", "BINGET", "LONG_BINGET", "DUP"})
_UNREADABLE = (ValueError, IndexError, KeyError, EOFError, OverflowError, MemoryError)

# Names no model needs to be built, and with which a file runs whatever it likes.
DANGEROUS_MODULES = frozenset({
    "_posixsubprocess", "_thread", "asyncio", "bdb", "code", "codeop", "commands", "ctypes", "distutils", "ensurepip",
    "ftplib", "http", "httplib", "imaplib", "importlib", "linecache", "logging", "multiprocessing", "nt", "os", "pdb",
    "pip", "pkgutil", "platform", "posix", "pickle", "_pickle", "poplib", "profile", "pty", "pydoc", "requests",
    "runpy", "setuptools", "shutil", "signal", "smtplib", "socket", "socketserver", "ssl", "subprocess", "sys",
    "telnetlib", "tempfile", "test", "threading", "timeit", "trace", "urllib", "urllib2", "venv", "webbrowser",
    "xmlrpc", "zipapp", "zipimport", "joblib.load", "cProfile", "idlelib", "doctest",
})  # fmt: skip
DANGEROUS_NAMES = frozenset({
    "builtins.eval", "builtins.exec", "builtins.compile", "builtins.open", "builtins.__import__", "builtins.input",
    "builtins.delattr", "builtins.globals", "builtins.locals", "builtins.vars",
    "builtins.breakpoint", "builtins.memoryview", "io.open", "io.FileIO", "_io.open", "_io.FileIO", "codecs.open",
    "numpy.load", "numpy.memmap", "numpy.fromfile", "numpy.DataSource", "joblib.load",
    "joblib.numpy_pickle.load", "torch.load", "torch.hub.load", "torch._utils._import_dotted_name",
    "operator.attrgetter", "operator.methodcaller", "functools.partialmethod", "types.ModuleType", "marshal.loads",
    "pandas.read_pickle", "cloudpickle.load", "cloudpickle.loads", "dill.loads", "dill.load",
    UNKNOWN,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """The names that a file's pickles import, sorted, `?` for one that is computed; and why reading stopped early."""

    imports: tuple[str, ...]
    broken: str = ""


def read(file: BinaryIO) -> Reading:
    """Return what the pickles in `file`, one behind the other, would import."""
    found: set[str] = set()
    try:
        while True:
            for name in _of_one(file):
                found.add(name)
            if not _another(file):
                return Reading(tuple(sorted(found)))
    except _UNREADABLE as error:
        return Reading(tuple(sorted(found)), f"it cannot be read to its end: {str(error)[:200]}")


def dangerous(name: str) -> bool:
    """Tell whether building a model never needs `name`."""
    module = name.replace("__builtin__", "builtins", 1)
    parts = module.split(".")
    return module in DANGEROUS_NAMES or any(".".join(parts[:i]) in DANGEROUS_MODULES for i in range(1, len(parts)))


def is_pickle(head: bytes) -> bool:
    """Tell from its first bytes whether a file is a pickle of protocol 2 or newer."""
    return len(head) > 1 and head[0] == 0x80 and 2 <= head[1] <= 5  # noqa: PLR2004 - protocols


def object_array(path_or_file: Path | BinaryIO) -> BinaryIO | None:
    """Return the pickle inside an `.npy` file of objects, None for any other array."""
    file = path_or_file.open("rb") if isinstance(path_or_file, Path) else path_or_file
    head = file.read(12)
    if not head.startswith(b"\x93NUMPY") or len(head) < 12:  # noqa: PLR2004 - cut in its head, no array for anybody
        return None
    long = head[6] > 1
    length = int.from_bytes(head[8:12] if long else head[8:10], "little")
    header = (b"" if long else head[10:]) + file.read(length - (0 if long else 2))
    return BytesIO(file.read()) if b"'|O'" in header or b"O'" in header else None


def _another(file: BinaryIO) -> bool:
    place = file.tell()
    head = file.read(2)
    file.seek(place)
    return is_pickle(head + b"\0")


def _of_one(file: BinaryIO) -> Iterator[str]:
    stack: list[object] = []
    memo: dict[int, object] = {}
    for count, (opcode, argument, _) in enumerate(pickletools.genops(file)):
        if count > MAX_OPCODES:
            raise ValueError("it has too many instructions")
        yield from _step(opcode, argument, stack, memo)


def _step(
    opcode: pickletools.OpcodeInfo, argument: object, stack: list[object], memo: dict[int, object]
) -> Iterator[str]:
    """Do to `stack` and `memo` what an opcode does, knowing texts alone; give the name that it imports."""
    name = opcode.name
    if name in ("GLOBAL", "INST"):
        yield str(argument).replace(" ", ".")
    elif name == "STACK_GLOBAL":
        module, attribute = stack[-2], stack[-1]
        known = isinstance(module, str) and isinstance(attribute, str)
        yield f"{module}.{attribute}" if known else UNKNOWN
    elif name.startswith("EXT"):
        yield UNKNOWN
    if name in _MEMO:
        _remember(name, argument, stack, memo)
    elif name == "MARK":
        stack.append(_MARK)
    else:
        _pop(opcode, stack)
        is_text = isinstance(argument, str) and ("UNICODE" in name or "STRING" in name)
        stack.extend(argument if is_text else object() for _ in opcode.stack_after)


def _remember(name: str, argument: object, stack: list[object], memo: dict[int, object]) -> None:
    if name == "MEMOIZE":
        memo[len(memo)] = stack[-1]
    elif name == "DUP":
        stack.append(stack[-1])
    elif name.endswith("PUT"):
        memo[int(str(argument))] = stack[-1]
    else:
        stack.append(memo[int(str(argument))])


def _pop(opcode: pickletools.OpcodeInfo, stack: list[object]) -> None:
    before = opcode.stack_before
    if pickletools.markobject in before:
        while stack.pop() is not _MARK:
            pass
        below = before.index(pickletools.markobject)
    else:
        below = len(before)
    for _ in range(below):
        stack.pop()

"""What a file may do when it is loaded, told from its bytes alone. Source: N13."""

import zipfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from jupyter_modelmgmt.domain.errors import BadFile
from jupyter_modelmgmt.domain.evidence import Safety, Verdict
from jupyter_modelmgmt.flavors.pickles import UNKNOWN, Reading, dangerous, is_pickle, object_array, read

PICKLES = frozenset({".pkl", ".cloudpickle", ".pickle", ".joblib", ".pt", ".pth", ".ckpt", ".dill", ".cpkl"})
CODE = frozenset({".py", ".pyc", ".so", ".dll", ".dylib", ".exe", ".sh", ".h5", ".hdf5", ".ipynb", ".jar", ".whl"})
_COMPRESSED = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x78\x01", b"\x78\x9c", b"\x78\xda", b"\x28\xb5\x2f\xfd")
_HEAD = 16
MAX_MEMBERS = 100_000
MAX_PICKLE_BYTES = 1 << 30
_HEADER = 4096
_JOBLIB = "joblib.numpy_pickle.NumpyArrayWrapper"
_PROGRAMS = (b"\x7fELF", b"MZ", b"#!")


def verdicts(paths: Iterable[tuple[str, Path]]) -> tuple[Verdict, ...]:
    """Return the verdict of each file; `paths` are names inside the version and where the bytes lie."""
    return tuple(verdict(name, path) for name, path in paths)


def of_folder(folder: Path) -> tuple[Verdict, ...]:
    """Return the verdict of each file below `folder`."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return verdicts((path.relative_to(folder).as_posix(), path) for path in files)


def stricter(claimed: Iterable[Verdict], judged: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """Return verdicts that came along with files, and where the files say worse, what they say."""
    found, said = {verdict.path: verdict for verdict in judged}, {verdict.path: verdict for verdict in claimed}
    worse = {
        path: verdict
        for path, verdict in found.items()
        if verdict.safety is Safety.REFUSED or (path in said and said[path].safety is Safety.DATA)
    }
    return tuple((said | worse).values())


def verdict(name: str, path: Path) -> Verdict:
    """Return what loading the file at `path` may do; nothing of it runs."""
    try:
        return _verdict(name, path)
    except BadFile as error:
        return Verdict(path=name, safety=Safety.REFUSED, reason=str(error))


def _verdict(name: str, path: Path) -> Verdict:
    suffix = Path(name).suffix.lower()
    with path.open("rb") as file:
        head = file.read(_HEAD)
        file.seek(0)
        if head.startswith(b"\x93NUMPY"):
            pickled = object_array(file)
            return _of_reading(name, read(pickled)) if pickled else Verdict(path=name, safety=Safety.DATA)
        if is_pickle(head) or (suffix in PICKLES and head and not zipfile.is_zipfile(path)):
            if head.startswith(_COMPRESSED):
                return _code(name, "it is compressed: what it imports is not known without unpacking it")
            return _of_reading(name, read(file))
        if zipfile.is_zipfile(path):
            return _of_zip(name, path)
    if suffix in CODE or Path(name).name == "saved_model.pb" or head.startswith(_PROGRAMS):
        return _code(name, "it is a program, or of a format that holds one")
    return Verdict(path=name, safety=Safety.DATA)


def _of_zip(name: str, path: Path) -> Verdict:
    """Judge the pickles and arrays of objects inside a zip: PyTorch's files, `.npz`."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) > MAX_MEMBERS:
                raise BadFile(f"it holds more than {MAX_MEMBERS} files")
            readings = [found for member in members if (found := _of_member(archive, member))]
            scripted = any(member.filename.endswith(".py") for member in members)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise BadFile(f"it is a broken zip: {error}") from error
    if Path(name).suffix.lower() == ".pt2" and not readings:
        return _code(name, "PyTorch reads parts of it as pickles, and evaluates the lengths that it names")
    if not readings:
        return _code(name, "it holds Python code") if scripted else Verdict(path=name, safety=Safety.DATA)
    names = sorted({imported for reading in readings for imported in reading.imports})
    return _of_reading(name, Reading(tuple(names), next((r.broken for r in readings if r.broken), "")))


def _of_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Reading | None:
    with archive.open(member) as file:
        head = file.read(_HEADER)
    pickled = is_pickle(head) or Path(member.filename).suffix.lower() in (".pkl", ".pickle")
    if not pickled and not (head.startswith(b"\x93NUMPY") and b"O'" in head):
        return None
    if member.file_size > MAX_PICKLE_BYTES:
        raise BadFile(f"{member.filename} is a pickle of {member.file_size:,} bytes, too large to be read")
    content = BytesIO(archive.read(member))
    inner = content if pickled else object_array(content)
    return read(inner) if inner else None


def _of_reading(name: str, reading: Reading) -> Verdict:
    if bad := [imported for imported in reading.imports if dangerous(imported)]:
        listed = ", ".join("a name that is computed" if found == UNKNOWN else found for found in bad[:5])
        return Verdict(path=name, safety=Safety.REFUSED, imports=reading.imports, reason=f"it would call {listed}")
    if not reading.broken:
        return Verdict(path=name, safety=Safety.CODE, imports=reading.imports)
    if _JOBLIB in reading.imports:  # raw arrays between its opcodes end the reading
        reason = "joblib's raw arrays hide what comes after them"
        return Verdict(path=name, safety=Safety.CODE, imports=reading.imports, reason=reason)
    return Verdict(path=name, safety=Safety.REFUSED, imports=reading.imports, reason=reading.broken)


def _code(name: str, reason: str) -> Verdict:
    return Verdict(path=name, safety=Safety.CODE, reason=reason)

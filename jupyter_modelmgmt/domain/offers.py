"""Records of what could become a version: ready models, and what is in memory."""

from dataclasses import dataclass

from jupyter_modelmgmt.domain.records import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryEntry:
    """A ready model that can be cloned. `source` names a file by its address, or is `trained`.

    `license` is that of the weights, `code_license` that of the code they came with. `card`,
    `preprocessing` and `postprocessing` are texts. An entry with `members` stands for those entries, as
    versions of one model.
    """

    name: str
    title: str
    description: str
    task: Task
    framework: str
    license: str
    source: str
    size: int
    label_count: int
    cached: bool = False
    code_license: str = ""
    card: str = ""
    preprocessing: str = ""
    postprocessing: str = ""
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryModel:
    """An object in the kernel's memory that can be registered; `problem` says why it cannot.

    `size` is the bytes of what it learned, `cell` the number of the cell that last changed it; None
    where that is not known. `standing` says what it is: "= churn 1.2.0", "differs from churn 1.2.0,
    refit in cell 14", "not registered", or "" where that was not looked up.
    """

    variable: str
    class_name: str
    framework: str
    task: Task
    flavor: str
    problem: str = ""
    fitted: bool = True
    size: int | None = None
    cell: int | None = None
    standing: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryPicture:
    """A variable of the kernel that holds one image; `width` and `height` in pixels."""

    variable: str
    width: int
    height: int

"""Records of what could become a version: ready models, and models in memory."""

from dataclasses import dataclass

from jupyter_modelmgmt.domain.records import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryEntry:
    """A ready model that can be cloned. `source` names a package file or `trained`."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryModel:
    """An object in the kernel's memory that can be registered; `problem` says why it cannot."""

    variable: str
    class_name: str
    framework: str
    task: Task
    flavor: str
    problem: str = ""

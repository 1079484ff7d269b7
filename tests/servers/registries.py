"""Registries for the tests, and the magics that work on them: whatever is opened is closed again."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from jupyter_modelmgmt.registry import Registry, connect


@contextmanager
def opened(url: str, **places: Any) -> Iterator[Registry]:
    """Give the registry at `url`; at the end its host, if one runs, is shut down."""
    registry = connect(url, **places)
    try:
        yield registry
    finally:
        if host := registry.running_host():
            host.shutdown()
        registry.close()


@contextmanager
def shell_with_magics() -> Iterator[Any]:
    """Give an IPython shell in this process which has `%model`."""
    from IPython.core.interactiveshell import InteractiveShell

    shell = InteractiveShell()
    shell.run_line_magic("load_ext", "jupyter_modelmgmt")
    try:
        yield shell
    finally:
        shell.history_manager.end_session()
        shell.restore_sys_module_state()  # else its variables stay those of `__main__`

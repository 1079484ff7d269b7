"""Messages that name arguments as Python has them, in the words of a command line."""

import re

from jupyter_modelmgmt.domain.errors import BadFile, ModelManagementError

_TEXT = re.compile(r"(?<= )([a-z_]+)='(\w[^' ]*)'")
_YES = re.compile(r"(?<= )([a-z_]+)=True\b")


def with_options(text: str) -> str:
    """Return `text` with ` confirm='faces'` as ` --confirm faces` and ` allow_code=True` as ` --allow-code`."""
    text = _TEXT.sub(lambda m: f"{_option(m[1])} {m[2]}", text)
    return _YES.sub(lambda m: _option(m[1]), text)


def of_file(error: OSError) -> ModelManagementError:
    """Return what is told of a file or folder that the system refuses."""
    named = f"{str(error.filename)!r}" if error.filename else "A file"
    return BadFile(f"{named} cannot be used: {error.strerror or error}. Choose another file or folder.")


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"

"""`%model`: the verbs in a cell. Results are values: `v = %model register clf digits`."""

import shlex
from typing import Any

from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_magic, magics_class

from jupyter_modelmgmt import verbs
from jupyter_modelmgmt.domain.errors import ModelManagementError
from jupyter_modelmgmt.registry import connect


@magics_class
class ModelMagics(Magics):
    """The line magic `%model`."""

    @line_magic
    def model(self, line: str) -> Any:
        """Manage models: `%model --help` lists the verbs, `%model VERB --help` their arguments."""
        namespace = self.shell.user_ns if self.shell else {}
        try:
            return verbs.run(connect(), "%model", shlex.split(line) or ["--help"], namespace)
        except verbs.Asked:
            return None
        except (ModelManagementError, ValueError) as error:
            raise UsageError(str(error)) from error

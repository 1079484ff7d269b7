"""`%model`: the verbs in a cell. Results are values: `v = %model register clf digits`."""

import shlex
from typing import Any

from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_cell_magic, magics_class

from jupyter_modelmgmt import verbs
from jupyter_modelmgmt.capture import installed
from jupyter_modelmgmt.domain.errors import ModelManagementError
from jupyter_modelmgmt.registry import connect
from jupyter_modelmgmt.registry.cell_runs import compiled, run_cell
from jupyter_modelmgmt.verbs import capture


@magics_class
class ModelMagics(Magics):
    """The magics `%model` and `%%model run NAME`."""

    def __init__(self, shell: Any) -> None:
        super().__init__(shell)
        installed.warm()

    @line_cell_magic
    def model(self, line: str, cell: str | None = None) -> Any:
        """Manage models: `%model --help` lists the verbs, `%model VERB --help` their arguments.

        `%%model run NAME` above a cell runs it as a run.
        """
        namespace = self.shell.user_ns if self.shell else {}
        if cell is not None:
            return self._run(line, cell)
        try:
            return verbs.run(connect(), "%model", shlex.split(line) or ["--help"], namespace)
        except verbs.Asked:
            return None
        except (ModelManagementError, ValueError) as error:
            raise UsageError(str(error)) from error

    def _run(self, line: str, cell: str) -> Any:
        shell: Any = self.shell
        steps = compiled(shell, cell)
        try:
            run = capture.start_run(connect(), shell, line)
        except verbs.Asked:
            return None
        except (ModelManagementError, ValueError) as error:
            raise UsageError(str(error)) from error
        # What the cell raises is the cell's own.
        return run_cell(run, shell, steps)

"""`%model`: the verbs in a cell. Results are values: `v = %model register clf digits`."""

import re
import shlex
from typing import Any

from IPython.core.completer import CompletionContext, SimpleCompletion, SimpleMatcherResult, context_matcher
from IPython.core.error import UsageError
from IPython.core.magic import Magics, line_cell_magic, magics_class

from jupyter_modelmgmt import verbs
from jupyter_modelmgmt.capture import installed
from jupyter_modelmgmt.domain.errors import ModelManagementError
from jupyter_modelmgmt.registry import connect
from jupyter_modelmgmt.registry.cell_runs import compiled, run_cell
from jupyter_modelmgmt.verbs import capture, wording
from jupyter_modelmgmt.verbs.completion import cell_completions, completions

_MATCHER = "jupyter_modelmgmt"
_LINE = re.compile(r"\s*(?:[\w., ]+=\s*)?(%%?)model\s(.*)")


@magics_class
class ModelMagics(Magics):
    """The magics `%model` and `%%model run NAME`."""

    def __init__(self, shell: Any) -> None:
        super().__init__(shell)
        installed.warm()
        if shell is not None:
            others = [m for m in shell.Completer.custom_matchers if getattr(m, "matcher_identifier", "") != _MATCHER]
            shell.Completer.custom_matchers = [*others, self.completed]

    @context_matcher(identifier=_MATCHER, priority=1000)  # type: ignore[untyped-decorator]
    def completed(self, context: CompletionContext) -> SimpleMatcherResult:
        """Return what the word before the cursor may become in a line of `%model`; nothing elsewhere."""
        line = _LINE.fullmatch(context.text_until_cursor)
        if line is None:
            return {"completions": []}
        if line[1] == "%%":
            token, found = cell_completions(line[2])
        else:
            shell: Any = self.shell
            mine = {name: value for name, value in shell.user_ns.items() if name not in shell.user_ns_hidden}
            token, found = completions(line[2], mine, connect)
        return {
            "completions": [SimpleCompletion(word, type="magic") for word in found],
            "matched_fragment": token,
            "suppress": True,
            "ordered": True,
        }

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
            raise UsageError(wording.with_options(str(error))) from error
        except OSError as error:
            raise UsageError(str(wording.of_file(error))) from error

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

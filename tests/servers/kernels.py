"""A notebook's kernel, for stories: cells run one after the other, as a front end runs them."""

from jupyter_client.manager import start_new_kernel


class Notebook:
    """A real kernel in a folder. `with Notebook(folder) as notebook: notebook.run(cell, ...)`."""

    def __init__(self, folder):
        self.manager, self.client = start_new_kernel(kernel_name="python3", cwd=str(folder))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        self.manager.cleanup_resources()

    def run(self, *cells):
        """Run cells and return what they printed and showed. A cell that fails fails the test with what it said."""
        shown = []
        for cell in cells:
            status, said = self._ran(cell)
            assert status == "ok", said
            shown.append(said)
        return "".join(shown)

    def fail(self, cell):
        """Run a cell that must fail and return the last line that it said."""
        status, said = self._ran(cell)
        assert status == "error", said
        return said.strip().splitlines()[-1]

    def complete(self, cell):
        """Return what the kernel answers to Tab at the end of a cell: each text as it would be then."""
        answer = self.client.complete(cell, len(cell), reply=True, timeout=60)["content"]
        return [cell[: answer["cursor_start"]] + word + cell[answer["cursor_end"] :] for word in answer["matches"]]

    def messages(self, cell):
        """Run a cell and return all that the kernel published meanwhile."""
        published = []
        self.client.execute_interactive(cell, timeout=120, output_hook=published.append)
        return published

    def _ran(self, cell):
        said = []

        def hook(message):
            content = message["content"]
            traceback = "\n".join(content.get("traceback", ()))
            said.append(traceback or content.get("text") or content.get("data", {}).get("text/plain", ""))

        return self.client.execute_interactive(cell, timeout=120, output_hook=hook)["content"]["status"], "".join(said)

"""The Test tab and the memory of a notebook: an image of it, and an object that nobody registered. A6, N4, N12."""

from contextlib import closing

import pytest
from sklearn.linear_model import LogisticRegression

from jupyter_modelmgmt.registry import connect
from tests.browser.test_pages import notebook, open_page
from tests.servers.waiting import until

pytestmark = pytest.mark.heavy

CONFIG = {"size": [8, 8], "color": "GRAY", "std": 15.9, "mean": 0}
FIT = """
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
x, y = load_digits(return_X_y=True)
clf = LogisticRegression(max_iter=300, C=0.1).fit(x[:300], y[:300])
digit = (x[7].reshape(8, 8) * 15.9).astype("uint8")
"""
BROKEN = """
class Broken(LogisticRegression):
    def predict(self, x):
        raise RuntimeError("nothing to say")
broken = Broken(max_iter=300).fit(x[:300], y[:300])
"""
SLOW = """
import time
from pathlib import Path
class Slow(LogisticRegression):
    def predict(self, x):
        Path("begun").touch()
        time.sleep(600)
slow = Slow(max_iter=300).fit(x[:300], y[:300])
"""
DYING = """
import os
class Dying(LogisticRegression):
    def predict(self, x):
        os._exit(1)
dying = Dying(max_iter=300).fit(x[:300], y[:300])
"""

KERNEL = """path => [...window.jupyterapp.shell.widgets('main')]
  .find(widget => widget.context?.path === path).sessionContext.session.kernel"""


@pytest.fixture(scope="module")
def model(server, digits):
    """Give the name of a model of digits as images: 1.0.0 is deployed, 1.1.0 is not."""
    x, y = digits
    name = "digits-in-memory"
    with closing(connect(server.url)) as registry:
        for c in (0.01, 1.0):
            fitted = LogisticRegression(max_iter=300, C=c).fit(x[:300], y[:300])
            registry.register(fitted, name, adapter="image_classifier", config=CONFIG)
        registry.deploy(f"{name}@1.0.0", name=name)
        yield name
        registry.stop(name)


def test_one_digit_through_deployed_registered_and_unregistered(lab, server, model):
    """A6."""
    lab.notebook(notebook(server, "side-by-side.ipynb", FIT))
    lab.cell(0)
    page = open_page(lab, model, tab="test")
    lab.page.get_by_label("Image in memory").select_option("digit")
    lab.find(f"{page} img[alt='digit.png']")
    side = lab.page.get_by_role("region", name="Side by side")
    side.get_by_label("1.1.0, not deployed").check()
    side.get_by_label("clf, in memory").check()
    side.get_by_role("button", name="Ask all").click()
    side.get_by_role("status").get_by_text("All agree: 7").wait_for(timeout=60000)
    answers = side.get_by_role("region").all_inner_texts()
    assert [text.split("\n")[0] for text in answers] == [f"1.0.0 {model}", "1.1.0 not deployed", "clf in memory"]
    assert all("ms in the model" in text for text in answers)
    assert "by version 1.1.0" in answers[1]
    assert "in the kernel" in answers[2]
    head = side.locator("thead th").all_inner_texts()
    assert head == [f"{model} 1.0.0", "1.1.0", "clf", "Difference"]
    side.scroll_into_view_if_needed()
    lab.both_themes("side-by-side-memory")


@pytest.fixture
def trouble(lab, server, model, request):
    """Give an open notebook with objects that give no answer, and the Test tab that asks them."""
    path = notebook(
        server, f"{request.function.__name__}.ipynb", FIT, BROKEN, SLOW, DYING, "time.sleep(600)", "'free again'"
    )
    lab.notebook(path)
    for cell in range(4):
        lab.cell(cell)
    page = open_page(lab, model, tab="test")
    lab.page.get_by_label("Image in memory").select_option("digit")
    return Trouble(lab, path, page)


class Trouble:
    def __init__(self, lab, path, page):
        self.lab = lab
        self.path = path
        self._page = page
        self._outcome = lab.page.locator(f"{page} .jp-modelmgmt-Trial-outcome")

    def ask(self, variable):
        self.lab.page.get_by_label("Answered by").select_option(label=f"{variable}, in memory")
        self.lab.page.click(f"{self._page} button:has-text('Predict')")

    def cancel(self):
        self.lab.page.click(f"{self._page} button:has-text('Cancel')")

    def says(self, text):
        self._outcome.get_by_text(text).wait_for()

    def kernel(self, call):
        """Do `call` on the notebook's kernel."""
        self.lab.page.evaluate(f"path => ({KERNEL})(path).{call}", self.path)


def test_an_object_that_cannot_answer_says_why(trouble):
    trouble.ask("broken")
    trouble.says("broken raised RuntimeError: nothing to say. Try it in a cell.")

    trouble.kernel("requestExecute({ code: 'del clf' }).done.then(() => null)")
    trouble.ask("clf")
    trouble.says("The kernel has no variable clf any more. Run the cell that makes it")

    trouble.ask("dying")
    trouble.says("The kernel ended or was restarted before it answered. Run the cells that make dying")
    trouble.lab.picture("memory-kernel-ended")


def test_a_question_can_be_given_up(lab, server, model, trouble):
    # What runs is interrupted.
    trouble.ask("slow")
    until((server.folder / "begun").exists)
    trouble.cancel()
    lab.run("docmanager:open", path=trouble.path)
    lab.cell(5)
    lab.find(".jp-OutputArea >> text=free again")

    # What waits never begins, and the cell goes on.
    lab.cell(4, wait_s=0.5)
    running = lab.page.locator(".jp-NotebookPanel .jp-Cell").nth(4)
    open_page(lab, model, tab="test")
    trouble.ask("clf")
    trouble.says("clf answers when its kernel is free.")
    trouble.cancel()
    trouble.says("Press Predict to see what clf finds.")
    assert running.locator(".jp-InputPrompt").text_content() == "[*]:"
    trouble.kernel("interrupt()")
    trouble.ask("clf")
    trouble.says("in the kernel")
    assert "KeyboardInterrupt" in running.locator(".jp-OutputArea").text_content()

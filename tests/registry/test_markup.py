"""What people write is text wherever it is shown: no markup of theirs reaches a page, and nothing steers a terminal."""

from html.parser import HTMLParser

import pytest

from jupyter_modelmgmt import widgets
from jupyter_modelmgmt.domain.predictions import Box, Label, Prediction
from jupyter_modelmgmt.domain.records import Task
from jupyter_modelmgmt.registry.shown import ShownPrediction

EVIL = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>&lt;b&gt;"
LINE = "\x1b[31mred\x07\u202e"


class Tags(HTMLParser):
    """Collects what a page does beside showing text."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        bad = [name for name, _ in attrs if name.startswith("on")]
        sources = [value for name, value in attrs if name in ("src", "href") and not value.startswith("data:image/")]
        if tag in ("script", "b", "iframe", "object") or bad or sources:
            self.found.append((tag, attrs))


def strange(page):
    tags = Tags()
    tags.feed(page)
    return tags.found


@pytest.fixture
def hostile(reg, tmp_path):
    """Give a registry in which every text is hostile that may be."""
    file = tmp_path / "f.txt"
    file.write_text(EVIL)
    said = EVIL + LINE
    with reg.run(EVIL, params={EVIL: said}, source={"script": said}) as run:
        run.log_metric(EVIL, 0.5)
        reg.register_files(
            file, "net", description=said, author=said, license=said, labels=[EVIL], metrics={EVIL: 1.0}, params={EVIL: said},
            properties={EVIL: said}, tags=["<b>x</b>"],
        )  # fmt: skip
    reg.register_files(file, "net", metrics={EVIL: 2.0}, allow_identical=True)
    reg.register_dataset("golden", digest="sha256:" + "0" * 64, fields={EVIL: EVIL}, source=said, description=said)
    reg.log_evaluation("net@1.0.0", dataset="golden", metrics={EVIL: 1.0})
    reg.request_approval("net@1.0.0", "production", comment=said)
    return reg


def test_no_page_of_a_record_has_markup_of_users(hostile):
    shown = [
        hostile.get("net@1.0.0"), hostile.versions("net"), hostile.models(), hostile.runs(), hostile.get_run(hostile.runs()[0].id),
        hostile.history(), hostile.datasets(), hostile.dataset("golden"), hostile.evaluations("net"), hostile.approvals(),
        hostile.board("net"), hostile.lineage("net@1.0.0"), hostile.search(f"description = '{EVIL.replace(chr(39), chr(39) * 2)}'"),
        hostile.series("net@1.0.0"), hostile.preview("net", "f.txt"), hostile.models(EVIL), hostile.compare(*(version.selector for version in hostile.versions("net"))),
    ]  # fmt: skip
    for record in shown:
        if hasattr(record, "_repr_html_"):
            assert strange(record._repr_html_()) == [], type(record)
        plain = repr(record)
        assert "\x1b" not in plain, type(record)
        assert "\u202e" not in plain, type(record)


def test_no_fallback_of_a_widget_has_markup_of_users(hostile):
    made = [
        widgets.Models(registry=hostile), widgets.Board("net", registry=hostile), widgets.Lineage("net@1.0.0", registry=hostile),
        widgets.Test(EVIL, registry=hostile), widgets.Deployment(EVIL, registry=hostile), widgets.Models(filter=EVIL, registry=hostile),
    ]  # fmt: skip
    for widget in made:
        assert strange(widget.html()) == [], type(widget)


def test_no_prediction_has_markup_of_models():
    told = {"task": Task.OTHER, "version": EVIL, "latency_ms": 1.0, "width": 4, "height": 4}
    for said in (
        {"classes": (Label(label=EVIL, score=0.5),)},
        {"boxes": (Box(label=EVIL, score=0.5, box=(0, 0, 1, 1)),)},
        {"text": EVIL},
        {"outputs": {EVIL: EVIL}},
    ):
        page = ShownPrediction.of(Prediction(**told, **said), b"\x89PNG" + EVIL.encode())._repr_html_()
        assert strange(page) == [], said

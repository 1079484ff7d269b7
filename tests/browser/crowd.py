"""A registry of ten thousand models and versions, and what a browser measures of it."""

from pathlib import Path

from sqlalchemy import insert

from jupyter_modelmgmt.store import schema
from tests.bench.storing import filled

MANY = 10_000
DRAWN = """
    new MutationObserver(() => {
        window.drawn ??= document.querySelector('[data-model]') && performance.now();
    }).observe(document, { childList: true, subtree: true });
"""
WAITED = """() => {
    const asked = performance.getEntriesByType('resource').filter(({ name }) => /v1\\/models\\?/.test(name));
    return window.drawn - asked[0].responseEnd;
}"""
# Scrolls for two seconds, a screen each sixth frame, and tells how many frames there were in a second.
FRAMES = """selector => new Promise(resolve => {
    const scroller = document.querySelector(selector);
    const begun = performance.now();
    let frames = 0;
    const step = now => {
        frames += 1;
        scroller.scrollTop += scroller.clientHeight / 6;
        now - begun < 2000 ? requestAnimationFrame(step) : resolve(frames / 2);
    };
    requestAnimationFrame(step);
})"""


def crowd(folder: Path, count: int) -> None:
    """Make a registry with a model `m` of `count` versions and `count` other models, which are empty."""
    store = filled(folder, count)
    with store.write() as c:
        first = dict(c.execute(schema.models.select()).one()._mapping)
        names = [f"model-{n:05}" for n in range(2, count + 2)]
        c.execute(insert(schema.models), [_named(first, n, name) for n, name in enumerate(names, 2)])
    store.close()


def _named(model, n, name):
    return {**model, "id": n, "name": name, "name_key": name, "version_count": 0, "latest_id": None, "newest_id": None}

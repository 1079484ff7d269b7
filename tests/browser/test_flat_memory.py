"""An hour of updates leaves nothing in the browser: its heap is as large after them as before."""

import pytest

from tests.browser.test_pages import open_page

# One change a second for an hour, faster than anybody watches, in rounds with a look at the heap behind each.
ROUNDS, CHANGES = 6, 600
STEP = 4
HEARD = """() => {
  window.heard = 0;
  const { events } = window.jupyterapp.serviceManager;
  events.stream.connect((_, { id }) => { window.heard = Math.max(window.heard, Number(id) || 0); });
}"""
SEEN = "last => window.heard >= last"
# What a leak would be: somebody keeps half a kB of each change, less than a row of the table is made of.
LEAK = """() => {
  window.kept = [];
  const { events } = window.jupyterapp.serviceManager;
  events.stream.connect((_, event) => { window.kept.push(Array.from({ length: 64 }, Math.random)); });
}"""


class Heap:
    """The heap of a page, measured after all garbage is gone."""

    def __init__(self, lab):
        self._page = lab.page
        self._session = lab.page.context.new_cdp_session(lab.page)

    def used(self):
        self._page.wait_for_timeout(1500)  # what was gathered is drawn
        for _ in range(3):
            self._session.send("HeapProfiler.collectGarbage")
        return self._session.send("Runtime.getHeapUsage")["usedSize"]

    def nodes(self):
        return self._session.send("Memory.getDOMCounters")["nodes"]


def changed(lab, registry, name, rounds=ROUNDS):
    """Change versions, aliases and descriptions of a model that is looked at, as its users would."""
    for turn in range(rounds):
        for number in range(CHANGES // 3):
            registry.update(f"{name}@1.0.0", description=f"Turn {turn}, change {number}")
            registry.update(f"{name}@1.1.0", tags=[f"tag-{number % 7}", "watched"])
            registry.set_alias(f"{name}@1.{number % 2}.0", "champion")
            if number % STEP == STEP - 1:  # they are drawn step by step, not all at once
                lab.page.wait_for_function(SEEN, arg=registry.last_event(), timeout=120_000)


@pytest.mark.heavy
def test_the_heap_stays_flat_over_an_hour_of_updates(lab, registry, classifier):
    for _ in range(2):
        registry.register(classifier, "watched", metrics={"accuracy": 0.9}, allow_identical=True)
    open_page(lab, "watched", tab="versions")
    lab.page.evaluate(HEARD)
    heap = Heap(lab)
    changed(lab, registry, "watched", rounds=3)  # caches and compiled code settle
    before, nodes = heap.used(), heap.nodes()
    changed(lab, registry, "watched")
    after, nodes_after = heap.used(), heap.nodes()
    lab.page.evaluate(LEAK)
    changed(lab, registry, "watched")
    leaking = heap.used()
    told = f"{before} bytes before, {after} after {ROUNDS * CHANGES} changes, {leaking} with half a kB kept of each"
    print(f"{told}; {nodes} nodes, {nodes_after} after.")  # noqa: T201 - the measure
    assert leaking - after > 400 * ROUNDS * CHANGES, told  # what is kept is seen
    assert after - before < (leaking - after) / 2, told
    assert nodes_after < 1.2 * nodes, told

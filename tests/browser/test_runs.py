"""The page of the runs: what was trained, how it went, and which version came of it."""

from contextlib import closing
from math import exp

import pytest

from jupyter_modelmgmt.registry import connect

STEPS = 60


@pytest.fixture(scope="module")
def filled(server, classifier):
    """Track two runs that finished, the second with a version, and one that failed."""
    with closing(connect(server.url)) as registry:
        for name, rate in (("slow start", 0.04), ("warm start", 0.1)):
            with registry.run(name, params={"rate": rate, "solver": "lbfgs"}, tags="letters") as run:
                for step in range(STEPS):
                    run.log_metric("loss", exp(-rate * step) + 0.1, step=step)
                    run.log_metric("accuracy", 1 - exp(-rate * step) / 2, step=step)
        registry.register(classifier, "letters", run=run.id, allow_identical=True)
        with pytest.raises(ValueError, match="diverged"), registry.run("too fast", params={"rate": 9.0}) as run:
            run.log_metric("loss", 4.0, step=0)
            raise ValueError("The loss diverged.")
    return server.url


@pytest.fixture
def runs(lab, filled):
    lab.find(".jp-modelmgmt-Sidebar").get_by_role("button", name="Runs").click()
    return lab.find("#jp-modelmgmt-runs-runs")


def row(runs, name):
    return runs.get_by_role("row").filter(has=runs.page.get_by_text(name, exact=True))


def test_runs_are_compared_by_their_curves_and_lead_to_their_versions(lab, runs):
    for name in ("slow start", "warm start"):
        runs.get_by_role("checkbox", name=f"Draw the curves of {name}").check()
    loss = runs.get_by_role("figure", name="loss of slow start, warm start")
    loss.locator("svg").wait_for()
    runs.get_by_text("warm start", exact=True).first.click()
    runs.get_by_role("complementary", name="Run warm start").get_by_text("lbfgs").wait_for()
    lab.both_themes("runs")
    row(runs, "warm start").get_by_role("button", name="letters@1.0.0").click()
    lab.find("#jp-modelmgmt-page-letters").get_by_role("tab", name="Lineage").click()
    lab.find("#jp-modelmgmt-page-letters").get_by_role("button", name="Run warm start").click()
    lab.find("#jp-modelmgmt-page-letters").get_by_role("button", name="Open", exact=True).click()
    runs.get_by_role("complementary", name="Run warm start").wait_for()


def test_a_failed_run_says_why_and_one_of_a_dead_process_is_ended(lab, runs, registry):
    runs.get_by_role("combobox").select_option("failed")
    row(runs, "slow start").wait_for(state="detached")
    runs.get_by_text("too fast", exact=True).click()
    runs.get_by_role("complementary", name="Run too fast").get_by_text("The loss diverged.").wait_for()
    lab.picture("run-failed")
    runs.get_by_role("combobox").select_option("running")
    runs.get_by_text("No run matches").wait_for()
    lab.picture("runs-none")
    runs.get_by_role("button", name="Show all runs").click()

    left = registry.start_run("left alone")
    registry.log_batch(left.id, {"loss": 0.75})
    row(runs, "left alone").get_by_text("0.75").wait_for()
    registry.log_batch(left.id, {"loss": 0.25})
    row(runs, "left alone").get_by_text("0.25").wait_for()
    runs.get_by_text("left alone", exact=True).click()
    runs.get_by_role("button", name="End run…").click()
    lab.dialog("End run")
    row(runs, "left alone").get_by_text("Killed").wait_for()
    assert registry.run_record(left.id).status == "killed"

"""Verbs on evaluations, and the board that holds versions against golden datasets."""

from collections.abc import Mapping, Sequence

from jupyter_modelmgmt.domain.records import Page
from jupyter_modelmgmt.domain.tracking import Evaluation
from jupyter_modelmgmt.registry.boards import ScoreBoard
from jupyter_modelmgmt.registry.handles import Listing
from jupyter_modelmgmt.registry.opened import ACTIVE_RUN, Opened
from jupyter_modelmgmt.store import boards, evaluations

_WALKED = 500


class Evaluations(Opened):
    """Everything about evaluations."""

    def log_evaluation(
        self,
        selector: str,
        *,
        dataset: str,
        metrics: Mapping[str, float],
        duration_s: float | None = None,
        run: str | None = None,
    ) -> Evaluation:
        """Write down what a version scored on a registered dataset, `golden@1` or `golden` for its newest.

        Lists and boards show the newest of each dataset; `evaluations` has all. `run` is the id of
        the run that evaluated; inside `with reg.run(...)` that one. Raises NotFound, BadMetric.
        """
        by = ACTIVE_RUN.get() if run is None else run
        return evaluations.add(self.store, selector, dataset, metrics, duration_s=duration_s, run=by, actor=self.actor)

    def evaluations(self, target: str = "") -> Listing[Evaluation]:
        """Return the evaluations of a version (`digits@1.0.0`), of a model (`digits`), or all, the newest first."""
        return Listing.of_pages(lambda cursor: self.evaluations_page(target, limit=_WALKED, cursor=cursor))

    def evaluations_page(self, target: str = "", *, limit: int = 50, cursor: str | None = None) -> Page[Evaluation]:
        """Return one page of evaluations. Raises NotFound."""
        if not target:
            return evaluations.every(self.store, limit=limit, cursor=cursor)
        found = evaluations.of_version if "@" in target else evaluations.of_model
        return found(self.store, target, limit=limit, cursor=cursor)

    def board(
        self,
        model: str,
        *,
        metrics: str | Sequence[str] = (),
        datasets: str | Sequence[str] = (),
        sort: str = "-version",
        stages: str | Sequence[str] = (),
        limit: int = 50,
    ) -> ScoreBoard:
        """Return versions of a model against golden datasets: `Model link | Version | Status | Loss @ 10k`.

        A column per metric and dataset, all that there are unless some are named. `sort` is
        `version` or a column such as `loss @ 10k`, with `-` for descending; versions without that
        score come last. Raises NotFound, BadField. Source: S13.
        """
        found = boards.board(
            self.store, model, metrics=metrics, datasets=datasets, sort=sort, stages=stages, limit=limit
        )
        return ScoreBoard.of(found)

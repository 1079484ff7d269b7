"""What a table shows of runs, batches, datasets, evaluations and edges of lineage; one function a record."""

from collections.abc import Callable
from typing import Any

from jupyter_modelmgmt.domain.batches import Batch
from jupyter_modelmgmt.domain.tracking import Dataset, Edge, Evaluation, Run, SeriesSummary
from jupyter_modelmgmt.registry.figures import figure, size, when

Cells = dict[str, Any]


def _run(run: Run) -> Cells:
    return {
        "Run": run.id,
        "Name": run.name,
        "Status": run.status.value,
        "Started": when(run.started_at),
        "Versions": ", ".join(run.versions),
        "Tags": ", ".join(run.tags),
        "Reason": run.reason,
        **{key: figure(value) for key, value in run.metrics.items()},
    }


def _dataset(dataset: Dataset) -> Cells:
    return {
        "Name": dataset.name,
        "Version": dataset.version,
        "Rows": "" if dataset.rows is None else dataset.rows,
        "Size": size(dataset.size),
        "Source": dataset.source,
        "Digest": dataset.digest,
        "Registered at": when(dataset.created_at),
    }


def _evaluation(evaluation: Evaluation) -> Cells:
    return {
        "Version": f"{evaluation.model}@{evaluation.version}",
        "Dataset": evaluation.dataset,
        "Created at": when(evaluation.created_at),
        "Duration": "" if evaluation.duration_s is None else f"{figure(evaluation.duration_s)} s",
        "Run": evaluation.run,
        **{key: figure(value) for key, value in evaluation.metrics.items()},
    }


def _series(series: SeriesSummary) -> Cells:
    known = {"Last": series.last, "Least": series.least, "Greatest": series.greatest}
    return {
        "Figure": series.figure,
        "Legend": series.legend,
        "Points": series.count,
        **{title: "" if value is None else figure(value) for title, value in known.items()},
    }


def _edge(edge: Edge) -> Cells:
    return {"From": edge.start, "Kind": edge.kind.value, "To": edge.end, "Label": edge.label}


def _batch(batch: Batch) -> Cells:
    return {
        "Batch": batch.id,
        "Version": f"{batch.model}@{batch.version}",
        "Worked by": batch.target or "a worker of its own",
        "State": batch.state.value,
        "Done": f"{batch.done}/{batch.total or '?'}",
        "Failed": batch.failed,
        "Output": batch.output,
        "Started": when(batch.created_at),
        "Message": batch.message,
    }


TRACKED: dict[type, Callable[[Any], Cells]] = {
    Batch: _batch,
    Dataset: _dataset,
    Edge: _edge,
    Evaluation: _evaluation,
    Run: _run,
    SeriesSummary: _series,
}

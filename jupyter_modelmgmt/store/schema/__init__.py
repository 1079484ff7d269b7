"""The tables. Migrations build them; these are what the queries compile against.

Times are UTC. `name_key` is the lower-case name: names that differ in case alone are one.
"""

from jupyter_modelmgmt.store.schema.base import Bytewise, UtcTime, metadata
from jupyter_modelmgmt.store.schema.batches import batches
from jupyter_modelmgmt.store.schema.catalogue import (
    aliases,
    artifacts,
    metrics,
    models,
    params,
    properties,
    tags,
    versions,
)
from jupyter_modelmgmt.store.schema.deployments import (
    deployment_clients,
    deployment_revisions,
    deployment_versions,
    deployments,
)
from jupyter_modelmgmt.store.schema.events import deliveries, events, webhooks
from jupyter_modelmgmt.store.schema.governance import (
    approvals,
    model_lifetimes,
    settings,
    stage_periods,
    stages,
    status_log,
    version_lifetimes,
)
from jupyter_modelmgmt.store.schema.kept import kept_claims, kept_results, kept_tests
from jupyter_modelmgmt.store.schema.tracking import (
    datasets,
    evaluation_metrics,
    evaluations,
    jobs,
    run_datasets,
    run_params,
    run_tags,
    runs,
    scores,
    series,
    series_chunks,
    version_datasets,
)

__all__ = [
    "Bytewise",
    "UtcTime",
    "aliases",
    "approvals",
    "artifacts",
    "batches",
    "datasets",
    "deliveries",
    "deployment_clients",
    "deployment_revisions",
    "deployment_versions",
    "deployments",
    "evaluation_metrics",
    "evaluations",
    "events",
    "jobs",
    "kept_claims",
    "kept_results",
    "kept_tests",
    "metadata",
    "metrics",
    "model_lifetimes",
    "models",
    "params",
    "properties",
    "run_datasets",
    "run_params",
    "run_tags",
    "runs",
    "scores",
    "series",
    "series_chunks",
    "settings",
    "stage_periods",
    "stages",
    "status_log",
    "tags",
    "version_datasets",
    "version_lifetimes",
    "versions",
    "webhooks",
]

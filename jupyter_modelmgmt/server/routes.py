"""All routes, below `<base_url>modelmgmt/api/v1`."""

import re

from jupyter_modelmgmt.server import (
    archives,
    artifacts,
    datasets,
    deployments,
    evaluations,
    history,
    library,
    lineage,
    models,
    predict,
    runs,
    search,
    stages,
    status,
    storage,
    uploads,
    versions,
    webhooks,
)
from jupyter_modelmgmt.server.base import NotFoundHandler, RegistryHandler

PREFIX = "modelmgmt/api/v1"

ROUTES: dict[str, type[RegistryHandler]] = {
    "/models": models.ModelsHandler,
    "/models/{model}": models.ModelHandler,
    "/models/{model}/versions": versions.VersionsHandler,
    "/models/{model}/versions/{version}": versions.VersionHandler,
    "/models/{model}/versions/{version}/stage": stages.StageHandler,
    "/models/{model}/versions/{version}/clone": versions.CloneVersionHandler,
    "/models/{model}/aliases/{alias}": stages.AliasHandler,
    "/models/{model}/versions/{version}/restore": versions.RestoreHandler,
    "/models/{model}/versions/{version}/artifacts": artifacts.ArtifactsHandler,
    "/models/{model}/versions/{version}/archive": artifacts.ArchiveHandler,
    "/models/{model}/versions/{version}/export": archives.ExportHandler,
    "/models/{model}/versions/{version}/artifacts/{path}": artifacts.ArtifactHandler,
    "/versions": search.SearchHandler,
    "/history": history.HistoryHandler,
    "/models/{model}/history": history.ModelHistoryHandler,
    "/models/{model}/stage-history": history.StageHistoryHandler,
    "/models/{model}/stages/{stage}/holders": history.HoldersHandler,
    "/models/{model}/versions/{version}/history": history.VersionHistoryHandler,
    "/models/{model}/versions/{version}/status-log": history.StatusLogHandler,
    "/models/{model}/versions/{version}/metrics": runs.VersionMetricsHandler,
    "/models/{model}/versions/{version}/lineage": lineage.LineageHandler,
    "/compare": versions.CompareHandler,
    "/uploads": uploads.UploadsHandler,
    "/uploads/{id}": uploads.UploadHandler,
    "/imports": archives.ImportsHandler,
    "/library": library.LibraryHandler,
    "/library/{entry}/clone": library.CloneHandler,
    "/deployments": deployments.DeploymentsHandler,
    "/deployments/{name}": deployments.DeploymentHandler,
    "/deployments/{name}/start": deployments.StartHandler,
    "/deployments/{name}/stop": deployments.StopHandler,
    "/deployments/{name}/logs": deployments.LogsHandler,
    "/deployments/{name}/predict": predict.PredictHandler,
    "/stages": stages.StagesHandler,
    "/stages/{stage}": stages.StageRuleHandler,
    "/approvals": stages.ApprovalsHandler,
    "/approvals/{request}/approve": stages.ApproveHandler,
    "/approvals/{request}/reject": stages.RejectHandler,
    "/trash": stages.TrashHandler,
    "/trash/{model}/{version}": stages.TrashedHandler,
    "/settings": stages.SettingsHandler,
    "/runs": runs.RunsHandler,
    "/runs/{run}": runs.RunHandler,
    "/runs/{run}/metrics": runs.RunMetricsHandler,
    "/runs/{run}/metrics/{key}": runs.RunSeriesHandler,
    "/datasets": datasets.DatasetsHandler,
    "/datasets/{dataset}": datasets.DatasetHandler,
    "/evaluations": evaluations.EvaluationsHandler,
    "/boards/{model}": evaluations.BoardHandler,
    "/storage/collect": storage.CollectHandler,
    "/storage/verify": storage.VerifyHandler,
    "/webhooks": webhooks.WebhooksHandler,
    "/webhooks/{webhook}": webhooks.WebhookHandler,
    "/webhooks/{webhook}/test": webhooks.TestHandler,
    "/webhooks/{webhook}/deliveries": webhooks.DeliveriesHandler,
    "/deliveries/{delivery}/redeliver": webhooks.RedeliverHandler,
    "/events": status.EventsHandler,
    "/status": status.StatusHandler,
    "/openapi.json": status.OpenApiHandler,
}


def handlers() -> list[tuple[str, type[RegistryHandler]]]:
    """Return tornado's patterns below the base URL; the last one answers all other paths below ours."""
    root = f"/{PREFIX}"
    patterns = [(root + _pattern(path) + "/?", handler) for path, handler in ROUTES.items()]
    return [*patterns, (root + "(?:/.*)?", NotFoundHandler)]


def _pattern(path: str) -> str:
    # The path of an artifact and the key of a series hold slashes; every other part holds none.
    return re.sub(r"{(\w+)}", lambda m: "(.+)" if m[1] in ("path", "key") else "([^/]+)", re.sub(r"\.", r"\\.", path))

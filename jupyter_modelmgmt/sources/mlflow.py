"""Registered models of an MLflow server, read by MLflow's own client (`mlflow-skinny`). Source: P1-P4."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import requests

from jupyter_modelmgmt.artifacts.blobs import told_when_full
from jupyter_modelmgmt.domain.errors import BadField, NotFound, SourceFailed
from jupyter_modelmgmt.domain.refusals import MlflowNotConfigured, MlflowUnreachable
from jupyter_modelmgmt.domain.sources import MlflowModel, MlflowSource, MlflowVersion
from jupyter_modelmgmt.sources.package import required, requirement_lines

VARIABLE = "MLFLOW_TRACKING_URI"
OWN_TAGS = "mlflow."
MODEL, VERSION = "mlflow_model", "mlflow_version"
MAX_LISTED = 1000
_PAGE = 100
_LOGGED = "models:/"
_REACH_S = 10
_BROKEN_FROM = 500
# By the flavors that MLmodel names, the first that is there.
_FRAMEWORKS = {
    "onnx": "onnx", "xgboost": "xgboost", "lightgbm": "lightgbm", "sklearn": "scikit-learn", "catboost": "catboost",
    "statsmodels": "statsmodels", "keras": "keras", "tensorflow": "tensorflow", "pytorch": "pytorch",
    "transformers": "transformers", "python_function": "python",
}  # fmt: skip
_MODEL_FILE = "MLmodel"
_SIDE = (
    _MODEL_FILE,
    "conda.yaml",
    "python_env.yaml",
    "registered_model_meta",
    "input_example.json",
    "serving_input_example.json",
)


@dataclass(frozen=True, slots=True)
class _Server:
    """A server that answers, and MLflow's client of it."""

    uri: str
    client: Any

    def link(self, *parts: str) -> str:
        """Return the page of MLflow's own interface; credentials in the address stay out of it."""
        split = urlsplit(self.uri)
        bare = urlunsplit((split.scheme, split.netloc.rpartition("@")[2], split.path.rstrip("/"), "", ""))
        return f"{bare}/#/{'/'.join(quote(part, safe='') for part in parts)}"


def models(uri: str) -> tuple[MlflowModel, ...]:
    """Return the registered models. Raises MlflowNotConfigured, MlflowUnreachable, SourceFailed."""
    with _told(uri) as server:
        found = _every(server.client.search_registered_models)
        return tuple(_model(server, each) for each in found)


def versions(uri: str, model: str) -> tuple[MlflowVersion, ...]:
    """Return the versions of a registered model, the newest first, with what their runs logged."""
    with _told(uri) as server:
        _refuse_missing(server, model)
        found = _every(lambda **page: server.client.search_model_versions(f"name='{model}'", **page))
        return tuple(_version(server, each) for each in sorted(found, key=lambda each: -int(each.version)))


@contextmanager
def downloaded(source: MlflowSource) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Give a folder with the files of a version, and what a new version says of itself.

    MLflow's own descriptions go into the folder `mlflow`; requirements.txt becomes the environment.
    """
    with told_when_full(), TemporaryDirectory() as scratch:
        with _told(source.uri) as server:
            _refuse_missing(server, source.model)
            version = _version(server, _found(server, source))
            folder = _download(server, source, Path(scratch))
        yield folder, {**_fields(version), **_of_files(folder)}


def _fields(version: MlflowVersion) -> dict[str, Any]:
    return {
        "description": version.description,
        "metrics": version.metrics,
        "params": version.params,
        "properties": {**version.tags, MODEL: version.model, VERSION: version.version},
        "source": f"mlflow:{version.model}/{version.version}",
    }


def _of_files(folder: Path) -> dict[str, Any]:
    """Return framework and environment of the files, which are put where our flavors look for them."""
    told = _mlmodel(folder / _MODEL_FILE)
    environment = required(requirement_lines(folder))
    (folder / "requirements.txt").unlink(missing_ok=True)
    (folder / "mlflow").mkdir(exist_ok=True)
    for name in _SIDE:
        if (folder / name).is_file():
            (folder / name).replace(folder / "mlflow" / name)
    for path in folder.iterdir():
        if path.suffix in _SUFFIXES:
            path.replace(path.with_suffix(_SUFFIXES[path.suffix]))
    framework = next((word for flavor, word in _FRAMEWORKS.items() if flavor in told), "other")
    return {"framework": framework, "environment": environment}


_SUFFIXES = {".lgb": ".txt", ".lb": ".txt", ".xgb": ".ubj"}


def _mlmodel(path: Path) -> Mapping[str, Any]:
    """Return the flavors that MLmodel names. Raises SourceFailed for a version that has none."""
    import yaml

    try:
        flavors = yaml.safe_load(path.read_text("utf-8"))["flavors"]
    except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError) as error:
        raise SourceFailed(f"The version has no readable MLmodel file: {error!r:.200}. Log the model again.") from error
    return flavors if isinstance(flavors, Mapping) else {}


def _download(server: _Server, source: MlflowSource, scratch: Path) -> Path:
    from mlflow.artifacts import download_artifacts

    # Not `models:/name/version`: for that MLflow asks its default server, whatever it is told.
    uri = server.client.get_model_version_download_uri(source.model, source.version)
    if uri.startswith(_LOGGED):
        uri = server.client.get_logged_model(uri.removeprefix(_LOGGED)).artifact_location
    found = Path(download_artifacts(artifact_uri=uri, dst_path=str(scratch), tracking_uri=server.uri))
    folder = scratch / "version"
    shutil.copytree(found, folder) if found == scratch else found.rename(folder)
    return folder


@contextmanager
def _told(uri: str) -> Iterator[_Server]:
    """Give the server; what its client raises is told in one line."""
    server = _server(uri)
    from mlflow.exceptions import MlflowException

    try:
        yield server
    except MlflowException as error:
        first = str(error).partition("\n")[0][:300]
        if error.error_code == "RESOURCE_DOES_NOT_EXIST":
            raise NotFound(f"MLflow has no such model or version: {first}. Choose one of its list.") from error
        raise SourceFailed(f"MLflow did not deliver: {first}. Look into its log, then try again.") from error
    except (OSError, requests.RequestException) as error:
        raise SourceFailed(f"MLflow did not deliver: {error!r:.300}. Try again.") from error


def _server(uri: str) -> _Server:
    place = uri or os.environ.get(VARIABLE, "")
    if not place:
        raise MlflowNotConfigured(
            f"MLflow is not configured. Set {VARIABLE} to the address of its server, or give uri."
        )
    if urlsplit(place).scheme not in ("http", "https"):
        raise BadField("The address of an MLflow server begins with http:// or https://.")
    _reach(place)
    try:
        from mlflow.tracking import MlflowClient
    except ModuleNotFoundError:
        raise SourceFailed("MLflow servers need mlflow-skinny: pip install 'jupyter_modelmgmt[mlflow]'.") from None
    return _Server(uri=place, client=MlflowClient(tracking_uri=place, registry_uri=place))


def _reach(place: str) -> None:
    """Raise MlflowUnreachable before MLflow's client would try for minutes."""
    host = urlsplit(place).netloc.rpartition("@")[2]
    try:
        status = requests.get(place.rstrip("/") + "/health", timeout=_REACH_S).status_code
    except requests.RequestException as error:
        raise MlflowUnreachable(
            f"The MLflow server at {host} is not reachable ({type(error).__name__}). Check that it runs, and {VARIABLE}."
        ) from error
    if status >= _BROKEN_FROM:
        raise MlflowUnreachable(f"The MLflow server at {host} answers HTTP {status}. Look into its log.")


def _every(ask: Any) -> list[Any]:
    """Return all pages of a list, bounded."""
    page = ask(max_results=_PAGE)
    found = list(page)
    while page.token and len(found) < MAX_LISTED:
        page = ask(max_results=_PAGE, page_token=page.token)
        found += page
    return found


def _refuse_missing(server: _Server, model: str) -> None:
    """Raise NotFound for a model that is not registered there."""
    if not model or set(model) & set("'\"/:"):
        raise NotFound(f"MLflow has no registered model {model[:80]!r}. See the list of its models.")
    server.client.get_registered_model(model)


def _found(server: _Server, source: MlflowSource) -> Any:
    if not source.version.isascii() or not source.version.isdigit():
        raise NotFound(f"{source.version[:40]!r} is no version of MLflow's. Give 1, 2, 3 ...")
    return server.client.get_model_version(source.model, source.version)


def _model(server: _Server, said: Any) -> MlflowModel:
    newest = max((int(each.version) for each in said.latest_versions or ()), default=0)
    return MlflowModel(
        name=said.name,
        latest_version=str(newest) if newest else "",
        created_at=_time(said.creation_timestamp),
        updated_at=_time(said.last_updated_timestamp),
        description=said.description or "",
        link=server.link("models", said.name),
    )


def _version(server: _Server, said: Any) -> MlflowVersion:
    run = _run(server, said.run_id)
    tags = {**(run.data.tags if run else {}), **said.tags}
    return MlflowVersion(
        model=said.name,
        version=str(said.version),
        created_at=_time(said.creation_timestamp),
        updated_at=_time(said.last_updated_timestamp),
        description=said.description or "",
        link=server.link("models", said.name, "versions", str(said.version)),
        run=said.run_id or "",
        run_link=server.link("experiments", run.info.experiment_id, "runs", said.run_id) if run else "",
        params=dict(run.data.params) if run else {},
        metrics=dict(run.data.metrics) if run else {},
        tags={key: str(value) for key, value in tags.items() if not key.startswith(OWN_TAGS)},
    )


def _run(server: _Server, key: str | None) -> Any:
    """Return the run of a version, None for one that was deleted."""
    from mlflow.exceptions import MlflowException

    try:
        return server.client.get_run(key) if key else None
    except MlflowException:
        return None


def _time(milliseconds: int | None) -> str:
    return datetime.fromtimestamp((milliseconds or 0) / 1000, UTC).isoformat()

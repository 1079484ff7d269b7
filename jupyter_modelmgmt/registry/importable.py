"""What a table shows of what can be imported: templates, and what an MLflow server has."""

from collections.abc import Callable
from typing import Any

from jupyter_modelmgmt.domain.sources import MlflowModel, MlflowVersion, Template
from jupyter_modelmgmt.registry.figures import figure

Cells = dict[str, Any]


def _template(template: Template) -> Cells:
    return {
        "Name": template.name,
        "Title": template.title,
        "Type": template.type,
        "Engine": template.engine,
        "Adapter": template.adapter,
        "Files": ", ".join(template.files),
    }


def _model(model: MlflowModel) -> Cells:
    return {
        "Name": model.name,
        "Latest": model.latest_version,
        "Updated": model.updated_at,
        "Description": model.description,
        "Link": model.link,
    }


def _version(version: MlflowVersion) -> Cells:
    return {
        "Model": version.model,
        "Version": version.version,
        "Created": version.created_at,
        "Imported as": ", ".join(version.imported),
        "Deployed by": ", ".join(version.deployed_by),
        "Link": version.link,
        **{key: figure(value) for key, value in version.metrics.items()},
    }


IMPORTABLE: dict[type, Callable[[Any], Cells]] = {Template: _template, MlflowModel: _model, MlflowVersion: _version}

"""Adapters: inputs to model input, model output to results; found as plugs, in packages, or with the version."""

from jupyter_modelmgmt.adapters.base import Configuration, ModelAdapter, Progress
from jupyter_modelmgmt.adapters.kinds import check as check_config
from jupyter_modelmgmt.adapters.predictor import Predictor, Prepared, predictor

__all__ = ["Configuration", "ModelAdapter", "Predictor", "Prepared", "Progress", "check_config", "predictor"]

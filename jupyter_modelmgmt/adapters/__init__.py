"""Adapters: inputs to model input, model output to results; found as plugs."""

from jupyter_modelmgmt.adapters.base import ModelAdapter
from jupyter_modelmgmt.adapters.predictor import Predictor, check_config, predictor

__all__ = ["ModelAdapter", "Predictor", "check_config", "predictor"]

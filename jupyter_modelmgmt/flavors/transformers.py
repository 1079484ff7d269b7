"""Models and pipelines of transformers, as `save_pretrained` writes them: safetensors and JSON, which is data.

Only classes of the installed transformers are built; code that a folder or a hub brings never runs.
"""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from numpy.typing import NDArray

from jupyter_modelmgmt.domain.errors import NotFitted, NotLoadable, NotSavable
from jupyter_modelmgmt.domain.records import Params, Task
from jupyter_modelmgmt.flavors import networks, safetensors
from jupyter_modelmgmt.flavors.base import Description, Runner, Safety, imported, reason
from jupyter_modelmgmt.flavors.transformers_runner import TensorRunner, TextRunner, classifies_text, labels_of

if TYPE_CHECKING:
    from transformers import Pipeline, PreTrainedModel

NAME = "transformers"
FRAMEWORK = "transformers"
SAFETY: Safety = "data"
FILE = "config.json"
PIPELINE = "pipeline.json"

MAX_CONFIG_BYTES = 16 << 20
# What a config may choose by name; any other is fetched from a hub, and is code.
ATTENTION = {None, "eager", "sdpa", "flex_attention", "flash_attention_2", "flash_attention_3"}
_TASKS = {
    "Classification": Task.CLASSIFICATION,
    "Detection": Task.DETECTION,
    "Segmentation": Task.SEGMENTATION,
}
_TEXT = "text-classification"
_LOCAL: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}


def handles(obj: object) -> bool:
    """Tell whether `obj` is a model or pipeline of transformers itself; a class of the user's is a PyTorch module."""
    model = getattr(obj, "model", None) if _is_pipeline(obj) else obj
    module = sys.modules.get("transformers.modeling_utils")
    return module is not None and isinstance(model, module.PreTrainedModel) and _is_theirs(model) and _is_theirs(obj)


def describe(obj: "PreTrainedModel | Pipeline") -> Description:
    model = _model(obj)
    if "config" not in vars(model):
        return Description(class_name=type(model).__name__)
    name, config = type(model).__name__, model.config
    task = next((task for word, task in _TASKS.items() if word in name), Task.OTHER)
    word = str(config.model_type).lower()
    params: Params = {
        key: value
        for key, value in config.to_diff_dict().items()
        if isinstance(value, bool | int | float | str) and key not in {"model_type", "transformers_version", "dtype"}
    }
    return Description(
        class_name=name,
        task=task,
        labels=labels_of(model) if task is not Task.OTHER else (),
        params={**params, "architecture": word, "parameters": model.num_parameters()},
        model_type=networks.model_type(word),
        architecture=networks.architecture({key: tensor.shape for key, tensor in model.state_dict().items()}),
    )


def weights(obj: "PreTrainedModel | Pipeline") -> dict[str, NDArray[Any]]:
    """Return what the model learned; nothing for one without values."""
    return {} if problem(obj) else safetensors.weights(_model(obj).state_dict())


def problem(obj: "PreTrainedModel | Pipeline") -> str:
    if "config" not in vars(_model(obj)):
        return f"This {type(obj).__name__} is half built. Make it with its configuration."
    for name, parameter in _model(obj).named_parameters():
        if parameter.device.type == "meta":
            return f"{name!r} is on the device 'meta', without values. Load the model without device_map first."
    return ""


def save(obj: "PreTrainedModel | Pipeline", folder: Path) -> None:
    """Write what `save_pretrained` writes, with tokenizer and processors of a pipeline. The same gives the same bytes.

    Raises NotFitted and NotSavable.
    """
    if missing := problem(obj):
        raise NotFitted(missing)
    try:
        with _quiet():
            obj.save_pretrained(str(folder))
    except (ValueError, TypeError, OSError, RuntimeError, NotImplementedError) as error:
        raise NotSavable(f"transformers cannot save this {type(obj).__name__}: {reason(error)}") from error
    if _is_pipeline(obj):
        (folder / PIPELINE).write_text(json.dumps({"task": obj.task}))


def recognises(path: Path) -> bool:
    """Tell whether the file is the configuration of a transformers model; another `config.json` is none of ours."""
    return path.name == FILE and {"model_type", "architectures"} <= _config(path).keys()


def load(folder: Path, *, allow_code: bool = False) -> Any:  # noqa: ARG001  nothing here runs code
    """Return the model, in evaluation mode on the CPU; of a pipeline, the pipeline. Raises NotLoadable."""
    root = _root(folder)
    model = _loaded(root)
    if not (root / PIPELINE).is_file():
        return model
    task = json.loads((root / PIPELINE).read_text()).get("task")
    return _pipeline(task, model, root)


def runner(folder: Path) -> Runner:
    root = _root(folder)
    model = load(root)
    if not _is_pipeline(model) and (root / "tokenizer_config.json").is_file() and classifies_text(model):
        model = _pipeline(_TEXT, model, root)
    return served(model)


def served(model: Any) -> Runner:
    """Return a model or pipeline that is in memory, ready to serve."""
    if _is_pipeline(model) and model.task == _TEXT and classifies_text(model.model):
        return TextRunner(model)
    return TensorRunner(_model(model))


def _is_theirs(obj: object) -> bool:
    return type(obj).__module__.partition(".")[0] == NAME


def _is_pipeline(obj: object) -> bool:
    module = sys.modules.get("transformers.pipelines.base")
    return module is not None and isinstance(obj, module.Pipeline)


def _model(obj: Any) -> "PreTrainedModel":
    model: PreTrainedModel = obj.model if _is_pipeline(obj) else obj
    return model


def _config(path: Path) -> dict[str, Any]:
    """Return a JSON object; an empty one for a file that holds none of a sane size."""
    with path.open("rb") as file:
        data = file.read(MAX_CONFIG_BYTES + 1)
    try:
        config = json.loads(data) if len(data) <= MAX_CONFIG_BYTES else {}
    except (ValueError, RecursionError):
        return {}
    return config if isinstance(config, dict) else {}


def _root(folder: Path) -> Path:
    found = sorted((path for path in folder.rglob(FILE) if recognises(path)), key=lambda path: len(path.parts))
    if not found:
        raise NotLoadable(f"A version needs the {FILE} of a transformers model to be loaded; it has none.")
    return found[0].parent


def _loaded(root: Path) -> "PreTrainedModel":
    transformers = imported("transformers", "transformers")
    imported("torch", "transformers")
    config = _config(root / FILE)
    name = str(next(iter(config["architectures"] or ()), ""))
    kind = getattr(transformers, name, None)
    if not (isinstance(kind, type) and issubclass(kind, transformers.PreTrainedModel)):
        raise NotLoadable(
            f"{name[:80]!r} is no model of transformers {transformers.__version__}, and code that comes with a model "
            "is never run. Install a newer transformers, or register the model from memory."
        )
    for key, value in _entries(config):
        if key.endswith("attn_implementation") and value not in ATTENTION:
            raise NotLoadable(f"{FILE} asks for the attention {value!r:.80}, code from a hub. Take {key!r} out of it.")
    try:
        with _quiet():
            model: PreTrainedModel = cast("Any", kind).from_pretrained(str(root), use_safetensors=True, **_LOCAL)
    except Exception as error:
        # What a config and weights that do not fit together raise shares no base.
        raise NotLoadable(f"transformers cannot load the model: {reason(error)}") from error
    return model.eval()


def _entries(config: Any) -> Iterator[tuple[str, Any]]:
    for key, value in config.items():
        if isinstance(value, dict):
            yield from _entries(value)
        elif value is None or isinstance(value, str):
            yield key, value


def _pipeline(task: Any, model: "PreTrainedModel", root: Path) -> "Pipeline":
    import transformers

    parts: dict[str, Any] = {}
    try:
        if (root / "tokenizer_config.json").is_file():
            parts["tokenizer"] = transformers.AutoTokenizer.from_pretrained(str(root), **_LOCAL)
        if (root / "preprocessor_config.json").is_file():
            told = _config(root / "preprocessor_config.json")
            kind, auto = (
                ("feature_extractor", transformers.AutoFeatureExtractor)
                if "feature_extractor_type" in told
                else ("image_processor", transformers.AutoImageProcessor)
            )
            parts[kind] = auto.from_pretrained(str(root), **_LOCAL)
        with _quiet():
            return transformers.pipeline(str(task), model=model, device="cpu", trust_remote_code=False, **parts)
    except Exception as error:
        # As above: tokenizers and processors have errors of their own.
        raise NotLoadable(f"transformers cannot build the pipeline {task!r:.80}: {reason(error)}") from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Show no bars for the folder that is written or read: it is a temporary one."""
    from transformers.utils import logging

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()

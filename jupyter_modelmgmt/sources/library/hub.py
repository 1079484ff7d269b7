"""One file of a Hugging Face repository, by the hub's own client; its token, endpoint and offline mode count."""

import os
from pathlib import Path

from jupyter_modelmgmt.domain.errors import SourceFailed


def download(repository: str, revision: str, path: str, target: Path, scratch: Path) -> None:
    """Write the file at `path` of `repository` in `revision` to `target`. Raises SourceFailed."""
    try:
        import huggingface_hub
    except ModuleNotFoundError:
        raise SourceFailed(
            "Files of Hugging Face repositories need huggingface_hub: pip install 'jupyter_modelmgmt[hub]'."
        ) from None
    try:
        found = huggingface_hub.hf_hub_download(
            repository, path, revision=revision, cache_dir=scratch / "hub", endpoint=os.environ.get("HF_ENDPOINT")
        )
    except (OSError, ValueError) as error:
        first = str(error).strip().partition("\n")[0][:300].rstrip(".")
        raise SourceFailed(
            f"{repository}@{revision} did not deliver {path}: {first}. "
            "Check the network, HF_ENDPOINT and HF_TOKEN, then try again."
        ) from error
    Path(found).resolve().replace(target)

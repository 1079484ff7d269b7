"""Which files of a version leave the registry."""

from collections.abc import Sequence
from fnmatch import fnmatchcase

from jupyter_modelmgmt.domain.errors import DeployOnly, NotFound
from jupyter_modelmgmt.domain.records import Artifact, ModelVersion


def given_out(version: ModelVersion, wanted: Sequence[str] = ()) -> tuple[Artifact, ...]:
    """Return the files that `wanted` names, by their paths or by patterns such as `*.onnx`; without any all.

    Raises DeployOnly, and NotFound for a pattern without a file.
    """
    if not version.downloadable:
        raise DeployOnly(
            f"{version.selector} may be deployed and not downloaded. Deploy it, and send your inputs to the deployment."
        )
    for pattern in wanted:
        if not any(_fits(artifact, pattern) for artifact in version.artifacts):
            raise NotFound(f"{version.selector} has no file {pattern[:80]!r}. See `%model show {version.selector}`.")
    return tuple(a for a in version.artifacts if not wanted or any(_fits(a, pattern) for pattern in wanted))


def _fits(artifact: Artifact, pattern: str) -> bool:
    # A path may hold the characters of patterns, so it is tried as it is first.
    return artifact.path == pattern or fnmatchcase(artifact.path, pattern)

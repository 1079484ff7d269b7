"""Which files of a version leave the registry, which are loaded, and what is said of spoilt ones."""

from collections.abc import Iterable, Sequence
from fnmatch import fnmatchcase

from jupyter_modelmgmt.domain.errors import Damaged, DeployOnly, NotFound, NotLoadable
from jupyter_modelmgmt.domain.evidence import Safety, Verdict
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


def refuse_hostile(selector: str, safety: Iterable[Verdict]) -> None:
    """Raise NotLoadable for a version with a file that nobody should load, anywhere. Source: N13."""
    for verdict in safety:
        if verdict.safety is Safety.REFUSED:
            raise NotLoadable(
                f"{verdict.path} of {selector} is not loaded: {verdict.reason}. Register it without that file."
            )


def _fits(artifact: Artifact, pattern: str) -> bool:
    # A path may hold the characters of patterns, so it is tried as it is first.
    return artifact.path == pattern or fnmatchcase(artifact.path, pattern)


def damaged(artifact: Artifact) -> Damaged:
    """Return the error for bytes that are not those that were stored."""
    return Damaged(
        f"The stored bytes of {artifact.path!r} ({artifact.digest[:19]}) are damaged; "
        "nothing was given out. Restore the file from a backup or register the version again."
    )


def missing(artifact: Artifact) -> Damaged:
    """Return the error for bytes that are gone."""
    return Damaged(
        f"The bytes of {artifact.path!r} ({artifact.digest[:19]}) are missing from the registry. "
        "Restore the file from a backup or register it again."
    )

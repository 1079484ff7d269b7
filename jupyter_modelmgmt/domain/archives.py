"""The archive of a version: what a registry says of it, in `modelmgmt.json`, and its files.

A zip: first `modelmgmt.json` (a `Manifest`), then `series/0`, `series/1`, ... in the manifest's order
(points of a metric series: x, y and time of each, little-endian float64), then `files/` and each
file of the version under its path. A format number that was released is read for ever.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime

from jupyter_modelmgmt.domain import logged
from jupyter_modelmgmt.domain.errors import BadArchive
from jupyter_modelmgmt.domain.fields import FIELDS, checked_text, new_version, tag_list
from jupyter_modelmgmt.domain.governance import StagePeriod, StatusChange
from jupyter_modelmgmt.domain.records import Alias, Artifact, Event, ModelVersion, NewVersion
from jupyter_modelmgmt.domain.tracking import Dataset, Evaluation, NewDataset, Run, RunStatus

FORMAT = 1
MANIFEST = "modelmgmt.json"
FILES = "files/"
SERIES = "series/"
POINT_BYTES = 24
MAX_SERIES_BYTES = 512 << 20
_RUN_ID = re.compile(r"[0-9A-Za-z_-]{1,64}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedSeries:
    """A metric series of the run, or of the version itself; its points are the file `series/<position>`."""

    figure: str
    legend: str
    count: int
    of_run: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A version with all that hangs on it. `description` is its model's, `events` its history.

    `version.status` is the one a person set: deployments stay where they are.
    """

    format: int
    version: ModelVersion
    exported_at: datetime
    exported_by: str = ""
    package: str = ""
    description: str = ""
    aliases: tuple[Alias, ...] = ()
    statuses: tuple[StatusChange, ...] = ()
    periods: tuple[StagePeriod, ...] = ()
    events: tuple[Event, ...] = ()
    run: Run | None = None
    series: tuple[ArchivedSeries, ...] = ()
    datasets: tuple[Dataset, ...] = ()
    evaluations: tuple[Evaluation, ...] = ()


def members(manifest: Manifest) -> set[str]:
    """Return the names of all that belongs into the archive of `manifest`."""
    files = {FILES + artifact.path for artifact in manifest.version.artifacts}
    return {MANIFEST, *files, *(f"{SERIES}{i}" for i in range(len(manifest.series)))}


def refuse_strange(manifest: Manifest, names: Sequence[str]) -> None:
    """Raise BadArchive unless `names` are the members that `manifest` tells, no more and no less."""
    told, found = members(manifest), set(names)
    if lacking := sorted(told - found):
        raise BadArchive(f"The archive lacks {lacking[0][:120]!r}, which {MANIFEST} names. Export the version again.")
    if strange := sorted(found - told):
        raise BadArchive(f"The archive holds {strange[0][:120]!r}, which {MANIFEST} does not name. Take it out.")
    if sum(series.count for series in manifest.series) * POINT_BYTES > MAX_SERIES_BYTES:
        raise BadArchive(f"The archive holds more than {MAX_SERIES_BYTES >> 20} MB of metric series. Export a part.")


def arriving(manifest: Manifest, name: str | None, version: str | None) -> NewVersion:
    """Return the version that an archive holds, as one that may be added. Raises BadInput.

    Its run and its datasets are not in it: the store puts those of its own in their place.
    """
    said = manifest.version
    given = {field: getattr(said, field) for field in FIELDS if field not in ("run", "datasets")}
    return new_version(name or said.model, version or said.version, said.artifacts, given)


def arriving_run(run: Run) -> Run:
    """Return a run that may be added; one that went on elsewhere was ended here. Raises BadArchive, BadField."""
    if not _RUN_ID.fullmatch(run.id):
        raise BadArchive(f"{run.id[:80]!r} is not the id of a run. Export the version again.")
    checked = replace(
        run,
        name=logged.run_name(run.name),
        params=logged.params(run.params),
        tags=tag_list(run.tags),
        source=logged.source(run.source),
        reason=checked_text("reason", run.reason),
    )
    if run.status is not RunStatus.RUNNING:
        return checked
    return replace(checked, status=RunStatus.KILLED, reason="It went on elsewhere when it was exported.")


def arriving_dataset(dataset: Dataset) -> Dataset:
    """Return a dataset that may be added. Raises BadName, BadField."""
    said = {field.name: getattr(dataset, field.name) for field in fields(NewDataset)}
    checked = logged.new_dataset(NewDataset(**said))
    if dataset.version < 1:
        raise BadArchive(f"{dataset.selector!r} is not a dataset. Export the version again.")
    return replace(dataset, **{name: getattr(checked, name) for name in said})


def arriving_series(series: ArchivedSeries, points: bytes) -> ArchivedSeries:
    """Return a series whose points may be added. Raises BadMetric, BadArchive."""
    if series.count < 1 or len(points) != series.count * POINT_BYTES:
        raise BadArchive(f"The series {series.figure[:80]!r} is damaged. Export the version again.")
    return replace(series, figure=logged.figure(series.figure, "series"), legend=logged.legend(series.legend))


def differs(artifact: Artifact, digest: str, size: int) -> BadArchive | None:
    """Return the error for bytes that are not those of `artifact`, None for the right ones."""
    if (digest, size) == (artifact.digest, artifact.size):
        return None
    return BadArchive(f"The bytes of {artifact.path!r} are not those that {MANIFEST} names. Export the version again.")

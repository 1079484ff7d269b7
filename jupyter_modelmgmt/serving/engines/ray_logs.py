"""Logs of a cluster's replicas, carried over into the files where logs of local workers lie."""

from collections.abc import Callable, Sequence
from pathlib import Path

from jupyter_modelmgmt.domain.errors import ServingFailed
from jupyter_modelmgmt.serving import logs
from jupyter_modelmgmt.serving.engines.ray_cluster import Cluster, Told

_LINES = 1000
_ANCHOR = 3  # lines that, found again, tell where the news begin


def follow(cluster: Cluster, told: Told, place: Callable[[int], Path]) -> None:
    """Append what the replicas wrote since the last time to the files at `place(0)`, `place(1)` ...; it blocks."""
    for index, replica in enumerate(told.replicas):
        if not (replica.get("log_file_path") and replica.get("node_id")):
            continue
        try:
            lines = cluster.log(replica, _LINES)
        except ServingFailed:
            continue  # the file is not there yet, or no longer
        file = place(index)
        append(file, news(logs.tail(file, _LINES), lines))
        logs.trim(file)


def news(known: Sequence[str], lines: Sequence[str]) -> Sequence[str]:
    """Return those of `lines` that come after what is `known`."""
    anchor = list(known[-_ANCHOR:])
    for end in range(len(lines), len(anchor) - 1, -1) if anchor else ():
        if list(lines[end - len(anchor) : end]) == anchor:
            return lines[end:]
    return lines


def append(file: Path, lines: Sequence[str]) -> None:
    """Write lines at the end of a log."""
    if lines:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as log:
            log.write("".join(f"{line}\n" for line in lines))

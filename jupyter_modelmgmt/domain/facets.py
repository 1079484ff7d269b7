"""What a comparison shows beside metrics and parameters: one row a fact, one value a version."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from jupyter_modelmgmt.domain.records import ModelVersion

# A group of the comparison -> what one version has in it, by name.
Facets = Mapping[str, Any]

_SHORT = 12


def evaluations(version: ModelVersion) -> Facets:
    """Return the scores on golden datasets: `accuracy @ golden`. Source: S13."""
    return {
        f"{name} @ {dataset}": value
        for dataset, metrics in version.evaluations.items()
        for name, value in metrics.items()
    }


def cost(version: ModelVersion) -> Facets:
    """Return what using a version takes; less is better. Source: N23."""
    if version.cost is None:
        return {}
    measured = {
        "load_ms": version.cost.load_ms,
        "latency_ms": version.cost.latency_ms,
        "peak_memory_bytes": version.cost.peak_memory_bytes,
        "size_bytes": version.cost.size_bytes,
    }
    return {name: value for name, value in measured.items() if value is not None}


def signature(version: ModelVersion) -> Facets:
    """Return what it takes, inputs and outputs: `takes` is `image`, `input pixels` is `FP32 [-1, 64]`."""
    signed = (("input", version.signature.inputs), ("output", version.signature.outputs))
    takes = {"takes": version.signature.takes} if version.signature.takes else {}
    return takes | {
        f"{role} {field.name}": f"{field.datatype} {list(field.shape)}".strip()
        for role, fields in signed
        for field in fields
    }


def labels(version: ModelVersion) -> Facets:
    """Return the place of each label; -1 stands nowhere: what a version lacks is None."""
    return {label: place for place, label in enumerate(version.labels)}


def environment(version: ModelVersion) -> Facets:
    """Return Python, the platform and each package. Source: N6."""
    recorded = version.environment
    packages = recorded.get("packages")
    plain = {name: recorded[name] for name in ("python", "platform") if recorded.get(name)}
    return plain | (dict(packages) if isinstance(packages, Mapping) else {})


def datasets(version: ModelVersion) -> Facets:
    """Return the data by what it was used for, with the beginning of its digest."""
    return {use.role: _with_digest(use.dataset, use.digest) for use in version.datasets}


def files(version: ModelVersion) -> Facets:
    """Return the digest of each file."""
    return {artifact.path: artifact.digest for artifact in version.artifacts}


def code(version: ModelVersion) -> Facets:
    """Return where the code is; the cells themselves are the file `source.py`."""
    said = {**version.code, "run": version.run, "architecture": version.architecture, "weights": version.weights}
    wanted = ("notebook", "script", "git_commit", "run", "architecture", "weights")
    return {name: said[name] for name in wanted if said.get(name)}


def names(facets: Iterable[Facets]) -> list[str]:
    """Return all names in the order in which they come first."""
    return list(dict.fromkeys(name for facet in facets for name in facet))


def values(facets: Sequence[Facets], name: str) -> list[Any]:
    return [facet.get(name) for facet in facets]


def _with_digest(name: str, digest: str) -> str:
    digits = digest.rpartition(":")[2][:_SHORT]
    return f"{name} ({digits})" if digits else name

"""Which part of the number should grow, and why. Source: spec/rules.md, "Bump meaning"; K11; N5."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from jupyter_modelmgmt.domain import versions
from jupyter_modelmgmt.domain.compare import lower_is_better
from jupyter_modelmgmt.domain.errors import BumpTooSmall
from jupyter_modelmgmt.domain.evidence import Field
from jupyter_modelmgmt.domain.records import ModelVersion, NewVersion, Params

# Without the number of samples nobody knows the noise: half a point of a score, one percent of the rest.
SCORE_NOISE = 0.005
OTHER_NOISE = 0.01
_UNSAID = frozenset({"", "other"})
_SHOWN = 5


class Level(IntEnum):
    """How much a change asks of the number; BREAKING is a major one that those who use the model notice."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3
    BREAKING = 4

    @property
    def bump(self) -> str:
        return min(self, Level.MAJOR).name.lower()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One change and what it asks: none, patch, minor or major; `breaking` when those who use the model notice."""

    bump: str
    text: str
    breaking: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """The advised bump (none, patch, minor, major) since the version `base`, the weightiest reason first."""

    base: str
    bump: str
    reasons: tuple[Reason, ...]


def advise(before: ModelVersion, after: NewVersion | ModelVersion) -> Advice:
    """Return what the difference of two versions of a model asks of the number."""
    found = [
        *_architecture(before, after),
        *_asked_with(before.signature.takes, after.signature.takes),
        *_fields("input", before.signature.inputs, after.signature.inputs),
        *_fields("output", before.signature.outputs, after.signature.outputs, _grown(before.labels, after.labels)),
        *_labels(before.labels, after.labels),
        *_settings("param", before.params, after.params),
        *_settings("configuration", before.config, after.config),
        *_data(before, after),
        *_metrics(before.metrics, after.metrics),
        *_content(before, after),
    ]
    found.sort(key=lambda change: -change[0])
    level = found[0][0] if found else Level.NONE
    return Advice(
        base=before.selector,
        bump=level.bump,
        reasons=tuple(Reason(bump=change.bump, text=text, breaking=change is Level.BREAKING) for change, text in found)
        or (Reason(bump="none", text="nothing changed: no new version needed"),),
    )


def chosen(before: ModelVersion, after: NewVersion, bump: str | None, reason: str) -> tuple[str | None, str]:
    """Return the bump that `after` gets, and what to say of it: major is asked for what breaks, advised for the rest.

    Raises BumpTooSmall when an incompatible change would be patch or minor and nobody gave a reason.
    """
    old = versions.parse(before.version)
    reasons = "; ".join(reason.text for reason in advise(before, after).reasons if reason.breaking)
    if not reasons or old.major == 0:  # before 1.0.0 anything may change (semver item 4)
        return bump, ""
    if after.version:
        small = versions.parse(after.version).major <= old.major
    elif bump is None:
        return versions.Bump.MAJOR, f"A major version, for it is incompatible with {before.selector}: {reasons}."
    else:
        small = bump != versions.Bump.MAJOR
    if small and not reason.strip():
        raise BumpTooSmall(
            f"This is incompatible with {before.selector}: {reasons}. Use bump='major', or give a reason."
        )
    return bump, ""


_Changes = Iterator[tuple[Level, str]]
_Version = NewVersion | ModelVersion


def _architecture(before: _Version, after: _Version) -> _Changes:
    for name in ("framework", "task", "architecture"):
        old, new = str(getattr(before, name)), str(getattr(after, name))
        if old != new and _UNSAID.isdisjoint((old, new)):
            yield Level.MAJOR, f"another {name}: {new} instead of {old}"


def _asked_with(before: str, after: str) -> _Changes:
    if not before or not after or before == after:
        return
    if before == "tensor":  # an adapter's version goes on taking them
        yield Level.MINOR, f"it takes {_one(after)} besides tensors"
    else:
        yield Level.BREAKING, f"it takes {_one(after)} instead of {_one(before)}"


def _one(taken: str) -> str:
    return f"an {taken}" if taken == "image" else f"a {taken}"


def _fields(what: str, before: Sequence[Field], after: Sequence[Field], grown: tuple[int, ...] = ()) -> _Changes:
    """Compare inputs or outputs by name; without a signature on both sides nothing is known.

    `grown` has the numbers of labels before and after, where some only came: scores grow with them.
    """
    if not before or not after:
        return
    old, new = {f.name: f for f in before}, {f.name: f for f in after}
    if gone := [name for name in old if name not in new]:
        yield Level.BREAKING, f"{what} {_listed(gone)} {'is' if len(gone) == 1 else 'are'} gone"
    if came := [name for name in new if name not in old]:
        yield (Level.BREAKING if what == "input" else Level.MINOR), f"{what} {_listed(came)} came"
    for name in old.keys() & new.keys():
        if not old[name].datatype or not new[name].datatype:
            continue  # where only the name is known
        if old[name].datatype != new[name].datatype:
            yield Level.BREAKING, f"{what} {name} is {new[name].datatype} instead of {old[name].datatype}"
        elif not _takes(old[name].shape, new[name].shape, grown):
            yield Level.BREAKING, f"{what} {name} has shape {list(new[name].shape)} instead of {list(old[name].shape)}"


def _takes(before: Sequence[int], after: Sequence[int], grown: tuple[int, ...]) -> bool:
    """Tell whether what fitted `before` fits `after`."""
    return len(before) == len(after) and all(
        new in (-1, old) or (old, new) == grown for old, new in zip(before, after, strict=True)
    )


def _grown(before: Sequence[str], after: Sequence[str]) -> tuple[int, ...]:
    """Return how many labels there were and are, nothing unless all that were are still where they were."""
    return (len(before), len(after)) if before and before == after[: len(before)] else ()


def _labels(before: Sequence[str], after: Sequence[str]) -> _Changes:
    if not before or before == after:
        return
    if gone := [label for label in before if label not in after]:
        yield Level.BREAKING, f"label {_listed(gone)} {'is' if len(gone) == 1 else 'are'} gone"
    elif list(after[: len(before)]) != list(before):
        yield Level.BREAKING, "labels are in another order"
    else:
        yield Level.MINOR, f"label {_listed(after[len(before) :])} came"


def _settings(what: str, before: Params, after: Params) -> _Changes:
    changed = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    if changed:
        yield Level.MINOR, f"{what} {_listed(changed)} changed"


def _data(before: _Version, after: _Version) -> _Changes:
    old = {(use.role, use.digest or use.dataset) for use in before.datasets}
    new = {(use.role, use.digest or use.dataset) for use in after.datasets}
    if old and new and {use for use in old if use[0] == "train"} != {use for use in new if use[0] == "train"}:
        yield Level.MINOR, "trained on other data"


def _metrics(before: Mapping[str, float], after: Mapping[str, float]) -> _Changes:
    for name in sorted(before.keys() & after.keys()):
        change = after[name] - before[name]
        noise = SCORE_NOISE if min(before[name], after[name]) >= 0 and max(before[name], after[name]) <= 1 else (
            OTHER_NOISE * max(abs(before[name]), abs(after[name]))
        )  # fmt: skip
        if not math.isfinite(change) or abs(change) <= noise:
            continue
        better = (change < 0) == lower_is_better(name)
        yield (
            (Level.MINOR if better else Level.PATCH),
            f"{name} is {'better' if better else 'worse'} by {abs(change):.3g}",
        )


def _content(before: _Version, after: _Version) -> _Changes:
    if before.weights and after.weights:
        if before.weights != after.weights:
            yield Level.PATCH, "other weights of the same architecture"
    elif {(a.path, a.digest) for a in before.artifacts} != {(a.path, a.digest) for a in after.artifacts}:
        yield Level.PATCH, "other files"


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return shown if len(names) <= _SHOWN else f"{shown} and {len(names) - _SHOWN} more"
